"""Fragility: every variation counted, kept and not made again; what is not varied is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from framing import charts
from framing.analysis.analysis import open_analysis
from framing.analysis.fragility import measure_fragility
from framing.classify.seed_influence import seed_names, shares_without_seeds
from framing.settings import Settings
from framing.tables import FRAGILITY
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook_file


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    corpus = tmp_path / "corpora" / "small"
    corpus.mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    codebook_file(tmp_path / "seeds", multi_label=True)
    generator = np.random.default_rng(0)
    rows = []
    for number in range(60):
        outlet = "AB"[number % 2]
        topics = [WAR, TRADE, SPORT] if generator.random() < 0.3 else ([WAR, WAR] if outlet == "A" else [TRADE, SPORT])
        text = " ".join(topic[int(generator.integers(3))] for topic in topics)
        rows.append({"text": f"{text} Page {number}.", "outlet": outlet, "day": "2025-07-01"})
    (corpus / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (corpus / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\n"
        "columns: {text: text, outlet: outlet, published: day}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    for module in ("analysis_prepare", "fragility"):
        monkeypatch.setattr(f"framing.{module}.open_encoder", lambda *_, **__: WordEncoder())
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: ["minilm"])
    return tmp_path


@pytest.mark.slow
def test_variations_are_counted_and_kept(project, monkeypatch):
    told = []
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=300)
    found = measure_fragility(settings, say=told.append)
    assert list(found.headlines.columns) == list(FRAGILITY)
    assert len(found.headlines) >= 3
    kinds = found.left_out.set_index("kind")["reason"]
    assert "no other encoder is installed" in kinds["encoder"]
    for row in found.headlines.to_dict("records"):
        own = found.variations[(found.variations[["frame", "group_a", "group_b"]] == [
            row["frame"], row["group_a"], row["group_b"]]).all(axis=1)]  # fmt: skip
        assert len(own) == row["n_variations"]
        same = np.sign(own["estimate"]) == np.sign(row["estimate"])
        assert row["n_same_sign"] == same.sum()
        assert row["n_survived"] == (same & (own["differs"].astype(bool) == row["differs"])).sum()
        assert row["smallest"] == own["estimate"].min()
        assert row["encoders"] == "not varied"
        assert "not a sampling interval" in row["method"]
    assert any(text.startswith("passage size") for text in told)
    svg = charts.to_svg(charts.fragility_strip(found.headlines, found.variations, {"war": "War <b>"}))
    assert "<b>" not in svg
    # a second run makes nothing anew

    def never(*_: object, **__: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr("framing.analysis.fragility.shares_without_seeds", never)
    monkeypatch.setattr("framing.analysis.fragility._decided", lambda *_: never)
    again = measure_fragility(settings)
    assert again.variations.equals(found.variations)


@pytest.mark.slow
def test_without_a_seed_a_difference_is_held_against_its_joint_bounds(project):
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=2000, level=0.999)
    found = measure_fragility(settings)
    analysis = open_analysis(settings)
    frames = analysis.codebook.frame_ids
    groups, shares, errors = shares_without_seeds(
        analysis.codebook, WordEncoder(), analysis.passages, by="outlet", frames=frames
    )
    assert groups == ["A", "B"]
    seeds = found.variations[found.variations["kind"] == "seed left out"]
    moving = found.headlines[found.headlines["estimate"] != 0]
    assert len(moving) >= 2
    for head in moving.to_dict("records"):
        column = frames.index(head["frame"])
        gap = shares[1:, column, 0] - shares[1:, column, 1]
        error = np.sqrt((errors[:, column] ** 2).sum(axis=1))
        # as many standard errors on each side as the joint interval has on its longer one
        reach = max(head["high"] - head["estimate"], head["estimate"] - head["low"]) / error[0] * error[1:]
        own = seeds[seeds["frame"] == head["frame"]]
        assert own["variation"].to_list() == seed_names(analysis.codebook)
        assert own["estimate"].to_list() == pytest.approx(gap)
        assert own["low"].to_list() == pytest.approx(gap - reach)
        assert own["high"].to_list() == pytest.approx(gap + reach)
        assert own["differs"].to_list() == ((gap - reach > 0) | (gap + reach < 0)).tolist()
    of_moving = seeds[seeds["frame"].isin(moving["frame"])]
    assert 0 < of_moving["differs"].sum() < len(of_moving)


def test_the_worst_variation_is_the_one_nearest_to_the_other_sign(project):
    found = measure_fragility(Settings(corpus="small", codebook="tiny", n_bootstrap=300))
    estimates = found.variations.set_index(["frame", "kind", "variation"])["estimate"]
    signs = set()
    for row in found.headlines[found.headlines["estimate"] != 0].to_dict("records"):
        kind, variation = row["worst"].split(": ")
        nearest = row["smallest"] if row["estimate"] > 0 else row["largest"]
        assert estimates[(row["frame"], kind, variation)] == nearest
        assert row["smallest"] < row["largest"]
        signs.add(np.sign(row["estimate"]))
    assert signs == {-1, 1}


def test_one_label_codebooks_vary_neither_thresholds_nor_seeds(project):
    codebook_file(project / "seeds", multi_label=False)
    found = measure_fragility(Settings(corpus="small", codebook="tiny", n_bootstrap=300))
    assert set(found.left_out["kind"]) == {"encoder", "threshold", "seed left out"}
    assert set(found.variations["kind"]) == {"passage size"}
