"""Fragility: variations are counted, cached and not made again; kinds that are not varied have a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.analysis.analysis import open_analysis
from framing.analysis.fragility import measure_fragility
from framing.classify.seed_influence import seed_names, shares_without_seeds
from framing.settings import Settings
from framing.tables import FRAGILITY
from tests.analysis.project import enter_project, write_project
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook_file

KEYS = ["frame", "group_a", "group_b"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    generator = np.random.default_rng(0)
    rows = []
    for number in range(60):
        outlet = "AB"[number % 2]
        topics = [WAR, TRADE, SPORT] if generator.random() < 0.3 else ([WAR, WAR] if outlet == "A" else [TRADE, SPORT])
        text = " ".join(topic[int(generator.integers(3))] for topic in topics)
        rows.append({"text": f"{text} Page {number}.", "outlet": outlet, "published": "2025-07-01"})
    write_project(tmp_path, rows, multi_label=True)
    enter_project(tmp_path, monkeypatch)
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: ["minilm"])
    return tmp_path


@pytest.mark.slow
def test_variations_are_counted_and_cached(project):
    lines = []
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=300)
    fragility = measure_fragility(settings, say=lines.append)
    assert list(fragility.headlines.columns) == list(FRAGILITY)
    assert len(fragility.headlines) >= 3
    kinds = fragility.left_out.set_index("kind")["reason"]
    assert "no other encoder is installed" in kinds["encoder"]
    for row in fragility.headlines.to_dict("records"):
        varied = fragility.variations.merge(pd.DataFrame([{name: row[name] for name in KEYS}]), on=KEYS)
        assert len(varied) == row["n_variations"]
        same_sign = np.sign(varied["estimate"]) == np.sign(row["estimate"])
        survived = same_sign & (varied["differs"].astype(bool) == row["differs"])
        assert row["n_same_sign"] == same_sign.sum()
        assert row["n_survived"] == survived.sum()
        of_kind = varied["kind"] == "threshold"
        assert row["thresholds"] == f"{survived[of_kind].sum()} of 4"
        assert row["smallest"] == varied["estimate"].min()
        assert row["encoders"] == "not varied"
        assert "not a sampling interval" in row["method"]
    assert any(text.startswith("passage size") for text in lines)
    svg = charts.to_svg(charts.fragility_strip(fragility.headlines, fragility.variations, {"war": "War <b>"}))
    assert "<b>" not in svg
    files = sorted((project / "cache" / "fragility").rglob("*.parquet"))
    assert len(files) == 7  # four thresholds, two passage sizes, the seeds
    written = [path.stat().st_mtime_ns for path in files]
    again = measure_fragility(settings)
    assert again.variations.equals(fragility.variations)
    assert [path.stat().st_mtime_ns for path in files] == written, "a second run makes nothing anew"


@pytest.mark.slow
def test_without_a_seed_a_difference_is_compared_with_its_joint_bounds(project):
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=2000, level=0.999)
    fragility = measure_fragility(settings)
    analysis = open_analysis(settings)
    frames = analysis.codebook.frame_ids
    groups, shares, ses = shares_without_seeds(
        analysis.codebook, WordEncoder(), analysis.passages, by="outlet", frames=frames
    )
    assert groups == ["A", "B"]
    seeds = fragility.variations[fragility.variations["kind"] == "seed left out"]
    unequal = fragility.headlines[fragility.headlines["estimate"] != 0]
    assert len(unequal) >= 2
    for row in unequal.to_dict("records"):
        column = frames.index(row["frame"])
        estimate = shares[1:, column, 0] - shares[1:, column, 1]
        se = np.sqrt((ses[:, column] ** 2).sum(axis=1))
        # as many standard errors on each side as the joint interval has on its longer one
        half_width = max(row["high"] - row["estimate"], row["estimate"] - row["low"]) / se[0] * se[1:]
        low, high = estimate - half_width, estimate + half_width
        varied = seeds[seeds["frame"] == row["frame"]]
        assert varied["variation"].to_list() == seed_names(analysis.codebook)
        assert varied["estimate"].to_list() == pytest.approx(estimate)
        assert varied["low"].to_list() == pytest.approx(low)
        assert varied["high"].to_list() == pytest.approx(high)
        assert varied["differs"].to_list() == ((low > 0) | (high < 0)).tolist()
    of_unequal = seeds[seeds["frame"].isin(unequal["frame"])]
    assert 0 < of_unequal["differs"].sum() < len(of_unequal)


@pytest.mark.slow
def test_the_worst_variation_is_the_one_nearest_to_the_other_sign(project):
    fragility = measure_fragility(Settings(corpus="small", codebook="tiny", n_bootstrap=300))
    estimates = fragility.variations.set_index(["frame", "kind", "variation"])["estimate"]
    signs = set()
    for row in fragility.headlines[fragility.headlines["estimate"] != 0].to_dict("records"):
        kind, variation = row["worst"].split(": ")
        nearest = row["smallest"] if row["estimate"] > 0 else row["largest"]
        assert estimates[(row["frame"], kind, variation)] == nearest
        assert row["smallest"] < row["largest"]
        signs.add(np.sign(row["estimate"]))
    assert signs == {-1, 1}


def test_one_label_codebooks_vary_neither_thresholds_nor_seeds(project):
    codebook_file(project / "seeds", multi_label=False)
    fragility = measure_fragility(Settings(corpus="small", codebook="tiny", n_bootstrap=300))
    assert set(fragility.left_out["kind"]) == {"encoder", "threshold", "seed left out"}
    assert set(fragility.variations["kind"]) == {"passage size"}
