"""A corpus.yaml is proposed from files: one source for each kind, with what was taken for what and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from framing.corpus.dates import ISO
from framing.corpus.formats import NAMED_FIELDS
from framing.corpus.header import clean_name
from framing.corpus.metadata import carry_columns
from framing.corpus.parlamint import find_metadata
from framing.corpus.proposal.answers import Given, Proposal, Question, SourceProposal
from framing.corpus.proposal.column_look import ColumnLook
from framing.corpus.proposal.date_forms import DateForms
from framing.corpus.proposal.file_look import FileLook, look_at_file, merge_columns
from framing.corpus.proposal.outlets import ONE_ROW, are_names, ask_outlet, check_outlets, find_outlet, shorten
from framing.corpus.proposal.roles import Roles, choose_roles
from framing.corpus.proposal.stem_parts import find_stem_parts
from framing.errors import InputError

__all__ = ["propose_corpus"]

_PLACES = ("file", "stem", "folder")  # columns of these that say where a text lies
_VIRTUAL = {"xlsx": ("sheet",)}  # columns that a reader gives where a rule asks for them
_NO_TEXT = "no column holds texts"
_SHOWN = 3  # names or values in a remark


def propose_corpus(files: Sequence[Path], given: Given | None = None) -> Proposal:
    """Propose how files are to be read as a corpus.

    Parameters
    ----------
    files : sequence of Path
        The files, of any kinds.
    given : Given, optional
        What is said outright; it wins.

    Returns
    -------
    Proposal
        One source for each kind of file and set of columns; what is guessed is a remark, what is open a question.

    Raises
    ------
    InputError
        If no file can be read; says why.
    """
    given = given or Given()
    given = replace(given, columns={ours: tuple(map(clean_name, names)) for ours, names in given.columns.items()})
    looks: list[FileLook] = []
    left_aside = []
    companions = {
        found for path in files if path.suffix.lower() == ".txt" and (found := find_metadata(path)) is not None
    }
    for path in files:
        if path in companions:
            continue
        try:
            looks += look_at_file(path, dict(given.options))
        except InputError as error:
            reason = error.message.removeprefix(f"{path}: ").removeprefix(f"{path.name}: ")
            left_aside.append((path.name, reason))
    if not looks:
        reasons = "; ".join(f"{name}: {reason.rstrip('.')}" for name, reason in left_aside[:_SHOWN])
        raise InputError(f"None of the {len(left_aside)} file(s) can be read: {reasons}.")
    groups: dict[Any, list[FileLook]] = {}
    for look in looks:
        by_columns = () if look.options["kind"] in ("json", "jsonl", *NAMED_FIELDS) else tuple(sorted(look.columns))
        groups.setdefault((tuple(sorted(look.options.items())), by_columns), []).append(look)
    _check_given(given, looks)
    wins = len(groups) == 1
    sources = [
        source
        for group in groups.values()
        for part in _split_by_dates(group)
        for source in _make_sources(part, given=given, wins=wins)
    ]
    with_text = [source for source in sources if not _lacks_text(source)]
    if with_text:  # tables of something else beside the articles
        left_aside += [(name, _NO_TEXT) for source in sources if _lacks_text(source) for name in source.names]
        sources = with_text
    return Proposal(_join_alike(sources), left_aside, sorted(companions & set(files)))


def _split_by_dates(looks: list[FileLook]) -> list[list[FileLook]]:
    """Files that write dates in different orders, of which each tells its own, are apart."""
    columns = merge_columns(looks)
    name = choose_roles(columns).columns.get("published", "")
    if not name or not columns[name].dates.question:
        return [looks]
    parts: dict[tuple[str, ...], list[FileLook]] = {}
    for look in looks:
        dates = look.columns[name].dates
        if dates.question or not dates.formats:
            return [looks]
        parts.setdefault(dates.formats, []).append(look)
    return list(parts.values())


def _make_sources(looks: list[FileLook], *, given: Given, wins: bool) -> list[SourceProposal]:
    """The sources of files that are alike; files whose outlet is given are apart from those that name it themselves.

    What is given on outlet and dates wins where there is one kind of files; else it answers what they leave open.
    """
    source = _make_source(looks, given, wins=wins)
    by_outlet: dict[str, list[Path]] = {}
    for path in source.files:
        by_outlet.setdefault(find_outlet(path, given), []).append(path)
    sources = []
    for outlet, files in by_outlet.items():
        others = {path.name for path in source.files if path not in files} - {path.name for path in files}
        remarks = {key: remark for key, remark in source.remarks.items() if key.partition("/")[0] not in others}
        part = replace(source, files=files, remarks=remarks, questions=list(source.questions))
        if outlet:
            part.columns = {**source.columns, "outlet": {"constant": outlet}}
            part.remarks.pop("outlet", None)
        elif "outlet" not in part.columns and looks[0].options["kind"] not in NAMED_FIELDS:
            part.questions.append(ask_outlet(looks, source))
        part.carried = _list_carried(looks, part)
        sources.append(part)
    return sources


def _list_carried(looks: list[FileLook], source: SourceProposal) -> list[str]:
    """Columns of the files that no rule of the source takes, by their names in the documents."""
    if source.options["kind"] in NAMED_FIELDS:
        return []
    rules = [
        rule["column"] if isinstance(rule, dict) and "column" in rule else rule for rule in source.columns.values()
    ]
    taken = {name for rule in rules for name in (rule if isinstance(rule, list) else [rule]) if isinstance(name, str)}
    taken |= {*_PLACES, "text"} if source.options["kind"] in ONE_ROW else set()
    names = [name for name, look in merge_columns(looks).items() if look.n_filled]
    return list(carry_columns(dict.fromkeys(names, ""), taken))


def _lacks_text(source: SourceProposal) -> bool:
    return any(question.column == "text" and question.text.startswith(_NO_TEXT) for question in source.questions)


def _make_source(looks: list[FileLook], given: Given, *, wins: bool) -> SourceProposal:
    options = looks[0].options
    source = SourceProposal(list(dict.fromkeys(look.path for look in looks)), options)
    for remark in dict.fromkeys(remark for look in looks for remark in look.remarks):
        key, _, text = remark.partition(": ")
        source.remarks[key] = text
    columns = merge_columns(looks)
    there = {*columns, *_VIRTUAL.get(options["kind"], ())}
    known = {name: names for name, names in given.columns.items() if there.issuperset(names)}
    if options["kind"] not in NAMED_FIELDS:
        places = {name: look for name, look in columns.items() if options["kind"] in ONE_ROW and name in _PLACES}
        rest = {name: look for name, look in columns.items() if name not in places}
        named = {name: names[0] if names else "" for name, names in known.items()}
        roles = choose_roles(rest, named, date_formats=given.date_formats)
        _take_roles(source, roles, columns, given, looks, wins=wins)
        if places:
            _take_places(source, places, given, wins=wins)
        if "text" not in source.columns and options["kind"] not in ONE_ROW:
            open_text = roles.remarks.get("text", _NO_TEXT)
            source.questions.append(Question("text", f"{open_text}; columns: {', '.join(columns)}"))
    for name, names in known.items():
        if len(names) > 1:
            source.columns[name] = list(names)
        elif names and name != "published":
            source.columns[name] = names[0]
    if given.columns.get("published") == ():
        source.remarks["published"] = "left out, as it was said"
    if given.outlet and (wins or not ("outlet" in source.columns or options["kind"] in NAMED_FIELDS)):
        source.columns["outlet"] = {"constant": given.outlet}
        source.remarks.pop("outlet", None)
    return source


def _take_roles(
    source: SourceProposal,
    roles: Roles,
    columns: Mapping[str, ColumnLook],
    given: Given,
    looks: list[FileLook],
    *,
    wins: bool,
) -> None:
    """Rules of the columns that were chosen."""
    for ours in ("document_id", "title", "text", "outlet", "published", "url", "language", "translation"):
        name = roles.columns.get(ours)
        if ours in roles.remarks and ours == "published" and source.options["kind"] not in ONE_ROW and not name:
            source.questions.append(Question(ours, roles.remarks[ours]))
        elif ours in roles.remarks:
            source.remarks[ours] = roles.remarks[ours]
        if not name or (name == "text" and ours == "text" and source.options["kind"] in ONE_ROW):
            continue
        if ours == "published":
            forms = _choose_forms(columns[name].dates, given, wins=wins)
            _take_dates(source, {"column": name}, columns[name].dates, forms, place=f"column {name}")
            open_alone = [
                look.path.name for look in looks if name in look.columns and look.columns[name].dates.question
            ]
            if open_alone and not given.date_formats and not columns[name].dates.question:
                source.remarks["published"] = (
                    f"not sure: {shorten(open_alone)} alone leaves the order of day and month open; as in the others"
                )
            continue
        source.columns[ours] = name
        if ours == "text" and columns[name].n_cut:
            source.remarks["text"] = f"{columns[name].n_cut} texts are cut: they end in [+… chars]"


def _choose_forms(dates: DateForms, given: Given, *, wins: bool) -> list[str]:
    """Forms that read the dates: those that are told, those that are given, and none where something is open."""
    if dates.question:
        return [*dates.formats, *given.date_formats] if given.date_formats else []
    return list(given.date_formats if given.date_formats and (wins or not dates.formats) else dates.formats)


def _take_dates(
    source: SourceProposal, rule: dict[str, Any], dates: DateForms, forms: list[str], *, place: str
) -> None:
    """Rule of the dates; a question where their form is not known."""
    if not forms:
        shown = ", ".join(map(repr, dates.unreadable[:_SHOWN]))
        text = f"{place}: {dates.question or f'no known form reads its values, such as {shown}'}"
        source.questions.append(Question("published", text, dates.choices))
        return
    if forms != [ISO]:
        rule = {**rule, "format": forms[0] if len(forms) == 1 else forms}
    source.columns["published"] = rule["column"] if list(rule) == ["column"] else rule
    if dates.unreadable and dates.formats:
        shown = ", ".join(map(repr, dates.unreadable[:_SHOWN]))
        n_unreadable = len(dates.unreadable)
        source.remarks["published"] = f"{n_unreadable} of {dates.n_values} different dates fit no form: {shown}"


def _take_places(source: SourceProposal, places: Mapping[str, ColumnLook], given: Given, *, wins: bool) -> None:
    """Outlet, date and title from the names of single files and of their folders."""
    parts = find_stem_parts(sorted(places["stem"].distinct))
    folders = sorted(places["folder"].distinct)
    if "outlet" not in source.columns:
        if parts.outlet:
            source.columns["outlet"] = {"column": "stem", "pattern": parts.outlet}
            source.remarks["outlet"] = f"from the names of the files: {shorten(parts.outlets)}"
        elif are_names(folders):
            source.columns["outlet"] = "folder"
            source.remarks["outlet"] = f"from the folders: {shorten(folders)}"
    if "published" not in source.columns and parts.published and given.columns.get("published") != ():
        rule = {"column": "stem", "pattern": parts.published}
        _take_dates(source, rule, parts.dates, _choose_forms(parts.dates, given, wins=wins), place="names of the files")
    if "title" not in source.columns:
        source.columns["title"] = "stem"


def _check_given(given: Given, looks: list[FileLook]) -> None:
    """Refuse columns that no file has."""
    there = list(dict.fromkeys(name for look in looks for name in look.columns))
    virtual = {name for look in looks for name in _VIRTUAL.get(look.options["kind"], ())}
    check_outlets(list(dict.fromkeys(look.path for look in looks)), given)
    for column, names in given.columns.items():
        absent = [name for name in names if name not in there and name not in virtual]
        if absent:
            raise InputError(
                f"no file has the column {', '.join(absent)}. They have: {', '.join(there)}.", argument=column
            )


def _join_alike(sources: list[SourceProposal]) -> list[SourceProposal]:
    """Sources that are read alike as one, though their files have other columns besides."""
    joined: list[SourceProposal] = []
    for source in sources:
        for other in joined:
            if (other.options, other.columns) == (source.options, source.columns):
                other.files += source.files
                other.remarks = {**source.remarks, **other.remarks}
                other.questions += [question for question in source.questions if question not in other.questions]
                other.carried = list(dict.fromkeys([*other.carried, *source.carried]))
                break
        else:
            joined.append(source)
    return joined
