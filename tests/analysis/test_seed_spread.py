"""How far seeds move differences: the jackknife by hand, and estimates against tables with other scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis import seed_spread
from framing.analysis.analysis import open_analysis
from framing.analysis.differences import KEYS, list_differences
from framing.analysis.seed_spread import HALVES, N_HALVES, SINGLE, measure_spread, vary_seeds
from framing.classify.calibration import Blend
from framing.classify.seed_influence import draw_halves, find_calibration, name_seeds, score_without_seeds
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import draw_shares
from tests.analysis.conftest import FRAMES
from tests.tiny import WordEncoder


def rescore(analysis, halves, place) -> pd.DataFrame:
    """The classified table with the scores of one half, decided and corrected as ever."""
    texts = analysis.passages["text"].to_list()
    raw = score_without_seeds(analysis.codebook, WordEncoder(), texts, dict.fromkeys(FRAMES, halves))
    first = np.column_stack([raw[frame][:, 0] for frame in FRAMES])
    multi_label = analysis.codebook.multi_label
    blend: Blend = find_calibration(first, analysis.scores[FRAMES].to_numpy(), multi_label=multi_label)
    scores = blend.predict_proba(np.column_stack([raw[frame][:, place] for frame in FRAMES])[None])
    present = scores >= analysis.threshold if multi_label else scores == scores.max(axis=1, keepdims=True)
    table = analysis.classified.assign(
        score=scores.ravel(), decision=np.where(present, "present", "absent").ravel()
    )  # fmt: skip
    if "proxy" in table:
        table = table.assign(proxy=table["score"], gold_proxy=table["score"].where(table["gold"].notna()))
    return table


def test_the_spread_is_that_of_the_delete_d_jackknife():
    # deviations -.1, 0, .1: variance .01; of 5 seeds 2 are left out: factor 3 / 2
    assert measure_spread(np.array([0.1, 0.2, 0.3]), 5) == pytest.approx(0.1 * np.sqrt(1.5))
    assert measure_spread(np.array([0.1, 0.2, 0.3]), 4) == pytest.approx(0.1)
    assert np.isnan(measure_spread(np.array([0.1, 0.2]), 1))


def test_for_a_mean_of_seeds_the_spread_is_its_standard_error():
    """Halves of twenty numbers: the spread of their means is the standard error of the mean of all."""
    generator = np.random.default_rng(1)
    values = generator.normal(size=20)
    means = [values[generator.permutation(20)[:10]].mean() for _ in range(20_000)]
    assert measure_spread(np.array(means), 20) == pytest.approx(values.std(ddof=1) / np.sqrt(20), rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("labelled", [True, False])
def test_differences_with_a_half_are_those_of_a_table_with_its_scores(seeded, labelled, multi_label):
    """Corrected with the same labels where there are some, else of the decisions."""
    settings = seeded(labelled=labelled, multi_label=multi_label)
    analysis = open_analysis(settings)
    assert ("gold" in analysis.classified.columns) == labelled
    differences = list_differences(analysis.classified, settings)
    headlines = differences.head(3)
    found = vary_seeds(analysis, differences, headlines, WordEncoder())
    halves = draw_halves(analysis.codebook, n=N_HALVES, random_seed=settings.random_seed)
    for place in (1, 17, N_HALVES):
        table = rescore(analysis, halves, place)
        expected = list_differences(table, settings)
        varied = found[(found["kind"] == HALVES) & (found["variation"] == f"half {place}")]
        both = varied.merge(expected, on=KEYS, suffixes=("", "_expected"))
        assert len(both) == len(headlines)
        assert both["estimate"].to_list() == pytest.approx(both["estimate_expected"].to_list(), abs=1e-6)
    assert found.loc[found["kind"] == HALVES, "estimate"].nunique() > 3, "halves differ"


@pytest.mark.slow
def test_bounds_are_stretched_by_the_ratio_of_standard_errors(seeded):
    settings = seeded(labelled=True)
    analysis = open_analysis(settings)
    differences = list_differences(analysis.classified, settings)
    headline = differences.iloc[[0]]
    found = vary_seeds(analysis, differences, headline, WordEncoder())
    halves = draw_halves(analysis.codebook, n=N_HALVES, random_seed=settings.random_seed)
    errors = []
    for table in (analysis.classified, rescore(analysis, halves, 3)):
        shares = draw_shares(table, by="outlet", n_bootstrap=2)
        column = shares.frames.index(headline["frame"].iloc[0])
        errors.append(np.hypot(*shares.standard_errors(level=0.95)[:, column]))
    stretch = errors[1] / errors[0]
    half, given = found[found["variation"] == "half 3"].iloc[0], headline.iloc[0]
    assert half["estimate"] - half["low"] == pytest.approx(stretch * (given["estimate"] - given["low"]), rel=1e-5)
    assert half["high"] - half["estimate"] == pytest.approx(stretch * (given["high"] - given["estimate"]), rel=1e-5)
    assert half["differs"] == (half["low"] > 0 or half["high"] < 0)


@pytest.mark.slow
def test_each_seed_of_the_frame_is_left_out_once(seeded):
    settings = seeded(labelled=False)
    analysis = open_analysis(settings)
    differences = compare_groups(analysis.classified, n_bootstrap=300)
    headlines = differences.head(2)
    found = vary_seeds(analysis, differences, headlines, WordEncoder())
    singles = found[found["kind"] == SINGLE]
    for headline in headlines.to_dict("records"):
        own = singles[(singles[KEYS] == [headline[name] for name in KEYS]).all(axis=1)]
        names = [name for name in name_seeds(analysis.codebook) if name.startswith(headline["frame"])]
        assert own["variation"].to_list() == names


@pytest.mark.slow
def test_a_long_table_is_estimated_in_parts(seeded, monkeypatch):
    settings = seeded(labelled=True)
    analysis = open_analysis(settings)
    differences = list_differences(analysis.classified, settings)
    whole = vary_seeds(analysis, differences, differences.head(1), WordEncoder())
    monkeypatch.setattr(seed_spread, "_MOST_ROWS", 130)
    pd.testing.assert_frame_equal(vary_seeds(analysis, differences, differences.head(1), WordEncoder()), whole)
