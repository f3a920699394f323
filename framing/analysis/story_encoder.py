"""The encoder of stories: `minilm`, with which they were tuned, unless the languages of documents need another."""

from __future__ import annotations

from collections.abc import Iterable

from framing.classify.auto_encoder import MOST_FOREIGN
from framing.classify.work import count_languages
from framing.defaults import AUTO_ENCODER
from framing.encoders.weights import installed_encoders

__all__ = ["choose_story_encoder"]

_PLAIN, _MULTILINGUAL, _LANGUAGE = "minilm", "multilingual", "en"


def choose_story_encoder(encoder: str, languages: Iterable[str]) -> tuple[str, str]:
    """Choose the encoder of stories.

    Parameters
    ----------
    encoder : str
        `auto`, or the encoder that is wanted.
    languages : iterable of str
        Language of each document.

    Returns
    -------
    name : str
        The encoder that is wanted; for `auto` `multilingual` if more than a twentieth of the documents are not in
        English and it is installed, else `minilm`.
    sentence : str
        Which one `auto` chose, and why; empty where one was named, and for English.
    """
    if encoder != AUTO_ENCODER:
        return encoder, ""
    counts = count_languages(languages)
    n_foreign = sum(n for language, n in counts.items() if language != _LANGUAGE)
    if n_foreign <= MOST_FOREIGN * sum(counts.values()):
        return _PLAIN, ""
    share = f"{n_foreign / sum(counts.values()):.0%} of the documents are not in English"
    if _MULTILINGUAL in installed_encoders():
        return _MULTILINGUAL, f"encoder {_MULTILINGUAL}: {share}"
    return _PLAIN, (
        f"encoder {_PLAIN}: {share}; {_MULTILINGUAL} would find stories and translations across languages: "
        f"framing encoder install {_MULTILINGUAL}"
    )
