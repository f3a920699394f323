"""Data of the side-by-side page: tables are checked and coded as compact columns for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from framing.errors import InputError
from framing.side_by_side.translations import code_translations
from framing.tables import VOICE_VALUES, require_columns
from framing.texts import phrase, phrase_later
from framing.texts.retell import retell_day

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
_NO_STORY_LABEL = phrase_later("Documents in no story")


@dataclass(frozen=True, kw_only=True)
class PageParts:
    """Names, colours and tables of the side-by-side page.

    Attributes
    ----------
    title : str
        Heading of the page.
    constructed : bool
        Whether the texts were written as an illustration, which a banner then states.
    frames : sequence of (str, str, str)
        Id, name and colour (`#rrggbb`) of each frame, in the order of its filter.
    outlets : sequence of (str, str)
        Name and colour of each outlet, in the order of the columns.
    documents : DataFrame
        `document_id, outlet, published, title, url`, optionally `language`; one row a document.
    passages : DataFrame
        `passage_id, document_id, outlet, published, position, text, duplicate_of`; outlet and date of a passage are
        those of its document. `duplicate_of` is the id of the passage that it repeats (wire copy), or empty. Optionally
        `framing.tables.TRANSLATED`: the passage in another language, or the whole document where the unit says so.
    decisions : DataFrame
        `passage_id` and one column a frame id: `present`, `absent` or `abstain`; a row for every passage.
    stories : DataFrame
        `document_id, story_id, story_label`; documents without a row are in no story.
    scores : DataFrame or None
        `passage_id` and one column a frame id: the score of each decision, for display beside the frame.
    voices : DataFrame or None
        `passage_id, voice, speaker, speaker_group`, at most one row a passage; `voice` is one of
        `framing.tables.VOICE_VALUES`. None: the page has no voices.
    segments : DataFrame or None
        `passage_id, start, end, voice, speaker`; characters of the passage's text, `end` not included.
    aligned : DataFrame or None
        `story_id, passage_id, other_id, similarity`: passages of two outlets on the same content, in either order.
        None: the page has no facing view.
    columns : sequence of str
        Further columns of the documents that readers can filter by; blank where a document has no value.
    notes : sequence of str
        Notes for readers, for instance what is exploratory.
    files : sequence of str
        Paths of the tables, relative to the page, for readers without scripts.
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
    columns: Sequence[str] = ()
    notes: Sequence[str] = ()
    files: Sequence[str] = ()


def page_data(parts: PageParts) -> dict[str, Any]:
    """Code documents and passages as columns in reading order: date, outlet, document, position.

    Parameters
    ----------
    parts : PageParts
        Names, colours and tables.

    Returns
    -------
    dict
        For JSON; names are coded by their place in a list. Addresses that are not http or https are empty. Offsets of
        segments count UTF-16 units, as browsers do.

    Raises
    ------
    InputError
        If a table lacks a column, names an unknown or repeated id, or holds a value that is not valid.
    """
    _check_parts(parts)
    documents = _order_documents(parts.documents, parts.stories)
    document_place = _number(documents["document_id"])
    _refuse_unknown(parts.passages["document_id"], document_place, what="passages", column="document_id")
    passages = parts.passages.assign(place=parts.passages["document_id"].map(document_place))
    passages = passages.sort_values(["place", "position", "passage_id"], kind="stable")
    passage_place = _number(passages["passage_id"])
    story_labels = _label_stories(parts.stories, documents["story_id"])
    columns = {name: _read_texts(documents[name]) for name in parts.columns}
    values = {name: sorted(set(texts) - {""}) for name, texts in columns.items()}
    sets, set_codes, percent_scores = _code_frames(parts, passages["passage_id"])
    texts = _read_texts(passages["text"])
    return {
        "frames": [{"id": name, "name": _read_text(label), "colour": colour} for name, label, colour in parts.frames],
        "outlets": [{"name": _read_text(name), "colour": colour} for name, colour in parts.outlets],
        "columns": [{"name": _read_text(name), "values": values[name]} for name in columns],
        "stories": [
            {"id": name or _NO_STORY, "label": label, "none": not name} for name, label in story_labels.items()
        ],
        "documents": {
            **_code_documents(documents, _number(name for name, _ in parts.outlets), _number(story_labels)),
            "columns": [_code_values(texts, values[name]) for name, texts in columns.items()],
        },
        "passages": {
            "id": passages["passage_id"].astype(str).to_list(),
            "document": passages["place"].to_list(),
            "text": texts,
            "set": set_codes,
            "scores": percent_scores,
            "wire": [_place_original(name, passage_place) for name in passages["duplicate_of"]],
            "translation": code_translations(passages, _read_texts(passages.get("translation", passages["text"]))),
        },
        "sets": sets,
        "voices": None if parts.voices is None else _code_voices(parts.voices, passage_place),
        "segments": {} if parts.segments is None else _code_segments(parts.segments, passage_place, texts),
        "aligned": None if parts.aligned is None else _code_pairs(parts.aligned, passage_place),
    }


