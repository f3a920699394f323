"""The HTML templates of this wing, filled with escaped values."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

from framing.analysis.wording import write_number
from framing.side_by_side.page import read_script_styles
from framing.texts import current_language, retell
from framing.texts.html import phrase_html, phrase_in_html, phrase_n_html
from framing.texts.language import ENGLISH

__all__ = ["read_asset", "render_template", "write_time"]


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
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=FunctionLoader(read_asset),
    )  # fmt: skip
    environment.globals.update(
        language=current_language(), phrase=phrase_html, phrase_n=phrase_n_html, phrase_in=phrase_in_html,
        retell=retell, day=write_time, number=write_number, isolate=_isolate,
    )  # fmt: skip
    style = read_script_styles() + read_asset("report.css") + read_asset("chart.css")
    return environment.from_string(read_asset(name)).render(style=style, **values)


def _isolate(name: str) -> Any:
    """A name of the user's within a line: letters of another direction turn no number around."""
    from markupsafe import Markup

    return Markup("<bdi>{}</bdi>").format(name)


def write_time(text: str) -> str:
    """Write a time that stands in a file.

    Parameters
    ----------
    text : str
        Time or day of ISO 8601; any other text stays as it is.

    Returns
    -------
    str
        In English the text itself, else the time in the form of the language.
    """
    if current_language() == ENGLISH:
        return text
    from babel.dates import format_date, format_datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if "T" not in text:
        return str(format_date(moment.date(), "long", locale=current_language()))
    return str(format_datetime(moment, "long", locale=current_language()))


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
