"""Sheets for coders: CSV, XLSX and Label Studio tasks, without scores, for each coder in an order of their own."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from framing.codebook import Codebook, Frame
from framing.coding.design import DesignFacts, write_design
from framing.coding.sampling import Sample
from framing.errors import InputError
from framing.files.spreadsheets import harmless, harmless_id, write_csv
from framing.files.whole import whole_folder

__all__ = [
    "FORMATS",
    "NONE",
    "assign_passages",
    "check_coders",
    "check_formats",
    "check_new_folder",
    "codebook_guide",
    "none_word",
    "write_sheets",
]

FORMATS = ("csv", "xlsx", "label-studio")
NONE = "none"  # what a coder writes where no frame is present: an empty cell is a passage not coded yet
_CODER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_OVERLAP, _ORDER = 2**31 + 1, 2**31 + 2  # tags of generators
_MOST_CHARACTERS = 32_767  # of a cell of a spreadsheet
_NO_XML = re.compile("[\ufffe\uffff]")


def check_new_folder(folder: Path) -> None:
    """Raise `InputError` where a draw cannot be written: coders' work of an earlier one must not be overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: expected a new folder; this one holds something. Name another.", argument="output")
    if not folder.parent.is_dir():
        raise InputError(f"{folder}: there is no folder {folder.parent}.", argument="output")


def check_coders(coders: Sequence[str]) -> None:
    """Raise `InputError` for coders whose names could not be those of files and columns, or are no two."""
    if not coders or any(not _CODER.fullmatch(name) for name in coders):
        raise InputError(
            f"expected names of letters, digits, - and _, got {', '.join(coders) or 'none'}.", argument="coders"
        )
    if len({name.lower().removeprefix("coder_") for name in coders}) < len(coders):
        raise InputError(f"each is named once, got {', '.join(coders)}.", argument="coders")


def check_formats(formats: Sequence[str]) -> None:
    """Raise `InputError` for formats that are none of `FORMATS`."""
    if not formats or not set(formats) <= set(FORMATS):
        raise InputError(
            f"expected some of {', '.join(FORMATS)}, got {', '.join(formats) or 'none'}.", argument="formats"
        )


def none_word(codebook: Codebook) -> str:
    """Word for no frame; empty where there is always one, with one frame a passage, or where a frame bears the name."""
    named = {label.lower() for frame in codebook.frames for label in (frame.id, frame.name)}
    return NONE if codebook.multi_label and NONE not in named else ""


def assign_passages(sample: Sample, coders: Sequence[str], *, overlap: float) -> dict[str, pd.DataFrame]:
    """The passages of each coder, in an order of their own, with a column `place`.

    A share `overlap` of the drawn units, chosen at random, two at least, goes to all coders; the rest is dealt out in
    equal numbers. Units are drawn documents or passages. `place` counts them: `3`, or `3.2` for the third document's
    second passage.
    """
    check_coders(coders)
    if not 0 <= overlap <= 1:
        raise InputError(f"expected the share of passages that all code, 0 to 1, got {overlap}.", argument="overlap")
    column, seed = sample.unit_column, sample.random_seed
    units = sample.passages[column].drop_duplicates().to_numpy(object)
    n_shared = min(len(units), max(2, math.ceil(overlap * len(units) - 1e-9))) if overlap else 0
    mixed = np.random.default_rng([seed, _OVERLAP]).permutation(len(units))
    shared, rest = mixed[:n_shared], mixed[n_shared:]
    found = {}
    for number, coder in enumerate(coders):
        own = np.sort(np.concatenate([shared, rest[number :: len(coders)]]))
        order = np.random.default_rng([seed, _ORDER + number]).permutation(own)
        place = pd.Series(np.arange(1, len(order) + 1), index=units[order])
        passages = sample.passages[sample.passages[column].isin(place.index)]
        at = passages[column].map(place)
        passages = passages.assign(_at=at).sort_values("_at", kind="stable", ignore_index=True)
        words = passages["_at"].astype(str)
        if sample.unit == "document":
            words += "." + (passages.groupby("_at").cumcount() + 1).astype(str)
        found[coder] = passages.drop(columns="_at").assign(place=words)
    return found


def write_sheets(
    folder: Path,
    sample: Sample,
    codebook: Codebook,
    facts: DesignFacts,
    *,
    formats: Sequence[str] = FORMATS,
) -> DesignFacts:
    """Write the draw and a sheet for each of `facts.coders` in each format; the facts with the hash of the draw.

    `design.json` and `drawn.csv` are the researcher's. What coders get is in `for_coders`: `codebook.md`,
    `<coder>.csv`, `<coder>.xlsx`, `<coder>.json` (Label Studio tasks), `labelling_config.xml`. All or nothing is
    written; raises `InputError` where the folder holds something, or a passage is too long for a cell.
    """
    check_formats(formats)
    check_new_folder(folder)
    assigned = assign_passages(sample, facts.coders, overlap=facts.overlap)
    if {"csv", "xlsx"} & set(formats):
        n_characters = sample.passages["text"].str.len().to_numpy()
        longest = int(n_characters.argmax())
        if n_characters[longest] >= _MOST_CHARACTERS:
            raise InputError(
                f"The passage {sample.passages['passage_id'].iloc[longest]} has {n_characters[longest]:,} characters, "
                "more than a cell of a spreadsheet holds (32,767). Use label-studio alone, or smaller passages.",
                argument="formats",
            )
    try:
        with whole_folder(folder) as work:
            ids = {coder: table["passage_id"].to_list() for coder, table in assigned.items()}
            facts = write_design(work, sample, facts, ids)
            home = work / "for_coders"
            home.mkdir()
            (home / "codebook.md").write_text(codebook_guide(codebook), encoding="utf-8")
            if "label-studio" in formats:
                (home / "labelling_config.xml").write_bytes(_labelling_config(codebook))
            for coder, table in assigned.items():
                if "csv" in formats:
                    write_csv(_csv_sheet(table, coder), home / f"{coder}.csv", mark=True)
                if "xlsx" in formats:
                    _write_workbook(home / f"{coder}.xlsx", table, coder, codebook)
                if "label-studio" in formats:
                    tasks = json.dumps(_tasks(table, coder), indent=1, ensure_ascii=False)
                    (home / f"{coder}.json").write_text(tasks + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}.") from None
    return facts