def _check_parts(parts: PageParts) -> None:
    """Check names, colours and the tables that every page has."""
    _check_names(parts.frames, parts.outlets)
    require_columns(parts.documents, (*_DOCUMENTS, *parts.columns), what="documents")
    require_columns(parts.passages, _PASSAGES, what="passages")
    require_columns(parts.stories, _STORIES, what="stories")
    _refuse_repeated(parts.documents["document_id"], what="documents")
    _refuse_repeated(parts.passages["passage_id"], what="passages")
    _refuse_repeated(parts.stories["document_id"], what="stories")
    _refuse_unknown(parts.documents["outlet"], [name for name, _ in parts.outlets], what="documents", column="outlet")


def _order_documents(documents: pd.DataFrame, stories: pd.DataFrame) -> pd.DataFrame:
    """Documents by date, those without a date last, with their day and story."""
    story_of = dict(zip(stories["document_id"], _read_texts(stories["story_id"]), strict=True))
    days = pd.to_datetime(documents["published"], errors="coerce", utc=True).dt.strftime("%Y-%m-%d").fillna("")
    table = documents.assign(
        date=list(days),
        story_id=[story_of.get(name, "") for name in documents["document_id"]],
        undated=list(days == ""),
    )
    return table.sort_values(["undated", "date", "outlet", "document_id"], kind="stable")


def _code_documents(
    documents: pd.DataFrame, outlet_place: dict[str, int], story_place: dict[str, int]
) -> dict[str, list[Any]]:
    languages = _read_texts(documents["language"]) if "language" in documents else [""] * len(documents)
    return {
        "outlet": [outlet_place[name] for name in documents["outlet"]],
        "date": documents["date"].to_list(),
        "title": _read_texts(documents["title"]),
        "url": [url if _ADDRESS.fullmatch(url) else "" for url in _read_texts(documents["url"])],
        "story": [story_place[name] for name in documents["story_id"]],
        "language": ["" if language == "und" else language for language in languages],
    }


def _code_values(texts: Sequence[str], values: Sequence[str]) -> list[int]:
    """Place of each text among the values, -1 where it is blank."""
    places = _number(values)
    return [places.get(text, -1) for text in texts]


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


def _number(names: Iterable[str]) -> dict[str, int]:
    """The place of each name."""
    return {name: place for place, name in enumerate(names)}


