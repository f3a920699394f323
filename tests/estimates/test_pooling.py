"""Design effects of groups that are pooled, by loops over groups and frames."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from framing.estimates.pooling import pool_design_effects, pool_variances
from tests.evidence import evidence_of

SHARES = [[0.1, 0.3], [0.0, 0.25], [0.2, 0.4]]
SPREADS = [[0.002, 0.005], [0.0005, 0.004], [0.02, 0.03]]
SIZES, DEGREES = [48, 60, 20], [6, 10, 4]
MISREAD = [1 / 48**2, 1 / 60**2, 1 / 20**2]
EVIDENCE = replace(evidence_of(SHARES, SPREADS, SIZES, DEGREES), misread=np.array(MISREAD))
BINOMIAL = [[(n * p + 0.5) / (n + 1) * (1 - (n * p + 0.5) / (n + 1)) / n for p in row]
            for n, row in zip(SIZES, SHARES, strict=True)]  # fmt: skip


def test_design_effects_degrees_and_factors_of_tests_by_hand():
    pooled = pool_design_effects(EVIDENCE)
    for k in range(2):
        top = bottom = total = squares = 0.0
        for g in range(3):
            top += SPREADS[g][k] - MISREAD[g]
            bottom += BINOMIAL[g][k]
            total += SPREADS[g][k]
            squares += SPREADS[g][k] ** 2 / DEGREES[g]
        assert pooled.design_effects[k] == pytest.approx(top / bottom)
        assert pooled.degrees[k] == pytest.approx(total**2 / squares)
    for g in range(3):
        expected = sum(BINOMIAL[g][k] * pooled.design_effects[k] + MISREAD[g] for k in range(2))
        factor = max(1.0, sum(SPREADS[g]) / expected - math.sqrt(2 / (DEGREES[g] * 2)))
        assert pooled.sizes[g] == pytest.approx(SIZES[g] / factor)
        for k, p in enumerate((0.1, 0.4)):
            variance = factor * pooled.design_effects[k] * p * (1 - p) / SIZES[g] + MISREAD[g]
            assert pooled.find_variances(np.array([0.1, 0.4]))[g, k] == pytest.approx(variance)


def pool_intervals_by_hand():
    """Design effects, degrees and factors in which groups count by the squares of their sizes."""
    effects, degrees, factors = [], [], []
    for k in range(2):
        top = bottom = squares = 0.0
        for g in range(3):
            top += SIZES[g] ** 2 * SPREADS[g][k]
            bottom += SIZES[g] ** 2 * BINOMIAL[g][k]
            squares += (SIZES[g] ** 2 * SPREADS[g][k]) ** 2 / DEGREES[g]
        effects.append(top / bottom)
        degrees.append(top**2 / squares)
    for g in range(3):
        expected = sum(BINOMIAL[g][k] * effects[k] for k in range(2))
        factors.append(max(1.0, sum(SPREADS[g]) / expected - math.sqrt(2 / (DEGREES[g] * 2))))
    return effects, degrees, factors


def test_variances_of_intervals_by_hand():
    variances, degrees = pool_variances(EVIDENCE)
    effects, expected_degrees, factors = pool_intervals_by_hand()
    assert factors[0] == 1.0
    assert factors[2] > 1.05, "the third group is not like the others"
    assert degrees == pytest.approx(expected_degrees)
    expected = [[factors[g] * effects[k] * BINOMIAL[g][k] for k in range(2)] for g in range(3)]
    assert variances == pytest.approx(np.array(expected))


def test_scores_do_not_make_an_interval_wider_than_labels_alone():
    free, _ = pool_variances(EVIDENCE)
    effects, *_ = pool_intervals_by_hand()
    # labels alone have half of the variances: of the first frame that is below the binomial one, which is kept
    bounded, _ = pool_variances(replace(EVIDENCE, label_spreads=EVIDENCE.spreads / 2))
    for k in range(2):
        limit = min(effects[k], max(effects[k] / 2, 1.0))
        assert bounded[:, k] == pytest.approx(free[:, k] * limit / effects[k])


def test_groups_that_are_alike_share_their_degrees_and_have_no_factor():
    pooled = pool_design_effects(evidence_of([[0.1]] * 6, [[0.002]] * 6, [48] * 6, [6] * 6))
    assert pooled.degrees == pytest.approx([36])
    assert pooled.sizes == pytest.approx([48] * 6)
