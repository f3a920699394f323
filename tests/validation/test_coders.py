"""Coder agreement: published worked examples, values by hand, and the krippendorff package."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.uncertainty.intervals import exact_bounds
from framing.validation.coders import METHOD, count_confusions, measure_reliability

krippendorff = pytest.importorskip("krippendorff")

NAN = np.nan

# Krippendorff (2011), section B: two coders, ten units, nominal alpha of two values .095.
BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
# Section C: four coders, twelve units, five values, missing codings; nominal alpha .743.
FIVE = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)


def one_frame_each(values: np.ndarray, k: int) -> np.ndarray:
    """Codings of shape (n_coders, n, k) of values 1 to k."""
    codings = (values[:, :, None] == np.arange(1, k + 1)).astype(float)
    codings[np.isnan(values)] = np.nan
    return codings


def name_documents(n: int) -> list[str]:
    return [str(number) for number in range(n)]


def agreement(codings: np.ndarray, frames: str, documents: list[str] | None = None, **options) -> pd.DataFrame:
    table = measure_reliability(
        codings,
        frames=list(frames),
        documents=name_documents(codings.shape[1]) if documents is None else documents,
        n_bootstrap=300,
        **options,
    )
    return table.set_index(["frame", "measure"])


@pytest.fixture(scope="module")
def random_codings() -> np.ndarray:
    """Three coders of 90 passages and 3 frames, each wrong in a fifth and missing in a quarter."""
    generator = np.random.default_rng(7)
    truth = generator.random((90, 3)) < [0.5, 0.2, 0.1]
    codings = (truth ^ (generator.random((3, 90, 3)) < 0.2)).astype(float)
    codings[generator.random((3, 90)) < 0.25] = np.nan
    return codings


# alpha


def test_alpha_of_the_published_binary_example():
    # By hand: 20 values, 6 ones and 14 zeros; 4 of 10 units differ, so 8 values off the diagonal.
    # alpha = 1 - 19 × 8 / (2 × 6 × 14) = 1 - 152/168 = .095. Coders agree in 6 of 10.
    reliability = agreement(BINARY[:, :, None], "a")
    assert reliability.loc[("a", "alpha"), "estimate"] == pytest.approx(1 - 152 / 168)
    assert reliability.loc[("a", "percent_agreement"), "estimate"] == pytest.approx(0.6)
    assert reliability.loc[("a", "alpha"), ["n_passages", "n_documents", "n_gold"]].to_list() == [10, 10, 10]


def test_alpha_of_the_published_example_with_missing_codings():
    reliability = agreement(one_frame_each(FIVE, 5), "abcde")
    assert round(reliability.loc[("(all)", "alpha"), "estimate"], 3) == 0.743
    # Agreeing pairs of pairs: 3/3, 3/6, 6/6, 6/6, 6/6, 0/6, 6/6, 3/6, 6/6, 3/3, 1/1 = 43 of 55.
    assert reliability.loc[("(all)", "percent_agreement"), "estimate"] == pytest.approx(43 / 55)
    # The last passage was coded once.
    assert reliability.loc[("(all)", "alpha"), ["n_passages", "n_documents", "n_gold"]].to_list() == [11, 11, 12]
    assert reliability.loc[("(all)", "alpha"), "low"] < 0.743 < reliability.loc[("(all)", "alpha"), "high"]
    assert reliability.loc[("(all)", "alpha"), "method"] == METHOD
    assert "(mean)" not in reliability.index.get_level_values("frame")


def test_alpha_is_that_of_the_krippendorff_package(random_codings):
    reliability = agreement(random_codings, "abc")
    alphas = []
    for k, frame in enumerate("abc"):
        expected = krippendorff.alpha(random_codings[:, :, k], level_of_measurement="nominal", value_domain=[0, 1])
        assert reliability.loc[(frame, "alpha"), "estimate"] == pytest.approx(expected)
        alphas.append(expected)
    assert reliability.loc[("(mean)", "alpha"), "estimate"] == pytest.approx(np.mean(alphas))
    assert reliability.loc[("(mean)", "alpha"), "method"] == f"{METHOD}; mean of the 3 frames that have one"
    assert "(all)" not in reliability.index.get_level_values("frame")


@pytest.mark.parametrize("n_coders", [2, 3, 5])
def test_alpha_over_frames_is_that_of_the_krippendorff_package(n_coders):
    generator = np.random.default_rng(n_coders)
    values = generator.integers(1, 5, 80) * np.ones((n_coders, 1))
    values = np.where(generator.random(values.shape) < 0.3, generator.integers(1, 5, values.shape), values)
    values[generator.random(values.shape) < 0.2] = np.nan
    reliability = agreement(one_frame_each(values, 4), "abcd")
    assert reliability.loc[("(all)", "alpha"), "estimate"] == pytest.approx(
        krippendorff.alpha(values, level_of_measurement="nominal", value_domain=[1, 2, 3, 4])
    )


def test_intervals_are_those_of_a_bootstrap_of_documents_written_out(random_codings):
    documents = [str(number // 2) for number in range(90)]
    table = measure_reliability(random_codings, frames=list("abc"), documents=documents, n_bootstrap=2000)
    reliability = table.set_index(["frame", "measure"]).loc[("a", "alpha")]
    pairable = (~np.isnan(random_codings[:, :, 0])).sum(axis=0) > 1
    with_pairs = [pair for pair in range(45) if pairable[2 * pair : 2 * pair + 2].any()]
    assert reliability["n_documents"] == len(with_pairs)
    generator = np.random.default_rng(1)
    alphas_of_draws = []
    for _ in range(800):
        pairs = generator.choice(with_pairs, len(with_pairs) - 1)
        units = np.concatenate([[2 * pair, 2 * pair + 1] for pair in pairs])
        alphas_of_draws.append(krippendorff.alpha(random_codings[:, units, 0], level_of_measurement="nominal"))
    # A percentile near the tail of 800 draws has a standard error of about .09 standard deviations.
    expected = np.percentile(alphas_of_draws, [2.5, 97.5])
    assert [reliability["low"], reliability["high"]] == pytest.approx(expected, abs=0.45 * np.std(alphas_of_draws))


def test_the_columns_and_the_seed(random_codings):
    first, again, other = (
        measure_reliability(
            random_codings, frames=list("abc"), documents=name_documents(90), n_bootstrap=50, random_seed=seed
        )
        for seed in (1, 1, 2)
    )
    assert first.columns.to_list() == ["frame", "measure", *ESTIMATE]
    assert first["frame"].to_list() == ["a", "a", "b", "b", "c", "c", "(mean)"]
    assert first.equals(again)
    assert not first.equals(other)
    assert (first["low"] < first["estimate"]).all()
    assert (first["estimate"] < first["high"]).all()


def test_where_only_one_value_was_used_alpha_is_undefined_and_says_so(random_codings):
    codings = random_codings.copy()
    codings[:, :, 2] = np.where(np.isnan(codings[:, :, 2]), np.nan, 0)
    reliability = agreement(codings, "abc")
    row = reliability.loc[("c", "alpha")]
    assert row[["estimate", "low", "high"]].isna().all()
    assert row["method"] == "undefined: the coders used only one value"
    assert reliability.loc[("c", "percent_agreement"), "estimate"] == 1
    assert reliability.loc[("(mean)", "alpha"), "estimate"] == pytest.approx(
        reliability["estimate"].loc[[("a", "alpha"), ("b", "alpha")]].mean()
    )
    assert reliability.loc[("(mean)", "alpha"), "method"].endswith("mean of the 2 frames that have one")


def test_where_coders_never_disagree_alpha_has_no_interval_and_the_share_an_exact_one():
    codings = np.repeat(np.array([[[1.0, 0], [0, 1], [1, 1], [0, 0]]]), 2, axis=0)
    reliability = agreement(codings, "ab")
    assert (reliability["estimate"] == 1).all()
    shares = reliability.xs("percent_agreement", level="measure")
    # four documents of one passage: four of four
    assert shares["low"].to_list() == pytest.approx([0.025 ** (1 / 4)] * 2)
    assert (shares["high"] == 1).all()
    assert shares["method"].str.startswith("exact (Clopper-Pearson) at the number of documents").all()
    alphas = reliability.xs("alpha", level="measure")
    assert alphas[["low", "high"]].isna().all(axis=None)
    assert (alphas["method"] == "no interval: the coders never disagreed, so no draw differs").all()


def test_disagreement_that_is_the_same_everywhere_is_no_certainty():
    # In each of three documents coders agree on one passage of two: every draw has agreement 1/2, and the same alpha.
    codings = np.array([[[1.0], [1]] * 3, [[1.0], [0]] * 3])
    reliability = agreement(codings, "a", list("xxyyzz"))
    share = reliability.loc[("a", "percent_agreement")]
    assert share["estimate"] == 0.5
    assert (share["low"], share["high"]) == pytest.approx(exact_bounds(0.5, 3, level=0.95))
    for frame in ("a", "(mean)"):
        assert reliability.loc[(frame, "alpha"), ["low", "high"]].isna().all()
        assert reliability.loc[(frame, "alpha"), "method"] == "no interval: all draws are alike"


def test_one_document_has_no_interval(random_codings):
    reliability = agreement(random_codings, "abc", ["x"] * 90)
    assert reliability["estimate"].notna().all()
    assert reliability[["low", "high"]].isna().all(axis=None)
    assert (reliability["method"] == "no interval: a single document").all()


def test_no_passage_of_two_coders_is_undefined():
    codings = np.array([[[1.0, 0], [NAN, NAN]], [[NAN, NAN], [0, 1]]])
    reliability = agreement(codings, "ab")
    assert reliability["estimate"].isna().all()
    assert (reliability["method"] == "undefined: no passage was coded by two coders").all()
    assert (reliability["n_passages"] == 0).all()
    assert (reliability["n_gold"] == 2).all()


def test_passages_of_one_document_are_drawn_together():
    # Four copies in each document leave percent agreement as it is.
    once, four_times = (
        agreement(np.repeat(BINARY, copies, axis=1)[:, :, None], "a", np.repeat(name_documents(10), copies).tolist())
        for copies in (1, 4)
    )
    row = ("a", "percent_agreement")
    assert once.loc[row, ["low", "high"]].to_list() == pytest.approx(four_times.loc[row, ["low", "high"]].to_list())


def test_counts_of_a_frame_and_of_the_mean_by_hand():
    # 1 and 6: both coders, both frames. 2: only the first coder. 3: a by one, b by both. 4: nobody. 5: a by one.
    codings = np.array(
        [
            [[1.0, 1], [0, 1], [1, 1], [NAN, NAN], [1, NAN], [1, 1]],
            [[1.0, 0], [NAN, NAN], [NAN, 0], [NAN, NAN], [NAN, NAN], [0, 1]],
        ]
    )
    reliability = agreement(codings, "ab")[["n_passages", "n_documents", "n_gold"]]
    assert reliability.loc[("a", "percent_agreement")].to_list() == [2, 2, 5]
    assert reliability.loc[("b", "percent_agreement")].to_list() == [3, 3, 4]
    assert reliability.loc[("(mean)", "alpha")].to_list() == [3, 3, 5]


def test_passages_without_a_document_are_of_one_document():
    reliability = agreement(BINARY[:, :4, None], "a", ["x", None, "y", None])
    assert (reliability["n_documents"] == 3).all()


def test_two_documents_have_an_interval():
    # A draw is one of the two. Three units, 4 ones and 2 zeros, 1 of 3 agrees; seven units, 2 and 12, 5 of 7 agree.
    # Draws are scaled to two documents: 12 values, 1 - 11 × 8 / (2 × 8 × 4); 28, 1 - 27 × 8 / (2 × 4 × 24).
    reliability = agreement(BINARY[:, :, None], "a", list("xxxyyyyyyy"))
    share = reliability.loc[("a", "percent_agreement")]
    assert (share["low"], share["high"]) == pytest.approx((1 / 3, 5 / 7))
    for frame in ("a", "(mean)"):
        alpha = reliability.loc[(frame, "alpha")]
        assert (alpha["low"], alpha["high"]) == pytest.approx((1 - 88 / 64, 1 - 216 / 192))


def test_the_mean_of_frames_that_are_alike_has_their_interval(random_codings):
    reliability = agreement(random_codings[:, :, [0, 0]], "ab", level=0.8)
    ends = ["estimate", "low", "high"]
    assert reliability.loc[("(mean)", "alpha"), ends].to_list() == pytest.approx(
        reliability.loc[("a", "alpha"), ends].to_list()
    )
    wider = agreement(random_codings[:, :, [0, 0]], "ab", level=0.95)
    assert (wider["low"] < reliability["low"]).all()
    assert (wider["high"] > reliability["high"]).all()


def test_the_mean_has_an_interval_where_coders_disagree_on_any_frame(random_codings):
    codings = random_codings[:, :, :2].copy()
    never = np.where(np.arange(90) % 3 == 0, 1.0, 0.0)
    codings[:, :, 1] = np.where(np.isnan(codings[:, :, 1]), np.nan, never)
    reliability = agreement(codings, "ab")
    assert reliability.loc[("b", "alpha"), "method"].startswith("no interval: the coders never disagreed")
    row = reliability.loc[("(mean)", "alpha")]
    assert row["low"] < row["estimate"] < row["high"]


def test_where_only_one_value_was_used_on_every_frame_there_is_no_mean():
    reliability = agreement(np.zeros((2, 4, 2)), "ab")
    assert np.isnan(reliability.loc[("(mean)", "alpha"), "estimate"])
    assert reliability.loc[("(mean)", "alpha"), "method"] == "undefined: the coders used only one value"


def test_frames_are_categories_only_where_every_coding_is_one_of_them():
    # the second passage: a by the first coder, who says nothing of b
    codings = np.array([[[1.0, 0], [1, NAN], [0, 1]], [[1.0, 0], [0, 1], [0, 1]]])
    assert set(agreement(codings, "ab").index.get_level_values("frame")) == {"a", "b", "(mean)"}
    nothing = agreement(np.full((2, 3, 2), NAN), "ab")
    assert set(nothing.index.get_level_values("frame")) == {"a", "b", "(mean)"}
    assert (nothing["n_gold"] == 0).all()


def test_without_passages_everything_is_undefined():
    reliability = agreement(np.zeros((2, 0, 1)), "a", [])
    assert (reliability["method"] == "undefined: no passage was coded by two coders").all()
    assert (reliability[["n_passages", "n_documents", "n_gold"]] == 0).all(axis=None)


# confusions


def test_confusions_by_hand():
    # 1: a against b. 2: a, b against b: the second gave no a, but the first also gave b. 3: a against c.
    # 4: b against a. 5: a alone, coded once. Of a and b: confused in 1 and 4; either in 1, 2, 3, 4.
    # Of a and c: confused in 3; either in 1, 2, 3, 4. Of b and c: never; no row.
    codings = np.array(
        [
            [[1.0, 0, 0], [1, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0]],
            [[0.0, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [NAN, NAN, NAN]],
        ]
    )
    table = count_confusions(codings, frames=list("abc"))
    assert table.to_numpy().tolist() == [["a", "b", 2, 0.5], ["a", "c", 1, 0.25]]
    assert table.columns.to_list() == ["frame_a", "frame_b", "n_passages", "share"]


def test_a_confusion_counts_once_however_many_coders():
    codings = one_frame_each(np.array([[1, 1], [2, 1], [2, 1]], dtype=float), 2)
    assert count_confusions(codings, frames=["a", "b"]).to_numpy().tolist() == [["a", "b", 1, 0.5]]


def test_the_most_frequent_confusion_comes_first_and_then_the_largest_share():
    # a against b once, a against c twice, b against c once, a by both; then a by one, where the other left b and c out.
    # Of a and b: either in 1 to 5. Of a and c: too. Of b and c: in 1 to 4.
    first = [[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0]]
    second = [[0.0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1], [1, 0, 0], [0, NAN, NAN]]
    table = count_confusions(np.array([first, second]), frames=list("abc"))
    assert table.to_numpy().tolist() == [["a", "c", 2, 2 / 5], ["b", "c", 1, 1 / 4], ["a", "b", 1, 1 / 5]]
    assert table.index.to_list() == [0, 1, 2]


def test_no_confusion_is_an_empty_table():
    table = count_confusions(np.ones((2, 3, 2)), frames=["a", "b"])
    assert table.empty
    assert table.columns.to_list() == ["frame_a", "frame_b", "n_passages", "share"]


def test_shapes_and_values_are_checked():
    with pytest.raises(InputError, match=r"at least two coders and the shape \(2, 3, 2\), got \(1, 3, 2\)"):
        count_confusions(np.zeros((1, 3, 2)), frames=["a", "b"])
    with pytest.raises(InputError, match=r"the shape \(2, 4, 2\), got \(2, 3, 2\)"):
        measure_reliability(np.zeros((2, 3, 2)), frames=["a", "b"], documents=name_documents(4))
    with pytest.raises(InputError, match="expected 1, 0, or NaN .*; there are other numbers"):  # noqa: RUF043
        measure_reliability(np.full((2, 3, 2), 2.0), frames=["a", "b"], documents=name_documents(3))


def test_codings_without_passages_or_frames_are_refused():
    with pytest.raises(InputError, match=r"the shape \(3, 0, 2\), got \(3,\)"):
        count_confusions(np.zeros(3), frames=["a", "b"])
    with pytest.raises(InputError, match=r"the shape \(2, 3, 2\), got \(2, 3\)"):
        count_confusions(np.zeros((2, 3)), frames=["a", "b"])
    codings = np.ones((2, 3, 2))
    codings[0, 0, 0] = 2
    with pytest.raises(InputError, match="there are other numbers"):
        count_confusions(codings, frames=["a", "b"])
