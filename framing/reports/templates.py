"""The HTML templates of this wing, filled with escaped values."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from framing.side_by_side.page import read_script_styles

__all__ = ["read_asset", "render_template"]


def render_template(name: str, **values: Any) -> str:
    """Return a template filled with values.

    Parameters
    ----------
    name : str
        File name of the template, in the folder of this module.
    **values : Any
        What the template names; all of it is escaped. `style`, the style sheet of all pages, is added.

    Returns
    -------
    str
        A whole HTML document.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["minus"] = lambda text: str(text).replace("-", "−")
    style = read_script_styles() + read_asset("report.css") + read_asset("chart.css")
    return environment.from_string(read_asset(name)).render(style=style, **values)


def read_asset(name: str) -> str:
    """Return the text of a template, style sheet or script of this wing.

    Parameters
    ----------
    name : str
        File name, in the folder of this module.

    Returns
    -------
    str
        Its content.
    """
    return (files("framing.reports") / name).read_text(encoding="utf-8")
