"""Sheets for coders: who codes which passages, in which order, written without scores in each format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from framing.codebook import Codebook
from framing.coding.allocation import round_up
from framing.coding.decisions import SETTLED
from framing.coding.design import DesignFacts, write_design
from framing.coding.sampling import Sample
from framing.coding.screen_file import SCREEN_FILE, make_screen_file, write_screen_file
from framing.coding.sheet_formats import (
    make_codebook_guide,
    make_csv_sheet,
    make_labelling_config,
    write_workbook,
)
from framing.coding.tool_files.coded_texts import CodedText
from framing.coding.tool_files.writing import (
    ENDINGS,
    TOOLS,
    check_tool,
    find_tool_name,
    format_tool_file,
    make_companions,
)
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.spreadsheets import write_csv
from framing.files.whole import whole_folder

__all__ = [
    "ALL_FORMATS",
    "FORMATS",
    "assign_passages",
    "check_coders",
    "check_formats",
    "check_new_folder",
    "write_sheets",
]

FORMATS = ("csv", "xlsx", "label-studio")  # written where none is named
ALL_FORMATS = ("csv", "xlsx", *TOOLS)
_TASKS: dict[str, str] = {  # names of the coders' files for tools
    "label-studio": "{}.json",
    "doccano": "{}.jsonl",
    "inception": "{}.inception.zip",
    "refi-qda": "{}.qdpx",
    "active-tigger": "{}.activetigger.csv",
}
_CODER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_MIN_SHARED = 2  # units that all coders code, if any
_OVERLAP, _ORDER = 2**31 + 1, 2**31 + 2  # tags of generators
_MAX_CHARACTERS = 32_767  # of a cell of a spreadsheet


def check_new_folder(folder: Path) -> None:
    """Check that a draw can be written: the work of coders on an earlier one must not be overwritten.

    Parameters
    ----------
    folder : Path
        Folder to write.

    Raises
    ------
    InputError
        Where it holds something, is a file, or could not be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: expected a new folder; this one holds something. Name another.", argument="output")
    if not folder.parent.is_dir():
        raise InputError(f"{folder}: there is no folder {folder.parent}.", argument="output")


def check_coders(coders: Sequence[str]) -> None:
    """Check that names of coders can be those of files and columns.

    Parameters
    ----------
    coders : sequence of str
        Names of the coders.

    Raises
    ------
    InputError
        For no names, other characters, two names that make the same file or column, or `settled`.
    """
    if not coders or any(not _CODER.fullmatch(name) for name in coders):
        raise InputError(
            f"expected names of letters, digits, - and _, got {', '.join(coders) or 'none'}.", argument="coders"
        )
    if len({name.lower().removeprefix("coder_") for name in coders}) < len(coders):
        raise InputError(f"each is named once, got {', '.join(coders)}.", argument="coders")
    if SETTLED in [name.lower() for name in coders]:
        raise InputError(f"{SETTLED} names what coders agreed on; give this coder another name.", argument="coders")


def check_formats(formats: Sequence[str]) -> None:
    """Check the names of formats.

    Parameters
    ----------
    formats : sequence of str
        Formats of the sheets.

    Raises
    ------
    InputError
        For no formats, some that are none of `ALL_FORMATS`, or one that needs a package that is not installed.
    """
    names = [find_tool_name(name) for name in formats]
    if not names or not set(names) <= set(ALL_FORMATS):
        raise InputError(
            f"expected some of {', '.join(ALL_FORMATS)}, got {', '.join(formats) or 'none'}.", argument="formats"
        )
    for name in names:
        check_tool(name)


def assign_passages(sample: Sample, coders: Sequence[str], *, overlap: float) -> dict[str, pd.DataFrame]:
    """Passages of each coder, for each in an order of their own.

    Parameters
    ----------
    sample : Sample
        The draw.
    coders : sequence of str
        Names of the coders.
    overlap : float
        Share of the drawn units that goes to all coders, chosen at random, two units at least; 0 for none. The other
        units are dealt out in equal numbers.

    Returns
    -------
    dict of DataFrame
        By coder: rows of the draw, with a column `place` that counts the units: `3`, or `3.2` for the second passage of
        the third document.

    Raises
    ------
    InputError
        For names that cannot be, or a share outside 0 and 1.
    """
    check_coders(coders)
    if not 0 <= overlap <= 1:
        raise InputError(f"expected the share of passages that all code, 0 to 1, got {overlap}.", argument="overlap")
    column, seed = sample.unit_column, sample.random_seed
    units = sample.passages[column].drop_duplicates().to_numpy(object)
    n_shared = min(len(units), max(_MIN_SHARED, round_up(overlap * len(units)))) if overlap else 0
    shuffled = np.random.default_rng([seed, _OVERLAP]).permutation(len(units))
    shared, rest = shuffled[:n_shared], shuffled[n_shared:]
    tables = {}
    for number, coder in enumerate(coders):
        assigned = np.sort(np.concatenate([shared, rest[number :: len(coders)]]))
        order = np.random.default_rng([seed, _ORDER + number]).permutation(assigned)
        places = pd.Series(np.arange(1, len(order) + 1), index=units[order])
        passages = sample.passages[sample.passages[column].isin(places.index)]
        passages = passages.assign(_place=passages[column].map(places))
        passages = passages.sort_values("_place", kind="stable", ignore_index=True)
        labels = passages["_place"].astype(str)
        if sample.unit == "document":
            labels += "." + (passages.groupby("_place").cumcount() + 1).astype(str)
        tables[coder] = passages.drop(columns="_place").assign(place=labels)
    return tables


