"""Texts of templates: a text may hold tags, what stands in its places is escaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from framing.texts.phrases import phrase, phrase_in, phrase_n

__all__ = ["phrase_html", "phrase_in_html", "phrase_n_html"]


def phrase_html(text: str, /, **values: Any) -> Any:
    """Return a text of a template in the language of this process, as `phrase` does.

    Parameters
    ----------
    text : str
        The English text, as a literal; it may hold tags.
    **values : Any
        The values, which are escaped.

    Returns
    -------
    Markup
        HTML.

    Examples
    --------
    >>> str(phrase_html("<b>Corpus</b> {title}", title="R&D"))
    '<b>Corpus</b> R&amp;D'
    """
    return _fill(phrase, text, **values)


def phrase_n_html(one: str, many: str, n: int, /, **values: Any) -> Any:
    """Return a text of a template about a number of things, as `phrase_n` does.

    Parameters
    ----------
    one, many : str
        The English texts, as literals; they may hold tags.
    n : int
        The number.
    **values : Any
        Further values, which are escaped.

    Returns
    -------
    Markup
        HTML.
    """
    return _fill(phrase_n, one, many, n, **values)


def phrase_in_html(context: str, text: str, /, **values: Any) -> Any:
    """Return a text of a template in a context, as `phrase_in` does.

    Parameters
    ----------
    context : str
        Where it stands, as a literal.
    text : str
        The English text, as a literal; it may hold tags.
    **values : Any
        The values, which are escaped.

    Returns
    -------
    Markup
        HTML.
    """
    return _fill(phrase_in, context, text, **values)


def _fill(write: Callable[..., str], *texts: Any, **values: Any) -> Any:
    from markupsafe import Markup, escape

    safe = {key: value if isinstance(value, int | float) else escape(value) for key, value in values.items()}
    return Markup(write(*texts, **safe))
