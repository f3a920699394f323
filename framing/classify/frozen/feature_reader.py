"""What a frozen encoder and n-grams read in texts and in their windows: the features that a head learns from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from framing.classify.frozen.text_features import Features, TextFeatures, is_article, make_windows
from framing.classify.roles import mask_roles, strip_roles
from framing.corpus import split_sentences
from framing.corpus.language import detect_languages
from framing.encoders.encoder import Encoder
from framing.encoders.neutral import NeutralEncoder, remove_language_shift
from framing.encoders.windows import find_long, split_long
from framing.errors import InputError

__all__ = ["FeatureReader", "LanguageShiftOption", "check_language_shift"]

LanguageShiftOption = Literal["remove", "keep"]


def check_language_shift(option: str) -> None:
    """Check what is to be done with the shift of languages.

    Parameters
    ----------
    option : str
        `remove` or `keep`.

    Raises
    ------
    InputError
        For another one.
    """
    if option not in get_args(LanguageShiftOption):
        raise InputError(f"language_shift: expected {' or '.join(get_args(LanguageShiftOption))}, got {option!r}.")


class FeatureReader:
    """Features of texts and of their windows.

    Parameters
    ----------
    encoder : Encoder
        Texts to vectors.
    language : str
        Language of the texts, for their sentences; with an encoder of several languages, of those whose language is
        not detected.
    language_shift : {"remove", "keep"}
        With an encoder of several languages, whether the directions in which languages differ are taken out of its
        vectors (`framing.encoders.neutral`); n-grams, which one language does not share with another, are then not
        counted. `keep` reads as if all texts were in one language.

    Attributes
    ----------
    encoder : Encoder
        The one that is used, without the shift of languages where it has one.
    roles_ : bool
        Whether texts mark source and target.
    whole_ : bool
        Whether a text is read as a whole, without windows.
    """

    def __init__(self, encoder: Encoder, *, language: str, language_shift: LanguageShiftOption = "remove") -> None:
        self.encoder = remove_language_shift(encoder) if language_shift == "remove" else encoder
        self.language = language
        self.roles_ = False
        self.whole_ = False

    @property
    def neutral(self) -> bool:
        """Whether the shift of languages is taken out.

        Returns
        -------
        bool
            False for an encoder of one language.
        """
        return isinstance(self.encoder, NeutralEncoder) and self.encoder.shift is not None

    def keep_shift(self) -> None:
        """Read by the encoder's own vectors from now on."""
        if isinstance(self.encoder, NeutralEncoder):
            self.encoder = self.encoder.encoder

    def features(
        self, texts: list[str], *, whole: bool | None = None, progress: str = ""
    ) -> tuple[Features, Features, NDArray[np.int64], NDArray[np.bool_]]:
        """Compute the features of texts and of their windows.

        Parameters
        ----------
        texts : list of str
            Length n.
        whole : bool, optional
            As in `score`.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        features : Features
            Of the texts. The vector of a text that the encoder does not read at once is the mean of its pieces'; that
            of a text which fits and has more than 180 words is the mean of its windows'.
        windows : Features
            Of runs of two sentences of the longer texts, and of the pieces of those that the encoder does not read at
            once. A run that does not fit is itself in pieces.
        owners : ndarray of int
            Row of the text that each window belongs to.
        is_piece : ndarray of bool
            Which windows are pieces of such a text.
        """
        n = len(texts)
        plain = [strip_roles(text) for text in texts]
        windows, owners, is_piece, is_long = self._make_windows(plain, self.whole_ if whole is None else whole)
        vectors = self.encoder.encode([*plain, *windows], progress=progress)
        if self.roles_:  # as it stands, and with the roles as letters: the kernel sees the mean cosine of both
            masked = [*(mask_roles(text) for text in texts), *windows]
            vectors = np.hstack([vectors, self.encoder.encode(masked, progress=progress)]) / np.float32(np.sqrt(2))
        for row, text in enumerate(plain):
            if is_long[row] or not is_article(text):
                continue
            own_windows = np.flatnonzero(owners == row)
            if len(own_windows):
                mean = vectors[n + own_windows].mean(axis=0)
                vectors[row] = mean / np.linalg.norm(mean)
        words = self._words.transform([self._read_words(text) for text in texts])
        window_words = self._words.transform(windows) if windows else self._words.transform([""])[:0]
        return Features(vectors[:n], words), Features(vectors[n:], window_words), owners, is_piece

    def _make_windows(
        self, texts: list[str], whole: bool
    ) -> tuple[list[str], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Windows, their owners, which of them are pieces, and which texts the encoder does not read at once."""

        def find(items: Sequence[str]) -> NDArray[np.bool_]:
            return find_long(self.encoder, items)

        is_long = find(texts)
        if whole:  # the encoder's own vector of a long text is the mean of its pieces'
            nothing = np.zeros(0, dtype=np.int64)
            return [], nothing, nothing.astype(bool), np.ones(len(texts), dtype=bool)
        long_rows = np.flatnonzero(is_long)
        pieces, places = split_long([texts[row] for row in long_rows], find)
        windows, owners = make_windows(
            texts,
            [
                split_sentences(text, language=language)
                for text, language in zip(texts, self.list_languages(texts), strict=True)
            ],
        )
        fitting, of_window = split_long(windows, find)
        is_piece = np.repeat([False, True], [len(fitting), len(pieces)])
        return [*fitting, *pieces], np.r_[owners[of_window], long_rows[places]], is_piece, is_long

    def list_languages(self, texts: Sequence[str]) -> list[str]:
        """List the language of each text, for its sentences: with several languages the one that is detected.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        list of str
            ISO 639-1 codes.
        """
        if not self.neutral:
            return [self.language] * len(texts)
        return [self.language if found == "und" else found for found in detect_languages(texts)]

    def _fit_words(self, texts: Sequence[str]) -> None:
        self._words = TextFeatures(counted=not self.neutral).fit([self._read_words(text) for text in texts])

    def _read_words(self, text: str) -> str:
        """The text whose n-grams count: without marks, or with roles as letters."""
        return mask_roles(text) if self.roles_ else strip_roles(text)