def write_sheets(
    folder: Path,
    sample: Sample,
    codebook: Codebook,
    facts: DesignFacts,
    *,
    formats: Sequence[str] = FORMATS,
    documents: pd.DataFrame | None = None,
) -> DesignFacts:
    """Write the draw and a sheet for each coder in each format, all or nothing.

    Parameters
    ----------
    folder : Path
        New folder. `design.json` and `drawn.csv` are the researcher's. What coders get is in `for_coders`:
        `codebook.md`, `screen.json` (what `framing code` shows), `<coder>.csv`, `<coder>.xlsx`, and tasks for other
        tools: `<coder>.json` with `labelling_config.xml` (Label Studio), `<coder>.jsonl` with `doccano_labels.json`,
        `<coder>.inception.zip`, `<coder>.qdpx` (REFI-QDA), `<coder>.activetigger.csv`.
    sample : Sample
        The draw.
    codebook : Codebook
        Whose frames are coded.
    facts : DesignFacts
        How the sample was drawn, and for which coders.
    formats : sequence of str
        Some of `ALL_FORMATS`.
    documents : DataFrame, optional
        Documents of the corpus; with them the screen shows each passage with what stands around it.

    Returns
    -------
    DesignFacts
        `facts` with the hash of the draw.

    Raises
    ------
    InputError
        Where the folder holds something or cannot be written, or a passage is too long for a cell.
    """
    check_formats(formats)
    check_new_folder(folder)
    formats = [find_tool_name(name) for name in formats]
    codebook = codebook.with_unit(facts.coded)
    tables = assign_passages(sample, facts.coders, overlap=facts.overlap)
    if {"csv", "xlsx"} & set(formats):
        _check_lengths(sample.passages, facts.coded)
    try:
        with whole_folder(folder) as work:
            passage_ids = {coder: table["passage_id"].to_list() for coder, table in tables.items()}
            facts = write_design(work, sample, facts, passage_ids)
            for_coders = work / "for_coders"
            for_coders.mkdir()
            (for_coders / "codebook.md").write_text(make_codebook_guide(codebook), encoding="utf-8")
            orders = {
                coder: list(zip(table["place"], table["passage_id"], strict=True)) for coder, table in tables.items()
            }
            screen = make_screen_file(facts, codebook, sample.passages, orders, documents=documents)
            write_screen_file(for_coders / SCREEN_FILE, screen)
            if "label-studio" in formats:
                (for_coders / "labelling_config.xml").write_bytes(make_labelling_config(codebook))
            for name, content in make_companions(codebook, formats).items():
                (for_coders / name).write_bytes(content)
            for coder, table in tables.items():
                if "csv" in formats:
                    write_csv(make_csv_sheet(table, coder), for_coders / f"{coder}.csv", mark=True)
                if "xlsx" in formats:
                    write_workbook(for_coders / f"{coder}.xlsx", table, coder, codebook)
                tasks = [
                    CodedText(row["passage_id"], row["text"], coder, place=row["place"])
                    for row in table[["passage_id", "text", "place"]].to_dict("records")
                ]
                for tool in (tool for tool in TOOLS if tool in formats):
                    content = format_tool_file(tasks, codebook, tool, ENDINGS[tool][0])
                    (for_coders / _TASKS[tool].format(coder)).write_bytes(content)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}.") from None
    return facts


def _check_lengths(passages: pd.DataFrame, coded: Unit) -> None:
    """Raise `InputError` for a text that a cell of a spreadsheet would cut."""
    n_characters = passages["text"].str.len().to_numpy()
    longest = int(n_characters.argmax())
    if n_characters[longest] >= _MAX_CHARACTERS:
        raise InputError(
            f"The {coded} {passages[f'{coded}_id'].iloc[longest]} has {n_characters[longest]:,} characters, "
            f"more than a cell of a spreadsheet holds ({_MAX_CHARACTERS:,}). Use a format of a tool "
            "alone, such as label-studio, or "
            f"{'smaller passages' if coded == 'passage' else 'leave it out with where:'}.",
            argument="formats",
        )
