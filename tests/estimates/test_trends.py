"""Change points and slopes: planted ones found, none made up, and what is said where nothing can be found."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.changes import find_changes
from framing.estimates.trends import compare_trends


def _weeks(
    generator: np.random.Generator, shares: list[float], *, outlet: str = "A", documents: int = 12
) -> pd.DataFrame:
    """Documents of 1 to 5 alike passages a week; the share of each week is given."""
    rows = []
    for week, share in enumerate(shares):
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week)
        for number in range(documents):
            leaning = generator.beta(4 * share, 4 * (1 - share))
            for place in range(int(generator.integers(1, 6))):
                name = f"{outlet}{week}-{number}"
                present = "present" if generator.random() < leaning else "absent"
                rows.append((f"{name}-{place}", name, outlet, day, "f", present))
    columns = ["passage_id", "document_id", "outlet", "published", "frame", "decision"]
    return pd.DataFrame(rows, columns=columns)


def test_a_single_pair_is_no_surer_jointly_than_by_students_t():
    # Five documents of one passage in each outlet, a week apart: A 0 0 1 1 1, B 1 0 0 1 0. With one comparison the
    # joint interval is that of Student's t at 5 - 2 degrees, for which draws stretched by the first order fall short.
    days = pd.date_range("2024-01-01", periods=5, freq="7D")
    table = pd.DataFrame(
        {
            "passage_id": [f"p{number}" for number in range(10)], "document_id": [f"d{number}" for number in range(10)],
            "outlet": ["A"] * 5 + ["B"] * 5, "published": [*days, *days], "frame": "f",
            "decision": np.where(np.array([0, 0, 1, 1, 1, 1, 0, 0, 1, 0], dtype=bool), "present", "absent"),
        }
    )  # fmt: skip
    row = compare_trends(table).iloc[0]
    # Slopes, sum of (week - 2) y over 10: A (1 + 2) / 10, B (-2 + 1) / 10. Leverages (week - 2)² / 10 + 1/5:
    # .6 .3 .2 .3 .6.
    # Residuals of A, y - .6 - .3 (week - 2): 0 -.3 .4 .1 -.2; of B, y - .4 + .1 (week - 2): .4 -.5 -.4 .7 -.2.
    # Variances, sums of ((week - 2) residual / (1 - leverage) / 10)²: A: 0 + .3² + 0 + .1² at 1/(.7 × 10)², and
    # (2 × .2 / 4)²; B: (2 × .4 / 4)² + (.5² + .7²) / 49 + (2 × .2 / 4)².
    variance = (0.09 + 0.01) / 49 + 0.01 + 0.04 + (0.25 + 0.49) / 49 + 0.01
    assert row["estimate"] == pytest.approx(0.4)
    half = student.ppf(0.975, 3) * np.sqrt(variance)
    assert (row["low"], row["high"]) == pytest.approx((0.4 - half, 0.4 + half))
    assert row["p_adjusted"] == pytest.approx(2 * student.sf(0.4 / np.sqrt(variance), 3), abs=0.05)
    assert row["p_adjusted"] >= 2 * student.sf(0.4 / np.sqrt(variance), 3)


def test_slopes_are_least_squares_with_documents_as_clusters():
    sm = pytest.importorskip("statsmodels.api")
    a = _weeks(np.random.default_rng(5), [0.1, 0.2, 0.3, 0.4, 0.5], outlet="A")
    b = _weeks(np.random.default_rng(6), [0.3] * 5, outlet="B")
    row = compare_trends(pd.concat([a, b])).iloc[0]
    fits = []
    for part in (a, b):
        week = ((part["published"] - pd.Timestamp("2024-01-01")).dt.days / 7).to_numpy()
        groups = pd.factorize(part["document_id"])[0]
        model = sm.OLS((part["decision"] == "present").astype(float).to_numpy(), sm.add_constant(week))
        fits.append(model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}))
    assert (row["slope_a"], row["slope_b"]) == pytest.approx((fits[0].params[1], fits[1].params[1]))
    assert row["estimate"] == pytest.approx(fits[0].params[1] - fits[1].params[1])
    spread = np.sqrt(sum(fit.bse[1] ** 2 * 60 / 58 for fit in fits))  # 60 documents, less two
    assert (row["high"] - row["low"]) / 2 / spread == pytest.approx(2.0, abs=0.15)  # one comparison: t of 58
    assert row["differs"] == (row["low"] > 0)
    assert row["differs"]


def test_trends_need_two_groups():
    with pytest.raises(InputError, match="Trends need two outlets with 5 dated documents in three weeks each"):
        compare_trends(_weeks(np.random.default_rng(0), [0.5] * 4))


def test_abstentions_of_one_frame_leave_its_own_denominator_only():
    table = _weeks(np.random.default_rng(1), [0.2] * 6 + [0.6] * 5)
    other = table.assign(frame="g")
    generator = np.random.default_rng(0)
    table = table.assign(decision=table["decision"].where(generator.random(len(table)) < 0.5, "abstain"))
    single = find_changes(table)
    beside = find_changes(pd.concat([table, other]))
    beside = beside[beside["frame"] == "f"]
    for name in ("change", "before", "after", "n_passages"):
        assert beside[name].to_list() == single[name].to_list()


def test_a_table_that_was_written_to_csv_and_read_back_gives_the_same():
    generator = np.random.default_rng(4)
    table = pd.concat([_weeks(generator, [0.2] * 4 + [0.8] * 4), _weeks(generator, [0.5] * 8, outlet="B")])
    read = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    pd.testing.assert_frame_equal(
        compare_trends(read, n_bootstrap=50), compare_trends(table, n_bootstrap=50), check_dtype=False
    )
    pd.testing.assert_frame_equal(
        find_changes(read, n_permutations=50), find_changes(table, n_permutations=50), check_dtype=False
    )
