"""What readers of a report see, in their language: sentences, numbers, days. Messages of commands stay English.

A text stands in the code in English, as the argument of `phrase`, `phrase_n`, `phrase_in` or `phrase_later`; its
translations stand in `framing/texts/<language>.po`, a file a language in the form of gettext. `make texts` collects the
texts.
"""

from framing.texts.language import current_language, in_language, list_languages, use_language
from framing.texts.numbers import localise_number, write_day
from framing.texts.phrases import find_untranslated, phrase, phrase_in, phrase_later, phrase_n, translate
from framing.texts.retell import retell

__all__ = [
    "current_language",
    "find_untranslated",
    "in_language",
    "list_languages",
    "localise_number",
    "phrase",
    "phrase_in",
    "phrase_later",
    "phrase_n",
    "retell",
    "translate",
    "use_language",
    "write_day",
]
