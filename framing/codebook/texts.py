"""Texts of a codebook with the language that they are in: a plain text, or keys `text` and `language`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, SerializerFunctionWrapHandler, StringConstraints, ValidatorFunctionWrapHandler
from pydantic.functional_serializers import WrapSerializer
from pydantic.functional_validators import WrapValidator

__all__ = ["LANGUAGE_RULE", "LanguageCode", "NamedLanguage", "PassageText", "TaggedText", "check_language"]

LANGUAGE_RULE = "the code of a language in two or three letters, such as en"
_KEYS = ("text", "language")


def check_language(value: str) -> str:
    """Check the code of a language.

    Parameters
    ----------
    value : str
        As it is written.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ValueError
        For what is no code in two or three small letters.

    Examples
    --------
    >>> check_language("de")
    'de'
    """
    if not re.fullmatch(r"[a-z]{2,3}", value):
        raise ValueError(f"expected {LANGUAGE_RULE}")
    return value


LanguageCode = Annotated[str, AfterValidator(check_language)]
NamedLanguage = Annotated[str, AfterValidator(lambda value: value and check_language(value))]  # or none, empty


class PassageText(str):
    """A text that may name its language; it equals the plain text, and is used as one.

    Parameters
    ----------
    text : str
        The passage.
    language : str, default ""
        ISO 639-1 code; empty: the language of the codebook.

    Attributes
    ----------
    language : str
        As given.

    Examples
    --------
    >>> PassageText("Der Minister ist schuld.", "de").language
    'de'
    >>> PassageText("War.", "en") == "War."
    True
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> PassageText:
        passage = super().__new__(cls, text)
        passage.language = language
        return passage

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.language


def _read_text(value: Any, handler: ValidatorFunctionWrapHandler) -> PassageText:
    """A text from a plain one, or from keys `text` and `language`; anything else is refused with what to write."""
    if isinstance(value, PassageText):
        return PassageText(handler(str(value)), value.language)
    if not isinstance(value, Mapping) or not set(value) & set(_KEYS):
        return PassageText(handler(value))
    if unknown := [key for key in value if key not in _KEYS]:
        raise ValueError(f"unknown key {unknown[0]}; a passage is a text, or has the keys text and language")
    if "text" not in value:
        raise ValueError("the key text is missing, beside language; it holds the passage")
    language = value.get("language", "")
    if "language" in value and not isinstance(language, str):
        raise ValueError(f"language: expected {LANGUAGE_RULE}, got {language!r}")
    if "language" in value:
        try:
            check_language(language)
        except ValueError as error:
            raise ValueError(f"language: {error}, got {language!r}") from None
    return PassageText(handler(value["text"]), language)


def _write_text(value: Any, handler: SerializerFunctionWrapHandler) -> Any:
    """What `_read_text` reads: a plain text where no language is named."""
    language = getattr(value, "language", "")
    return {"text": str(value), "language": language} if language else handler(str(value))


TaggedText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    WrapValidator(_read_text),
    WrapSerializer(_write_text),
]