def _read_text(value: Any) -> str:
    """A string that UTF-8 can hold, empty where the value is missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", str(value)) if value is not pd.NA else ""


def _read_texts(values: pd.Series) -> list[str]:
    return [_read_text(value) for value in values]


def _label_stories(stories: pd.DataFrame, used: pd.Series) -> dict[str, str]:
    """Labels of the stories of documents, in the order of their ids."""
    labels: dict[str, str] = {}
    for name, label in sorted(zip(_read_texts(stories["story_id"]), _read_texts(stories["story_label"]), strict=True)):
        labels.setdefault(name, label or name)
    return {name: retell_day(labels.get(name, name)) if name else phrase(_NO_STORY_LABEL) for name in sorted(set(used))}


def _code_frames(parts: PageParts, passages: pd.Series) -> tuple[list[list[int]], list[int], list[list[int]] | None]:
    """The different sets of frames, the set of each passage, and percent scores in the order of its set.

    A set lists the places of frames that are present, then -1 - place of those where no decision was made.
    """
    names = [name for name, _, _ in parts.frames]
    members = [
        (
            *(place for place, decision in enumerate(row) if decision == "present"),
            *(-1 - place for place, decision in enumerate(row) if decision == "abstain"),
        )
        for row in _read_decisions(parts.decisions, passages, names).itertuples(index=False, name=None)
    ]
    code_of = {frame_set: code for code, frame_set in enumerate(sorted(set(members)))}
    percent: list[list[int]] | None = None
    if parts.scores is not None:
        require_columns(parts.scores, ("passage_id", *names), what="scores")
        scores = parts.scores.set_index("passage_id").reindex(passages.to_list())[names].fillna(0).to_numpy(float)
        percent = [
            [round(100 * float(row[place if place >= 0 else -1 - place])) for place in frame_set]
            for frame_set, row in zip(members, scores, strict=True)
        ]
    return [list(frame_set) for frame_set in code_of], [code_of[frame_set] for frame_set in members], percent


def _read_decisions(decisions: pd.DataFrame, passages: pd.Series, names: list[str]) -> pd.DataFrame:
    """Decisions on each passage, a column for each frame."""
    require_columns(decisions, ("passage_id", *names), what="decisions")
    _refuse_repeated(decisions["passage_id"], what="decisions")
    lacking = set(passages) - set(decisions["passage_id"])
    if lacking:
        raise InputError(f"decisions lack {len(lacking)} passage(s), the first of them {min(lacking)!r}.")
    wide = decisions.set_index("passage_id").loc[passages.to_list(), names]
    for name in names:
        _refuse_unknown(wide[name], DECISIONS, what="decisions", column=name)
    return wide


def _place_original(name: Any, places: dict[str, int]) -> int:
    """Place of the passage that this one repeats, -1 without one, -2 if that one is not on the page."""
    original = _read_text(name)
    return places.get(original, -2) if original else -1


def _code_voices(voices: pd.DataFrame, places: dict[str, int]) -> dict[str, list[Any]]:
    require_columns(voices, _VOICES, what="voices")
    _refuse_repeated(voices["passage_id"], what="voices")
    _refuse_unknown(voices["passage_id"], places, what="voices", column="passage_id")
    _refuse_unknown(voices["voice"], VOICE_VALUES, what="voices", column="voice")
    columns = (voices["voice"], _read_texts(voices["speaker"]), _read_texts(voices["speaker_group"]))
    row_of = dict(zip(voices["passage_id"], zip(*columns, strict=True), strict=True))
    rows = [row_of.get(name, ("", "", "")) for name in places]
    speakers = sorted({speaker for _, speaker, _ in rows} | {""})
    groups = sorted({group for _, _, group in rows} | {""})
    speaker_place, group_place = _number(speakers), _number(groups)
    return {
        "voice": [VOICE_VALUES.index(voice) if voice else -1 for voice, _, _ in rows],  # -1: not attributed
        "speaker": [speaker_place[speaker] for _, speaker, _ in rows],
        "group": [group_place[group] for _, _, group in rows],
        "speakers": speakers,
        "groups": groups,
    }


def _code_segments(segments: pd.DataFrame, places: dict[str, int], texts: list[str]) -> dict[str, list[list[Any]]]:
    require_columns(segments, _SEGMENTS, what="segments")
    _refuse_unknown(segments["passage_id"], places, what="segments", column="passage_id")
    _refuse_unknown(segments["voice"], VOICE_VALUES, what="segments", column="voice")
    rows: dict[str, list[list[Any]]] = {}
    columns = (segments[name] for name in ("passage_id", "start", "end", "voice"))
    for name, start, end, voice, speaker in zip(*columns, _read_texts(segments["speaker"]), strict=True):
        text = texts[places[name]]
        if not 0 <= start < end <= len(text):
            raise InputError(
                f"segments: passage {name!r} has {len(text)} characters; a segment from {start} to {end} is not in it. "
                "start and end count characters of the passage's own text."
            )
        if voice != "own":
            row = [_count_units(text, int(start)), _count_units(text, int(end)), VOICE_VALUES.index(voice), speaker]
            rows.setdefault(str(places[name]), []).append(row)
    return {place: sorted(rows[place], key=lambda row: (row[0], -row[1])) for place in sorted(rows, key=int)}


def _count_units(text: str, characters: int) -> int:
    """Number of UTF-16 units of the first `characters` characters.

    >>> _count_units("a😀b", 2)
    3
    """
    return len(text[:characters].encode("utf-16-le")) // 2


def _code_pairs(aligned: pd.DataFrame, places: dict[str, int]) -> dict[str, list[int]]:
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
