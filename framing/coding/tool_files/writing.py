"""Codings as files of other tools: which tools, how their files are called, and their contents."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from framing.codebook import Codebook
from framing.coding.tool_files.active_tigger import make_active_tigger
from framing.coding.tool_files.archives import pack_members
from framing.coding.tool_files.coded_texts import CodedText
from framing.coding.tool_files.doccano import format_doccano, make_doccano_labels
from framing.coding.tool_files.inception import check_cassis, make_inception
from framing.coding.tool_files.label_studio import make_annotated_tasks
from framing.coding.tool_files.recognise import Tool
from framing.coding.tool_files.refi_qda import make_refi_qda
from framing.errors import InputError
from framing.files.escaping import format_csv
from framing.files.whole import write_whole

__all__ = [
    "ENDINGS",
    "TOOLS",
    "check_tool",
    "check_tool_path",
    "find_tool_name",
    "format_tool_file",
    "make_companions",
    "write_tool_file",
]

ENDINGS: dict[Tool, tuple[str, ...]] = {  # the first is the one that tasks have
    "label-studio": (".json",),
    "doccano": (".jsonl", ".zip"),
    "inception": (".zip",),
    "refi-qda": (".qdpx",),
    "active-tigger": (".csv", ".parquet"),
}
TOOLS: tuple[Tool, ...] = tuple(ENDINGS)


def find_tool_name(name: str) -> str:
    """Name of a format as the program writes it.

    Parameters
    ----------
    name : str
        The name as it was given; hyphens and letter case do not matter.

    Returns
    -------
    str
        Name of a tool; other names as they are.

    Examples
    --------
    >>> find_tool_name("LabelStudio"), find_tool_name("refi-qda"), find_tool_name("csv")
    ('label-studio', 'refi-qda', 'csv')
    """
    plain = name.replace("-", "").replace("_", "").lower()
    return next((tool for tool in TOOLS if tool.replace("-", "") == plain), name)


def check_tool(tool: str) -> None:
    """Check that files of a tool can be written, before anything else is done.

    Parameters
    ----------
    tool : str
        Name of a format.

    Raises
    ------
    InputError
        Where a package is missing that it needs.
    """
    if tool == "inception":
        check_cassis()


def format_tool_file(codings: Iterable[CodedText], codebook: Codebook, tool: Tool, ending: str) -> bytes:
    """Content of a file for a tool.

    Parameters
    ----------
    codings : iterable of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.
    tool : str
        The tool.
    ending : str
        Ending of the file, one of `ENDINGS`.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    InputError
        Where a package is missing that it needs.
    """
    items = list(codings)
    if tool == "label-studio":
        tasks = json.dumps(make_annotated_tasks(items, codebook), indent=1, ensure_ascii=False)
        return f"{tasks}\n".encode("utf-8", "replace")
    if tool == "inception":
        return make_inception(items, codebook)
    if tool == "refi-qda":
        return make_refi_qda(items, codebook)
    if tool == "doccano" and ending == ".zip":
        coders = dict.fromkeys(item.coder for item in items)
        files = {f"{coder}.jsonl": [item for item in items if item.coder == coder] for coder in coders}
        return pack_members(
            {name: format_doccano(own, codebook).encode("utf-8", "replace") for name, own in files.items()}
        )
    if tool == "doccano":
        return format_doccano(items, codebook).encode("utf-8", "replace")
    table = make_active_tigger(items, codebook)
    if ending == ".parquet":
        content = io.BytesIO()
        table.to_parquet(content, index=False)
        return content.getvalue()
    return format_csv(table, quote_texts=True).encode("utf-8", "replace")


def make_companions(codebook: Codebook, tools: Sequence[str]) -> dict[str, bytes]:
    """Files that tools need beside the tasks of all coders.

    Parameters
    ----------
    codebook : Codebook
        Whose frames are coded.
    tools : sequence of str
        Names of formats.

    Returns
    -------
    dict of str to bytes
        Contents by name of the file.
    """
    companions = {}
    if "doccano" in tools:
        labels = json.dumps(make_doccano_labels(codebook), indent=1, ensure_ascii=False)
        companions["doccano_labels.json"] = f"{labels}\n".encode()
    return companions


def check_tool_path(path: Path, tool: Tool) -> None:
    """Check that a file for a tool can have a name, before anything else is done.

    Parameters
    ----------
    path : Path
        The file.
    tool : str
        The tool.

    Raises
    ------
    InputError
        If it has another ending than files of the tool have, or the folder is missing.
    """
    if path.suffix.lower() not in ENDINGS[tool]:
        raise InputError(f"{path}: files of {tool} end in {' or '.join(ENDINGS[tool])}; name it so.")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}.")


def write_tool_file(path: Path, codings: Iterable[CodedText], codebook: Codebook, tool: Tool) -> None:
    """Write a file for a tool, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    codings : iterable of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.
    tool : str
        The tool.

    Raises
    ------
    InputError
        If the name has another ending than files of the tool have, the folder is missing, or a package is missing.
    """
    check_tool_path(path, tool)
    content = format_tool_file(codings, codebook, tool, path.suffix.lower())
    try:
        write_whole(path, content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None
