"""Drawing of a finished chart, as SVG and PNG."""

from __future__ import annotations

import re
from typing import Any

import altair as alt

from framing.texts.numbers import chart_locales

__all__ = ["make_spec", "replace_not_xml", "spec_to_svg", "svg_to_png", "to_png", "to_svg"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_svg(chart: Any) -> str:
    """Draw a chart as static SVG, without a network.

    Parameters
    ----------
    chart : altair chart
        The chart.

    Returns
    -------
    str
        The SVG; text in it is escaped.
    """
    return spec_to_svg(make_spec(chart))


def spec_to_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite specification as static SVG, without a network.

    Parameters
    ----------
    spec : dict
        The specification, as `make_spec` returns it.

    Returns
    -------
    str
        The SVG; text in it is escaped.
    """
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], **_find_locales()))


def to_png(chart: Any, *, scale: float = 2.0) -> bytes:
    """Draw a chart as PNG, without a network.

    Parameters
    ----------
    chart : altair chart
        The chart.
    scale : float, default 2.0
        Dots for each unit of the chart.

    Returns
    -------
    bytes
        The PNG.
    """
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(make_spec(chart), scale=scale, **_find_locales()))


def _find_locales() -> dict[str, Any]:
    """Forms of numbers and dates on axes, by the names that the converter has for them."""
    locales = chart_locales()
    return {"format_locale": locales.get("formatLocale"), "time_format_locale": locales.get("timeFormatLocale")}


def svg_to_png(svg: str, *, scale: float = 2.0) -> bytes:
    """Draw an SVG as PNG.

    Parameters
    ----------
    svg : str
        A chart, as `to_svg` returns it.
    scale : float, default 2.0
        Dots for each unit of the SVG.

    Returns
    -------
    bytes
        The PNG.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def make_spec(chart: Any) -> Any:
    """Vega-Lite specification of a chart of any size.

    Parameters
    ----------
    chart : altair chart
        The chart.

    Returns
    -------
    dict
        The specification with its data, without characters that XML forbids: the converter aborts on them.
    """
    with alt.data_transformers.disable_max_rows():
        return replace_not_xml(chart.to_dict())


def replace_not_xml(value: Any) -> Any:
    """Replace the characters that XML forbids in all strings of a JSON value.

    Parameters
    ----------
    value : str, dict, list or other JSON value
        The value; strings within lists and dictionaries are replaced too, keys of dictionaries are not.

    Returns
    -------
    str, dict, list or other JSON value
        The value with U+FFFD, the replacement character, for each such character.

    Examples
    --------
    >>> replace_not_xml(["a" + chr(0), 1])
    ['a�', 1]
    """
    if isinstance(value, str):
        return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {key: replace_not_xml(item) for key, item in value.items()}
    return [replace_not_xml(item) for item in value] if isinstance(value, list) else value
