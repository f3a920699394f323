"""Files between coders on different machines: decisions to a sheet, and files of decisions and filled sheets back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from framing.code_screen.draws import Draw, check_decisions, open_decisions
from framing.codebook.cells import CellError, fold_label, resolve_labels
from framing.coding.annotators import find_other_annotators
from framing.coding.decision_file import DecisionFile
from framing.coding.decision_sheet import make_decision_sheet
from framing.coding.decisions import SETTLED, Decision, is_decision_file
from framing.coding.filled_sheets import FilledRow, read_sheet
from framing.coding.same_text import is_same_text
from framing.coding.spans import check_spans
from framing.errors import InputError
from framing.files.spreadsheets import write_csv_output
from framing.files.whole import hold_lock

__all__ = ["Taken", "export_decisions", "import_decisions"]


class Taken(NamedTuple):
    """What became of the rows of a file.

    Attributes
    ----------
    coder : str
        Whose they are.
    n_new : int
        Decisions that were taken over.
    n_known : int
        Rows that say what was known already.
    refused : list of str
        The other rows, each with its reason.
    """

    coder: str
    n_new: int
    n_known: int
    refused: list[str]


class _Filled(NamedTuple):
    """A row of a filled sheet, and which parts of a decision the sheet has no place for."""

    decision: Decision
    lacks: frozenset[str]


def export_decisions(draw: Draw, coder: str, path: Path) -> int:
    """Write a coder's decisions as a sheet.

    Parameters
    ----------
    draw : Draw
        The draw.
    coder : str
        Name of the coder, or `settled`.
    path : Path
        File to write, .csv.

    Returns
    -------
    int
        Number of passages that have a label.

    Raises
    ------
    InputError
        If the coder has decided nothing here, or the file cannot be written.
    """
    if path.suffix.lower() != ".csv":
        raise InputError(f"{path}: expected a name ending in .csv.", argument="export")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}.", argument="export")
    if not draw.place(coder).is_file():
        raise InputError(f"{coder} has decided nothing in {draw.folder}.")
    with open_decisions(draw, coder) as file:
        table = make_decision_sheet(file, draw.screen.codebook)
        n_coded = sum(decision.state == "coded" for decision in file.latest().values())
    if coder == SETTLED:
        table = table[table["decided_at"] != ""]
    write_csv_output(table, path, mark=True)
    return n_coded


def import_decisions(draw: Draw, path: Path) -> Taken:
    """Take over decisions of another machine, or labels of a filled sheet.

    Parameters
    ----------
    draw : Draw
        The draw.
    path : Path
        A file of decisions (.sqlite), or a filled sheet of one coder.

    Returns
    -------
    Taken
        What became of its rows. Of two files of decisions of one coder all decisions are put in the order of their
        time, so that the later one on a passage counts. A row of a sheet is refused where its label, remark, doubt or
        spans differ from the decision that is there, as far as the sheet has columns for them. So are rows on one
        passage that differ among themselves: neither counts.

    Raises
    ------
    InputError
        If the file is of another draw, of no coder of this one, or of several, or is damaged.
    LockedError
        If the coder's screen is open.
    """
    decisions: list[Decision] = []
    rows: list[_Filled] = []
    refused: list[str] = []
    if is_decision_file(path):
        with DecisionFile(path) as file:
            if replace(file.about, coder="") != draw.about:
                raise InputError(f"{path} has decisions on another draw, or with other rules, than {draw.folder}.")
            coder = file.about.coder if file.about.coder == SETTLED else draw.find_coder(file.about.coder)
            check_decisions(draw, file)
            decisions = file.history()
    else:
        coder, rows, refused = _read_filled(draw, path)
    if draw.place(coder).exists() and path.exists() and draw.place(coder).samefile(path):
        raise InputError(f"{path} is the coder's own file here; give the one of the other machine.")
    place = draw.place(coder)
    place.parent.mkdir(exist_ok=True)
    busy = f"The coding screen of {coder} is open. End it, then take the file over."
    with hold_lock(place.with_name(f".{place.name}.lock"), busy=busy), closing(open_decisions(draw, coder)) as mine:
        if is_decision_file(path):
            n_new, n_known = _merge(mine, decisions)
        else:
            n_new, n_known = _add_filled(mine, rows, refused, path)
    return Taken(coder, n_new, n_known, refused)


def _merge(mine: DecisionFile, decisions: list[Decision]) -> tuple[int, int]:
    """Add decisions that are not known; where one would be older than what is there, what is there stays the last."""
    known = {(decision.decided_at, decision.passage_id, decision.content) for decision in mine.history()}
    new = [item for item in decisions if (item.decided_at, item.passage_id, item.content) not in known]
    latest = mine.latest()
    for decision in sorted(new, key=lambda item: (item.decided_at, item.number)):
        mine.add(decision)
    for passage_id in dict.fromkeys(item.passage_id for item in new):
        before, history = latest.get(passage_id), mine.history(passage_id)
        last = max(item.decided_at for item in new if item.passage_id == passage_id)
        if before is not None and before.decided_at > last and history[-1].content != before.content:
            mine.add(replace(before, seconds=0.0))
    return len(new), len(decisions) - len(new)


def _add_filled(mine: DecisionFile, rows: Sequence[_Filled], refused: list[str], path: Path) -> tuple[int, int]:
    """Add what is new; a passage that stands in several rows counts only where they all say the same."""
    latest, n_new, n_known = mine.latest(), 0, 0
    by_passage = defaultdict(list)
    for row in rows:
        by_passage[row.decision.passage_id].append(row)
    for passage_id, same in by_passage.items():
        decision, earlier = same[0].decision, latest.get(passage_id)
        lines = [f"{path.name}, line {row.decision.number}: {passage_id}" for row in same]
        if any(_find_differences(decision, row) for row in same[1:]):
            others = ", ".join(str(row.decision.number) for row in same)
            refused += [f"{line} was coded twice, differently (lines {others}); keep one row" for line in lines]
        elif earlier is None or earlier.state != "coded":
            mine.add(replace(decision, number=0))
            n_new, n_known = n_new + 1, n_known + len(same) - 1
        elif not (differences := _find_differences(earlier, same[0])):
            n_known += len(same)
        elif "label" in differences:
            refused += [f"{line} was coded otherwise on the screen; the screen's label stays" for line in lines]
        else:
            what = " and ".join(differences)
            refused += [f"{line} has another {what} on the screen, which stays; change it there" for line in lines]
    return n_new, n_known


def _find_differences(earlier: Decision, row: _Filled) -> list[str]:
    """In what a row says something else than a decision, of what its sheet has columns for."""
    now = row.decision
    differs = {
        "label": set(earlier.frames) != set(now.frames),
        "remark": "notes" not in row.lacks and not is_same_text(earlier.remark, now.remark),
        "doubt": "unsure" not in row.lacks and earlier.unsure != now.unsure,
        "choice of words": "spans" not in row.lacks and set(earlier.spans) != set(now.spans),
    }
    return [name for name, is_so in differs.items() if is_so]


def _read_filled(draw: Draw, path: Path) -> tuple[str, list[_Filled], list[str]]:
    """Coder, rows and refused rows of a filled sheet."""
    book = draw.screen.codebook
    texts = {passage.passage_id: passage.text for passage in draw.screen.passages}
    filled, refused, coders = [], [], set()
    rows = read_sheet(path, book, texts=texts).rows
    others = find_other_annotators([row for row in rows if isinstance(row, FilledRow)], draw.coders)
    for row in rows:
        if not isinstance(row, FilledRow):
            refused.append(f"{row.file}, line {row.line}: {row.reason}")
            continue
        coders.add(fold_label(row.coder))
        try:
            if reason := others.get((row.coder, row.annotator)):
                raise InputError(reason)
            if row.passage_id not in texts:
                raise InputError(f"unknown passage_id {row.passage_id[:40]!r}: it is not in this draw")
            if not is_same_text(texts[row.passage_id], row.text):
                raise InputError(f"the text of {row.passage_id} is not the one drawn")
            if not row.labels:
                raise InputError("not coded")
            frames = tuple(resolve_labels(row.labels, book))
            spans, wrong = check_spans(
                row.spans, came=row.text, drawn=texts[row.passage_id], frames=frames, codebook=book
            )
            if wrong:
                raise InputError(wrong[0][0])
        except (CellError, InputError) as error:
            refused.append(f"{row.file}, line {row.line}: {error}")
            continue
        decision = Decision(
            row.passage_id, frames, unsure=row.unsure, remark=row.notes, spans=tuple(spans), seconds=row.seconds or 0.0,
            number=row.line,
        )  # fmt: skip
        filled.append(_Filled(decision, row.lacks))
    if len(coders) != 1:
        raise InputError(f"{path}: expected the sheet of one coder, got {', '.join(sorted(coders)) or 'none'}.")
    coder = coders.pop()
    return coder if coder == SETTLED else draw.find_coder(coder), filled, refused
