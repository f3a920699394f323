"""Translations of passages on the side-by-side page: each text once, and its language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from framing.corpus.language import detect_languages
from framing.tables import TRANSLATED

__all__ = ["code_translations"]


def code_translations(passages: pd.DataFrame, texts: Sequence[str]) -> dict[str, Any] | None:
    """Code the translations of passages for JSON.

    Parameters
    ----------
    passages : DataFrame
        Passages in the order of the page; with the columns `framing.tables.TRANSLATED` where there are translations.
    texts : sequence of str
        The column `translation` as text.

    Returns
    -------
    dict or None
        `texts` lists the different translations, `languages` the language of each (empty where it cannot be told), `of`
        the place of that of each passage: -1 without one, -2 less the place where the text is of the whole document.
        None without any.

    Examples
    --------
    >>> passages = pd.DataFrame(
    ...     {
    ...         "document_id": ["a", "b", "b"],
    ...         "translation": ["Yes, we shall meet at noon.", "", "No, we shall not meet at noon."],
    ...         "translation_unit": ["sentence", "", "document"],
    ...     }
    ... )
    >>> code_translations(passages, passages["translation"].to_list())["of"]
    [0, -1, -3]
    """
    if not set(TRANSLATED) <= set(passages.columns):
        return None
    places = {text: place for place, text in enumerate(dict.fromkeys(text for text in texts if text.strip()))}
    if not places:
        return None
    whole = (passages["translation_unit"] == "document") & passages.duplicated("document_id", keep=False)
    codes = [
        -1 if text not in places else -2 - places[text] if is_whole else places[text]
        for text, is_whole in zip(texts, whole, strict=True)
    ]
    languages = ["" if name == "und" else name for name in detect_languages(places)]
    return {"texts": list(places), "languages": languages, "of": codes}
