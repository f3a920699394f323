"""What the side-by-side page shows: checked tables in, compact columns out, one plain dictionary for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from framing.errors import InputError
from framing.tables import VOICE_VALUES, require_columns

__all__ = ["PageParts", "page_data"]

DECISIONS = ("present", "absent", "abstain")
_DOCUMENTS = ("document_id", "outlet", "published", "title", "url")
_PASSAGES = ("passage_id", "document_id", "outlet", "published", "position", "text", "duplicate_of")
_STORIES = ("document_id", "story_id", "story_label")
_VOICES = ("passage_id", "voice", "speaker", "speaker_group")
_SEGMENTS = ("passage_id", "start", "end", "voice", "speaker")
_ALIGNED = ("story_id", "passage_id", "other_id", "similarity")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_NO_STORY = "(no story)"
_NO_STORY_LABEL = "Documents in no story"


@dataclass(frozen=True, kw_only=True)
class PageParts:
    """Everything that the side-by-side page is made of.

    Attributes
    ----------
    title : str
        Shown as the page's heading.
    constructed : bool
        Whether the texts were written as an illustration; a banner then says so.
    frames : sequence of (str, str, str)
        Id, name and colour (`#rrggbb`) of each frame, in the order of its filter.
    outlets : sequence of (str, str)
        Name and colour of each outlet, in the order of the columns.
    documents : DataFrame
        `document_id, outlet, published, title, url`, optionally `language`; one row a document.
    passages : DataFrame
        `passage_id, document_id, outlet, published, position, text, duplicate_of`; outlet and date of a passage are
        those of its document. `duplicate_of` : id of the passage it repeats word for word (wire copy), or empty.
    decisions : DataFrame
        `passage_id` and one column a frame id: `present`, `absent` or `abstain`; a row for every passage.
    stories : DataFrame
        `document_id, story_id, story_label`; documents that it lacks are listed as in no story.
    scores : DataFrame or None
        `passage_id` and one column a frame id: what the decisions were made from; shown beside each frame.
    voices : DataFrame or None
        `passage_id, voice, speaker, speaker_group`, at most one row a passage; `voice` is one of
        `framing.tables.VOICE_VALUES`. None: nothing is said about who speaks.
    segments : DataFrame or None
        `passage_id, start, end, voice, speaker`; characters of the passage's text, `end` not included.
    aligned : DataFrame or None
        `story_id, passage_id, other_id, similarity`: passages of two outlets that say nearly the same; the order of
        the two does not matter. None: there is no facing view.
    notes : sequence of str
        What is exploratory, or what else a reader must know.
    files : sequence of str
        Paths of the tables, relative to the page, listed where scripts are switched off.
    """

    title: str
    constructed: bool
    frames: Sequence[tuple[str, str, str]]
    outlets: Sequence[tuple[str, str]]
    documents: pd.DataFrame
    passages: pd.DataFrame
    decisions: pd.DataFrame
    stories: pd.DataFrame
    scores: pd.DataFrame | None = None
    voices: pd.DataFrame | None = None
    segments: pd.DataFrame | None = None
    aligned: pd.DataFrame | None = None
    notes: Sequence[str] = ()
    files: Sequence[str] = ()


def page_data(parts: PageParts) -> dict[str, Any]:
    """Columns of documents and passages in reading order (date, outlet, document, position), values coded by place.

    Parameters
    ----------
    parts : PageParts
        Tables, names and colours; they are checked here.

    Returns
    -------
    dict
        For JSON. Addresses that are not http or https are left out. Offsets of segments count UTF-16 units, as a
        browser does.

    Raises
    ------
    InputError
        Where a table lacks a column, names an unknown or repeated id, or holds a value that is not among the valid
        ones.
    """
    frames, outlets = parts.frames, parts.outlets
    documents, passages, stories = parts.documents, parts.passages, parts.stories
    _check_names(frames, outlets)
    require_columns(documents, _DOCUMENTS, what="documents")
    require_columns(passages, _PASSAGES, what="passages")
    require_columns(stories, _STORIES, what="stories")
    _refuse_repeated(documents["document_id"], what="documents")
    _refuse_repeated(passages["passage_id"], what="passages")
    _refuse_repeated(stories["document_id"], what="stories")
    places = {name: place for place, (name, _) in enumerate(outlets)}
    _refuse_unknown(documents["outlet"], places, what="documents", column="outlet")

    table = documents.assign(
        date=_dates(documents["published"]), story_id=_mapped(documents["document_id"], stories, "story_id")
    )
    table["undated"] = table["date"] == ""
    table = table.sort_values(["undated", "date", "outlet", "document_id"], kind="stable")
    document_place = _places(table["document_id"])
    _refuse_unknown(passages["document_id"], document_place, what="passages", column="document_id")

    rows = passages.assign(place=passages["document_id"].map(document_place))
    rows = rows.sort_values(["place", "position", "passage_id"], kind="stable")
    passage_place = _places(rows["passage_id"])
    story_names = _story_names(stories, table["story_id"])
    story_place = _places(story_names)
    texts = _texts(rows["text"])
    sets, set_codes, shown_scores = _frame_sets(frames, rows["passage_id"], parts.decisions, parts.scores)
    addresses = [address if _ADDRESS.fullmatch(address) else "" for address in _texts(table["url"])]
    languages = _texts(table["language"]) if "language" in table else [""] * len(table)
    return {
        "frames": [{"id": name, "name": _text(label), "colour": colour} for name, label, colour in frames],
        "outlets": [{"name": _text(name), "colour": colour} for name, colour in outlets],
        "stories": [{"id": name or _NO_STORY, "label": label, "none": not name} for name, label in story_names.items()],
        "documents": {
            "outlet": [places[name] for name in table["outlet"]],
            "date": table["date"].to_list(),
            "title": _texts(table["title"]),
            "url": addresses,
            "story": [story_place[name] for name in table["story_id"]],
            "language": ["" if language == "und" else language for language in languages],
        },
        "passages": {
            "id": rows["passage_id"].astype(str).to_list(),
            "document": rows["place"].to_list(),
            "text": texts,
            "set": set_codes,
            "scores": shown_scores,
            "wire": [_wire(name, passage_place) for name in rows["duplicate_of"]],
        },
        "sets": sets,
        "voices": None if parts.voices is None else _voices(parts.voices, passage_place),
        "segments": {} if parts.segments is None else _segments(parts.segments, passage_place, texts),
        "aligned": None if parts.aligned is None else _aligned(parts.aligned, passage_place),
    }


def _check_names(frames: Sequence[tuple[str, str, str]], outlets: Sequence[tuple[str, str]]) -> None:
    _refuse_repeated(pd.Series([name for name, _, _ in frames], dtype=object), what="frames")
    _refuse_repeated(pd.Series([name for name, _ in outlets], dtype=object), what="outlets")
    for name, colour in [*((frame[0], frame[2]) for frame in frames), *outlets]:
        if not _COLOUR.fullmatch(str(colour)):
            raise InputError(f"{name}: a colour is written #rrggbb; got {colour!r}.")


def _refuse_repeated(names: pd.Series, *, what: str) -> None:
    repeated = names[names.duplicated()]
    if len(repeated):
        raise InputError(f"{what}: each id stands once; {repeated.iloc[0]!r} stands twice. Remove the repeated rows.")


def _refuse_unknown(values: pd.Series, valid: Iterable[str], *, what: str, column: str) -> None:
    unknown = sorted(set(map(str, values)) - set(valid))
    if unknown:
        some = ", ".join(sorted(map(str, valid))[:8])
        raise InputError(f"{what}: unknown {column} {unknown[0]!r} ({len(unknown)} in all). Valid are: {some} …")


def _dates(published: pd.Series) -> list[str]:
    days = pd.to_datetime(published, errors="coerce", utc=True)
    return list(days.dt.strftime("%Y-%m-%d").fillna(""))


def _mapped(keys: pd.Series, table: pd.DataFrame, column: str) -> list[str]:
    known = dict(zip(table["document_id"], _texts(table[column]), strict=True))
    return [known.get(key, "") for key in keys]


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _text(value: Any) -> str:
    """A string that UTF-8 can hold, empty where the value is missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", str(value)) if value is not pd.NA else ""


