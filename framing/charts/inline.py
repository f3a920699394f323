"""A drawing within an HTML page: only shapes and text, colours that follow the page, tooltips, links to passages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element, ParseError

from framing.errors import InputError

__all__ = ["make_inline"]

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?"
_COLOUR = r"(?:#[0-9a-fA-F]{3,8}|rgba?\([\d.,% ]+\)|[a-z]{3,24})"
_REFERENCE = r"url\(#[A-Za-z_][\w-]*\)"
_NUMBERS = re.compile(rf"(?:{_NUMBER})(?:px|em|%)?(?:[ ,]+(?:{_NUMBER})(?:px|em|%)?)*")
_PAINT = re.compile(rf"(?:{_COLOUR}|{_REFERENCE})")
_TRANSFORM = re.compile(rf"(?:(?:translate|rotate|scale)\((?:{_NUMBER})(?:[ ,]+(?:{_NUMBER}))*\)[ ,]*)+")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE., +-]*")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_WORD = re.compile(r"[a-z0-9-]+")
_ATTRIBUTES = {  # of any element; others are left out, as is a value of another form
    **dict.fromkeys(("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "dx", "dy", "width", "height"), _NUMBERS),
    **dict.fromkeys(
        ("viewBox", "stroke-width", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset"), _NUMBERS
    ),
    **dict.fromkeys(("opacity", "fill-opacity", "stroke-opacity", "font-size", "offset"), _NUMBERS),
    **dict.fromkeys(("fill", "stroke", "stop-color"), _PAINT),
    **dict.fromkeys(("text-anchor", "font-weight", "font-style", "stroke-linecap", "stroke-linejoin"), _WORD),
    **dict.fromkeys(("dominant-baseline", "gradientUnits"), re.compile(r"[A-Za-z-]+")),
    "transform": _TRANSFORM,
    "d": _PATH,
    "id": _NAME,
    "clip-path": re.compile(_REFERENCE),
}
_TAGS = {"g", "path", "line", "rect", "circle", "text", "tspan", "defs", "linearGradient", "stop", "clipPath"}
_MARKS = {"path", "line", "rect", "circle"}
_NO_LINK = {"rule mark"}  # a line beside its point: one link is enough
_DEFAULTS = {("opacity", "1"), ("transform", "translate(0,0)"), ("font-weight", "normal"), ("fill-opacity", "1")}
_VARIABLES = {  # colours of the drawing for which a page has its own
    "#222222": "ink", "#444444": "soft", "#555555": "soft", "#666666": "soft", "#999999": "line", "#bbbbbb": "line",
    "#e6e6e6": "grid", "#ffffff": "paper", "#000000": "black",
}  # fmt: skip
_LEAST = 0.85  # of its width: a drawing shrinks no further, so that its text can be read
_LONG = re.compile(r"-?\d+\.\d{3,}")


def make_inline(svg: str, *, name: str, label: str, links: Mapping[str, str] | None = None) -> str:
    """Make an SVG ready to stand in an HTML page.

    Parameters
    ----------
    svg : str
        A drawing, as `to_svg` returns it, or any other: only shapes and text of it are kept.
    name : str
        Name of the chart; ids within the drawing begin with it, so that they are unique on the page.
    label : str
        What the drawing is, for screen readers.
    links : mapping of str to str, optional
        Address of the passages of a mark by the sentence of its tooltip. Only addresses on the side-by-side page and
        on the same page are kept.

    Returns
    -------
    str
        An `svg` element. A mark that has a tooltip has it as `title`, in a `g` or `a` of the class `mark`. Greys are
        variables of the page: `--chart-ink`, `-soft`, `-line`, `-grid`, `-paper` and `-black`.

    Raises
    ------
    InputError
        If it is no well-formed SVG.

    Notes
    -----
    Elements and attributes that are not on a list are left out with all that they hold: scripts, foreign objects,
    images, styles, events and addresses among them.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(svg)
    except (ParseError, DefusedXmlException) as error:
        raise InputError(f"The chart {name} is no SVG that can be shown: {error}.") from None
    if _find_tag(root) != "svg":
        raise InputError(f"The chart {name} is no SVG.")
    body = "".join(_write(child, name, links or {}) for child in root if not _is_background(child))
    box = str(root.get("viewBox", ""))
    sizes = box.split()
    if not _NUMBERS.fullmatch(box) or len(sizes) != 4:
        raise InputError(f"The chart {name} has no size.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="marks" role="group" aria-label="{escape(label)}" '
        f'viewBox="{box}" width="{sizes[2]}" height="{sizes[3]}" style="min-width:{_LEAST * float(sizes[2]):.0f}px">'
        f"{body}</svg>"
    )


def _find_tag(element: Element) -> str:
    """Name of an SVG element; empty for one of another kind."""
    tag = element.tag if isinstance(element.tag, str) else ""
    space, _, local = tag.rpartition("}")
    return local if space in ("", "{http://www.w3.org/2000/svg") else ""


def _is_background(element: Element) -> bool:
    """Whether it is the sheet behind the drawing."""
    return _find_tag(element) == "rect" and element.get("fill") == "#ffffff"


def _write(element: Element, name: str, links: Mapping[str, str]) -> str:
    """An element and all that it holds, as far as they are on the lists."""
    tag = _find_tag(element)
    if tag not in _TAGS or element.get("display") == "none" or _is_blank(element, tag):
        return ""
    attributes = "".join(_list_attributes(element, name))
    inner = "".join(f"{_write(child, name, links)}{_text(child.tail, tag)}" for child in element)
    inner = _text(element.text, tag) + inner
    if tag == "g" and not attributes:
        return inner
    drawn = f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"
    tip = element.get("aria-label", "") if tag in _MARKS else ""
    if not tip:
        return drawn
    address = links.get(tip, "")
    told = f"<title>{escape(tip, quote=False)}</title>{drawn}"
    if element.get("aria-roledescription") in _NO_LINK or not re.match(r"(?:side_by_side\.html)?#", address):
        return f'<g class="mark">{told}</g>'
    return f'<a class="mark" href="{escape(address)}">{told}</a>'


def _is_blank(element: Element, tag: str) -> bool:
    """Whether nothing of it is to be seen: sheets behind groups of marks, without fill and line."""
    return tag == "path" and (
        not element.get("d")
        or (element.get("class") in ("background", "foreground") and not {"fill", "stroke"} & set(element.keys()))
    )


def _list_attributes(element: Element, name: str) -> list[str]:
    """Attributes that are on the list and have a value of the right form."""
    kept = []
    for key, value in element.items():
        form = _ATTRIBUTES.get(key)
        if form is None or (key, value) in _DEFAULTS or not form.fullmatch(value.strip()):
            continue
        if key == "id":
            value = f"{name}-{value}"
        elif "url(#" in value:
            value = value.replace("url(#", f"url(#{name}-")
        elif key in ("fill", "stroke") and value in _VARIABLES:
            value = f"var(--chart-{_VARIABLES[value]},{value})"
        elif key in ("d", "transform", "x", "y", "x2", "y2"):
            value = _LONG.sub(lambda number: f"{float(number.group()):.2f}".rstrip("0").rstrip("."), value)
        kept.append(f' {key}="{escape(value)}"')
    return kept


def _text(text: str | None, tag: str) -> str:
    """Text of text elements, escaped."""
    return escape(text, quote=False) if text and tag in ("text", "tspan") else ""
