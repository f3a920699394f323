"""Corrected regressions: by hand, beside corrected shares and statsmodels, over all samples, and what they refuse."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from framing.errors import InputError, TooLittleDataError
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.regression import CORRECTED, EXPLORATORY, regress_frame, regress_frames
from framing.estimates.regression_formula import read_formula
from framing.tables import COEFFICIENTS, EFFECTS
from tests.labelled import drawn_weights, every_other, population, sampled_table


def make_table(seed: int = 0, *, n: int = 240, per_document: int = 3, labels_each: int = 40) -> pd.DataFrame:
    """Two frames in three outlets over eight weeks, with a section that some documents lack and a number."""
    generator = np.random.default_rng(seed)
    documents = np.arange(n) // per_document
    outlets = np.array(["A", "B", "C"], dtype=object)[documents % 3]
    leaning = np.where(outlets == "A", 0.25, 0.5)[:, None] + generator.normal(0, 0.1, (n // per_document, 1))[documents]
    labels = (generator.random((n, 2)) < leaning).astype(float)
    scores = np.clip(0.6 * labels + 0.4 * generator.random((n, 2)), 0, 1)
    weights = drawn_weights(generator, dict.fromkeys("ABC", labels_each), outlets)
    table = sampled_table(labels, scores, weights, outlets=outlets, documents=documents)
    day = np.repeat(documents % 56, 2)
    section = np.array(["World", "Politics", ""], dtype=object)[np.repeat(documents, 2) % 7 % 3]
    return table.assign(
        published=pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D"),
        section=section,
        length=100.0 + np.repeat(documents, 2) % 5,
    )


def read_design(table: pd.DataFrame, formula: str) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    from formulaic import Formula

    passages = table[table["frame"] == "f0"].reset_index(drop=True)
    passages["time"] = (passages["published"] - passages["published"].min()).dt.days / 7
    present = (passages["decision"] == "present").to_numpy(float)
    return Formula(formula).get_model_matrix(passages), present, pd.factorize(passages["document_id"])[0]


# by hand


def test_the_coefficient_of_two_groups_is_the_difference_of_their_corrected_shares_by_hand():
    # Twenty passages a group, ten of them labelled, scores that say nothing: 4 and 7 of ten carry the frame.
    labels = np.r_[np.ones(4), np.zeros(16), np.ones(7), np.zeros(13)]
    weights = np.tile(np.r_[np.full(10, 2.0), np.zeros(10)], 2)
    table = sampled_table(labels, np.zeros(40), weights, outlets=np.repeat(["A", "B"], 20))
    rows = regress_frame(table, "f0", "outlet").coefficients.set_index("term")
    assert rows.loc["Intercept", "estimate"] == pytest.approx(0.4)
    assert rows.loc["outlet[T.B]", "estimate"] == pytest.approx(0.3)
    # by hand: outcomes m + w (y - m) with m = 11/20, the mean label: 1.45, -.55 and .55. CR2 of a mean of 20 is their
    # variance over 20: (4 of .9 * .9 ...) summed below; m / (m - 2) with the 20 labelled documents
    outcome = np.where(weights > 0, 0.55 + 2 * (labels - 0.55), 0.55)
    variance = sum(outcome[part].var(ddof=1) / 20 for part in (slice(0, 20), slice(20, 40))) * 20 / 18
    assert rows.loc["outlet[T.B]", "standard_error"] == pytest.approx(np.sqrt(variance))
    effect = regress_frame(table, "f0", "outlet", model="logit").effects.iloc[0]
    assert (effect["variable"], effect["level"], effect["reference"]) == ("outlet", "B", "A")
    assert effect["estimate"] == pytest.approx(0.3)


def test_the_coefficient_is_the_difference_of_corrected_shares_beside_a_classifier():
    # The same scores and labels in both groups but for passages without labels: both have the slope of all.
    labels, scores = population(5, 60)
    table = sampled_table(
        np.tile(labels, 2), np.r_[scores, np.where(np.arange(60) % 2, 1.3 * scores, scores)],
        np.tile(every_other(60), 2), outlets=np.repeat(["A", "B"], 60),
    )  # fmt: skip
    shares = estimate_prevalence(table, by="outlet", n_bootstrap=50).set_index("outlet")["estimate"]
    rows = regress_frame(table, "f0", "outlet").coefficients.set_index("term")["estimate"]
    assert abs(shares["B"] - shares["A"]) > 0.01
    assert rows["outlet[T.B]"] == pytest.approx(shares["B"] - shares["A"], abs=1e-12)
    assert rows["Intercept"] == pytest.approx(shares["A"], abs=1e-12)


def test_an_estimate_is_no_surer_than_if_half_a_passage_a_side_were_misread():
    # Scores that are right in all passages, and the same share in every document: nothing varies.
    labels = np.tile([1.0, 0.0], 40)
    table = sampled_table(
        labels, labels, np.tile(np.repeat([2.0, 0.0], 2), 20),
        outlets=np.repeat(["A", "B"], 40), documents=np.arange(80) // 4,
    )  # fmt: skip
    rows = regress_frame(table, "f0", "outlet").coefficients.set_index("term")
    assert rows.loc["outlet[T.B]", "estimate"] == pytest.approx(0, abs=1e-12)
    # 20 labelled passages a group: 1 / 40**2 + 1 / 40**2
    assert rows.loc["outlet[T.B]", "standard_error"] == pytest.approx(np.sqrt(2) / 40)


@pytest.mark.slow
def test_coefficients_are_those_of_all_labels_on_average_over_all_samples(monkeypatch):
    # All 78 samples of 11 of 13 passages. The classifier errs more in outlet B; the strata are not the outlets.
    name = "framing.estimates.outcomes.compute_tuning_factor"
    monkeypatch.setattr(name, lambda sample, pooled: np.full_like(pooled, 0.6))
    labels, scores = population(21, 13)
    outlets = np.where(np.arange(13) < 6, "A", "B")
    scores = np.where(outlets == "B", 1 - scores, scores)
    wide = np.column_stack([np.ones(13), outlets == "B"])
    expected = np.linalg.lstsq(wide, labels, rcond=None)[0]
    found = []
    for left_out in combinations(range(13), 2):
        weights = np.full(13, 13 / 11)
        weights[list(left_out)] = 0.0
        table = sampled_table(labels, scores, weights, outlets=outlets)
        found.append(regress_frames(table, "outlet", n_bootstrap=1).coefficients["estimate"].to_numpy())
    # the mean error of the labelled passages is an estimate too: what is left of a bias is of the order of 1 / n**2
    assert np.mean(found, axis=0) == pytest.approx(expected, abs=0.004)


# beside statsmodels


def test_linear_regression_of_decisions_is_that_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    table = make_table()
    X, y, documents = read_design(table, "outlet * time + length")
    rows = regress_frame(table, "f0", "outlet * time + length", corrected=False).coefficients
    fitted = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": documents})
    assert rows["term"].to_list() == list(X.columns)
    assert rows["estimate"].to_numpy() == pytest.approx(fitted.params.to_numpy(), abs=1e-9)
    # CR1 there, CR2 here
    assert rows["standard_error"].to_numpy() == pytest.approx(fitted.bse.to_numpy(), rel=0.06)


def test_errors_of_single_passages_are_hc2_of_statsmodels():
    """With each passage a cluster of its own CR2 is HC2."""
    sm = pytest.importorskip("statsmodels.api")
    table = make_table(per_document=1, n=120)
    X, y, _ = read_design(table, "outlet * time")
    rows = regress_frame(table, "f0", "outlet * time", corrected=False).coefficients
    assert rows["standard_error"].to_numpy() == pytest.approx(sm.OLS(y, X).fit(cov_type="HC2").bse.to_numpy(), abs=1e-9)


def test_logit_of_decisions_and_its_marginal_effects_are_those_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    table = make_table()
    X, y, documents = read_design(table, "outlet + time + length")
    result = regress_frame(table, "f0", "outlet + time + length", model="logit", corrected=False)
    fitted = sm.Logit(y, X).fit(cov_type="cluster", cov_kwds={"groups": documents}, disp=0)
    assert result.coefficients["estimate"].to_numpy() == pytest.approx(fitted.params.to_numpy(), abs=1e-6)
    assert result.coefficients["standard_error"].to_numpy() == pytest.approx(fitted.bse.to_numpy(), rel=0.06)
    margins = fitted.get_margeff(dummy=True).summary_frame()
    effects = result.effects.set_index(["variable", "level"])
    assert effects["estimate"].to_numpy()[2:] == pytest.approx(margins["dy/dx"].to_numpy()[2:], abs=1e-6)
    assert effects["standard_error"].to_numpy()[2:] == pytest.approx(margins["Std. Err."].to_numpy()[2:], rel=0.06)
    # of outlets: the other outlets' indicators are set to 0 here, as they must be, and left as they are there
    parameters = fitted.params.to_numpy()
    as_a, as_b = X.to_numpy().copy(), X.to_numpy().copy()
    as_a[:, 1:3], as_b[:, 1], as_b[:, 2] = 0, 1, 0
    expected = (expit(as_b @ parameters) - expit(as_a @ parameters)).mean()
    assert effects.loc[("outlet", "B"), "estimate"] == pytest.approx(expected, abs=1e-6)


# tables


def test_tables_are_tidy_and_say_how_they_were_made():
    table = make_table()
    result = regress_frames(table, "outlet * time + section", interest=["outlet"])
    assert tuple(result.coefficients.columns) == COEFFICIENTS
    assert tuple(result.effects.columns) == EFFECTS
    rows = result.coefficients
    assert rows["method"].str.startswith(CORRECTED).all()
    n_without = int((table["section"] == "").sum()) // 2
    assert n_without > 0
    assert (rows["n_left_out"] == n_without).all()
    assert (rows["n_passages"] == 240 - n_without).all()
    assert result.missing == {"section": n_without}
    assert (rows["n_clusters"] == rows["n_documents"]).all()
    of_interest = rows["term"].str.contains("outlet")
    assert rows.loc[of_interest, "p_adjusted"].ge(rows.loc[of_interest, "p_value"]).all()
    assert rows.loc[~of_interest, "p_adjusted"].isna().all()
    assert "outlet on 2 frames together" in result.family
    raw = regress_frames(table, "outlet", corrected=False).coefficients
    assert raw["method"].str.startswith(EXPLORATORY).all()
    assert (raw["n_gold"] == 0).all()


def test_an_empty_formula_means_groups_and_linear_time():
    table = make_table()
    assert regress_frames(table).formula == "outlet + time"
    assert regress_frames(table.assign(published=pd.NaT), by="section").formula == "section"
    # a week later is one more
    rows = regress_frames(table, frames=["f0"]).coefficients.set_index("term")["estimate"]
    days = regress_frames(table, frames=["f0"], period="day").coefficients.set_index("term")["estimate"]
    assert rows["time"] == pytest.approx(7 * days["time"])


def test_periods_are_first_days_and_another_reference_can_be_named():
    table = make_table()
    rows = regress_frames(table, 'C(outlet, Treatment("B")) + period', frames=["f0"], period="month")
    terms = rows.coefficients["term"].to_list()
    assert terms[-1] == "period[T.2024-02-01]"
    first = rows.effects.iloc[0]
    assert (first["level"], first["reference"]) == ("A", "B")
    plain = regress_frames(table, "outlet + period", frames=["f0"], period="month").effects.iloc[0]
    assert plain["estimate"] == pytest.approx(-first["estimate"])


def test_clusters_are_the_independent_units():
    table = make_table()
    clustered = table.assign(cluster=table["published"].dt.strftime("%V"))
    rows = regress_frame(clustered, "f0", "outlet").coefficients
    assert (rows["n_clusters"] == 8).all()
    assert rows["method"].str.contains("errors by cluster").all()
    assert (rows["degrees"] < 8).all()


def test_the_order_of_rows_does_not_matter():
    table = make_table()
    shuffled = table.sample(frac=1, random_state=1)
    a, b = (regress_frames(part, "outlet * time", frames=["f0"]).coefficients for part in (table, shuffled))
    pd.testing.assert_frame_equal(a, b, rtol=1e-9)


def test_weights_of_passages_count_as_copies_do():
    table = make_table(n=120, labels_each=20).drop(columns=["gold_weight"])
    weighted = table.assign(weight=np.where(table["outlet"] == "A", 2.0, 1.0))
    again = table[table["outlet"] == "A"].assign(passage_id=lambda part: part["passage_id"] + "-again")
    a = regress_frames(weighted, "time", frames=["f0"]).coefficients["estimate"]
    b = regress_frames(pd.concat([table, again], ignore_index=True), "time", frames=["f0"]).coefficients["estimate"]
    assert a.to_numpy() == pytest.approx(b.to_numpy())


def test_an_interval_that_hangs_on_a_few_labels_is_not_given():
    table = make_table()
    few = table["outlet"].eq("C") & ~table["passage_id"].isin([f"p{number}" for number in range(12)])
    table.loc[few, ["gold_weight", "gold", "gold_proxy"]] = [0.0, np.nan, np.nan]
    rows = regress_frame(table, "f0", "outlet").coefficients.set_index("term")
    assert rows.loc["outlet[T.B]", "low"] < rows.loc["outlet[T.B]", "high"]
    assert np.isnan(rows.loc["outlet[T.C]", "low"])
    assert "effective labelled passages on one side" in rows.loc["outlet[T.C]", "method"]


def test_columns_of_very_different_size_are_no_matter():
    table = make_table()
    large = table.assign(length=2.0e9 + 1e5 * table["length"])
    a, b = (regress_frames(part, "outlet + time + length", model="logit") for part in (table, large))
    for one, other in ((a.coefficients, b.coefficients), (a.effects, b.effects)):
        named = one["term"] if "term" in one else one["variable"]
        factor = np.where(named == "length", 1e5, 1.0)
        is_slope = (named != "Intercept").to_numpy()
        for column in ("estimate", "standard_error"):
            assert (other[column] * factor)[is_slope].to_numpy() == pytest.approx(
                one.loc[is_slope, column].to_numpy(), rel=1e-4
            )


def test_a_frame_on_which_the_classifier_abstained_where_a_column_varies_has_no_estimate():
    table = make_table()
    table.loc[table["frame"].eq("f0") & table["outlet"].eq("C"), "decision"] = "abstain"
    rows = regress_frames(table, "outlet", corrected=False).coefficients.set_index("frame")
    assert rows.loc["f0", "method"].str.contains("singular where the classifier decided").all()
    assert rows.loc["f1", "estimate"].notna().all()
    assert rows.loc["f0", "n_passages"].iloc[0] == 240 - 78  # of 26 documents of C


# what is refused


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("outlet + sector", r"no column sector to regress on\. There are: .*outlet.*section.*period, time"),
        ("text", "no column text to regress on"),
        ("frame ~ outlet", "leave out what stands before ~"),
        ("outlet +", "cannot be read"),
        ("C(outlet", "cannot be read"),
        ("(outlet]", r"cannot be read \(not a formula\)"),
        ("1", "'1' names no column"),
        ('C(outlet, Treatment("Z"))', "cannot be computed: Value `'Z'` .*is not among the provided levels"),
        ("outlet | section", "expected one list of terms"),
        ("sqrt(time)", r"or a call of C, I, log.*got 'sqrt'"),
        ("outlet.str.upper()", "got 'outlet.str.upper'"),
        ("C([outlet for outlet in outlet])", "a term may be a column"),
        ("published", "published is a date: write time"),
        ("log(time)", r"log\(time\) is infinite"),
        ("perspective", "perspective is 'every' in all passages"),
        ("outlet + copy", r"singular: 2 of its 5 columns follow from the others, among them copy\[T.B\]"),
        ("C(number)", "makes 240 coefficients; at most 100"),
        ("event", "no passage has a value in each column .*event: 240"),
    ],
)
def test_a_formula_that_cannot_be_used_is_refused(formula, message):
    table = make_table()
    table = table.assign(copy=table["outlet"], number=table["passage_id"])
    with pytest.raises(InputError, match=message):
        regress_frames(table, formula)


def test_other_wrong_input_is_refused():
    table = make_table()
    for options, message in (
        ({"frames": ["g"]}, "there is no frame g. There are: f0, f1"),
        ({"model": "probit"}, "expected one of linear, logit, got 'probit'"),
        ({"interest": ["section"]}, "section is not in the formula, which has outlet"),
        ({"level": 95}, "expected a number between 0 and 1"),
    ):
        with pytest.raises(InputError, match=message):
            regress_frames(table, "outlet", **options)
    with pytest.raises(TooLittleDataError, match="2 clusters have all values"):
        regress_frames(table.assign(cluster=np.where(table["outlet"] == "A", "s", "t")), "outlet")
    with pytest.raises(InputError, match="2 rows say again what a passage has of a frame, the first of passage 'p0'"):
        regress_frames(pd.concat([table, table[table["passage_id"] == "p0"]], ignore_index=True), "outlet")
    few = table.assign(gold_weight=table["gold_weight"].where(table["passage_id"].isin(["p0", "p1", "p2"]), 0.0))
    with pytest.raises(TooLittleDataError, match=r"labelled passages of 1 documents and 1 independent units have"):
        regress_frames(few, "length")


def test_separation_in_the_logit_is_named_and_other_frames_are_estimated():
    table = make_table()
    none = table["frame"].eq("f0") & table["outlet"].eq("C")
    table.loc[none, "decision"] = "absent"
    result = regress_frames(table, "outlet", model="logit", corrected=False)
    rows = result.coefficients.set_index("frame")
    assert rows.loc["f0", "estimate"].isna().all()
    assert rows.loc["f0", "method"].str.contains(r"separation: .*\(0\.0 % where outlet\[T\.C\] is 1\)").all()
    assert rows.loc["f1", "estimate"].notna().all()
    with pytest.raises(TooLittleDataError, match=r"f0: .*separation"):
        regress_frame(table, "f0", "outlet", model="logit", corrected=False)
    assert regress_frame(table, "f0", "outlet", corrected=False).coefficients["estimate"].notna().all()


WORDS = st.sampled_from(
    ["outlet", "time", "section", "C(", ")", "+", "*", ":", "~", "-", "1", "0", "`", "'", '"', "(", "__import__", ".",
     "open", "lambda", "[", "]", "{", "}", "|", ",", "log(", "Treatment", " ", "\\", "\x00", "é", "**"]
)  # fmt: skip


@settings(max_examples=4 * settings.default.max_examples)  # few of them come near the grammar
@given(st.lists(WORDS, max_size=9).map("".join))
def test_any_text_is_a_formula_or_is_refused_in_a_sentence(text):
    table = pd.DataFrame({"outlet": ["A"], "section": ["x"], "published": ["2024-01-01"]})
    try:
        _, columns = read_formula(text, table)
    except InputError as error:
        columns, said = [], str(error)
    else:
        said = "formula: read"
    assert said.startswith("formula: ")
    assert "\n" not in said
    assert set(columns) <= {"outlet", "section", "period", "time"}


def test_a_formula_runs_no_code(tmp_path):
    table = pd.DataFrame({"outlet": ["A"]})
    for text in (
        f"C(open({str(tmp_path / 'made')!r}, 'w'))",
        f"{{open({str(tmp_path / 'made')!r}, 'w')}}",
        "I(outlet.__class__)",
        "C(outlet, contr.treatment.__init__)",
        "I([x for x in (1).__class__.__mro__])",
    ):
        with pytest.raises(InputError, match="formula: "):
            read_formula(text, table)
    assert list(tmp_path.iterdir()) == []
