"""Exports of INCEpTION and of other tools on UIMA: CAS files as XMI or JSON, one row a document and annotator."""

from __future__ import annotations

import io
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from framing.codebook import Codebook
from framing.coding.filled_rows import FilledRow, FilledSheet
from framing.coding.tool_files.archives import check_xml, is_archive, read_bytes, read_members
from framing.coding.tool_files.coded_texts import Marked, combine_labels, format_marked, is_label, read_document_name
from framing.coding.tool_files.inception import FEATURE, NOTE, SPAN_TYPE, WHOLE_TYPE, check_cassis
from framing.corpus.formats import Refused
from framing.errors import InputError

__all__ = ["read_inception"]

_ENDINGS = (".xmi", ".xml", ".json")
_TYPES = "typesystem.xml"
_NO_DOCUMENTS = ("tagset.json", _TYPES)
_PROJECT = "exportedproject"  # a number may follow
_INITIAL = "INITIAL_CAS"  # the document before anybody annotated it
_WHOLE = f"{WHOLE_TYPE}:{FEATURE}"
_NOTES = (NOTE, "notes", "comment", "remark")
_NO_LAYERS = (
    "uima.",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.",
    "de.tudarmstadt.ukp.inception.",
    "de.tudarmstadt.ukp.clarin.webanno.",
)
_MAX_LISTED = 5


class _Member(NamedTuple):
    """A CAS file, and who annotated it."""

    path: str
    content: bytes
    types: bytes | None
    document: str
    user: str


class _Value(NamedTuple):
    """A text in a feature of an annotation; without a place it is of the document as a whole."""

    layer: str  # type and feature
    value: str
    start: int | None
    end: int | None


class _Document(NamedTuple):
    """A CAS as it was read."""

    number: int
    member: _Member
    text: str
    titles: tuple[str, ...]
    values: list[_Value]


def read_inception(path: Path, codebook: Codebook, *, texts: Mapping[str, str] | None = None) -> FilledSheet:
    """Read an export.

    Parameters
    ----------
    path : Path
        An archive: of a project, of one document and annotator, or of such archives; or one CAS file, XMI beside its
        `TypeSystem.xml` or JSON.
    codebook : Codebook
        Whose frames the layers hold. The layer `custom.Frame` is read; where it is missing, those that have frames of
        the codebook.
    texts : mapping of str to str, optional
        Texts of the drawn passages by their ids.

    Returns
    -------
    FilledSheet
        One row for each document and annotator. Curated documents are read where the export has nothing else.

    Raises
    ------
    InputError
        If it cannot be read, or the package dkpro-cassis is missing.
    """
    check_cassis()
    members, remarks = _list_members(path)
    documents: list[_Document] = []
    rows: list[FilledRow | Refused] = []
    for number, member in enumerate(members, start=1):
        try:
            documents.append(_load(number, member))
        except InputError as error:
            rows.append(Refused(path.name, number, error.message, member.path))
    layers, ignored = _choose_layers(documents, codebook)
    for document in documents:
        labels, marked, notes = [], [], []
        for item in document.values:
            if item.layer in layers and (item.start is None or item.layer == _WHOLE):
                labels.append(item.value)
            elif item.layer in layers and item.start is not None:
                marked.append(Marked(item.value, item.start, -1 if item.end is None else item.end))
            elif item.layer.rpartition(":")[2].lower() in _NOTES:
                notes.append(item.value)
        # in a layer of marked words a label may stand beside labels of the whole: both count
        whole, spans = combine_labels([*labels, *(span.label for span in marked)], marked)
        rows.append(
            FilledRow(
                file=path.name,
                line=document.number,
                coder=document.member.user or path.name.split(".")[0],
                passage_id=_find_id(document, texts or {}),
                text=document.text,
                labels=tuple(whole),
                notes="; ".join(dict.fromkeys(notes)),
                spans=format_marked(spans),
            )
        )
    usual = {f"{SPAN_TYPE}:{FEATURE}", _WHOLE}
    kinds = {layer.partition(":")[0] for layer in layers}
    values = [item for document in documents for item in document.values]
    n_empty = sum(not item.value and item.layer.partition(":")[0] in kinds for item in values)
    if n_empty:
        remarks.append(f"{path.name}: {n_empty} annotation(s) without a frame are not read")
    if layers - usual:
        remarks.append(f"{path.name}: frames are read from {', '.join(sorted(layers))}")
    if ignored:
        named = ", ".join(f"{layer} ({number})" for layer, number in ignored.most_common(_MAX_LISTED))
        remarks.append(f"{path.name}: layers without frames of {codebook.codebook} are not read: {named}")
    return FilledSheet(sorted(rows, key=lambda row: row.line), remarks)


def _list_members(path: Path) -> tuple[list[_Member], list[str]]:
    """CAS files with their type systems, and remarks on those that are not read."""
    content = read_bytes(path)
    if not is_archive(content[:4]):
        beside = path.with_name("TypeSystem.xml")
        types = read_bytes(beside) if beside.is_file() else None
        return [_Member(path.name, content, types, path.name, "")], []
    files = dict(read_members(content, path.name, endings=_ENDINGS, depth=2))
    types_by_folder = {
        _folder(name): data for name, data in files.items() if PurePosixPath(name).name.lower() == _TYPES
    }
    members: dict[bool, list[_Member]] = {False: [], True: []}
    for name, data in sorted(files.items()):
        base = PurePosixPath(name)
        parts = [part.lower() for part in base.parts]
        if (
            base.name.lower() in _NO_DOCUMENTS
            or base.name.startswith(_PROJECT)
            or base.stem.startswith(_INITIAL)
            or "source" in parts[:-1]
        ):
            continue
        document, user = _name_parts(base)
        member = _Member(f"{path.name}/{name}", data, _find_types(name, types_by_folder), document, user)
        members["curation" in parts[:-1]].append(member)
    annotated, curated = members[False], members[True]
    if not annotated and not curated:
        raise InputError(
            f"{path}: the archive has no CAS file (.xmi or .json). Export as UIMA CAS XMI or UIMA CAS JSON."
        )
    if annotated and curated:
        remark = (
            f"{path.name}: {len(curated)} curated document(s) are not read; export them alone, as adjudicated labels"
        )
        return annotated, [remark]
    return annotated or curated, []


