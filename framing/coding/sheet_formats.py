"""Formats of a sheet for coders: CSV, workbook, and the rules of the codebook beside them, also for Label Studio."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pandas as pd

from framing.codebook import Codebook, Frame
from framing.codebook.cells import NONE, find_none_word
from framing.files.spreadsheets import harmless, harmless_id

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "make_codebook_guide",
    "make_csv_sheet",
    "make_hint",
    "make_labelling_config",
    "write_workbook",
]

_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_INCLUDE, _EXCLUDE = "Code it where", "Do not code it where"


def make_codebook_guide(codebook: Codebook) -> str:
    """The codebook's rules and how to fill a sheet.

    Parameters
    ----------
    codebook : Codebook
        Whose frames are coded.

    Returns
    -------
    str
        Markdown.
    """
    unit = codebook.unit
    instruction = f"Each {unit} has exactly one frame: write its id into the column `frames`."
    if len(codebook.frames) == 1:
        instruction = (
            f"Write `{codebook.frame_ids[0]}` into the column `frames` where a {unit} carries the frame, and `{NONE}` "
            "where it does not."
        )
    elif codebook.multi_label:
        instruction = f"A {unit} may have several frames: write their ids into the column `frames`, separated by `;`."
        if find_none_word(codebook):
            instruction += f" Write `{NONE}` where it has no frame."
        if codebook.residual is not None:
            instruction += f" `{codebook.frame_ids[codebook.residual]}` stands alone, beside no other frame."
    lines = [
        f"# {codebook.codebook} {codebook.version}",
        "",
        codebook.description,
        "",
        "## How to code",
        "",
        f"{instruction} In the workbook put an x into the frame's column, or choose from the list. A {unit} without "
        "any mark counts as not coded yet. Leave texts and ids as they are. Decide by the rules below, alone, without "
        "asking other coders. Doubts go into `notes`.",
    ]
    for frame in codebook.frames:
        lines += ["", f"## {frame.name} (`{frame.id}`)", "", frame.definition]
        for title, rules in ((_INCLUDE, frame.include), (_EXCLUDE, frame.exclude)):
            if rules:
                lines += ["", f"{title}:", "", *(f"- {rule}" for rule in rules)]
    return "\n".join(lines) + "\n"


def make_csv_sheet(passages: pd.DataFrame, coder: str) -> pd.DataFrame:
    """A table to fill, one row a passage.

    Parameters
    ----------
    passages : DataFrame
        Passages of the coder, with `place`, as from `assign_passages`.
    coder : str
        Name of the coder.

    Returns
    -------
    DataFrame
        `coder, place, passage_id, text, frames, notes`; the last two are empty.
    """
    return pd.DataFrame(
        {
            "coder": coder,
            "place": passages["place"],
            "passage_id": [harmless_id(value) for value in passages["passage_id"]],
            "text": passages["text"],
            "frames": "",
            "notes": "",
        }
    )


def write_workbook(path: Path, passages: pd.DataFrame, coder: str, codebook: Codebook) -> None:
    """Write a workbook to fill, with the codebook's rules on a second sheet.

    Parameters
    ----------
    path : Path
        File to write.
    passages : DataFrame
        Passages of the coder, with `place`, as from `assign_passages`.
    coder : str
        Name of the coder.
    codebook : Codebook
        Whose frames are coded: with several frames a passage a column for each, else a list to choose from.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    _fill_coding_sheet(sheet, passages, coder, codebook)
    _fill_codebook_sheet(workbook.create_sheet("codebook"), codebook)
    workbook.save(path)


def make_labelling_config(codebook: Codebook) -> bytes:
    """Labelling interface of Label Studio for the tasks.

    Parameters
    ----------
    codebook : Codebook
        Whose frames are coded.

    Returns
    -------
    bytes
        XML.
    """
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Header", value="$place", size="5")
    ElementTree.SubElement(view, "Text", name="text", value="$text")
    choices = ElementTree.SubElement(
        view,
        "Choices",
        name="frames",
        toName="text",
        choice="multiple" if codebook.multi_label else "single",
        required="true",
        requiredMessage="Choose a frame, or none where there is no frame.",
        showInline="false",
    )
    for frame in codebook.frames:
        ElementTree.SubElement(choices, "Choice", value=frame.name, alias=frame.id, hint=make_hint(frame))
    if find_none_word(codebook):
        ElementTree.SubElement(choices, "Choice", value="No frame", alias=NONE, hint="None of the frames is present.")
    labels = ElementTree.SubElement(view, "Labels", name="spans", toName="text", showInline="true")
    for frame in codebook.frames:
        ElementTree.SubElement(labels, "Label", value=frame.name, alias=frame.id, hint=frame.definition)
    ElementTree.SubElement(view, "TextArea", name="notes", toName="text", placeholder="Notes", rows="2")
    ElementTree.indent(view)
    content: bytes = ElementTree.tostring(view, encoding="utf-8")
    return content + b"\n"


def _fill_coding_sheet(sheet: Worksheet, passages: pd.DataFrame, coder: str, codebook: Codebook) -> None:
    """Header, one row a passage, and the choices of the columns to fill."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    to_fill = ["frames"]
    if codebook.multi_label:
        to_fill = [*codebook.frame_ids, *[NONE] * bool(find_none_word(codebook))]
    has_list = len(to_fill) == 1
    sheet.title = "coding"
    sheet.append(["coder", "place", "passage_id", "text", *to_fill, "notes"])
    for row in passages[["place", "passage_id", "text"]].itertuples(index=False):
        text = harmless(_NOT_IN_XML.sub("", str(row.text)))
        sheet.append([coder, row.place, row.passage_id, text, *[None] * (len(to_fill) + 1)])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if cell.value is not None:
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="bottom", wrap_text=True, text_rotation=0 if has_list else 60)
    widths = [10, 7, 19, 80, *[26 if has_list else 6] * len(to_fill), 30]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = 18 if has_list else 130
    sheet.freeze_panes = "E2"
    choices = f"codebook!$A$2:$A${len(codebook.frames) + 1}" if has_list else '"x"'
    rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Coding", "Choose from the list, or leave the cell empty."
    sheet.add_data_validation(rule)
    rule.add(f"E2:{get_column_letter(4 + len(to_fill))}{len(passages) + 1}")


def _fill_codebook_sheet(sheet: Worksheet, codebook: Codebook) -> None:
    """The rules, one row a frame."""
    from openpyxl.styles import Alignment, Font

    sheet.append(["id", "name", "definition", "include", "exclude"])
    for frame in codebook.frames:
        row = (frame.id, frame.name, frame.definition, "\n".join(frame.include), "\n".join(frame.exclude))
        sheet.append([harmless(value) for value in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=cell.row == 1)
    for letter, width in zip("ABCDE", (24, 24, 60, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def make_hint(frame: Frame) -> str:
    """Definition and rules of a frame as one paragraph.

    Parameters
    ----------
    frame : Frame
        The frame.

    Returns
    -------
    str
        Sentences.
    """
    sentences = [frame.definition]
    for title, rules in ((_INCLUDE, frame.include), (_EXCLUDE, frame.exclude)):
        if rules:
            sentences.append(f"{title}:")
            sentences += [rule if rule.endswith((".", "!", "?")) else f"{rule}." for rule in rules]
    return " ".join(sentences)
