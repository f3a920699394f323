"""The widget: the same module and the same answers, over messages of the kernel."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from framing.code_screen.widget import code_widget, make_widget_module
from framing.errors import InputError
from tests.code_screen.draws import TAB, marks, write_draw


def test_the_parts_are_joined_to_one_module():
    module = make_widget_module()
    assert not re.search(r"^import ", module, re.MULTILINE)
    assert re.findall(r"^export .*", module, re.MULTILINE) == ["export default {"]
    for name in ("marking.js", "view.js", "settling.js", "screen.js"):
        for declared in re.findall(r"^export (?:async )?function (\w+)", _read(name), re.MULTILINE):
            assert len(re.findall(rf"^function {declared}\(", module, re.MULTILINE)) == 1
    names = re.findall(r"^(?:function|class|const) (\w+)", module, re.MULTILINE)
    assert len(names) == len(set(names))


def _read(name):
    return files("framing.code_screen").joinpath(name).read_text(encoding="utf-8")


def test_messages_are_answered_and_a_cell_that_runs_again_takes_over(tmp_path):
    pytest.importorskip("anywidget")
    folder = write_draw(tmp_path / "draw")
    sent = {}

    def make():
        widget = code_widget(folder, coder="anna")
        widget.send = lambda content: sent.update({content["number"]: content["answer"]})
        return lambda number, **content: widget._handle_custom_msg({"number": number, "content": content}, [])

    first = make()
    first(1, do="open", tab=TAB)
    first(2, do="save", tab=TAB, index=0, show=1, marks=marks("war"))
    assert sent[1]["coder"] == "anna"
    assert sent[2]["n_coded"] == 1
    second = make()
    first(3, do="save", tab=TAB, index=1, show=2, marks=marks("war"))
    assert sent[3]["error"] == "Coding goes on in the cell that was run last."
    second(4, do="open", tab=TAB)
    assert sent[4]["n_coded"] == 1
    second(5)
    assert "cannot be read" in sent[5]["error"]


def test_an_unknown_coder_is_refused(tmp_path):
    pytest.importorskip("anywidget")
    with pytest.raises(InputError, match="anna, ben; got 'clara'"):
        code_widget(write_draw(tmp_path / "draw"), coder="clara")
