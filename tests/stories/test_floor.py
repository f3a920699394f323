"""The cosine from which passages are counterparts, where it is not that of the default encoder."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from framing.stories.aligned import FLOOR
from framing.stories.floor import compare_languages, find_floor


def _passages(n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`n` passages of two stories and two outlets, one a document."""
    names = [f"d{number}" for number in range(n)]
    passages = pd.DataFrame({"document_id": names, "outlet": [("a", "b")[number % 2] for number in range(n)]})
    stories = pd.DataFrame({"document_id": names, "story_id": [("s", "t")[number // 2 % 2] for number in range(n)]})
    return passages, stories


def test_one_passage_in_twenty_reaches_the_floor_by_chance():
    # Passages of the story s turn from those of t by angles of equal steps: the nearest is that of the first.
    passages, stories = _passages(400)
    angles = np.where(stories["story_id"] == "s", 0.0, np.linspace(0, np.pi / 2, 400))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    floor = find_floor(passages, vectors, stories)
    nearest = []
    for row in range(400):
        others = (stories["story_id"] != stories["story_id"][row]) & (passages["outlet"] != passages["outlet"][row])
        nearest.append(float((vectors[others.to_numpy()] @ vectors[row]).max()))
    assert abs(floor - np.quantile(nearest, 0.95)) < 0.001


def test_few_passages_have_no_floor():
    passages, stories = _passages(40)
    assert np.isnan(find_floor(passages, np.ones((40, 2), dtype=np.float32), stories))
    assert np.isnan(find_floor(passages, np.ones((40, 2), dtype=np.float32), stories.assign(story_id="s")))


def test_english_by_the_default_encoder_stays_as_it_was():
    passages, stories = _passages(200)
    vectors = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32)
    same, floor = compare_languages(passages.assign(language="en"), vectors, stories, SimpleNamespace(name="minilm"))
    assert same is vectors
    assert floor == FLOOR
    languages = ["en", "de"] * 100
    other, floor = compare_languages(
        passages.assign(language=languages), vectors, stories, SimpleNamespace(name="minilm")
    )
    assert other is not vectors
    assert floor != FLOOR
