"""How alike passages on the same matter are, for other encoders than the default one and for several languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.encoders.encoder import Encoder
from framing.stories.across import centre_vectors, number_languages
from framing.stories.aligned import FLOOR
from framing.tables import require_columns

__all__ = ["MIN_DRAWN", "compare_languages", "find_floor"]

BY_CHANCE = 0.05  # share of passages that reach the floor with an outlet's passages on another story
_DRAWN = 2000  # passages that are compared
MIN_DRAWN = 100  # below which the share cannot be told
_TRIES = 20  # stories and outlets that are drawn for one that is not the own
_SEED = 20251128
_DECIMALS = 3  # of the floor: later ones differ between machines

Vectors = NDArray[np.float32]


def compare_languages(
    passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame, encoder: Encoder
) -> tuple[Vectors, float]:
    """Make vectors of passages comparable across languages, with the cosine from which two are counterparts.

    Parameters
    ----------
    passages : DataFrame
        Columns `document_id, outlet`, and `language` where it is known.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, of unit length.
    stories : DataFrame
        Columns `document_id, story_id`.
    encoder : Encoder
        What made the vectors.

    Returns
    -------
    vectors : ndarray of shape (n, d)
        As they are by `minilm` for one language; else less the mean of their language.
    floor : float
        The default for these; else that of `find_floor`, NaN where there are too few passages for it.
    """
    languages = number_languages(passages)
    if encoder.name == "minilm" and not languages.any():
        return vectors, FLOOR
    centred = centre_vectors(vectors, languages)
    return centred, find_floor(passages, centred, stories)


def find_floor(passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame) -> float:
    """Find the cosine that one passage in twenty reaches by chance with an outlet's passages on another story.

    Parameters
    ----------
    passages : DataFrame
        Columns `document_id, outlet`.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, of unit length.
    stories : DataFrame
        Columns `document_id, story_id`.

    Returns
    -------
    float
        The quantile of .95 over up to 2,000 passages drawn at random, each with the most similar passage of a story and
        outlet drawn at random among those that are not its own; NaN where there are fewer than a hundred such
        passages, of which nobody can tell what chance reaches.

    Raises
    ------
    InputError
        If a column is missing.
    """
    require_columns(passages, ("document_id", "outlet"), what="passages")
    require_columns(stories, ("document_id", "story_id"), what="stories")
    story_of = dict(zip(stories["document_id"], stories["story_id"], strict=True))
    story = [str(story_of.get(name, "")) for name in passages["document_id"]]
    outlet = passages["outlet"].to_list()
    table = pd.DataFrame({"story": story, "outlet": outlet})
    grouped = table.groupby(["story", "outlet"]).indices.values()
    groups = [(story[rows[0]], outlet[rows[0]], rows) for rows in grouped if story[rows[0]]]
    rng = np.random.default_rng(_SEED)
    inside = np.flatnonzero(np.array(story, dtype=object) != "")
    nearest = []
    for row in rng.permutation(inside)[:_DRAWN].tolist():
        for place in rng.permutation(len(groups))[:_TRIES].tolist():
            other_story, other_outlet, rows = groups[place]
            if other_story != story[row] and other_outlet != outlet[row]:
                nearest.append(float((vectors[rows] @ vectors[row]).max()))
                break
    return round(float(np.quantile(nearest, 1 - BY_CHANCE)), _DECIMALS) if len(nearest) >= MIN_DRAWN else np.nan