def _texts(values: pd.Series) -> list[str]:
    return [_text(value) for value in values]


def _story_names(stories: pd.DataFrame, used: pd.Series) -> dict[str, str]:
    labels: dict[str, str] = {}
    for name, label in sorted(zip(_texts(stories["story_id"]), _texts(stories["story_label"]), strict=True)):
        labels.setdefault(name, label or name)
    return {name: labels.get(name, name) if name else _NO_STORY_LABEL for name in sorted(set(used))}


def _frame_sets(
    frames: Sequence[tuple[str, str, str]], passages: pd.Series, decisions: pd.DataFrame, scores: pd.DataFrame | None
) -> tuple[list[list[int]], list[int], list[list[int]] | None]:
    """The different sets of frames, the set of each passage, and percent scores in the order of its set.

    A set lists the places of frames that are present, then -1 - place of those where no decision was made.
    """
    names = [name for name, _, _ in frames]
    require_columns(decisions, ("passage_id", *names), what="decisions")
    _refuse_repeated(decisions["passage_id"], what="decisions")
    lacking = set(passages) - set(decisions["passage_id"])
    if lacking:
        raise InputError(f"decisions lack {len(lacking)} passage(s), the first of them {min(lacking)!r}.")
    wide = decisions.set_index("passage_id").loc[passages.to_list(), names]
    for name in names:
        _refuse_unknown(wide[name], DECISIONS, what="decisions", column=name)
    members = [
        (
            *(place for place, decision in enumerate(row) if decision == "present"),
            *(-1 - place for place, decision in enumerate(row) if decision == "abstain"),
        )
        for row in wide.itertuples(index=False, name=None)
    ]
    sets = {members_of: code for code, members_of in enumerate(sorted(set(members)))}
    shown: list[list[int]] | None = None
    if scores is not None:
        require_columns(scores, ("passage_id", *names), what="scores")
        values = scores.set_index("passage_id").reindex(passages.to_list())[names].fillna(0).to_numpy(float)
        shown = [
            [round(100 * float(row[place if place >= 0 else -1 - place])) for place in members_of]
            for members_of, row in zip(members, values, strict=True)
        ]
    return [list(members_of) for members_of in sets], [sets[members_of] for members_of in members], shown


