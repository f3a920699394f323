"""The screen on which coders settle where they differ, with their agreement so far."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from framing.code_screen.draws import Draw
from framing.code_screen.messages import Measure, Propose
from framing.code_screen.next_codebook import draft_next_codebook, name_next_draft
from framing.code_screen.screen import Screen
from framing.code_screen.time_course import measure_drift
from framing.coding.coded import Coded, read_sheets
from framing.coding.decision_file import DecisionFile
from framing.coding.decisions import SETTLED
from framing.coding.design import read_design
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.files.whole import write_whole
from framing.validation.coders import count_confusions, measure_reliability

__all__ = ["SettlingScreen", "find_differing", "read_coded"]

_N_DRAWS = 500  # of each bootstrap: the tables are measured again after every few decisions


class SettlingScreen(Screen):
    """Shows passages on which coders differ, with what each of them said.

    Parameters
    ----------
    draw : Draw
        The draw, from the whole folder of `framing sample`.

    Raises
    ------
    LockedError
        If the screen for settling is open already.
    InputError
        If fewer than two coders have coded, or `drawn.csv` is not there.
    """

    mode = "settle"

    def __init__(self, draw: Draw) -> None:
        coded = read_coded(draw)
        differing = find_differing(coded)
        ids = coded.design.passages["passage_id"].to_list()
        known = set(differing)
        if draw.place(SETTLED).is_file():
            with DecisionFile(draw.place(SETTLED)) as file:
                known |= {key for key, decision in file.latest().items() if decision.state == "coded"}
        shown = [passage_id for passage_id in ids if passage_id in known]
        order = [(str(number), passage_id) for number, passage_id in enumerate(shown, start=1)]
        super().__init__(draw, SETTLED, order=order)
        self._coded = coded

    def describe_more(self, passage_id: str) -> dict[str, Any]:
        """List what each coder said of a passage.

        Parameters
        ----------
        passage_id : str
            The passage.

        Returns
        -------
        dict
            `codings`, a record for each coder.
        """
        row = self._coded.design.passages["passage_id"].to_list().index(passage_id)
        notes = self._coded.notes
        said = {note["coder"]: note for note in notes[notes["passage_id"] == passage_id].to_dict("records")}
        frame_ids = np.array(self._coded.codebook.frame_ids, dtype=object)
        codings = []
        for coder, coding in zip(self._coded.coders, self._coded.codings[:, row], strict=True):
            if np.isnan(coding[0]):
                continue
            note = said.get(coder, {})
            spans = json.loads(note.get("spans") or "[]")
            codings.append(
                {
                    "coder": coder,
                    "frames": frame_ids[coding == 1].tolist(),
                    "remark": note.get("notes", ""),
                    "unsure": bool(note.get("unsure", "")),
                    "spans": [{name: span[name] for name in ("frame", "start", "end")} for span in spans],
                }
            )
        return {"codings": codings}

    def answer_more(self, ask: object) -> dict[str, Any]:
        """Measure agreement, or draft the next version of the codebook.

        Parameters
        ----------
        ask : object
            What is asked.

        Returns
        -------
        dict
            The tables, or a sentence that says where the draft is.

        Raises
        ------
        InputError
            If the draft cannot be written.
        """
        if isinstance(ask, Measure):
            return _measure(read_coded(self.draw), self.draw)
        if isinstance(ask, Propose):
            return self._propose()
        return super().answer_more(ask)

    def _propose(self) -> dict[str, Any]:
        coded = read_coded(self.draw)
        text, n_remarks = draft_next_codebook(self.draw.screen.codebook, coded)
        path = name_next_draft(self.draw.folder, self.draw.screen.codebook)
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}.") from None
        return {
            "sentence": f"{path.name} has the rules with {n_remarks} remarks beside the frames that they are about."
        }


def read_coded(draw: Draw) -> Coded:
    """Read what coders and those who settled have decided so far; of a draw in rounds, in this one.

    Parameters
    ----------
    draw : Draw
        The draw, from the whole folder of `framing sample`.

    Returns
    -------
    Coded
        The codings.

    Raises
    ------
    InputError
        If fewer than two coders have coded, or the folder is only that for coders.
    """
    if draw.facts is None:
        raise InputError(f"{draw.folder} is only what coders get; give the whole folder that framing sample wrote.")
    files = draw.decision_files
    if len(files) < 2:
        there = ", ".join(path.stem for path in files) or "nobody"
        raise InputError(
            f"{draw.folder}: settling needs the decisions of two coders, and {there} has any here. Take the files of "
            "the others over with --import."
        )
    settled = draw.place(SETTLED)
    return read_sheets(
        files,
        design=read_design(draw.folder, draw.screen.codebook),
        codebook=draw.screen.codebook,
        adjudicated=settled if settled.is_file() else None,
    )


def find_differing(coded: Coded) -> list[str]:
    """Find the passages on which coders differ.

    Parameters
    ----------
    coded : Coded
        The codings.

    Returns
    -------
    list of str
        Ids of passages that two coders or more have coded, not all alike; in the order of the design.
    """
    given = ~np.isnan(coded.codings[:, :, 0])
    votes, n_coders = np.nansum(coded.codings, axis=0), given.sum(axis=0)
    differs = ((votes > 0) & (votes < n_coders[:, None])).any(axis=1)
    ids: list[str] = coded.design.passages["passage_id"][differs].to_list()
    return ids


def _measure(coded: Coded, draw: Draw) -> dict[str, Any]:
    """Tables of agreement in values of JSON."""
    documents = coded.design.passages["document_id"].to_list()
    frames, names = coded.codebook.frame_ids, {**coded.codebook.names, "(mean)": "Mean", "(all)": "All frames"}
    codings = coded.codings
    table = measure_reliability(codings, frames=frames, documents=documents, n_bootstrap=_N_DRAWS)
    alphas = table[table["measure"] == "alpha"]
    confusions = count_confusions(codings, frames=frames)
    drift, remark = measure_drift(coded, draw.decision_files, n_bootstrap=_N_DRAWS)
    return {
        "level": f"{LEVEL:.0%}",
        "reliability": _make_records(alphas.assign(name=alphas["frame"].map(names)), "name"),
        "confusions": [
            {
                "frames": f"{names[row['frame_a']]} – {names[row['frame_b']]}",
                "n_passages": row["n_passages"],
                "share": row["share"],
            }
            for row in confusions.to_dict("records")
        ],
        "drift": _make_records(drift, "part"),
        "remark": remark,
    }


def _make_records(table: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    """Rows with an estimate and its interval; NaN becomes None."""
    wanted = table[[name, "estimate", "low", "high", "n_passages", "method"]]
    return [
        {str(key): None if isinstance(value, float) and np.isnan(value) else value for key, value in row.items()}
        for row in wanted.to_dict("records")
    ]
