"""Charts of validity: rendered whatever the names, intervals drawn, what is undefined left out and said."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.charts import calibration, validation
from framing.errors import InputError
from framing.validation.coders import measure_reliability
from framing.validation.curves import reliability_bins, risk_coverage
from framing.validation.decisions import evaluate_decisions, evaluate_groups
from framing.validation.intervals import EXACT, METHOD, ONE_DOCUMENT
from tests import chart_parts
from tests.chart_tables import FRAMES, HOSTILE, PLAIN

NAN = float("nan")
CODEBOOK = {"war": "War and peace", "trade": "Trade", "law": "Humanitarian law and civilian harm"}
IDS = list(CODEBOOK)
N_DRAWS = 200
OUTLETS = ["Reuters", "Tass", "Xinhua"]


def _once(measure: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """A table measured once for each list of names, and copied for each test."""
    measured: dict[tuple[str, ...], pd.DataFrame] = {}

    def copy(*names: list[str]) -> pd.DataFrame:
        key = tuple(names[0]) if names else ()
        if key not in measured:
            measured[key] = measure(*names)
        return measured[key].copy()

    return copy


def _labels(n: int = 60, k: int = 3) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Gold labels, scores that go with them, and documents of two passages each."""
    generator = np.random.default_rng(0)
    gold = generator.random((n, k)) < 0.3
    scores = 0.4 * gold + 0.6 * generator.random((n, k))
    return gold, scores, [f"d{number // 2}" for number in range(n)]


@_once
def _per_frame(frames: list[str] = IDS) -> pd.DataFrame:
    gold, scores, documents = _labels(k=len(frames))
    table = evaluate_decisions(
        gold, scores >= 0.5, scores, frames=frames, documents=documents, n_bootstrap=N_DRAWS
    )  # fmt: skip
    return table[table["frame"].isin(frames)].reset_index(drop=True)