def _wire(name: Any, places: dict[str, int]) -> int:
    """Place of the passage that this one repeats, -1 where it repeats none, -2 where that one is not on the page."""
    original = _text(name)
    return places.get(original, -2) if original else -1


def _voices(voices: pd.DataFrame, places: dict[str, int]) -> dict[str, Any]:
    require_columns(voices, _VOICES, what="voices")
    _refuse_repeated(voices["passage_id"], what="voices")
    _refuse_unknown(voices["passage_id"], places, what="voices", column="passage_id")
    _refuse_unknown(voices["voice"], VOICE_VALUES, what="voices", column="voice")
    known = {
        name: values
        for name, *values in zip(
            voices["passage_id"],
            voices["voice"],
            _texts(voices["speaker"]),
            _texts(voices["speaker_group"]),
            strict=True,
        )
    }
    # -1: nobody looked who speaks in this passage
    rows = [known.get(name, ["", "", ""]) for name in places]
    speakers, groups = sorted({row[1] for row in rows} | {""}), sorted({row[2] for row in rows} | {""})
    speaker_place, group_place = _places(speakers), _places(groups)
    return {
        "voice": [VOICE_VALUES.index(row[0]) if row[0] else -1 for row in rows],
        "speaker": [speaker_place[row[1]] for row in rows],
        "group": [group_place[row[2]] for row in rows],
        "speakers": speakers,
        "groups": groups,
    }


def _segments(segments: pd.DataFrame, places: dict[str, int], texts: list[str]) -> dict[str, list[list[Any]]]:
    require_columns(segments, _SEGMENTS, what="segments")
    _refuse_unknown(segments["passage_id"], places, what="segments", column="passage_id")
    _refuse_unknown(segments["voice"], VOICE_VALUES, what="segments", column="voice")
    found: dict[str, list[list[Any]]] = {}
    columns = (segments[name] for name in ("passage_id", "start", "end", "voice"))
    for name, start, end, voice, speaker in zip(*columns, _texts(segments["speaker"]), strict=True):
        text = texts[places[name]]
        if not 0 <= start < end <= len(text):
            raise InputError(
                f"segments: passage {name!r} has {len(text)} characters; a segment from {start} to {end} is not in it. "
                "start and end count characters of the passage's own text."
            )
        if voice != "own":
            row = [_units(text, int(start)), _units(text, int(end)), VOICE_VALUES.index(voice), speaker]
            found.setdefault(str(places[name]), []).append(row)
    return {key: sorted(found[key], key=lambda row: (row[0], -row[1])) for key in sorted(found, key=int)}


def _units(text: str, characters: int) -> int:
    """UTF-16 units of the first `characters` characters.

    >>> _units("a😀b", 2)
    3
    """
    return len(text[:characters].encode("utf-16-le")) // 2


def _aligned(aligned: pd.DataFrame, places: dict[str, int]) -> dict[str, list[int]]:
    require_columns(aligned, _ALIGNED, what="aligned")
    for column in ("passage_id", "other_id"):
        _refuse_unknown(aligned[column], places, what="aligned", column=column)
    best: dict[tuple[int, int], float] = {}
    for name, other, similarity in zip(aligned["passage_id"], aligned["other_id"], aligned["similarity"], strict=True):
        a, b = sorted((places[name], places[other]))
        best[a, b] = max(best.get((a, b), -1.0), float(similarity))
    pairs = sorted(best)
    return {
        "a": [a for a, _ in pairs],
        "b": [b for _, b in pairs],
        "similarity": [round(1000 * best[pair]) for pair in pairs],
    }