def codebook_guide(codebook: Codebook) -> str:
    """The codebook's rules and how to fill a sheet, as Markdown."""
    how = "Each passage has exactly one frame: write its id into the column `frames`."
    if codebook.multi_label:
        how = "A passage may have several frames: write their ids into the column `frames`, separated by `;`."
        if none_word(codebook):
            how += f" Write `{NONE}` where it has no frame."
    lines = [
        f"# {codebook.codebook} {codebook.version}", "", codebook.description, "", "## How to code", "",
        f"{how} In the workbook put an x into the frame's column, or choose from the list. A passage without any mark "
        "counts as not coded yet. Leave texts and ids as they are. Decide by the rules below, alone, without asking "
        "other coders. Doubts go into `notes`.",
    ]  # fmt: skip
    for frame in codebook.frames:
        lines += ["", f"## {frame.name} (`{frame.id}`)", "", frame.definition]
        for title, rules in (("Code it where", frame.include), ("Do not code it where", frame.exclude)):
            if rules:
                lines += ["", f"{title}:", "", *(f"- {rule}" for rule in rules)]
    return "\n".join(lines) + "\n"


def _csv_sheet(table: pd.DataFrame, coder: str) -> pd.DataFrame:
    ids = [harmless_id(value) for value in table["passage_id"]]
    return pd.DataFrame(
        {"coder": coder, "place": table["place"], "passage_id": ids, "text": table["text"], "frames": "", "notes": ""}
    )


def _write_workbook(path: Path, table: pd.DataFrame, coder: str, codebook: Codebook) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "coding"
    boxes = [*codebook.frame_ids, *[NONE] * bool(none_word(codebook))] if codebook.multi_label else ["frames"]
    header = ["coder", "place", "passage_id", "text", *boxes, "notes"]
    top = Alignment(vertical="top", wrap_text=True)
    sheet.append(header)
    for row in table[["place", "passage_id", "text"]].itertuples(index=False):
        text = harmless(_NO_XML.sub("", str(row.text)))
        sheet.append([coder, row.place, row.passage_id, text, *[None] * (len(boxes) + 1)])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = top
            if cell.value is not None:
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="bottom", wrap_text=True, text_rotation=60 if len(boxes) > 1 else 0)
    widths = [10, 7, 19, 80, *[26 if len(boxes) == 1 else 6] * len(boxes), 30]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = 130 if len(boxes) > 1 else 18
    sheet.freeze_panes = "E2"
    choices = f"codebook!$A$2:$A${len(codebook.frames) + 1}" if len(boxes) == 1 else '"x"'
    rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Coding", "Choose from the list, or leave the cell empty."
    sheet.add_data_validation(rule)
    rule.add(f"E2:{get_column_letter(4 + len(boxes))}{len(table) + 1}")
    rules = book.create_sheet("codebook")
    rules.append(["id", "name", "definition", "include", "exclude"])
    for frame in codebook.frames:
        parts = (frame.id, frame.name, frame.definition, "\n".join(frame.include), "\n".join(frame.exclude))
        rules.append([harmless(part) for part in parts])
    for cells in rules.iter_rows():
        for cell in cells:
            cell.alignment = top
            cell.font = Font(bold=cell.row == 1)
    for letter, width in zip("ABCDE", (24, 24, 60, 60, 60), strict=True):
        rules.column_dimensions[letter].width = width
    rules.freeze_panes = "A2"
    book.save(path)


def _tasks(table: pd.DataFrame, coder: str) -> list[dict[str, dict[str, str]]]:
    columns = table[["place", "passage_id", "text"]]
    return [
        {"data": {"coder": coder, **{str(k): str(v) for k, v in row.items()}}} for row in columns.to_dict("records")
    ]


def _labelling_config(codebook: Codebook) -> bytes:
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Header", value="$place", size="5")
    ElementTree.SubElement(view, "Text", name="text", value="$text")
    ElementTree.SubElement(
        view, "Choices", name="frames", toName="text", choice="multiple" if codebook.multi_label else "single",
        required="true", requiredMessage="Choose a frame, or none where there is no frame.", showInline="false",
    )  # fmt: skip
    choices = view[-1]
    for frame in codebook.frames:
        ElementTree.SubElement(choices, "Choice", value=frame.name, alias=frame.id, hint=_hint(frame))
    if none_word(codebook):
        ElementTree.SubElement(choices, "Choice", value="No frame", alias=NONE, hint="None of the frames is present.")
    ElementTree.SubElement(view, "TextArea", name="notes", toName="text", placeholder="Notes", rows="2")
    ElementTree.indent(view)
    content: bytes = ElementTree.tostring(view, encoding="utf-8")
    return content + b"\n"


def _hint(frame: Frame) -> str:
    parts = [frame.definition]
    for title, rules in (("Code it where:", frame.include), ("Do not code it where:", frame.exclude)):
        if rules:
            parts += [title, *(rule if rule.endswith((".", "!", "?")) else f"{rule}." for rule in rules)]
    return " ".join(parts)
