"""Charts as vector PDF at the widths of a column and of a page, with text of 8 points."""

from __future__ import annotations

import copy
import re
from typing import Any

from framing.charts.drawing import spec_to_svg
from framing.charts.specs import remove_title
from framing.charts.style import TEXT, WIDTH

__all__ = ["WIDTHS", "fit_spec", "write_figure"]

WIDTHS = {"column": 85.0, "page": 174.0}  # millimetres
_POINTS = 72 / 25.4  # in a millimetre
_SIZE = 8.0  # points of text
_LEAST_FIELD = 60  # units of a field: narrower ones cannot be read
_NARROW_LABELS = 180
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ')


def write_figure(spec: dict[str, Any], millimetres: float) -> tuple[bytes, float]:
    """Draw a chart for print.

    Parameters
    ----------
    spec : dict
        Its Vega-Lite specification. Title and subtitle are left out: they belong in the caption.
    millimetres : float
        Width of the figure.

    Returns
    -------
    pdf : bytes
        The figure, vectors and text.
    size : float
        Points of its text: 8, or less where the chart is too wide even with the narrowest panels.
    """
    import vl_convert

    wanted = millimetres * _POINTS * TEXT / _SIZE  # in units, of which TEXT are 8 points
    svg = spec_to_svg(fit_spec(remove_title(spec), wanted))
    scale = min(_SIZE / TEXT, millimetres * _POINTS / _measure(svg))
    return bytes(vl_convert.svg_to_pdf(_scale(svg, scale))), scale * TEXT


def fit_spec(spec: dict[str, Any], wanted: float) -> dict[str, Any]:
    """Make the fields of a chart as wide as fits.

    Parameters
    ----------
    spec : dict
        Specification without title.
    wanted : float
        Width of the whole, in units.

    Returns
    -------
    dict
        A copy: in a narrow figure panels stand below each other.
    """
    narrow = wanted < WIDTH / 1.5
    fitted = _stack(copy.deepcopy(spec)) if narrow else copy.deepcopy(spec)
    for _ in range(3):  # labels do not scale, so that one step is not enough
        width = _measure(spec_to_svg(fitted))
        n_fields = 1 if narrow else _count_fields(fitted)
        spare = (wanted - width) / n_fields
        if abs(wanted - width) < 3:
            break
        _widen(fitted, spare)
    return fitted


def _scale(svg: str, scale: float) -> str:
    """The drawing in another size; its view box stays."""
    return re.sub(
        r'width="([\d.]+)" height="([\d.]+)"',
        lambda size: f'width="{scale * float(size.group(1)):.2f}" height="{scale * float(size.group(2)):.2f}"',
        svg,
        count=1,
    )


def _measure(svg: str) -> float:
    """Width of a drawing."""
    found = _VIEW.search(svg)
    return float(found.group(1)) if found else float(WIDTH)


def _stack(spec: dict[str, Any]) -> dict[str, Any]:
    """Panels below each other, and less room for labels."""
    if "hconcat" in spec:
        spec["vconcat"] = spec.pop("hconcat")
    if "columns" in spec:
        spec["columns"] = 1
    for part in _list_parts(spec):
        if isinstance(part.get("legend"), dict) and "columns" in part["legend"]:
            part["legend"]["columns"] = 1
        extent = part.get("minExtent")
        if isinstance(extent, (int, float)) and extent > _NARROW_LABELS:
            part["minExtent"] = part["maxExtent"] = _NARROW_LABELS
            part["labelLimit"] = _NARROW_LABELS
    return spec


def _count_fields(spec: dict[str, Any]) -> int:
    """Number of fields beside each other."""
    if "hconcat" in spec:
        return len(spec["hconcat"])
    if isinstance(spec.get("columns"), int):
        return int(spec["columns"])
    facet = spec.get("facet")
    if isinstance(facet, dict) and "column" in facet:
        rows = [row for table in spec.get("datasets", {}).values() for row in table]
        return max(1, len({row.get("column") for row in rows if "column" in row}))
    return 1


def _widen(spec: dict[str, Any], spare: float) -> None:
    """Add to the width of every field, and move what stands beside a field along with its edge."""
    for part in _list_parts(spec):
        width = part.get("width")
        if not isinstance(width, (int, float)) or not {"layer", "mark", "encoding", "spec"} & set(part):
            continue
        new = max(width if _has_cells(part) else _LEAST_FIELD, width + spare)
        part["width"] = new
        for inner in _list_parts(part):
            x = inner.get("x")
            if isinstance(x, dict) and isinstance(x.get("value"), (int, float)) and x["value"] > width:
                x["value"] = x["value"] - width + new


def _has_cells(part: dict[str, Any]) -> bool:
    """Whether numbers are written in cells, which must not become narrower."""
    kinds = {item["mark"]["type"] for item in _list_parts(part) if isinstance(item.get("mark"), dict)}
    return {"rect", "text"} <= kinds


def _list_parts(value: Any) -> list[dict[str, Any]]:
    """Every mapping within a specification but its data."""
    if isinstance(value, dict):
        inner = [part for key, item in value.items() if key not in ("datasets", "data") for part in _list_parts(item)]
        return [value, *inner]
    return [part for item in value for part in _list_parts(item)] if isinstance(value, list) else []
