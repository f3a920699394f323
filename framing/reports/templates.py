"""The HTML templates of this wing, filled with escaped values."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

__all__ = ["render_template"]


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

    folder = files("framing.reports")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / name).read_text(encoding="utf-8"))
    return template.render(style=(folder / "report.css").read_text(encoding="utf-8"), **values)
