"""Duplicates, stories and aligned passages of an analysis, computed once for notebooks and pages alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis
from framing.analysis.chosen import describe_choice
from framing.analysis.tables import cached_tables
from framing.encoders.known import identify_reading
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import TooLittleDataError
from framing.files.identity import code_hash, library_versions
from framing.stories.aligned import FLOOR, align_passages, encode_passages, find_omissions
from framing.stories.duplicates import find_duplicates, mark_duplicates
from framing.stories.find import find_stories
from framing.stories.floor import MIN_DRAWN, compare_languages
from framing.stories.pins import StoryPins, read_corpus_pins
from framing.stories.translations import add_originals, find_translations, join_translations, mark_translations
from framing.tables import OMISSIONS
from framing.texts import phrase

__all__ = ["Stories", "mark_repeated", "open_stories"]


@dataclass(frozen=True)
class Stories:
    """Duplicates, stories and aligned passages of a corpus.

    Attributes
    ----------
    duplicates : DataFrame
        Documents that ran more than once, as `join_translations` returns them: copies and translations.
    documents : DataFrame
        The story of each document, as `find_stories` returns it, then `duplicate_of, translation_of`.
    aligned : DataFrame
        Passages of two outlets that are each other's nearest, as `align_passages` returns them.
    omissions : DataFrame
        Passages without a counterpart in an outlet that covers the story, as `find_omissions` returns them; none where
        there is no floor.
    repeated : DataFrame
        Passages that repeat another, or translate it: `passage_id, duplicate_of`.
    floor : DataFrame
        One row with the column `floor`: the cosine from which passages count as counterparts; missing where there are
        too few passages to tell it, and those aligned then have the default one at least.
    """

    duplicates: pd.DataFrame
    documents: pd.DataFrame
    aligned: pd.DataFrame
    omissions: pd.DataFrame
    repeated: pd.DataFrame
    floor: pd.DataFrame

    def list_omissions(self) -> pd.DataFrame:
        """Passages without a counterpart, where that can be told.

        Returns
        -------
        DataFrame
            `omissions`.

        Raises
        ------
        TooLittleDataError
            If the corpus has too few passages in several stories and outlets to tell how alike passages are by chance.
        """
        if self.floor["floor"].isna().all():
            raise TooLittleDataError(
                phrase(
                    "Which passages have no counterpart cannot be told: fewer than {n} passages have one of another "
                    "story and outlet to be compared with, so that nobody knows how alike passages are by chance.",
                    n=MIN_DRAWN,
                )
            )
        return self.omissions


def open_stories(analysis: Analysis) -> Stories:
    """Find duplicates, stories and aligned passages in the corpus of an analysis, or load them from the cache.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the corpus.

    Returns
    -------
    Stories
        Tables of duplicates, stories, aligned passages and omissions.

    Raises
    ------
    InputError
        If `stories.yaml` contradicts itself or names a document or story that does not exist.

    Notes
    -----
    The functions run with their defaults, the encoder of the settings and the `stories.yaml` beside the corpus.
    """
    settings = analysis.settings
    encoder = open_encoder(settings.encoder, store=default_store())
    pins = read_corpus_pins(*settings.corpus_names)
    inputs = [
        analysis.facts.hashes.corpus, analysis.codebook.unit, settings.passage_words, identify_reading(encoder),
        asdict(pins or StoryPins()),
        describe_choice(settings),
        code_hash((*SHAPES_ANALYSIS, "stories")), library_versions(),
    ]  # fmt: skip

    def find() -> dict[str, pd.DataFrame]:
        documents, passages = analysis.documents, analysis.passages
        translations = find_translations(documents, encoder, progress="finding translations")
        copies = find_duplicates(documents, progress="finding duplicates")
        duplicates = join_translations(documents, copies, translations)
        stories = find_stories(documents, encoder, duplicates=duplicates, pins=pins, progress="finding stories")
        vectors = encode_passages(passages, encoder, progress="encoding passages")
        comparable, floor = compare_languages(passages, vectors, stories, encoder)
        repeated = mark_translations(mark_duplicates(passages), comparable, translations)
        return {
            "duplicates": duplicates,
            "documents": add_originals(stories, duplicates),
            "repeated": repeated.loc[repeated["duplicate_of"] != "", ["passage_id", "duplicate_of"]],
            "aligned": align_passages(passages, comparable, stories, floor=floor if np.isfinite(floor) else FLOOR),
            "omissions": (
                find_omissions(passages, comparable, stories, floor=floor, duplicates=duplicates)
                if np.isfinite(floor)
                else pd.DataFrame(columns=list(OMISSIONS))
            ),
            "floor": pd.DataFrame({"floor": [floor]}),
        }

    return Stories(**cached_tables("stories", inputs, find))


def mark_repeated(passages: pd.DataFrame, stories: Stories) -> pd.DataFrame:
    """Mark passages that repeat another, or translate it, with the id of the original.

    Parameters
    ----------
    passages : DataFrame
        Passages of the analysis.
    stories : Stories
        Stories of the same analysis.

    Returns
    -------
    DataFrame
        The same passages, `duplicate_of` filled.
    """
    originals = stories.repeated.set_index("passage_id")["duplicate_of"]
    return passages.assign(duplicate_of=passages["passage_id"].map(originals).astype(object).fillna(""))
