"""Fragility: what the report states is varied, counted, cached and not made again; the rest has a reason."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.analysis.analysis import open_analysis
from framing.analysis.decision_changes import decide_again
from framing.analysis.differences import KEYS, list_differences
from framing.analysis.fragility import _compares_languages, _other_encoders, measure_fragility
from framing.analysis.fragility_summary import rank_seeds, summarise_fragility
from framing.codebook import read_codebook
from framing.files.damage import CacheWarning
from framing.project import cache_folder
from framing.settings import Settings
from framing.tables import FRAGILITY
from tests.damage import flip
from tests.tiny import WordEncoder, codebook

REASONS = {
    "language": "the corpus has no translations of passages (columns: translation in corpus.yaml)",
    "encoder": "no other encoder is installed (framing encoder install mpnet)",
    "threshold": "cannot matter: corrected shares use scores, not decisions",
    "passage size": "labels are tied to the passages that were coded, of 90 words at most; passages of another size "
    "have none",
}


@pytest.fixture(autouse=True)
def _one_encoder(monkeypatch):
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: ["minilm"])


@pytest.mark.parametrize(
    ("languages", "varied", "others"),
    [
        (["en"] * 20, "", ["minilm", "mpnet", "some/folder"]),
        (["en"] * 19 + ["ru", "und"], "", ["minilm", "mpnet", "some/folder"]),  # a twentieth: errors of detection
        (["en"] * 18 + ["ru"] * 2, "", ["some/folder"]),  # what it reads is not known
        (["en"] * 18 + ["ru"] * 2, "minilm, multilingual", ["minilm"]),  # those that the settings name
    ],
)
def test_encoders_that_do_not_read_the_corpus_are_no_variation(monkeypatch, languages, varied, others):
    installed = ["minilm", "mpnet", "multilingual", "some/folder"]
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: installed)
    settings = Settings(corpus="tiny", codebook="tiny", encoder="multilingual", encoders_varied=varied)
    analysis = SimpleNamespace(documents=pd.DataFrame({"language": languages}))
    assert _other_encoders(settings, analysis) == others


@pytest.mark.slow
def test_corrected_differences_are_varied_by_seeds_alone(seeded, monkeypatch):
    settings = seeded(labelled=True)
    fragility = measure_fragility(settings)
    assert dict(fragility.left_out.itertuples(index=False)) == REASONS
    assert set(fragility.variations["kind"]) == {"seeds"}
    differences = list_differences(open_analysis(settings).classified, settings)
    stated = fragility.headlines.merge(differences, on=KEYS, suffixes=("", "_stated"))
    assert len(stated) == len(fragility.headlines) >= 3
    for column in ("estimate", "low", "high", "differs", "n_gold"):
        assert stated[column].equals(stated[f"{column}_stated"]), "the differences are those of the report"
    assert (fragility.headlines["n_gold"] > 0).all()
    assert (fragility.headlines["n_sources"] == 1).all()


@pytest.mark.slow
def test_decisions_are_varied_by_thresholds_sizes_and_seeds(seeded, monkeypatch):
    settings = seeded(labelled=False)
    lines: list[str] = []
    fragility = measure_fragility(settings, say=lines.append)
    assert dict(fragility.left_out.itertuples(index=False)) == {name: REASONS[name] for name in ("language", "encoder")}
    analysis = open_analysis(settings)
    changed = list_differences(decide_again(analysis, threshold=1.2 * analysis.threshold), settings)
    varied = fragility.variations[fragility.variations["variation"] == f"{1.2 * analysis.threshold:.3f}"]
    both = varied.merge(changed, on=KEYS, suffixes=("", "_expected"))
    assert len(both) == len(fragility.headlines)
    assert both["low"].equals(both["low_expected"])
    assert (fragility.headlines["n_sources"] == 3).all()
    assert fragility.variations.groupby("kind")["variation"].nunique().to_dict() == {
        "passage size": 2, "seeds": 40, "threshold": 4,
    }  # fmt: skip
    assert [line for line in lines if line.startswith("passage size")] == [
        "passage size: 60 words", "passage size: 120 words",
    ]  # fmt: skip
    svg = charts.to_svg(charts.fragility_strip(fragility.headlines, fragility.variations, {"war": "War <b>"}))
    assert "<b>" not in svg


@pytest.mark.slow
def test_a_second_run_makes_nothing_anew(seeded, monkeypatch):
    settings = seeded(labelled=True)
    fragility = measure_fragility(settings)

    def refuse(*_arguments, **_options):
        raise AssertionError("made again")

    for name in ("vary_seeds", "list_differences", "decide_again", "open_encoder"):
        monkeypatch.setattr(f"framing.analysis.fragility.{name}", refuse)
    again = measure_fragility(settings)
    for name in ("headlines", "variations", "seeds", "left_out"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(fragility, name))
    monkeypatch.undo()
    settings = seeded(labelled=True)
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: ["minilm"])
    for path in (cache_folder() / "fragility").glob("*/all/table.parquet"):
        flip(path)
    with pytest.warns(CacheWarning, match=r"all is damaged: table\.parquet is not what was stored"):
        again = measure_fragility(settings)
    pd.testing.assert_frame_equal(again.headlines, fragility.headlines)


@pytest.mark.slow
def test_one_label_codebooks_have_no_threshold_but_seeds(seeded, monkeypatch):
    settings = seeded(labelled=False, multi_label=False)
    fragility = measure_fragility(settings)
    assert set(fragility.left_out["kind"]) == {"language", "encoder", "threshold"}
    assert set(fragility.variations["kind"]) == {"passage size", "seeds"}


@pytest.mark.slow
def test_a_classifier_that_learned_from_labels_is_varied_by_encoders_alone(seeded, monkeypatch):
    settings = seeded(labelled=True)
    learned = Settings(**{**settings.model_dump(), "learn_from_gold": True, "strength": "head"})
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: ["minilm", "other"])
    fragility = measure_fragility(learned)
    assert "learned from labels" in dict(fragility.left_out.itertuples(index=False))["seeds"]
    assert set(fragility.variations["kind"]) == {"encoder"}
    assert fragility.seeds.empty
    assert (fragility.headlines["encoders"].isin(["1 of 1", "0 of 1"])).all()
    assert fragility.headlines["seeds_sd"].isna().all()


class ShortSighted(WordEncoder):
    """Sees the first words of a text alone, as many as its weights let it see."""

    def __init__(self, n_words: int) -> None:
        self.n_words, self.fingerprint = n_words, f"first-{n_words}"

    def encode(self, texts, *, progress=""):
        return super().encode([" ".join(text.split()[: self.n_words]) for text in texts])


@pytest.mark.slow
def test_other_weights_under_the_same_name_are_another_encoder(seeded, monkeypatch):
    settings, weights = seeded(labelled=True), {"minilm": WordEncoder(), "folder": ShortSighted(9)}
    for module in ("fragility", "prepare"):
        monkeypatch.setattr(f"framing.analysis.{module}.open_encoder", lambda name, **_: weights[name])
    monkeypatch.setattr("framing.analysis.fragility.installed_encoders", lambda: ["minilm", "folder"])
    learned = Settings(**{**settings.model_dump(), "learn_from_gold": True, "strength": "head"})
    first = measure_fragility(learned).variations
    weights["folder"] = ShortSighted(1)
    second = measure_fragility(learned).variations
    assert not np.allclose(first["estimate"], second["estimate"])
    weights["folder"] = ShortSighted(9)
    pd.testing.assert_frame_equal(measure_fragility(learned).variations, first)


# the summary, by hand

BOOK = codebook()  # three seeds a frame


def corpus_of(languages: list[str]) -> SimpleNamespace:
    """What an analysis of as many documents of one passage each says of their languages."""
    names = [f"d{row}" for row in range(len(languages))]
    documents = pd.DataFrame({"document_id": names, "language": languages})
    return SimpleNamespace(documents=documents, passages=documents[["document_id"]])


@pytest.mark.parametrize(
    ("options", "languages", "varies"),
    [
        ({"encoder": "multilingual"}, ["en"] * 10 + ["de"] * 10, True),
        ({"encoder": "owner/name@" + 40 * "0"}, ["en"] * 10 + ["de"] * 10, True),  # it may read both
        ({"encoder": "mpnet+minilm"}, ["en"] * 10 + ["de"] * 10, False),
        ({"encoder": "multilingual"}, ["en"] * 20 + ["de"] * 9, False),
        ({"encoder": "multilingual", "scorer": "nli", "nli_model": "owner/nli"}, ["en"] * 10 + ["de"] * 10, False),
    ],
)
def test_the_shift_of_languages_is_varied_where_there_are_several(options, languages, varies):
    settings = SimpleNamespace(**{"scorer": "seeds", **options})
    assert _compares_languages(settings, corpus_of(languages)) == varies


def difference(name: str, estimate: float, *, differs: bool) -> dict[str, object]:
    return {
        "family": "against the rest", "frame": "war", "group_a": name, "group_b": "rest",
        "estimate": estimate, "low": estimate - 0.1, "high": estimate + 0.1, "differs": differs, "n_passages": 10,
        "n_documents": 5, "n_gold": 12, "method": "corrected",
    }  # fmt: skip


def variation(name: str, kind: str, variation: str, estimate: float, differs: bool) -> dict[str, object]:
    key = {"frame": "war", "group_a": name, "group_b": "rest"}
    return {"kind": kind, "variation": variation, **key, "estimate": estimate, "differs": differs}


def summarise(headline, variations, singles=()):
    headlines = pd.DataFrame([headline])
    columns = ["kind", "variation", *KEYS, "estimate", "differs"]
    seeds = rank_seeds(headlines, pd.DataFrame(singles, columns=columns), BOOK)
    return summarise_fragility(headlines, pd.DataFrame(variations, columns=columns), seeds, BOOK).iloc[0], seeds


def test_a_clear_difference_survives_where_it_is_as_clear_and_has_its_sign():
    halves = [variation("A", "seeds", f"half {n}", 0.1 + 0.02 * n, n < 9) for n in range(10)]
    row, _ = summarise(
        difference("A", 0.2, differs=True),
        [
            variation("A", "encoder", "mpnet", 0.1, True),
            variation("A", "threshold", "0.4", 0.3, True),
            variation("A", "threshold", "0.6", -0.2, True),
            variation("A", "passage size", "60 words", 0.1, False),
            variation("A", "language shift", "kept", 0.25, True),
            *halves,
        ],
    )
    assert list(row.index) == list(FRAGILITY)
    assert row[["encoders", "thresholds", "passage_sizes", "language_shift", "seeds"]].tolist() == [
        "1 of 1", "1 of 2", "0 of 1", "1 of 1", "9 of 10",
    ]  # fmt: skip
    assert row[["n_survived", "n_sources"]].tolist() == [3, 5], "encoders, languages, and seeds with nine in ten"
    assert row[["smallest", "largest", "worst"]].tolist() == [-0.2, 0.3, "threshold: 0.6"]
    # .10, .12, …, .28: standard deviation .02 sqrt(110 / 12); of three seeds one is left out: factor sqrt(2)
    assert row["seeds_sd"] == pytest.approx(0.02 * np.sqrt(110 / 12) * np.sqrt(2))
    assert row["seeds_same_sign"] == 1.0


def test_a_difference_that_is_not_clear_survives_where_it_stays_so():
    row, _ = summarise(
        difference("A", 0.02, differs=False),
        [
            variation("A", "encoder", "mpnet", -0.01, False),
            variation("A", "encoder", "multilingual", 0.3, True),
            *[variation("A", "seeds", f"half {n}", -0.01 if n < 4 else 0.01, n < 2) for n in range(10)],
        ],
    )
    assert row[["encoders", "seeds", "n_survived", "n_sources"]].tolist() == ["1 of 2", "8 of 10", 0, 2]
    assert row["seeds_same_sign"] == pytest.approx(0.6)


def test_the_most_influential_seed_moves_the_difference_most():
    singles = [
        variation("A", "seed left out", f"war, seed {n}", estimate, True)
        for n, estimate in ((1, 0.21), (2, 0.12), (3, 0.25))
    ]
    row, seeds = summarise(difference("A", 0.2, differs=True), [], singles)
    assert seeds["seed"].to_list() == ["war, seed 2", "war, seed 3", "war, seed 1"]
    assert seeds["moved"].to_list() == pytest.approx([-0.08, 0.05, 0.01])
    assert seeds.loc[0, "text"] == BOOK.frames[0].seeds[1]
    assert row["n_sources"] == 0
    halves = [variation("A", "seeds", f"half {n}", 0.2, True) for n in range(2)]
    row, _ = summarise(difference("A", 0.2, differs=True), halves, singles)
    assert row[["influential_seed", "without_it"]].tolist() == ["war, seed 2", 0.12]


def test_the_first_seeds_are_the_most_influential_of_each_difference():
    headlines = pd.DataFrame([difference("B", 0.2, differs=True), difference("A", 0.1, differs=True)])
    singles = [
        variation(name, "seed left out", f"war, seed {n}", estimate, True)
        for name, n, estimate in (("A", 1, 0.12), ("A", 2, 0.11), ("B", 1, 0.21), ("B", 2, 0.25))
    ]
    seeds = rank_seeds(headlines, pd.DataFrame(singles), BOOK)
    assert seeds[["group_a", "seed"]].to_numpy().tolist() == [
        ["B", "war, seed 2"], ["A", "war, seed 1"], ["B", "war, seed 1"], ["A", "war, seed 2"],
    ]  # fmt: skip


def test_the_row_in_words():
    halves = [variation("A", "seeds", f"half {n}", value, True) for n, value in enumerate((0.18, 0.22))]
    singles = [variation("A", "seed left out", "war, seed 2", 0.12, True)]
    row, _ = summarise(difference("A", 0.2, differs=True), halves, singles)
    assert row["in_words"] == (
        "War, A against all others: +20.0 points (+10.0 to +30.0), clear of noise. This survives 1 of 1 sources of "
        "variation: seeds 2 of 2. The choice of seeds moves it by 4.0 points (standard deviation); 100% of random "
        "halves give the same sign. Without war, seed 2, which moves it most: +12.0. It lies between +18.0 and +22.0; "
        "worst, seeds: half 0."
    )
    alone, _ = summarise(difference("A", 0.2, differs=False), [])
    assert alone["in_words"].endswith("points (+10.0 to +30.0), not clear of noise. Nothing was varied.")


@pytest.mark.slow
def test_the_sample_is_varied_by_halves_of_its_seeds(root, encoder):
    """The bundled encoder, three of the sample's frames: what the analysis scored is what the seeds are varied from."""
    from framing.classify.classifier import FrameClassifier
    from framing.classify.seed_influence import draw_halves, find_calibration, score_without_seeds

    whole = read_codebook(root / "seeds" / "great-power-crisis.yaml")
    book = codebook(*whole.frames[1:4], multi_label=True)
    texts = [book.frames[1].seeds[0], "The ship sailed for Odesa with grain.", "Talks on a truce were put off again."]
    frame = book.frame_ids[1]
    raw = score_without_seeds(book, encoder, texts, {frame: draw_halves(book, n=4, random_seed=0)})[frame]
    scores = FrameClassifier(book, encoder).fit().predict_proba(texts)[:, [1]]
    blend = find_calibration(raw[:, :1], scores, multi_label=True)
    np.testing.assert_allclose(blend.predict_proba(raw[None, :, :1]), scores, atol=1e-4)
    halves = [blend.predict_proba(raw[None, :, [place]])[0, 0] for place in range(1, 5)]
    assert min(halves) > 0.5, "a seed is found by half of the others"
