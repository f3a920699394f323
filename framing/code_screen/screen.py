"""The screen of one coder without its looks: messages in, answers out, every decision on the disk before its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from textwrap import shorten
from typing import Any

from framing.code_screen.draws import Draw, open_decisions
from framing.code_screen.messages import Draft, Marks, Open, Save, Show, Undo, parse_ask
from framing.codebook import Codebook, Frame
from framing.codebook.cells import CellError, find_none_word, resolve_labels
from framing.coding.decisions import Decision, Span
from framing.coding.spans import check_places
from framing.errors import InputError
from framing.files.whole import hold_lock

__all__ = ["KEYS", "Screen", "check_marks"]

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"  # of the frames, in the order of the codebook; further ones have none
_MAX_WORDS = 70  # characters of a passage in the list of all
_MAX_SEEDS = 6  # passages of each kind that the rules of a frame show


class Screen:
    """What a page or widget talks to.

    Parameters
    ----------
    draw : Draw
        The draw.
    coder : str
        One of its coders, or `settled`.
    order : sequence of tuple of str, optional
        Place and passage_id of what is shown, in order; by default what the coder was given.

    Attributes
    ----------
    draw : Draw
        The draw.
    coder : str
        Who codes.

    Raises
    ------
    LockedError
        If the coder's screen is open already, in this or another process.
    InputError
        If the coder's file cannot be used.
    """

    mode = "code"

    def __init__(self, draw: Draw, coder: str, *, order: Sequence[tuple[str, str]] | None = None) -> None:
        self.draw, self.coder = draw, coder
        self._book = draw.screen.codebook
        self._passages = {passage.passage_id: passage for passage in draw.screen.passages}
        self._order = list(draw.screen.orders[coder] if order is None else order)
        self._tab = ""
        self._open = ExitStack()
        path = draw.place(coder)
        path.parent.mkdir(exist_ok=True)
        lock = path.with_name(f".{path.name}.lock")
        busy = f"The coding screen of {coder} is open already. Go on there, or end that one first."
        self._open.enter_context(hold_lock(lock, busy=busy))
        try:
            self._file = self._open.enter_context(open_decisions(draw, coder))
        except BaseException:
            self._open.close()
            raise
        self._latest, self._drafts = self._file.latest(), self._file.read_drafts()

    def close(self) -> None:
        """Let go of the file; what was decided is in it."""
        self._open.close()

    def tidy(self) -> None:
        """Make the coder's file complete without its log, when there is time."""
        self._file.tidy()

    @property
    def n_passages(self) -> int:
        """Number of passages to code."""
        return len(self._order)

    @property
    def n_coded(self) -> int:
        """Number of those that have a label."""
        return sum(self._has_label(passage_id) for _, passage_id in self._order)

    def answer(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a message asks.

        Parameters
        ----------
        content : mapping
            The message, of a form in `framing.code_screen.messages`.

        Returns
        -------
        dict
            What the page shows next, in values of JSON; or `error`, a sentence, with `kind`: `tab` where another tab
            took over, else `wrong`. Nothing was stored then.
        """
        try:
            ask = parse_ask(content)
            if isinstance(ask, Open):
                self._tab = ask.tab
                return self._begin()
            if ask.tab != self._tab:
                return {"error": "Coding goes on in another tab or window.", "kind": "tab"}
            if isinstance(ask, Show):
                return self._show(ask.index)
            if isinstance(ask, Save):
                return self._save(ask)
            if isinstance(ask, Draft):
                return self._keep_draft(ask)
            if isinstance(ask, Undo):
                return self._undo()
            return self.answer_more(ask)
        except InputError as error:
            return {"error": str(error), "kind": "wrong"}

    def answer_more(self, ask: object) -> dict[str, Any]:
        """Answer what only a screen for settling can.

        Parameters
        ----------
        ask : object
            What is asked.

        Returns
        -------
        dict
            The answer.

        Raises
        ------
        InputError
            Always, for a screen of a coder.
        """
        raise InputError("Only the screen for settling can answer that.")

    def _begin(self) -> dict[str, Any]:
        open_places = [place for place, (_, passage_id) in enumerate(self._order) if not self._has_label(passage_id)]
        current = open_places[0] if open_places else 0
        book = self._book
        residual = None if book.residual is None else book.frame_ids[book.residual]
        start = {
            "mode": self.mode,
            "coder": self.coder,
            "unit": self.draw.screen.coded,
            "codebook": {"id": book.codebook, "version": book.version, "description": book.description},
            "several": book.multi_label,
            "none": bool(find_none_word(book)),
            "residual": residual,
            "frames": [
                _describe_frame(frame, KEYS[place : place + 1], residual) for place, frame in enumerate(book.frames)
            ],
            "items": [self._describe_item(place) for place in range(len(self._order))],
        }
        return {**start, **(self._show(current) if self._order else {"passage": None, "n_coded": 0})}

    def _show(self, index: int) -> dict[str, Any]:
        passage_id = self._find(index)
        passage, decision = self._passages[passage_id], self._latest.get(passage_id)
        draft = self._drafts.get(passage_id)
        marks: dict[str, Any] = {"frames": [], "none": False, "unsure": False, "remark": "", "spans": []}
        if draft is not None:
            marks |= {name: draft[name] for name in marks if name in draft}
        elif decision is not None:
            marks = {
                "frames": list(decision.frames),
                "none": decision.state == "coded" and not decision.frames,
                "unsure": decision.unsure,
                "remark": decision.remark,
                "spans": [span._asdict() for span in decision.spans],
            }
        shown = passage.model_dump(include={"text", "before", "after", "cut_before", "cut_after", "source"})
        more = {"index": index, "place": self._order[index][0], "marks": marks, "draft": draft is not None}
        return {"passage": {**shown, **more, **self.describe_more(passage_id)}, "n_coded": self.n_coded}

    def describe_more(self, passage_id: str) -> dict[str, Any]:
        """What else is shown beside a passage; nothing where a coder codes.

        Parameters
        ----------
        passage_id : str
            The passage.

        Returns
        -------
        dict
            Further values of the answer.
        """
        return {}

    def _save(self, ask: Save) -> dict[str, Any]:
        passage_id = self._find(ask.index)
        decision = check_marks(passage_id, ask.marks, self._passages[passage_id].text, self._book)
        earlier = self._latest.get(passage_id)
        if earlier is None or earlier.content != decision.content:
            self._file.add(decision)
            self._refresh(passage_id)
        elif passage_id in self._drafts:  # marks were changed and changed back
            self._file.drop_draft(passage_id)
            del self._drafts[passage_id]
        return {"item": self._describe_item(ask.index), **self._show(ask.show if ask.show < len(self._order) else 0)}

    def _keep_draft(self, ask: Draft) -> dict[str, Any]:
        passage_id = self._find(ask.index)
        unknown = [frame for frame in ask.marks.frames if frame not in self._book.frame_ids]
        if unknown:
            raise InputError(f"{unknown[0]!r} is no frame of {self._book.codebook}. Load the page again.")
        draft = ask.marks.model_dump(exclude={"seconds"})
        self._file.write_draft(passage_id, draft)
        self._drafts[passage_id] = draft
        return {"item": self._describe_item(ask.index)}

    def _undo(self) -> dict[str, Any]:
        undone = self._file.undo()
        places = {passage_id: place for place, (_, passage_id) in enumerate(self._order)}
        if undone is None or undone.passage_id not in places:
            raise InputError("There is nothing to undo.")
        self._refresh(undone.passage_id)
        index = places[undone.passage_id]
        return {"item": self._describe_item(index), **self._show(index)}

    def _refresh(self, passage_id: str) -> None:
        """Take over what the file now says of a passage."""
        history = self._file.history(passage_id)
        self._latest[passage_id] = history[-1]
        self._drafts.pop(passage_id, None)

    def _find(self, index: int) -> str:
        if index >= len(self._order):
            raise InputError(f"There are {len(self._order)} passages; there is no number {index + 1}.")
        return self._order[index][1]

    def _has_label(self, passage_id: str) -> bool:
        decision = self._latest.get(passage_id)
        return decision is not None and decision.state == "coded"

    def _describe_item(self, index: int) -> dict[str, Any]:
        """A line of the list of passages."""
        place, passage_id = self._order[index]
        decision = self._latest.get(passage_id, Decision(passage_id, state="open"))
        coded, draft = decision.state == "coded", passage_id in self._drafts
        names = self._book.names
        label = "; ".join(names[frame] for frame in decision.frames) or "no frame" if coded else ""
        return {
            "index": index,
            "place": place,
            "state": "coded" if coded else "draft" if draft else "open",
            "label": label,
            "unsure": decision.unsure,
            "remark": bool(decision.remark),
            "words": shorten(self._passages[passage_id].text, _MAX_WORDS, placeholder=" …"),
        }


def check_marks(passage_id: str, marks: Marks, text: str, codebook: Codebook) -> Decision:
    """Make a decision of what was marked.

    Parameters
    ----------
    passage_id : str
        The passage.
    marks : Marks
        What was marked.
    text : str
        Text of the passage.
    codebook : Codebook
        Whose frames are coded.

    Returns
    -------
    Decision
        The decision.

    Raises
    ------
    InputError
        If there is no label, `none` or the residual frame stands beside frames, there are several frames where the
        codebook has one a passage, or a span is of no frame that was given.
    """
    none_word = find_none_word(codebook)
    labels = [*marks.frames, *[none_word or "none"] * marks.none]
    if not labels:
        raise InputError("No frame was chosen" + (", and not that there is none." if none_word else "."))
    try:
        frames = tuple(resolve_labels(labels, codebook))
    except CellError as error:
        raise InputError(f"The label cannot be stored: {error}.") from None
    spans = check_places((Span(**span.model_dump()) for span in marks.spans), text, codebook)
    stray = [span.frame for span in spans if span.frame not in frames]
    if stray:
        raise InputError(f"Words are marked for {codebook.names[stray[0]]}, which was not chosen.")
    ordered = tuple(frame for frame in codebook.frame_ids if frame in frames)
    return Decision(
        passage_id,
        ordered,
        unsure=marks.unsure,
        remark=marks.remark.strip(),
        spans=spans,
        seconds=round(marks.seconds, 2),
    )


def _describe_frame(frame: Frame, key: str, residual: str | None) -> dict[str, Any]:
    return {
        "id": frame.id,
        "name": frame.name,
        "key": key,
        "group": frame.group,
        "definition": frame.definition,
        "include": list(frame.include),
        "exclude": list(frame.exclude),
        "seeds": list(frame.seeds[:_MAX_SEEDS]),
        "counter_seeds": list(frame.counter_seeds[:_MAX_SEEDS]),
        "alone": frame.id == residual,
    }