def _name_parts(path: PurePosixPath) -> tuple[str, str]:
    """Document and annotator of `annotation/<document>/<annotator>.xmi`, packed once more or not; or a document."""
    parts = list(path.parts)
    if len(parts) > 1 and parts[-2].lower().endswith(".zip"):
        user, parts = PurePosixPath(parts[-1]).stem, parts[:-1]
        if len(parts) < 2 or parts[-2].lower() in ("annotation", "curation"):
            return PurePosixPath(parts[-1]).stem, user
        return parts[-2], user
    folders = [part.lower() for part in parts[:-1]]
    if "annotation" in folders or "curation" in folders:
        if folders[-1] not in ("annotation", "curation"):
            return parts[-2], PurePosixPath(parts[-1]).stem
    elif len(parts) > 1 and folders[-1].endswith((".xmi", ".txt", ".json")):
        return parts[-2], PurePosixPath(parts[-1]).stem
    return path.name, ""


def _find_types(name: str, types_by_folder: Mapping[str, bytes]) -> bytes | None:
    """Type system in the folder of a file, or in the nearest one above."""
    folder = name
    while folder:
        folder = _folder(folder)
        if folder in types_by_folder:
            return types_by_folder[folder]
    return next(iter(types_by_folder.values())) if len(types_by_folder) == 1 else None


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _load(number: int, member: _Member) -> _Document:
    """Read a CAS; raises `InputError` where that fails."""
    from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem

    is_json = member.content.lstrip()[:1] == b"{"
    if not is_json:
        check_xml(member.content, member.path)
        if member.types is None:
            raise InputError(f"{member.path}: there is no TypeSystem.xml beside it; export both, as INCEpTION does")
        check_xml(member.types, f"the type system of {member.path}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # types that the type system lacks are of no layer
            if is_json:
                cas = load_cas_from_json(io.BytesIO(member.content))
            else:
                cas = load_cas_from_xmi(
                    io.BytesIO(member.content), load_typesystem(io.BytesIO(member.types or b"")), lenient=True
                )
        text = cas.sofa_string
        values = list(_list_values(cas))
        titles = _list_titles(cas)
    except Exception as error:  # cassis raises whatever the content leads to
        raise InputError(f"{member.path} is no CAS that can be read: {type(error).__name__}: {error}") from None
    if not isinstance(text, str):
        raise InputError(f"{member.path} has no text")
    return _Document(number, member, text, titles, values)


def _list_values(cas: Any) -> Iterator[_Value]:
    """Texts in features of layers; a feature with several values is one each."""
    for structure in cas.select_all_fs():
        kind = structure.type
        if kind.name.startswith(_NO_LAYERS):
            continue
        has_place = any(feature.name == "begin" for feature in kind.all_features)
        start, end = (structure.begin, structure.end) if has_place else (None, None)
        start = -1 if has_place and start is None else start  # a place outside the text is left for the check
        found = [
            _Value(f"{kind.name}:{feature.name}", text, start, end)
            for feature in kind.all_features
            if not feature.name.startswith(("begin", "end", "sofa"))
            for text in _list_texts(getattr(structure, feature.name, None))
        ]
        yield from found or [_Value(f"{kind.name}:", "", start, end)]


def _list_texts(value: Any) -> list[str]:
    """A text, or the texts of an array."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    listed = value if isinstance(value, list) else getattr(value, "elements", None)
    return (
        [item.strip() for item in listed if isinstance(item, str) and item.strip()] if isinstance(listed, list) else []
    )


def _list_titles(cas: Any) -> tuple[str, ...]:
    """Names that the metadata give the document."""
    titles = []
    for structure in cas.select_all_fs():
        if structure.type.name.endswith(".DocumentMetaData"):
            titles += [getattr(structure, name, None) for name in ("documentTitle", "documentId")]
    return tuple(title for title in titles if isinstance(title, str))


def _find_id(document: _Document, texts: Mapping[str, str]) -> str:
    """Id of the passage: from the name of the document; empty where none has it."""
    names = [document.member.document, *document.titles]
    if not texts:
        names = [name for name in names if "--" in name] or names
    return next((found for name in names if (found := read_document_name(name, texts))), "")


def _choose_layers(documents: list[_Document], codebook: Codebook) -> tuple[set[str], Counter[str]]:
    """Types and features that hold frames, and how many values the others have."""
    counts: dict[str, Counter[str]] = {}
    for document in documents:
        for item in document.values:
            if item.value:
                counts.setdefault(item.layer, Counter())[item.value] += 1
    usual = {f"{SPAN_TYPE}:{FEATURE}", _WHOLE} & set(counts)
    layers = usual or {layer for layer, values in counts.items() if any(is_label(value, codebook) for value in values)}
    others = {layer: values.total() for layer, values in counts.items() if layer not in layers}
    return layers, Counter({layer: n for layer, n in others.items() if layer.rpartition(":")[2].lower() not in _NOTES})
