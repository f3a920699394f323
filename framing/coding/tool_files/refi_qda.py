"""REFI-QDA projects (.qdpx), which MAXQDA, ATLAS.ti, NVivo and QualCoder exchange: written from coded passages.

The standard is REFI-QDA 1.5, https://www.qdasoftware.org. Positions count Unicode code points from 0. `endPosition` is
written behind the last character, as the programs write it; each selection's `name` quotes its words, so that a reader
can check.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from xml.etree import ElementTree

from framing.codebook import Codebook
from framing.codebook.cells import NONE, find_none_word
from framing.coding.sheet_formats import make_hint
from framing.coding.tool_files.archives import pack_members
from framing.coding.tool_files.coded_texts import CodedText, list_labels, name_document
from framing.coding.tool_files.xml_texts import make_xml_text

__all__ = ["NAMESPACE", "make_refi_qda"]

NAMESPACE = "urn:QDA-XML:project:1.0"
_MOMENT = "2000-01-01T00:00:00Z"  # of all elements: the same project makes the same file
_SPACE = uuid.UUID("6c3f1c4e-8f7b-5c62-9d0e-2b6a5f0d7a11")


def make_refi_qda(codings: Iterable[CodedText], codebook: Codebook) -> bytes:
    """A project with a text source a passage, a code a frame, and a user a coder.

    Parameters
    ----------
    codings : iterable of CodedText
        Passages of one coder or several; those not coded are sources without codings.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    bytes
        The archive. A frame with marked words is coded there, any other on the source as a whole. The same codings make
        the same bytes.
    """
    items = list(codings)
    by_passage: dict[str, list[CodedText]] = {}
    for item in items:
        by_passage.setdefault(item.passage_id, []).append(item)
    coders = list(dict.fromkeys(item.coder for item in items))
    users = {coder: _make_guid("user", coder) for coder in coders}
    ElementTree.register_namespace("", NAMESPACE)
    project = ElementTree.Element(
        _tag("Project"),
        name=f"{codebook.codebook} {codebook.version}",
        origin="framing",
        creationDateTime=_MOMENT,
    )
    listed = ElementTree.SubElement(project, _tag("Users"))
    for coder in coders:
        ElementTree.SubElement(listed, _tag("User"), guid=users[coder], name=make_xml_text(coder))
    codes = _add_codes(project, codebook)
    sources = ElementTree.SubElement(project, _tag("Sources"))
    members = {}
    for number, (passage_id, own) in enumerate(by_passage.items(), start=1):
        guid = _make_guid("source", passage_id)
        members[f"sources/{guid}.txt"] = own[0].text.encode("utf-8", "replace")
        name = make_xml_text(name_document(number, own[0]))
        attributes = {
            "guid": guid,
            "name": name,
            "plainTextPath": f"internal://{guid}.txt",
            "creationDateTime": _MOMENT,
        }
        source = ElementTree.SubElement(sources, _tag("TextSource"), attributes)
        for item in own:
            _add_selections(source, item, codes, users[item.coder])
        for item in own:
            _add_whole(source, item, codebook, codes, users[item.coder])
    content: bytes = ElementTree.tostring(project, encoding="utf-8", xml_declaration=True)
    return pack_members({"project.qde": content, **members})


def _add_codes(project: ElementTree.Element, codebook: Codebook) -> dict[str, str]:
    """Add a code for each frame, and for none; returns their guids by label."""
    book = ElementTree.SubElement(project, _tag("CodeBook"))
    listed = ElementTree.SubElement(book, _tag("Codes"))
    guids = {}
    for frame in codebook.frames:
        guids[frame.id] = _make_guid("code", f"{codebook.codebook}/{frame.id}")
        code = ElementTree.SubElement(
            listed, _tag("Code"), guid=guids[frame.id], name=make_xml_text(frame.name), isCodable="true"
        )
        ElementTree.SubElement(code, _tag("Description")).text = make_xml_text(make_hint(frame))
    if find_none_word(codebook):
        guids[NONE] = _make_guid("code", f"{codebook.codebook}/{NONE}/")
        ElementTree.SubElement(listed, _tag("Code"), guid=guids[NONE], name=NONE, isCodable="true")
    return guids


def _add_selections(source: ElementTree.Element, item: CodedText, codes: dict[str, str], user: str) -> None:
    """Add the words that a coder marked."""
    for span in item.spans:
        key = f"{item.passage_id}/{item.coder}/{span.frame}/{span.start}/{span.end}"
        selection = ElementTree.SubElement(
            source,
            _tag("PlainTextSelection"),
            guid=_make_guid("selection", key),
            name=make_xml_text(item.text[span.start : span.end]),
            startPosition=str(span.start),
            endPosition=str(span.end),
            creatingUser=user,
            creationDateTime=_MOMENT,
        )
        _add_coding(selection, key, codes[span.frame], user)


def _add_whole(
    source: ElementTree.Element, item: CodedText, codebook: Codebook, codes: dict[str, str], user: str
) -> None:
    """Add the labels for which no words were marked."""
    marked = {span.frame for span in item.spans}
    for label in list_labels(item, codebook) or ():
        if label not in marked:
            _add_coding(source, f"{item.passage_id}/{item.coder}/{label}/whole", codes[label], user)


def _add_coding(parent: ElementTree.Element, key: str, code: str, user: str) -> None:
    coding = ElementTree.SubElement(
        parent, _tag("Coding"), guid=_make_guid("coding", key), creatingUser=user, creationDateTime=_MOMENT
    )
    ElementTree.SubElement(coding, _tag("CodeRef"), targetGUID=code)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _make_guid(kind: str, key: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}/{key}"))
