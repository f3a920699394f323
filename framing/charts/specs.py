"""Vega-Lite specifications of finished charts: their words, their display in a notebook, their file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framing.texts.numbers import chart_locales

__all__ = ["list_rows", "make_bundle", "read_title", "remove_subtitle", "remove_title", "write_spec"]

_LAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # of the Vega-Lite that JupyterLab has


def read_title(spec: dict[str, Any]) -> str:
    """Return the title of a chart.

    Parameters
    ----------
    spec : dict
        Its specification.

    Returns
    -------
    str
        The title; empty if it has none.

    Examples
    --------
    >>> read_title({"title": {"text": "Shares"}}), read_title({"title": "Shares"}), read_title({})
    ('Shares', 'Shares', '')
    """
    title = spec.get("title") or ""
    text = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(text) if isinstance(text, list) else str(text)


def remove_title(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification without title and subtitle.

    Parameters
    ----------
    spec : dict
        The specification.

    Returns
    -------
    dict
        A copy.
    """
    return {key: value for key, value in spec.items() if key != "title"}


def remove_subtitle(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification without subtitle.

    Parameters
    ----------
    spec : dict
        The specification.

    Returns
    -------
    dict
        A copy.
    """
    title = spec.get("title")
    if not isinstance(title, dict):
        return spec
    return {**spec, "title": {key: value for key, value in title.items() if key != "subtitle"}}


def make_bundle(spec: dict[str, Any]) -> dict[str, Any]:
    """Representations of a chart for notebooks: Vega-Lite, which JupyterLab draws itself, without a network.

    Parameters
    ----------
    spec : dict
        The specification.

    Returns
    -------
    dict
        Specification by MIME type. JupyterLab 4 knows version 5 of Vega-Lite, in which the charts of this package are
        the same.
    """
    locales = chart_locales()  # what draws the chart in JupyterLab takes them from here
    if locales:
        spec = {**spec, "usermeta": {**spec.get("usermeta", {}), "embedOptions": locales}}
    return {"application/vnd.vegalite.v5+json": {**spec, "$schema": _LAB_SCHEMA}}


def list_rows(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """List the rows of all data of a chart.

    Parameters
    ----------
    spec : dict
        The specification.

    Yields
    ------
    dict
        A row.
    """
    for rows in spec.get("datasets", {}).values():
        yield from (row for row in rows if isinstance(row, dict))


def write_spec(spec: dict[str, Any], path: Path) -> None:
    """Write a specification to a file.

    Parameters
    ----------
    spec : dict
        The specification, with its data.
    path : Path
        The file, JSON.
    """
    path.write_text(json.dumps(spec, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