@_once
def _per_group(outlets: list[str] = OUTLETS) -> pd.DataFrame:
    gold, scores, documents = _labels(n=12 * len(outlets))
    groups = [outlets[number // 12] for number in range(len(gold))]
    table = evaluate_groups(
        gold, scores >= 0.5, scores, groups=groups, frames=IDS, documents=documents, n_bootstrap=N_DRAWS
    )  # fmt: skip
    return table[~table["frame"].isin(IDS)].reset_index(drop=True)


@_once
def _bins() -> pd.DataFrame:
    gold, scores, _ = _labels()
    table = reliability_bins(gold, scores, frames=IDS)
    return table[table["frame"] == "(all)"].reset_index(drop=True)


@_once
def _risk() -> pd.DataFrame:
    gold, scores, documents = _labels()
    table = risk_coverage(gold, scores, 0.5, frames=IDS, documents=documents, n_bootstrap=N_DRAWS)
    return table[table["frame"] == "(all)"].reset_index(drop=True)


@_once
def _reliability(frames: list[str] = IDS) -> pd.DataFrame:
    gold, _, documents = _labels(k=len(frames))
    other = gold ^ (np.random.default_rng(1).random(gold.shape) < 0.1)
    codings = np.stack([gold, other]).astype(float)
    return measure_reliability(codings, frames=frames, documents=documents, n_bootstrap=N_DRAWS)


DRAWN: dict[str, Callable[[], Any]] = {
    "agreement_per_frame": lambda: charts.agreement_per_frame(_per_frame(), CODEBOOK),
    "agreement_per_group": lambda: charts.agreement_per_group(_per_group()),
    "reliability_curve": lambda: charts.reliability_curve(_bins()),
    "risk_coverage_curve": lambda: charts.risk_coverage_curve(_risk()),
    "coder_alpha": lambda: charts.coder_alpha(_reliability(), CODEBOOK),
}


def test_every_chart_of_validity_is_offered_and_tested():
    assert set(DRAWN) == {*validation.__all__, *calibration.__all__}
    assert set(DRAWN) <= set(charts.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_renders_with_title_units_and_no_legend(name):
    chart = DRAWN[name]()
    spec = chart.to_dict()
    assert len(spec["title"]["text"]) > 10
    axes = [
        part["x"]["title"]
        for part in chart_parts.parts(spec)
        if isinstance(part.get("x"), dict) and "title" in part["x"]
    ]
    assert axes
    assert all(len(title) > 5 for title in axes)
    assert not [part for part in chart_parts.parts(spec) if "field" in part and part.get("legend")]
    words = chart_parts.words(chart)
    assert "undefined" not in words
    assert "null" not in words
    assert "NaN" not in words
    assert charts.to_png(chart, scale=0.5).startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("name", DRAWN)
def test_intervals_are_drawn(name):
    spans = {
        part["mark"]["type"]
        for part in chart_parts.parts(DRAWN[name]().to_dict())
        if "mark" in part and "high" in {channel.get("field") for channel in part.get("encoding", {}).values()}
    }
    assert spans == {"area" if name == "risk_coverage_curve" else "rule"}


@pytest.mark.slow
def test_hostile_names_are_shown_and_harmless():
    for chart in (
        charts.agreement_per_frame(_per_frame(list(FRAMES)), FRAMES),
        charts.coder_alpha(_reliability(list(FRAMES)), FRAMES),
        charts.agreement_per_group(_per_group(HOSTILE)),
    ):
        svg = charts.to_svg(chart)
        assert "<script" not in svg.lower()
        for element in ElementTree.fromstring(svg).iter():
            assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "image")
        assert "undefined" not in chart_parts.words(chart)
    words = chart_parts.words(charts.agreement_per_group(_per_group(HOSTILE)))
    for shown in ('<script>alert("x")</script>', "{datum.label}", "__proto__"):
        assert shown in words
    assert "Frame.with[brackets]" in chart_parts.words(charts.coder_alpha(_reliability(list(FRAMES)), FRAMES))


def test_frames_stand_in_the_codebooks_order_in_every_panel():
    turned = dict(reversed(CODEBOOK.items()))
    spec = charts.agreement_per_frame(_per_frame(), turned).to_dict()
    orders = [part["y"]["scale"]["domain"] for part in chart_parts.parts(spec) if isinstance(part.get("y"), dict)]
    assert len(orders) == 8  # a line and a dot in each of four panels
    assert all(order == list(turned.values()) for order in orders)
    words = chart_parts.words(charts.agreement_per_frame(_per_frame(), CODEBOOK))
    for text in ("Precision", "Recall", "F1", "Average precision", *CODEBOOK.values()):
        assert text in words
    assert "…" not in words


def test_the_support_of_each_frame_is_written():
    gold, _, _ = _labels()
    words = chart_parts.words(charts.agreement_per_frame(_per_frame(), CODEBOOK))
    for name, n in zip(CODEBOOK.values(), gold.sum(axis=0), strict=True):
        assert f"{name} ({n})" in words


def test_what_is_undefined_is_left_out_and_said():
    table = _per_frame()
    whole = charts.agreement_per_frame(table, CODEBOOK)
    assert "Left out" not in chart_parts.subtitle(whole)
    assert chart_parts.n_marks(whole, "point") == 12
    gap = (table["frame"] == "trade") & table["measure"].isin(["precision", "f1"])
    table.loc[gap, ["estimate", "low", "high"]] = NAN
    holed = charts.agreement_per_frame(table, CODEBOOK)
    assert "Left out, as undefined: precision of Trade, F1 of Trade." in chart_parts.subtitle(holed)
    assert chart_parts.n_marks(holed, "point") == chart_parts.n_marks(holed, "rule mark") == 10
    table.loc[table["frame"] != "law", "estimate"] = NAN
    assert "and 5 more." in chart_parts.subtitle(charts.agreement_per_frame(table, CODEBOOK))
    charts.to_svg(charts.agreement_per_frame(table.assign(estimate=NAN, low=NAN, high=NAN), CODEBOOK))


def test_an_estimate_without_an_interval_is_a_dot_alone():
    table = _per_frame()
    table.loc[table["frame"] == "war", ["low", "high"]] = NAN
    chart = charts.agreement_per_frame(table, CODEBOOK)
    assert chart_parts.n_marks(chart, "point") == 12
    assert chart_parts.n_marks(chart, "rule mark") == 8


def test_groups_keep_the_colours_of_the_report():
    chosen = charts.palette(PLAIN)
    few = ["Xinhua", "Fox News"]
    spec = charts.agreement_per_group(_per_group(few), groups=PLAIN).to_dict()
    scales = [part["color"]["scale"] for part in chart_parts.parts(spec) if isinstance(part.get("color"), dict)]
    assert len(scales) == 6
    for scale in scales:
        assert dict(zip(scale["domain"], scale["range"], strict=True)) == {name: chosen[name][0] for name in few}


def test_groups_are_compared_on_three_measures():
    table = _per_group()
    chart = charts.agreement_per_group(table, by="perspective", level=0.9)
    assert chart.to_dict()["title"]["text"] == "Agreement with the human labels, by perspective"
    assert "90% interval" in chart_parts.subtitle(chart)
    words = chart_parts.words(chart)
    for text in ("macro-F1", "micro-F1", "calibration error", *OUTLETS):
        assert text in words
    table.loc[(table["group"] == "Tass") & (table["frame"] == "(macro)"), ["estimate", "low", "high"]] = NAN
    assert "Left out, as undefined: macro-F1 of Tass." in chart_parts.subtitle(charts.agreement_per_group(table))


def test_a_single_group_without_an_interval_is_drawn():
    table = _per_group(["Tass"]).assign(low=NAN, high=NAN)
    chart = charts.agreement_per_group(table)
    assert "Tass" in chart_parts.words(chart)
    assert chart_parts.n_marks(chart, "rule mark") == 0


def test_the_curve_has_a_diagonal_and_a_dot_a_bin():
    bins = _bins()
    chart = charts.reliability_curve(bins)
    assert chart_parts.n_marks(chart, "point") == len(bins)
    assert sum(part.get("mark", {}).get("type") == "line" for part in chart_parts.parts(chart.to_dict())) == 1
    ends = [rows for rows in chart.to_dict()["datasets"].values() if len(rows) == 2]
    assert [[(row["mean_score"], row["low"]) for row in rows] for rows in ends] == [[(0.0, 0.0), (1.0, 1.0)]]
    assert f"{int(bins['n'].sum()):,} scores in {len(bins)} bins" in chart_parts.subtitle(chart)
    assert "95% Wilson interval" in chart_parts.subtitle(chart)


def test_risk_has_a_band_or_says_why_not():
    assert "Band: 95% interval" in chart_parts.subtitle(DRAWN["risk_coverage_curve"]())
    single = charts.risk_coverage_curve(_risk().assign(low=NAN, high=NAN, method=ONE_DOCUMENT))
    assert "No band: a single document." in chart_parts.subtitle(single)
    assert "180 in all" in chart_parts.subtitle(single)
    charts.to_svg(single)


def test_an_exact_interval_is_no_part_of_the_band_nor_of_the_scale():
    table = _risk().assign(method=METHOD)
    table.loc[0, ["risk", "low", "high", "method"]] = [0.0, 0.0, 0.975, EXACT]
    highest = table.loc[1:, "high"].max()
    chart = charts.risk_coverage_curve(table)
    spec = chart.to_dict()
    (band,) = [part for part in chart_parts.parts(spec) if part.get("mark", {}).get("type") == "area"]
    assert [row["coverage"] for row in spec["datasets"][band["data"]["name"]]] == table["coverage"].to_list()[1:]
    tops = {part["scale"]["domain"][1] for part in chart_parts.parts(spec) if "domain" in part.get("scale", {})}
    assert sorted(tops) == pytest.approx(sorted([1.05 * highest, 1]))
    assert "None where no draw differs: the table has" in chart_parts.subtitle(chart).replace("\n", " ")


def test_a_classifier_without_an_error_is_drawn():
    chart = charts.risk_coverage_curve(_risk().assign(risk=0.0, low=0.0, high=0.5, method=EXACT))
    assert "No band: no draw differs; the table has the exact intervals." in chart_parts.subtitle(chart).replace(
        "\n", " "
    )
    domains = [
        part["scale"]["domain"] for part in chart_parts.parts(chart.to_dict()) if "domain" in part.get("scale", {})
    ]
    assert all(math.isfinite(high) and high > low for low, high in domains)
    charts.to_svg(chart)


def test_the_limits_of_alpha_are_drawn_and_whose_they_are_is_said():
    chart = DRAWN["coder_alpha"]()
    words = chart_parts.words(chart)
    for text in ("0.667", "0.8", "Mean of the frames", *CODEBOOK.values()):
        assert text in words
    assert "Krippendorff’s own customary limits" in chart_parts.subtitle(chart)
    assert chart_parts.n_marks(chart, "point") == 4  # percent agreement is left to the table


def test_an_alpha_below_zero_is_within_the_axis():
    table = _reliability()
    table.loc[table["frame"] == "war", ["estimate", "low"]] = [-0.2, -0.4]
    domains = [part["scale"]["domain"] for part in chart_parts.parts(charts.coder_alpha(table, CODEBOOK).to_dict())
               if isinstance(part.get("scale"), dict) and part["scale"].get("nice")]  # fmt: skip
    assert domains
    assert all(domain == [-0.4, 1.0] for domain in domains)


def test_alphas_that_are_undefined_are_left_out_and_said():
    table = _reliability()
    table.loc[table["frame"] == "war", ["estimate", "low", "high"]] = NAN
    chart = charts.coder_alpha(table, CODEBOOK)
    assert "Left out, as undefined: alpha of War and peace." in chart_parts.subtitle(chart)
    assert chart_parts.n_marks(chart, "point") == 3
    none = charts.coder_alpha(table.assign(estimate=NAN, low=NAN, high=NAN), CODEBOOK)
    assert "No frame has an alpha" in chart_parts.subtitle(none)
    charts.to_svg(none)


def test_no_coders_is_a_chart_that_says_so():
    chart = charts.coder_alpha(pd.DataFrame(columns=["frame", "measure", "estimate"]), CODEBOOK)
    assert chart_parts.subtitle(chart) == "There are not columns of at least two coders, so no reliability."
    assert "There are not columns of at least two coders" in chart_parts.words(chart)


def test_errors_say_what_is_missing():
    remedy = r"open_validity\(settings\), which needs human labels"
    with pytest.raises(InputError, match=rf"no agreement per frame to draw.*`per_frame` of framing\.{remedy}"):
        charts.agreement_per_frame(_per_frame().iloc[:0], CODEBOOK)
    with pytest.raises(InputError, match=rf"no agreement per outlet to draw.*`per_group_overall`.*{remedy}"):
        charts.agreement_per_group(_per_group().iloc[:0])
    with pytest.raises(InputError, match=rf"no calibration to draw.*`bins`.*{remedy}"):
        charts.reliability_curve(_bins().iloc[:0])
    with pytest.raises(InputError, match=rf"no risk at each coverage to draw.*`risk_coverage`.*{remedy}"):
        charts.risk_coverage_curve(_risk().iloc[:0])
    with pytest.raises(InputError, match=r"agreement per frame lacks the column\(s\) measure"):
        charts.agreement_per_frame(_per_frame().drop(columns="measure"), CODEBOOK)
    with pytest.raises(InputError, match=r"agreement per outlet lacks the column\(s\) group"):
        charts.agreement_per_group(_per_group().drop(columns="group"))
    with pytest.raises(InputError, match=r"bins of scores lacks the column\(s\) mean_score"):
        charts.reliability_curve(_bins().drop(columns="mean_score"))
    with pytest.raises(InputError, match=r"risk and coverage lacks the column\(s\) risk"):
        charts.risk_coverage_curve(_risk().drop(columns="risk"))
    with pytest.raises(InputError, match=r"reliability of coders lacks the column\(s\) low"):
        charts.coder_alpha(_reliability().drop(columns="low"), CODEBOOK)


def test_a_table_without_the_measures_is_empty_too():
    other = _per_frame().assign(measure="brier")
    with pytest.raises(InputError, match="no agreement per frame to draw"):
        charts.agreement_per_frame(other, CODEBOOK)
    with pytest.raises(InputError, match="no agreement per frame to draw"):
        charts.agreement_per_frame(_per_frame(), {"absent": "Absent"})
