"""The coding screen as a widget of JupyterLab: the same page and the same file, with messages of the kernel."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from framing.code_screen.draws import open_draw
from framing.code_screen.screen import Screen
from framing.codebook import Codebook

__all__ = ["code_widget", "make_widget_module"]

_PARTS = ("marking.js", "view.js", "settling.js", "screen.js")  # each after those that it imports
_RENDER = """
export default {
  render({ model, el }) {
    const waiting = new Map();
    let number = 0;
    const receive = (message) => {
      if (!message || !waiting.has(message.number)) return;
      waiting.get(message.number)(message.answer);
      waiting.delete(message.number);
    };
    model.on("msg:custom", receive);
    const ask = (content) => new Promise((done, failed) => {
      number += 1;
      const mine = `${content.tab}:${number}`;
      const timer = setTimeout(() => { waiting.delete(mine); failed(new Error("no answer")); }, 15000);
      waiting.set(mine, (answer) => { clearTimeout(timer); done(answer); });
      model.send({ number: mine, content });
    });
    const end = mount(el, ask);
    return () => { model.off("msg:custom", receive); end(); };
  },
};
"""
_open: dict[Path, Screen] = {}  # screens of this process by their files: a cell that runs again takes over


def code_widget(design: str | Path, *, coder: str = "", codebook: Codebook | None = None) -> Any:
    """Code a sample in JupyterLab: the screen of `framing code` in the output of a cell.

    Parameters
    ----------
    design : str or Path
        Folder that `framing sample` wrote, or its `for_coders`.
    coder : str, default ""
        Name of the coder; may be left out where there is only one.
    codebook : Codebook, optional
        Codebook of the draw; needed only for draws of earlier versions, if the project does not have it.

    Returns
    -------
    AnyWidget
        The widget; display it as the last line of a cell. Decisions are in `coded/<coder>.sqlite` of the folder.

    Raises
    ------
    LockedError
        If the coder's screen is open in another process.
    InputError
        If the folder holds no draw, or the draw has no such coder.
    """
    import anywidget
    import traitlets

    draw = open_draw(Path(design), codebook=codebook)
    name = draw.find_coder(coder)
    place = draw.place(name).resolve()
    if place in _open:
        _open.pop(place).close()
    screen = _open[place] = Screen(draw, name)

    class CodeWidget(anywidget.AnyWidget):  # type: ignore[misc]
        _esm = traitlets.Unicode(make_widget_module()).tag(sync=True)
        _css = traitlets.Unicode(_read("screen.css")).tag(sync=True)

    widget, turn = CodeWidget(), Lock()  # kernels answer messages in threads of their own

    def receive(_: object, message: dict[str, Any], __: object) -> None:
        content = message.get("content")
        with turn:
            answer: dict[str, Any] = {"error": "Coding goes on in the cell that was run last.", "kind": "wrong"}
            if _open.get(place) is screen:
                answer = screen.answer(content if isinstance(content, dict) else {})
            widget.send({"number": message.get("number"), "answer": answer})
            if _open.get(place) is screen:
                screen.tidy()

    widget.on_msg(receive)
    return widget


def make_widget_module() -> str:
    """Join the modules of the screen to the one module that a widget can have.

    Returns
    -------
    str
        JavaScript with one default export.
    """
    lines = [
        line.removeprefix("export ")
        for part in _PARTS
        for line in _read(part).splitlines()
        if not line.startswith("import ")
    ]
    return "\n".join(lines) + _RENDER


def _read(name: str) -> str:
    return files("framing.code_screen").joinpath(name).read_text(encoding="utf-8")
