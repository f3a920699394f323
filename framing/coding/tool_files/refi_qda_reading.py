"""REFI-QDA projects (.qdpx, .qde) that MAXQDA, ATLAS.ti, NVivo and QualCoder export: one row a source and user.

The standard says that a selection is *defined by the first and the last character (Unicode codepoint)*. Programs put
`endPosition` behind the last one nevertheless, some count units of UTF-16, and some count a line end of two characters
as one. How a file counts is told by its selections: their names quote their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree.ElementTree import Element

from framing.codebook import Codebook
from framing.coding.filled_rows import FilledRow, FilledSheet
from framing.coding.text_places import find_code_point, is_same_words
from framing.coding.tool_files.archives import check_xml, is_archive, read_bytes, read_members
from framing.coding.tool_files.coded_texts import Marked, combine_labels, format_marked, is_label, read_document_name
from framing.corpus.formats import Refused
from framing.errors import InputError

__all__ = ["read_refi_qda"]

_MAX_LISTED = 5
_CUT = re.compile(r"(?:…|\.\.\.)$")  # end of a name that quotes the beginning of the words
_MIN_QUOTED = 3  # characters of a name that can tell anything
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class _Counting(NamedTuple):
    """How a file counts positions; the first of each is usual."""

    line_ends: str  # "kept", "one": two characters of a line end count as one
    end: str  # "behind" the last character, or "on" it
    unit: str  # "characters", or "units" of UTF-16


_COUNTINGS = [_Counting(*values) for values in product(("kept", "one"), ("behind", "on"), ("characters", "units"))]


class _Selection(NamedTuple):
    """A selection or a whole source, with one of its codings."""

    code: str
    user: str
    start: int | None
    end: int | None
    name: str
    note: str


class _Source(NamedTuple):
    """A text with its codings."""

    number: int
    name: str
    text: str | None
    problem: str
    codings: list[_Selection]


def read_refi_qda(path: Path, codebook: Codebook, *, texts: Mapping[str, str] | None = None) -> FilledSheet:
    """Read a project.

    Parameters
    ----------
    path : Path
        The project.
    codebook : Codebook
        Whose frames the codes are, by id or name. A code below that of a frame counts as the frame.
    texts : mapping of str to str, optional
        Texts of the drawn passages by their ids.

    Returns
    -------
    FilledSheet
        One row for each text source and each user who coded it with a frame; the coder is that user. Where no words are
        marked for a frame, it is coded on the source as a whole. Codes that are no frames are not read, and counted.

    Raises
    ------
    InputError
        If it cannot be read, or is no project.
    """
    project, members = _open(path)
    codes, others = _list_codes(project, codebook)
    users = {user.get("guid", ""): user.get("name") or user.get("id") or "" for user in _find_all(project, "User")}
    sources = list(_list_sources(project, members))
    counting, remark = _find_counting(sources)
    rows: list[FilledRow | Refused] = []
    ignored: Counter[str] = Counter()
    for source in sources:
        if source.text is None:
            rows.append(Refused(path.name, source.number, source.problem, source.name))
            continue
        text = _count_line_ends(source.text, counting)
        by_user: dict[str, list[_Selection]] = {}
        for coding in source.codings:
            if coding.code in codes:
                by_user.setdefault(users.get(coding.user, coding.user), []).append(coding)
            else:
                ignored[others.get(coding.code, "a code that the codebook lacks")] += 1
        for user, codings in (by_user or {"": []}).items():
            labels, marked = _split(codings, codes, text, counting)
            rows.append(
                FilledRow(
                    file=path.name,
                    line=source.number,
                    coder=user or path.name.split(".")[0],
                    passage_id=read_document_name(source.name, texts or {}),
                    text=text,
                    labels=tuple(labels),
                    notes="; ".join(dict.fromkeys(coding.note for coding in codings if coding.note)),
                    spans=format_marked(marked),
                )
            )
    remarks = [f"{path.name}: {remark}"] * bool(remark)
    if ignored:
        named = ", ".join(f"{name} ({number})" for name, number in ignored.most_common(_MAX_LISTED))
        more = f" and {len(ignored) - _MAX_LISTED} more" if len(ignored) > _MAX_LISTED else ""
        remarks.append(f"{path.name}: codings with codes that are no frames are not read: {named}{more}")
    return FilledSheet(rows, remarks)


def _open(path: Path) -> tuple[Element, dict[str, bytes]]:
    """The project and the files of its sources, by name in lower case."""
    from defusedxml.ElementTree import fromstring

    content, members = read_bytes(path), {}
    name = path.name
    if is_archive(content[:4]):
        found = list(read_members(content, path.name, endings=(".qde", ".txt"), depth=0))
        projects = [(member, data) for member, data in found if member.lower().endswith(".qde")]
        if len(projects) != 1:
            raise InputError(f"{path}: expected one project.qde in the archive, got {len(projects)}. Export it anew.")
        name, content = f"{path.name}/{projects[0][0]}", projects[0][1]
        members = {PurePosixPath(member).name.lower(): data for member, data in found}
    check_xml(content, name)
    project = fromstring(content, forbid_dtd=True)
    if _local(project) != "Project":
        raise InputError(f"{name}: expected a REFI-QDA project, got the element {_local(project)}.")
    return project, members


def _list_codes(project: Element, codebook: Codebook) -> tuple[dict[str, str], dict[str, str]]:
    """Label of each code by its guid, and the names of codes that are no frames."""
    labels: dict[str, str] = {}
    others: dict[str, str] = {}

    def walk(parent: Element, inherited: str) -> None:
        for code in parent:
            if _local(code) != "Code":
                continue
            name, guid = (code.get("name") or "").strip(), code.get("guid") or ""
            label = name if is_label(name, codebook) else inherited
            if label:
                labels[guid] = label
            else:
                others[guid] = name or guid
            walk(code, label)

    for codes in _find_all(project, "Codes"):
        walk(codes, "")
    return labels, others


def _list_sources(project: Element, members: Mapping[str, bytes]) -> Iterator[_Source]:
    """Text sources, and the texts of other sources such as PDF."""
    found = [element for element in project.iter() if _local(element) in ("TextSource", "Representation")]
    for number, element in enumerate(found, start=1):
        text, problem = _read_text(element, members)
        codings = []
        for child in element:
            if _local(child) == "Coding":
                codings += [
                    _Selection(code, child.get("creatingUser", ""), None, None, "", "") for code in _refs(child)
                ]
            elif _local(child) == "PlainTextSelection":
                codings += _read_selection(child)
        yield _Source(number, element.get("name") or element.get("guid") or "", text, problem, codings)


def _read_selection(element: Element) -> Iterator[_Selection]:
    """A selection once for each of its codings."""
    owner = element.get("creatingUser") or element.get("modifyingUser") or ""
    note = " ".join("".join(part.itertext()).strip() for part in element if _local(part) == "Description").strip()
    start, end = (_read_number(element.get(name)) for name in ("startPosition", "endPosition"))
    for coding in element:
        if _local(coding) == "Coding":
            user = coding.get("creatingUser") or owner
            for code in _refs(coding):
                yield _Selection(code, user, start, end, element.get("name") or "", note)


def _read_text(element: Element, members: Mapping[str, bytes]) -> tuple[str | None, str]:
    """Plain text of a source, or the reason why there is none."""
    for child in element:
        if _local(child) == "PlainTextContent":
            return "".join(child.itertext()), ""
    place = element.get("plainTextPath") or ""
    if not place:
        return None, "the source has no plain text; only sources of text can be read"
    if not place.startswith("internal://"):
        return None, f"the text lies outside of the project ({place[:80]}); export with the sources embedded"
    content = members.get(PurePosixPath(place.partition("://")[2]).name.lower())
    if content is None:
        return None, f"the project lacks the file {place[:80]}"
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig"), ""
    except UnicodeDecodeError:
        return None, f"{place[:80]} is not UTF-8, which the standard wants; export it anew"


def _find_counting(sources: list[_Source]) -> tuple[_Counting, str]:
    """How positions are counted: as most selections fit, of equals the usual; and what to say of it."""
    selections = [
        (source.text, coding)
        for source in sources
        if source.text is not None
        for coding in source.codings
        if coding.start is not None
    ]
    scores = {counting: _score(selections, counting) for counting in _COUNTINGS}
    best = max(_COUNTINGS, key=lambda counting: scores[counting])  # of equals the first
    if not selections or best == _COUNTINGS[0]:
        alike = [counting for counting in _COUNTINGS if counting.end == "on" and scores[counting] == scores[best]]
        unsure = "no selection quotes its words; endPosition is taken to be behind the last character"
        return best, unsure if selections and alike else ""
    how = {
        "one": "line ends count as one character",
        "on": "endPosition is the last character",
        "units": "positions count units of UTF-16",
    }
    said = ", ".join(how[value] for value in best if value in how)
    _, n_quoted, n_inside = scores[best]
    return best, f"{said}, as {n_quoted} quoted and {n_inside} of {len(selections)} selections show"


def _score(selections: list[tuple[str, _Selection]], counting: _Counting) -> tuple[int, int, int]:
    """Selections whose words are to the letter those that their names quote, nearly those, and those in the text."""
    n_exact = n_quoted = n_inside = 0
    texts = {text: _count_line_ends(text, counting) for text, _ in selections}
    for text, coding in selections:
        place = _find_stretch(coding, texts[text], counting)
        if place is None:
            continue
        n_inside += 1
        words, name = _unwrap(texts[text][place[0] : place[1]]), _unwrap(coding.name)
        cut = _CUT.sub("", name)
        is_beginning = cut != name and len(cut) >= _MIN_QUOTED and words.startswith(cut)
        n_exact += bool(name) and words == name
        n_quoted += bool(name) and (is_beginning or is_same_words(words, name))
    return n_exact, n_quoted, n_inside


def _unwrap(text: str) -> str:
    """Text with spaces in the place of line ends, which attributes of XML have there."""
    return text.replace("\r\n", "\n").replace("\n", " ")


def _count_line_ends(text: str, counting: _Counting) -> str:
    return text.replace("\r\n", "\n") if counting.line_ends == "one" else text


def _find_stretch(coding: _Selection, text: str, counting: _Counting) -> tuple[int, int] | None:
    """Place in characters; None where it is not within the text."""
    if coding.start is None or coding.end is None:
        return None
    start, end = coding.start, coding.end + (counting.end == "on")
    if counting.unit == "units":
        start, end = find_code_point(text, start), find_code_point(text, end)
    return (start, end) if 0 <= start < end <= len(text) else None


def _split(
    codings: list[_Selection], codes: Mapping[str, str], text: str, counting: _Counting
) -> tuple[list[str], list[Marked]]:
    """Labels and spans of one user in one source."""
    labels, marked = [], []
    for coding in codings:
        label = codes[coding.code]
        labels.append(label)
        if coding.start is not None:
            place = _find_stretch(coding, text, counting) or (coding.start, -1 if coding.end is None else coding.end)
            words = coding.name if is_same_words(coding.name, text[slice(*place)]) else ""
            marked.append(Marked(label, *place, words))
    return combine_labels(labels, marked)


def _refs(coding: Element) -> list[str]:
    return [child.get("targetGUID", "") for child in coding if _local(child) == "CodeRef"]


def _find_all(element: Element, name: str) -> list[Element]:
    return [child for child in element.iter() if _local(child) == name]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _read_number(value: str | None) -> int:
    return int(value) if value is not None and value.strip().isdecimal() else -1
