"""One HTML file in which readers compare, passage by passage, how outlets tell the same event.

The file stands beside a report's index.html, opens from disk, loads nothing, and runs one script of ours under a strict
content security policy. Text of articles is data: it is embedded as JSON and shown as text only.

Links into the page
-------------------
The part of an address after `#` is a list of `key=value`, joined by `&`, each value percent-encoded:

=============  =====================================================================================================
`passage`      id of a passage: the page opens its story, marks the passage and scrolls to it
`story`        id of a story; with a filter and without a story the page lists passages of all stories
`frame`        id of a frame that is present; may be repeated: any of them
`frames`       `all`: all of the frames are present, not any of them
`outlet`       name of an outlet; may be repeated: any of them
`voice`        `own`, `quoted` or `reported`; may be repeated: any of them
`group`        group of the speaker (a side); may be repeated: any of them
`in.COLUMN`    value of a further column of the documents, such as `in.section`; may be repeated: any of them
`from`, `to`   days, `2025-07-31`, both included; documents without a date do not match
`q`            words that all occur in the passage, letter case ignored; a phrase in quotation marks
`view`         `columns` (one an outlet), `facing` (two outlets level) or `all` (a list over all stories)
`left, right`  names of the two outlets that face each other
=============  =====================================================================================================

Passages match that satisfy all keys. The page lists names that it does not know and ignores them. Without keys it
shows the story that most outlets cover. `link_passages` writes such links.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files as package_files
from typing import Any
from urllib.parse import quote

from framing.errors import InputError
from framing.side_by_side.data import PageParts, page_data
from framing.tables import VOICE_VALUES
from framing.texts import current_language, retell, translate
from framing.texts.collect import find_plurals, find_texts
from framing.texts.html import phrase_html
from framing.texts.language import ENGLISH
from framing.texts.phrases import list_plurals

__all__ = ["PAGE", "PageParts", "link_passages", "read_script_styles", "render_side_by_side"]

PAGE = "side_by_side.html"
_SCRIPTS = ("data.js", "view.js", "page.js")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_COLUMN = "in."  # before the name of a column
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Names = str | Sequence[str] | None


def render_side_by_side(parts: PageParts) -> str:
    """Write the page that sets passages of outlets side by side.

    Parameters
    ----------
    parts : PageParts
        Title, names, colours and tables.

    Returns
    -------
    str
        HTML that loads nothing else, the same for the same tables.

    Raises
    ------
    InputError
        If a table lacks a column, names an unknown or repeated id, or holds a value that is not valid.

    See Also
    --------
    link_passages : Address of a part of the page.
    """
    from jinja2 import Environment, StrictUndefined

    style = read_script_styles() + _read_asset("page.css")
    script = '(() => {\n"use strict";\n' + "".join(map(_read_asset, _SCRIPTS)) + "})();\n"
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template.globals.update(phrase=phrase_html)
    return template.from_string(_read_asset("page.html")).render(
        language=current_language(),
        title=parts.title,
        constructed=parts.constructed,
        notes=list(parts.notes),
        files=list(parts.files),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=embed_json({**page_data(parts), **_find_texts(script, parts)}),
    )


def _find_texts(script: str, parts: PageParts) -> dict[str, Any]:
    """Language of the page, and the texts of its script in it: none in English, which is that of the script."""
    texts: dict[str, str] = {}
    plurals: dict[str, list[str]] = {}
    if current_language() != ENGLISH:
        texts = {text: translate(text) for text in (*find_texts(script), *VOICE_VALUES)}
        plurals = {one: list_plurals(one, many) for one, many in find_plurals(script)}
        groups = set() if parts.voices is None else set(parts.voices["speaker_group"].dropna())
        texts |= {str(group): retell(str(group)) for group in sorted(groups)}
    return {"language": current_language(), "texts": texts, "plurals": plurals}


def link_passages(
    *,
    frame: Names = None,
    outlet: Names = None,
    story: Names = None,
    voice: Names = None,
    passage: Names = None,
    group: Names = None,
    columns: Mapping[str, Names] | None = None,
    every_frame: bool = False,
    since: str = "",
    until: str = "",
    query: str = "",
    page: str = PAGE,
) -> str:
    """Write the address of passages on the side-by-side page, relative to the report's folder.

    Parameters
    ----------
    frame : str or sequence of str, optional
        Ids of frames. A passage matches any of several, as with outlets, voices and groups.
    outlet : str or sequence of str, optional
        Outlets.
    story : str or sequence of str, optional
        Id of one story.
    voice : str or sequence of str, optional
        `own`, `quoted` or `reported`.
    passage : str or sequence of str, optional
        Id of one passage.
    group : str or sequence of str, optional
        Groups of speakers.
    columns : mapping of str to str or sequence of str, optional
        Values of further columns of the documents, by column.
    every_frame : bool, default False
        Whether all of the frames must be present.
    since : str, default ""
        First day (`2025-07-31`), included.
    until : str, default ""
        Last day, included.
    query : str, default ""
        Words that all occur in the passage.
    page : str, default "side_by_side.html"
        Path of the page from the report's folder.

    Returns
    -------
    str
        The address.

    Raises
    ------
    InputError
        If a voice is unknown, a day has another form, or there is more than one story or passage.

    Examples
    --------
    >>> link_passages(frame="blame", outlet=["The Post", "R&D"], voice="own")
    'side_by_side.html#frame=blame&outlet=The%20Post&outlet=R%26D&voice=own'
    """
    filters: dict[str, Names] = {
        "passage": passage,
        "frame": frame,
        "outlet": outlet,
        "story": story,
        "voice": voice,
        "group": group,
        **{f"{_COLUMN}{name}": values for name, values in (columns or {}).items()},
        "frames": "all" if every_frame else None,
        "from": since,
        "to": until,
        "q": query,
    }
    parts = [(key, value) for key, values in filters.items() for value in _list_values(key, values)]
    for key, value in parts:
        if key == "voice" and value not in VOICE_VALUES:
            raise InputError(f"voice is one of {', '.join(VOICE_VALUES)}; got {value!r}.")
        if key in ("from", "to") and not _DAY.fullmatch(value):
            raise InputError(f"since and until are days written like 2025-07-31; got {value!r}.")
        if key in ("story", "passage") and sum(key == other for other, _ in parts) > 1:
            raise InputError(f"a link opens one {key}; got several. Make one link each.")
    fragment = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in parts)
    return f"{page}#{fragment}" if fragment else page


def _list_values(key: str, values: Names) -> Sequence[str]:
    """Values of a filter; an empty string is a value of `group` only: passages without a group."""
    if isinstance(values, str):
        return [values] if values or key == "group" else []
    return values or []


def embed_json(value: Any) -> str:
    """Write a value as JSON for a script element: no character of it can end the element or open another.

    Parameters
    ----------
    value : Any
        Value of JSON's types.

    Returns
    -------
    str
        JSON without `<`, `>` and `&`.

    Examples
    --------
    >>> embed_json("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def read_script_styles() -> str:
    """Read the style sheet of scripts, which all pages share: fonts by language, and room for tall letters.

    Returns
    -------
    str
        CSS that loads nothing: it names fonts that systems have, and Noto where they lack the glyphs.
    """
    return _read_asset("scripts.css")


def _read_asset(name: str) -> str:
    return (package_files("framing.side_by_side") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
