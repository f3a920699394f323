"""Frames within voices: by hand, and corrected for errors of classifier and rules together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.correction import draw_corrected_shares
from framing.estimates.in_voice import estimate_prevalence_in_voice, names_speakers
from framing.estimates.prevalence import estimate_prevalence
from framing.tables import GOLD, RAW, SHARES
from tests.labelled import sampled_table


def make_voices(table: pd.DataFrame, voices: list[str]) -> pd.DataFrame:
    ids = table["passage_id"].drop_duplicates()
    return pd.DataFrame({"passage_id": ids, "voice": voices, "speaker": "", "speaker_group": ""})


def make_population(seed: int, n: int = 300) -> tuple[np.ndarray, ...]:
    """Frame and voice of passages, the score of the frame and the voice by the rules, both with errors."""
    generator = np.random.default_rng(seed)
    is_own = generator.random(n) < 0.5
    labels = generator.random(n) < np.where(is_own, 0.2, 0.5)
    scores = np.clip(0.4 * labels + 0.6 * generator.random(n), 0, 1)
    is_marked_own = np.where(generator.random(n) < np.where(is_own, 0.3, 0.1), ~is_own, is_own)
    return is_own, labels, scores, is_marked_own


def test_share_is_that_of_the_formula_and_voices_add_up():
    is_own, labels, scores, is_marked_own = make_population(2, n=60)
    chosen = np.arange(60) % 2 == 0
    table = sampled_table(labels, scores, np.where(chosen, 2.0, 0.0))
    table["gold_speaker"] = np.where(chosen, np.where(is_own, "", "Ana Duarte"), None)
    voices = make_voices(table, list(np.where(is_marked_own, "own", "quoted")))
    result = estimate_prevalence_in_voice(table, voices, target="corpus", n_bootstrap=50)
    assert tuple(result.columns) == ("outlet", "voice", *SHARES, *RAW)
    assert result["voice"].to_list() == ["own", "others"]
    for voice, in_voice, is_marked in (("own", is_own, is_marked_own), ("others", ~is_own, ~is_marked_own)):
        y, f = labels * in_voice, scores * is_marked
        slope = np.polyfit(f[chosen], y[chosen].astype(float), 1)[0]  # one group: its slope is the pooled one
        expected = slope * f.mean() + (y[chosen] - slope * f[chosen]).mean()
        row = result.set_index("voice").loc[voice]
        assert row["estimate"] == pytest.approx(expected)
        assert row["low"] < expected < row["high"]
        assert row["raw"] == pytest.approx(((scores >= 0.5) & is_marked).mean())
        assert row["n_gold"] == 30
        assert row["method"].endswith("errors of classifier and voices included")


def test_labels_alone_count_where_rules_know_no_voice():
    is_own, labels, scores, _ = make_population(3, n=40)
    table = sampled_table(labels, scores, np.ones(40))
    table["gold_speaker"] = np.where(is_own, "", "Ana Duarte")
    result = estimate_prevalence_in_voice(table, make_voices(table, ["unknown"] * 40), n_bootstrap=50)
    shares = result.set_index("voice")["estimate"]
    assert shares["own"] == pytest.approx((labels & is_own).mean())
    assert shares["others"] == pytest.approx((labels & ~is_own).mean())
    assert shares.sum() == pytest.approx(labels.mean())
    assert set(result["raw"]) == {0.0}


def test_without_named_speakers_shares_are_of_what_is_marked():
    table = sampled_table([1, 1, 1, 0, 1, 0, 0, 1], [0.9, 0.9, 0.1, 0.9, 0.9, 0.2, 0.1, 0.9], np.ones(8))
    voices = make_voices(table, ["own", "quoted", "own", "reported", "unknown", "own", "own", "unknown"])
    for each in (table, table.drop(columns=list(GOLD)).assign(gold_speaker="")):
        assert not names_speakers(each)
        result = estimate_prevalence_in_voice(each, voices, n_bootstrap=50)
        assert result[["voice", "estimate", "n_passages", "n_gold"]].to_numpy().tolist() == [
            ["own", 0.125, 8, 0],
            ["others", 0.25, 8, 0],
            ["unknown", 0.25, 8, 0],
        ]
        assert result["estimate"].sum() == pytest.approx(estimate_prevalence(each, corrected=False)["estimate"].item())
        assert result["method"].str.endswith("errors of classifier and voices not included").all()
        assert "raw" not in result


def test_a_passage_without_decision_is_undecided_in_its_marked_voice_only():
    table = sampled_table([1, 1, 0, 0], [0.9, 0.9, 0.1, 0.1], np.zeros(4))
    table["decision"] = ["present", "abstain", "absent", "absent"]
    result = estimate_prevalence_in_voice(table, make_voices(table, ["own", "own", "quoted", "quoted"]), n_bootstrap=50)
    assert result.set_index("voice")["estimate"].to_dict() == pytest.approx({"own": 1 / 3, "others": 0})


def test_groups_frames_and_voices_are_in_order():
    labels = np.array([[1, 0], [0, 1]] * 6)
    table = sampled_table(labels, labels, np.zeros(12), outlets=["B", "A"] * 6)
    result = estimate_prevalence_in_voice(table, make_voices(table, ["quoted", "own"] * 6), n_bootstrap=50)
    assert result[["outlet", "voice", "frame"]].to_numpy().tolist() == [
        [outlet, voice, frame] for outlet in "AB" for voice in ("own", "others") for frame in ("f0", "f1")
    ]
    everything = estimate_prevalence_in_voice(table, make_voices(table, ["quoted", "own"] * 6), by=None, n_bootstrap=50)
    assert everything["group"].unique().tolist() == ["all"]


def test_a_labelled_passage_without_a_speaker_is_refused():
    table = sampled_table(np.ones(4), np.ones(4), [1, 1, 0, 0]).assign(gold_speaker=["", None, None, None])
    with pytest.raises(InputError, match="labelled passage p1: expected gold_speaker"):
        estimate_prevalence_in_voice(table, make_voices(table, ["own"] * 4))


@pytest.mark.slow
def test_intervals_cover_where_classifier_and_rules_err_and_marked_shares_do_not():
    is_own, labels, scores, is_marked_own = make_population(5, n=400)
    truth = {"own": (labels & is_own).mean(), "others": (labels & ~is_own).mean()}
    generator = np.random.default_rng(8)
    inside, raw = [], []
    for _ in range(40):
        chosen = np.zeros(400, dtype=bool)
        chosen[generator.choice(400, 100, replace=False)] = True
        table = sampled_table(labels, scores, np.where(chosen, 4.0, 0.0))
        table["gold_speaker"] = np.where(chosen, np.where(is_own, "", "Ana Duarte"), None)
        voices = make_voices(table, list(np.where(is_marked_own, "own", "reported")))
        result = estimate_prevalence_in_voice(table, voices, target="corpus", n_bootstrap=20).set_index("voice")
        for voice, true in truth.items():
            row = result.loc[voice]
            inside.append(row["low"] <= true <= row["high"])
            raw.append(row["raw_low"] <= true <= row["raw_high"])
    assert np.mean(inside) >= 0.9
    assert np.mean(raw) < 0.6


def test_the_correction_is_that_of_shares_of_the_joint_outcome():
    is_own, labels, scores, is_marked_own = make_population(7, n=80)
    chosen = np.arange(80) % 2 == 0
    outlets = np.where(np.arange(80) < 40, "A", "B")
    speakers = np.where(chosen, np.where(is_own, " ", "Ana Duarte"), None)
    table = sampled_table(labels, scores, np.where(chosen, 2.0, 0.0), outlets=outlets).assign(gold_speaker=speakers)
    joint = sampled_table(labels & is_own, scores * is_marked_own, np.where(chosen, 2.0, 0.0), outlets=outlets)
    voices = make_voices(table, list(np.where(is_marked_own, "own", "quoted")))
    result = estimate_prevalence_in_voice(table, voices, n_bootstrap=50)
    expected = draw_corrected_shares(joint, by="outlet", n_bootstrap=50).shares.ravel()
    assert result.loc[result["voice"] == "own", "estimate"].to_numpy() == pytest.approx(expected)
