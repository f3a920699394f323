"""A proposal as a corpus.yaml with comments."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from framing.corpus.proposal.answers import Proposal, SourceProposal

__all__ = ["DATA", "render_config"]

DATA = "data"  # folder of the files below that of the corpus
_PLAIN = re.compile(r"[^\W\d_](?:[\w./ -]*[\w./-])?")
_ORDER = ("text", "title", "outlet", "published", "url", "document_id", "language", "translation", "event")
_NOT_PLAIN = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")  # ends a line, or is not for YAML
_FEW = 5  # files that are named one by one
_COMMENT_COLUMN = 44
_KEYS = {"kind": "format"}  # options of `read_rows` that have another name in corpus.yaml


def render_config(
    proposal: Proposal,
    *,
    corpus: str,
    title: str,
    places: Mapping[Path, PurePosixPath] | None = None,
    folder: str = DATA,
) -> str:
    """Write a proposal as the text of a corpus.yaml.

    Parameters
    ----------
    proposal : Proposal
        The proposal.
    corpus : str
        Id of the corpus.
    title : str
        Its title.
    places : mapping of Path to PurePosixPath, optional
        Places of the files below `folder`; by default they are read where they lie.
    folder : str, default "data"
        Folder of the files, from the folder of the corpus on.

    Returns
    -------
    str
        YAML, with what was guessed as comments.
    """
    lines = [
        "# Proposed from the files. Read it through; comments say what was guessed.",
        f"corpus: {corpus}",
        f"title: {_scalar(title)}",
        *_comment('source: ""', "where the texts come from, and how they were collected"),
        *_comment('licence: ""', "who may read and publish them"),
    ]
    blocks = [_render_source(source, places, folder) for source in proposal.sources]
    if len(blocks) == 1:
        lines += blocks[0]
    else:
        lines.append("sources:")
        for block in blocks:
            lines += [f"  {'- ' if number == 0 else '  '}{line}" for number, line in enumerate(block)]
    return "\n".join([*lines, *_list_hints(proposal)]) + "\n"


def _render_source(source: SourceProposal, places: Mapping[Path, PurePosixPath] | None, folder: str) -> list[str]:
    if places is None:
        base = Path(os.path.commonpath([path.resolve().parent for path in source.files]))
        spots = [PurePosixPath(path.resolve().relative_to(base).as_posix()) for path in source.files]
        lines = [f"files: {_value(_make_patterns(spots, base))}", f"path: {_scalar(str(base))}"]
    else:
        here = [places[path] for path in source.files]
        others = [spot for path, spot in places.items() if path not in source.files]
        lines = [f"files: {_value(_make_patterns(here, others))}", f"path: {_scalar(folder)}"]
    for key, value in source.options.items():
        lines += _comment(f"{_KEYS.get(key, key)}: {_value(value)}", source.remarks.get(key, ""))
    if source.columns:
        lines.append("columns:")
        for column, rule in sorted(source.columns.items(), key=lambda item: _ORDER.index(item[0])):
            lines += _comment(f"  {column}: {_value(rule)}", source.remarks.get(column, ""))
    if source.carried:
        lines.append(f"# carried by their names: {_one_line(', '.join(source.carried))}")
    said = {*source.columns, *source.options}
    lines += [f"# {key}: {_one_line(remark)}" for key, remark in source.remarks.items() if key not in said]
    return lines


def _make_patterns(spots: Sequence[PurePosixPath], others: Path | Sequence[PurePosixPath]) -> list[str]:
    """Names of the files, or a pattern for each folder and ending where there are many and it fits no other file."""
    if len(spots) <= _FEW:
        return [glob.escape(str(spot)) for spot in spots]
    patterns: list[str] = []
    groups: dict[tuple[PurePosixPath, str], list[PurePosixPath]] = {}
    for spot in spots:
        groups.setdefault((spot.parent, spot.suffix), []).append(spot)
    for (parent, suffix), group in groups.items():
        if isinstance(others, Path):
            n_fitting = sum(path.suffix == suffix and path.is_file() for path in (others / parent).iterdir())
            is_alone = n_fitting == len(group)
        else:
            is_alone = not any((spot.parent, spot.suffix) == (parent, suffix) for spot in others)
        folder = "" if str(parent) == "." else f"{glob.escape(str(parent))}/"
        patterns += [f"{folder}*{suffix}"] if is_alone and suffix else [glob.escape(str(spot)) for spot in group]
    return patterns


def _list_hints(proposal: Proposal) -> list[str]:
    """Comments on keys that a user may want."""
    hints = []
    is_open = any(question.column == "published" for question in proposal.questions)
    is_said = any("published" in source.remarks for source in proposal.sources)
    without = not any("published" in source.columns or not source.columns for source in proposal.sources)
    if without and not is_open and not is_said:
        hints.append("# published: no column of dates was found; without one a report has no part on time")
    hints.append("# perspectives: {OUTLET: GROUP}   # groups of outlets, such as countries or camps")
    return hints


def _comment(line: str, remark: str) -> list[str]:
    return [f"{line:<{_COMMENT_COLUMN}}  # {_one_line(remark)}" if remark else line]


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _value(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(key))}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _scalar(str(value))


def _scalar(text: str) -> str:
    """A text in YAML: bare where it can only be read as itself."""
    is_plain = _PLAIN.fullmatch(text) and text.casefold() not in _NOT_PLAIN
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"  # an expression stays as it is
    quoted = json.dumps(text, ensure_ascii=False)
    return text if is_plain else _BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
