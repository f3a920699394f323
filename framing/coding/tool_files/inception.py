"""Documents for INCEpTION and other tools on UIMA: one CAS (XMI) a passage and coder, with the type system."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from typing import Any

from framing.codebook import Codebook
from framing.codebook.cells import find_none_word
from framing.coding.sheet_formats import make_hint
from framing.coding.tool_files.archives import pack_members
from framing.coding.tool_files.coded_texts import CodedText, list_labels, name_document
from framing.coding.tool_files.xml_texts import make_xml_text
from framing.errors import InputError

__all__ = ["FEATURE", "SPAN_TYPE", "WHOLE_TYPE", "check_cassis", "make_inception"]

SPAN_TYPE = "custom.Frame"  # a layer of spans
# a layer of spans too, since INCEpTION makes no layers of document metadata from a type system (its issue 3491)
WHOLE_TYPE = "custom.PassageFrame"  # labels for which no words are marked, wherever they stand
NOTE_TYPE = "custom.PassageNote"
FEATURE, NOTE = "frame", "note"
_METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"


def check_cassis() -> None:
    """Check that the package is there that reads and writes CAS files.

    Raises
    ------
    InputError
        If it is not, with the command that installs it.
    """
    if importlib.util.find_spec("cassis") is None:
        raise InputError(
            "Files of INCEpTION need the package dkpro-cassis, which is not installed: pip install 'framing[inception]'"
        )


def make_inception(codings: Iterable[CodedText], codebook: Codebook) -> bytes:
    """An archive of documents.

    Parameters
    ----------
    codings : iterable of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    bytes
        With `TypeSystem.xml`, from which INCEpTION makes the layers; `tagset.json`, the frames with their rules; and
        the documents: `documents/<passage>.xmi` to code, where no passage is coded, else
        `annotation/<passage>/<coder>.xmi`, as INCEpTION exports them.

    Raises
    ------
    InputError
        Where the package dkpro-cassis is missing.
    """
    check_cassis()
    types = _make_types()
    items = list(codings)
    numbers: dict[str, int] = {}
    for item in items:
        numbers.setdefault(item.passage_id, len(numbers) + 1)
    is_coded = any(item.frames is not None for item in items)
    members = {"TypeSystem.xml": types.to_xml().encode(), "tagset.json": _format_tagset(codebook)}
    for item in items:
        name = name_document(numbers[item.passage_id], item)
        path = f"annotation/{name}.xmi/{item.coder}.xmi" if is_coded else f"documents/{name}.xmi"
        members[path] = _make_document(types, item, codebook, name)
    return pack_members(members)


def _make_types() -> Any:
    from cassis import TypeSystem

    types = TypeSystem()
    text = types.get_type("uima.cas.String")
    span = types.create_type(name=SPAN_TYPE, supertypeName="uima.tcas.Annotation")
    types.create_feature(domainType=span, name=FEATURE, rangeType=text)
    whole = types.create_type(name=WHOLE_TYPE, supertypeName="uima.tcas.Annotation")
    types.create_feature(domainType=whole, name=FEATURE, rangeType=text)
    note = types.create_type(name=NOTE_TYPE, supertypeName="uima.tcas.Annotation")
    types.create_feature(domainType=note, name=NOTE, rangeType=text)
    metadata = types.create_type(name=_METADATA, supertypeName="uima.tcas.DocumentAnnotation")
    for name in ("documentTitle", "documentId"):
        types.create_feature(domainType=metadata, name=name, rangeType=text)
    return types


def _make_document(types: Any, item: CodedText, codebook: Codebook, name: str) -> bytes:
    """A passage as a CAS in XMI; offsets are in units of UTF-16 there, which cassis sees to."""
    from cassis import Cas

    cas = Cas(typesystem=types)
    cas.sofa_string = make_xml_text(item.text)
    cas.sofa_mime = "text/plain"
    metadata = types.get_type(_METADATA)
    cas.add(metadata(begin=0, end=len(item.text), documentTitle=f"{name}.xmi", documentId=f"{name}.xmi"))
    span_type, whole_type, note_type = (types.get_type(kind) for kind in (SPAN_TYPE, WHOLE_TYPE, NOTE_TYPE))
    for span in item.spans:
        cas.add(span_type(begin=span.start, end=span.end, **{FEATURE: span.frame}))
    marked = {span.frame for span in item.spans}
    for label in list_labels(item, codebook) or ():
        if label not in marked:
            cas.add(whole_type(begin=0, end=len(item.text), **{FEATURE: label}))
    if item.notes:
        cas.add(note_type(begin=0, end=len(item.text), **{NOTE: make_xml_text(item.notes)}))
    return str(cas.to_xmi()).encode()


def _format_tagset(codebook: Codebook) -> bytes:
    """The frames as a tagset for import."""
    tags = [{"tag_name": frame.id, "tag_description": make_hint(frame)} for frame in codebook.frames]
    if none_word := find_none_word(codebook):
        tags.append({"tag_name": none_word, "tag_description": "None of the frames is present."})
    tagset = {
        "name": f"{codebook.codebook} {codebook.version}",
        "description": codebook.description,
        "language": codebook.language,
        "tags": tags,
        "create_tag": False,
    }
    return (json.dumps(tagset, indent=1, ensure_ascii=False) + "\n").encode()
