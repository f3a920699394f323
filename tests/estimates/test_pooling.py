"""Design effects of groups that are pooled, by loops over groups and frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framing.estimates.pooling import pool_design_effects
from tests.evidence import evidence_of

SHARES = [[0.1, 0.3], [0.0, 0.25], [0.2, 0.4]]
SPREADS = [[0.002, 0.005], [0.0005, 0.004], [0.02, 0.03]]
SIZES, DEGREES = [48, 60, 20], [6, 10, 4]


def pool_by_hand():
    binomial, effects, degrees = [[0.0] * 2 for _ in range(3)], [], []
    for k in range(2):
        top = bottom = squares = 0.0
        for g in range(3):
            n = SIZES[g]
            p = (n * SHARES[g][k] + 0.5) / (n + 1)
            binomial[g][k] = p * (1 - p) / n
            top += n**2 * SPREADS[g][k]
            bottom += n**2 * binomial[g][k]
            squares += (n**2 * SPREADS[g][k]) ** 2 / DEGREES[g]
        effects.append(top / bottom)
        degrees.append(top**2 / squares)
    factors = []
    for g in range(3):
        expected = sum(binomial[g][k] * effects[k] for k in range(2))
        factors.append(max(1.0, sum(SPREADS[g]) / expected))
    return binomial, effects, degrees, factors


def test_design_effects_degrees_and_factors_by_hand():
    pooled = pool_design_effects(evidence_of(SHARES, SPREADS, SIZES, DEGREES))
    binomial, effects, degrees, factors = pool_by_hand()
    assert pooled.design_effects == pytest.approx(effects)
    assert pooled.degrees == pytest.approx(degrees)
    assert pooled.sizes == pytest.approx([n / factor for n, factor in zip(SIZES, factors, strict=True)])
    assert factors[0] == 1.0
    assert factors[2] > 1.5, "the third group is not like the others"
    expected = [[factors[g] * effects[k] * binomial[g][k] for k in range(2)] for g in range(3)]
    assert pooled.variances == pytest.approx(np.array(expected))


def test_scores_do_not_make_an_interval_wider_than_labels_alone():
    evidence = evidence_of(SHARES, SPREADS, SIZES, DEGREES)
    free = pool_design_effects(evidence)
    _, effects, *_ = pool_by_hand()
    # labels alone have half of the variances: of the first frame that is below the binomial one, which is kept
    bounded = pool_design_effects(replace(evidence, label_spreads=evidence.spreads / 2))
    for k in range(2):
        limit = min(effects[k], max(effects[k] / 2, 1.0))
        assert bounded.variances[:, k] == pytest.approx(free.variances[:, k] * limit / effects[k])
    assert bounded.design_effects == pytest.approx(effects), "tests are made of the whole"


def test_groups_that_are_alike_share_their_degrees_and_have_no_factor():
    pooled = pool_design_effects(evidence_of([[0.1]] * 6, [[0.002]] * 6, [48] * 6, [6] * 6))
    assert pooled.degrees == pytest.approx([36])
    assert pooled.sizes == pytest.approx([48] * 6)
