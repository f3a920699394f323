"""Which column of a file is which of ours: by its name, and by what its values look like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from framing.corpus.dates import EXCEL, UNIX, UNIX_MS, explain_date, read_date
from framing.corpus.proposal.column_look import ColumnLook
from framing.corpus.proposal.column_names import is_translation_name, rate_name
from framing.corpus.stated_languages import read_language

__all__ = ["Roles", "choose_roles"]

_WHOLE = 0.6  # rating of a name that is one of the list, not only a part of it
_MIN_UNNAMED_TEXT = 80  # characters of a text on average, where the column is not called so
_CLEARLY_LONGER = 2.0
_MAX_NAME = 80  # characters of the name of an outlet on average
_MIN_DATES, _MIN_UNNAMED_DATES = 0.3, 0.9  # share of the values that are dates
_NUMBERS = (EXCEL, UNIX, UNIX_MS)  # forms that read any number, so that only a name tells a date
_MIN_LANGUAGES = 0.5  # share of the different values of a column of languages that name one
_MIN_TRANSLATION = 0.2  # of the length of the texts that translations have on average: Chinese is a third of English
_MANY = 20  # rows from which a column of outlets must have repeated values


@dataclass
class Roles:
    """Columns of a file by ours, and what is to be said about the choice.

    Attributes
    ----------
    columns : dict of str to str
        Column of the file by ours: text, title, outlet, published, url,
        document_id, language, translation.
    remarks : dict of str to str
        Remark by our column: why it was taken, or what is not sure.
    """

    columns: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


def choose_roles(
    looks: Mapping[str, ColumnLook], given: Mapping[str, str] | None = None, *, date_formats: Sequence[str] = ()
) -> Roles:
    """Choose the column of the file for each of ours.

    Parameters
    ----------
    looks : mapping of str to ColumnLook
        The columns of the file.
    given : mapping of str to str, optional
        Columns that are named outright, by ours.
    date_formats : sequence of str, default ()
        Forms of dates that are given.

    Returns
    -------
    Roles
        The choice; a column of ours for which none fits is left out.
    """
    roles = Roles(columns=dict(given or {}))
    for column, choose in _CHOICES.items():
        if column in roles.columns:
            continue
        taken = set(roles.columns.values())
        free = {name: look for name, look in looks.items() if name not in taken and look.n_filled}
        if column == "published":
            name, remark = _choose_published(free, date_formats)
        elif column == "translation":
            text = looks.get(roles.columns.get("text", ""))
            name, remark = _choose_translation(free, text) if text else ("", "")
        else:
            name, remark = choose(free)
        if name:
            roles.columns[column] = name
        if remark:
            roles.remarks[column] = remark
    _fall_back(roles, looks)
    return roles


def _choose_url(looks: Mapping[str, ColumnLook]) -> tuple[str, str]:
    fitting = [name for name, look in looks.items() if look.is_url]
    best = _best_named(fitting, "url") or (fitting[0] if len(fitting) == 1 else "")
    return best, ""


def _choose_published(looks: Mapping[str, ColumnLook], formats: Sequence[str] = ()) -> tuple[str, str]:
    def holds_dates(look: ColumnLook, share: float, formats: Sequence[str]) -> bool:
        if formats and any(read_date(value, formats) for value in look.examples):
            return True
        return bool(look.dates.formats or look.dates.question) and look.dates.share_read >= share

    named = [name for name in looks if rate_name(name, "published") and holds_dates(looks[name], _MIN_DATES, formats)]
    written = [form for form in formats if form not in _NUMBERS]
    others = [name for name in looks if name not in named and holds_dates(looks[name], _MIN_UNNAMED_DATES, written)]
    best = _best_named(named, "published") or (others[0] if len(others) == 1 else "")
    rest = [name for name in (*named, *others) if name != best]
    if best:
        return best, f"also dates: {', '.join(rest)}" if rest else ""
    if rest:
        return "", f"several columns hold dates: {', '.join(rest)}"
    unread = [name for name in looks if rate_name(name, "published") >= _WHOLE and not looks[name].is_url]
    if not unread:
        return "", ""
    why = explain_date(looks[unread[0]].examples[0], remedy="give")
    return "", f"{unread[0]} is called so and holds no dates that can be read: {why}"


def _choose_text(looks: Mapping[str, ColumnLook]) -> tuple[str, str]:
    lengths = {name: look.mean_length for name, look in looks.items() if not look.is_url and not look.dates.formats}
    originals = {name: length for name, length in lengths.items() if not is_translation_name(name)}
    if max(originals.values(), default=0.0) >= _MIN_UNNAMED_TEXT or any(
        rate_name(name, "text") >= _WHOLE for name in originals
    ):
        lengths = originals
    named = [name for name in lengths if rate_name(name, "text") >= _WHOLE]
    ranked = sorted(lengths, key=lambda name: -lengths[name])
    longest = ranked[0] if ranked else ""
    if named:
        best = max(named, key=lambda name: lengths[name])
        is_longest = lengths[longest] < _CLEARLY_LONGER * lengths[best]
        return best, "" if is_longest else f"the column {longest} has longer texts"
    if not longest or lengths[longest] < _MIN_UNNAMED_TEXT:
        return "", ""
    second = lengths[ranked[1]] if len(ranked) > 1 else 0.0
    if lengths[longest] < _CLEARLY_LONGER * second:
        return "", f"{longest} and {ranked[1]} are both long"
    return longest, "taken because its values are the longest"


def _choose_title(looks: Mapping[str, ColumnLook]) -> tuple[str, str]:
    fitting = [name for name, look in looks.items() if rate_name(name, "title") >= _WHOLE and not look.is_url]
    return _best_named(fitting, "title"), ""


def _choose_outlet(looks: Mapping[str, ColumnLook]) -> tuple[str, str]:
    def is_name(look: ColumnLook) -> bool:
        repeats = len(look.distinct) < look.n_filled or look.n_filled < _MANY
        return not look.is_url and not look.n_long and look.mean_length <= _MAX_NAME and repeats

    fitting = [name for name, look in looks.items() if rate_name(name, "outlet") >= _WHOLE and is_name(look)]
    best = _best_named(fitting, "outlet")
    rest = [name for name in fitting if name != best]
    return best, f"could also be {', '.join(rest)}" if rest else ""


def _choose_id(looks: Mapping[str, ColumnLook]) -> tuple[str, str]:
    named = [name for name in looks if rate_name(name, "document_id") >= _WHOLE]
    best = _best_named([name for name in named if looks[name].is_id], "document_id")
    if best or not named:
        return best, ""
    return "", f"{named[0]} has empty or repeated values, so documents get ids of their own"


def _choose_language(looks: Mapping[str, ColumnLook]) -> tuple[str, str]:
    def names_languages(look: ColumnLook) -> bool:
        read = sum(bool(read_language(value)) for value in look.distinct)
        return not look.n_long and read >= max(1, _MIN_LANGUAGES * len(look.distinct))

    named = [name for name in looks if rate_name(name, "language") >= _WHOLE]
    best = _best_named([name for name in named if names_languages(looks[name])], "language")
    if best or not named:
        return best, ""
    return "", f"{named[0]} is called so and most of its values name no language, so that it is detected"


def _choose_translation(looks: Mapping[str, ColumnLook], text: ColumnLook) -> tuple[str, str]:
    least = _MIN_TRANSLATION * text.mean_length
    fitting = [
        name
        for name, look in looks.items()
        if is_translation_name(name) and not look.is_url and not look.dates.formats and look.mean_length >= least
    ]
    best = _best_named(fitting, "translation") or (fitting[0] if fitting else "")
    rest = [name for name in fitting if name != best]
    return best, f"could also be {', '.join(rest)}" if rest else ""


def _best_named(names: list[str], column: str) -> str:
    """The name that fits best, the first of equals; empty where none fits."""
    rated = [name for name in names if rate_name(name, column)]
    return max(rated, key=lambda name: rate_name(name, column), default="")


def _fall_back(roles: Roles, looks: Mapping[str, ColumnLook]) -> None:
    """Where there is no longer text, summaries or headlines are the texts."""
    if "text" in roles.columns or "text" in roles.remarks:
        return
    taken = set(roles.columns.values())
    summaries = [name for name, look in looks.items() if look.n_filled and not look.is_url and name not in taken]
    if best := _best_named([name for name in summaries if rate_name(name, "summary") >= _WHOLE], "summary"):
        roles.columns["text"] = best
        roles.remarks["text"] = "summaries, since there is no longer text"
    elif title := roles.columns.get("title", ""):
        roles.columns["text"] = title
        roles.remarks["text"] = "the headlines, since there is no longer text"


_CHOICES: dict[str, Callable[[Mapping[str, ColumnLook]], tuple[str, str]]] = {
    "url": _choose_url,
    "published": _choose_published,
    "text": _choose_text,
    "title": _choose_title,
    "outlet": _choose_outlet,
    "document_id": _choose_id,
    "language": _choose_language,
    "translation": lambda looks: ("", ""),
}
