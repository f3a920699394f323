"""From settings to classified passages: with and without labels, kept once, and refused where settings contradict."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import classify_passages, handed_over, long_table, open_analysis
from framing.classify.abstention import GUARANTEES
from framing.classify.classifier import FrameClassifier
from framing.errors import InputError
from framing.settings import Settings
from framing.tables import CLASSIFIED
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, codebook_file

FRAMES = ["war", "trade", "sport"]
LEARNING = {"learn_from_gold": True, "strength": "head"}


def labelled(n: int = 36) -> pd.DataFrame:
    """Passages of six outlets' documents, two a document; every seventh label is wrong."""
    rows = []
    for number in range(n):
        topic = number % 3
        text = [WAR, TRADE, SPORT][topic][number // 3 % 3]
        frame = FRAMES[(topic + (number % 7 == 0)) % 3]
        rows.append((f"d{number // 2}", "AB"[number // 2 % 2], f"{text} Page {number}.", frame))
    return pd.DataFrame(rows, columns=["document_id", "outlet", "text", "frames"])


def build(folder: Path, gold: str = "gold: {file: coded.csv}\n") -> None:
    corpus = folder / "corpora" / "small"
    corpus.mkdir(parents=True)
    (folder / "seeds").mkdir()
    codebook_file(folder / "seeds")
    texts = [{"text": text, "outlet": "AB"[row % 2], "day": "2025-07-01"} for row, text in enumerate([*PASSAGES, *WAR])]
    (corpus / "rows.jsonl").write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    (corpus / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\n"
        f"columns: {{text: text, outlet: outlet, published: day}}\n{gold}",
        encoding="utf-8",
    )
    labelled().to_csv(corpus / "coded.csv", index=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    build(tmp_path)
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("framing.analysis.prepare.open_encoder", lambda *_, **__: WordEncoder())
    return tmp_path


def settings(**values: object) -> Settings:
    return Settings(corpus="small", codebook="tiny", **values)


def gold_fit(**parameters: object) -> FrameClassifier:
    table = labelled()
    told = np.array([[frame == name for name in FRAMES] for frame in table["frames"]])
    classifier = FrameClassifier(codebook(), WordEncoder(), random_seed=20250704, **parameters)
    return classifier.fit(table["text"].to_list(), told, groups=table["document_id"].to_list())


# tables


def test_long_table_by_hand():
    passages = pd.DataFrame({name: ["x", "y"] for name in CLASSIFIED if name not in ("frame", "score", "decision")})
    passages["passage_id"] = ["p1", "p2"]
    passages["n_words"] = [4, 7]
    passages.index = [5, 3]
    scores = pd.DataFrame({"passage_id": ["p1", "p2"], "sport": [0.3, 0.6], "war": [0.1, 0.4], "trade": [0.2, 0.5]})
    decisions = scores.astype(str).assign(war=["absent", "abstain"], trade="present", sport=["absent", "present"])
    found = long_table(passages, scores, decisions, codebook())
    assert tuple(found.columns) == (*CLASSIFIED, "n_words")
    assert found["passage_id"].to_list() == ["p1"] * 3 + ["p2"] * 3
    assert found["frame"].to_list() == FRAMES * 2  # in the codebook's order, whatever that of the columns
    assert found["score"].to_list() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert found["decision"].to_list() == ["absent", "present", "absent", "abstain", "present", "present"]
    assert found["n_words"].to_list() == [4] * 3 + [7] * 3


def test_classified_passages_carry_abstentions():
    classifier = gold_fit(strength="head", precision={"war": 0.99})
    passages = pd.DataFrame({name: [""] * 3 for name in CLASSIFIED if name not in ("frame", "score", "decision")})
    passages["passage_id"], passages["text"] = ["a", "b", "c"], PASSAGES
    found = classify_passages(passages, codebook(), classifier)
    assert found["score"].to_list() == classifier.predict_proba(PASSAGES).ravel().tolist()
    assert found["decision"].to_list() == classifier.decide(PASSAGES).ravel().tolist()
    assert "abstain" in set(found["decision"])


# with and without labels


def test_zero_shot_scores_the_labelled_passages_too(project):
    found = open_analysis(settings())
    assert found.facts.method == "zero-shot from the codebook's seeds: exploratory"
    why = "the labels say no inclusion probabilities (draw passages with framing sample)"
    counts = {"file": "coded.csv", "passages": 36, "refused": 0, "learned_from": False, "tuned_in": ""}
    assert found.facts.labels.model_dump() == {**counts, "correction": why}
    assert found.labelled.empty
    plain = FrameClassifier(codebook(), WordEncoder()).fit()
    expected = plain.predict_proba(labelled()["text"].to_list())
    np.testing.assert_allclose(found.gold_scores[FRAMES].to_numpy(), expected, atol=1e-9)
    assert found.gold_decisions[FRAMES].to_numpy().tolist() == plain.decide_scores(expected).tolist()
    assert found.gold_scores["passage_id"].is_unique
    assert len(found.guarantees) == 0
    assert list(found.guarantees.columns) == list(GUARANTEES)
    assert np.isnan(found.threshold), "one frame a passage has no threshold"


def test_learned_scores_of_labelled_passages_are_cross_fitted(project):
    found = open_analysis(settings(**LEARNING))
    assert found.facts.method == "learned from 36 labelled passages (head), seeds as prior examples"
    assert found.facts.labels.learned_from is True
    fitted = gold_fit(strength="head")
    np.testing.assert_allclose(found.gold_scores[FRAMES].to_numpy(), fitted.cross_fitted_, atol=1e-9)
    seen = fitted.predict_proba(labelled()["text"].to_list())
    assert np.abs(found.gold_scores[FRAMES].to_numpy() - seen).max() > 0.01
    expected = fitted.predict_proba(found.passages["text"].to_list())
    np.testing.assert_allclose(found.scores[FRAMES].to_numpy(), expected, atol=1e-9)
    assert found.decisions[FRAMES].to_numpy().tolist() == fitted.decide_scores(expected).tolist()


def test_promises_reach_the_tables(project):
    found = open_analysis(settings(**LEARNING, wanted_precision=0.3, wanted_recall=0.97))
    assert found.guarantees["measure"].to_list() == ["precision", "recall"] * 3
    held = found.guarantees.set_index(["measure", "frame"])["held"]
    assert held["precision"].all()
    assert not held["recall"].any(), "twelve passages a frame are too few"
    assert not (found.decisions[FRAMES] == "absent").any(axis=None)
    assert (found.gold_decisions[FRAMES] == "abstain").any(axis=None)


def test_a_corpus_without_labels_has_empty_tables_of_them(project):
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("gold: {file: coded.csv}\n", ""))
    found = open_analysis(settings())
    assert len(found.gold_scores) == len(found.gold_decisions) == 0
    assert list(found.gold_scores.columns) == ["passage_id", *FRAMES]
    counts = {"file": "", "passages": 0, "refused": 0, "learned_from": False, "tuned_in": ""}
    assert found.facts.labels.model_dump() == {**counts, "correction": "no labelled passages"}


def test_labels_of_another_codebook_do_not_stop_an_analysis(project):
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("coded.csv}", "coded.csv, codebook: others}"))
    assert len(open_analysis(settings()).gold_scores) == 0
    with pytest.raises(InputError, match=r"corpus small names no human labels of the codebook tiny; add gold: to its"):
        open_analysis(settings(**LEARNING))


# kept once


def test_what_was_learned_is_kept(project, monkeypatch):
    first = open_analysis(settings(**LEARNING))
    with monkeypatch.context() as patch:
        patch.setattr(FrameClassifier, "fit", lambda *_, **__: pytest.fail("it was fitted again"))
        again = open_analysis(settings(**LEARNING, n_bootstrap=300))  # does not change scores
    pd.testing.assert_frame_equal(first.decisions, again.decisions)
    pd.testing.assert_frame_equal(first.gold_scores, again.gold_scores)


@pytest.mark.parametrize(
    "change",
    [{}, {"learn_from_gold": True}, {**LEARNING, "wanted_precision": 0.5}, {**LEARNING, "random_seed": 1}],
)
def test_what_changes_scores_or_decisions_is_computed_anew(project, change):
    open_analysis(settings(**LEARNING))
    open_analysis(settings(**change))
    assert len(list((project / "cache" / "analyses").iterdir())) == 2


def test_changed_labels_are_learned_anew(project):
    first = open_analysis(settings(**LEARNING))
    table = labelled()
    table["frames"] = np.roll(table["frames"], 1)
    other = project / "other.csv"
    table.to_csv(other, index=False)
    second = open_analysis(settings(**LEARNING, gold=str(other)))
    assert second.facts.labels.file == "other.csv"
    assert not np.allclose(first.scores[FRAMES], second.scores[FRAMES])
    table.to_csv(project / "corpora" / "small" / "coded.csv", index=False)
    third = open_analysis(settings(**LEARNING))
    np.testing.assert_array_equal(second.scores[FRAMES], third.scores[FRAMES])


@pytest.mark.parametrize(
    "gold",
    [
        "{file: coded.csv, sampling: by hand, codebook: tiny}",
        "{file: coded.csv}\nconstructed: true\nsides: {Ruritania: R}",
    ],
)
def test_what_corpus_yaml_says_beside_the_documents_and_labels_changes_nothing(project, gold):
    first = open_analysis(settings(**LEARNING))
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("{file: coded.csv}", gold))
    second = open_analysis(settings(**LEARNING))
    assert second.facts["hashes"] == first.facts["hashes"]
    assert len(list((project / "cache" / "analyses").iterdir())) == 1


def test_another_column_of_the_same_file_is_other_labels(project):
    path = project / "corpora" / "small" / "coded.csv"
    labelled().assign(second=lambda table: np.roll(table["frames"], 1)).to_csv(path, index=False)
    first = open_analysis(settings(**LEARNING))
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("{file: coded.csv}", "{file: coded.csv, labels: second}"))
    second = open_analysis(settings(**LEARNING))
    assert not np.allclose(first.scores[FRAMES], second.scores[FRAMES])


# handed over to another process


def handed(monkeypatch, analysis):
    for name, value in handed_over(analysis).items():
        monkeypatch.setenv(name, value)


def more_rows(project):
    path = project / "corpora" / "small" / "rows.jsonl"
    path.write_text(path.read_text() + '\n{"text": "Ministers met.", "outlet": "A", "day": "2025-07-02"}')


def test_an_analysis_that_was_handed_over_is_the_one_of_its_report(project, monkeypatch):
    """Even where a file of the corpus changed meanwhile: the parts of a report are of one analysis."""
    first = open_analysis(settings(**LEARNING))
    handed(monkeypatch, first)
    more_rows(project)
    again = open_analysis(settings(**LEARNING, n_bootstrap=300))
    assert again.key == first.key
    assert again.facts == first.facts
    pd.testing.assert_frame_equal(again.passages, first.passages)
    monkeypatch.delenv("FRAMING_ANALYSIS")
    assert len(open_analysis(settings(**LEARNING)).passages) == len(first.passages) + 1


@pytest.mark.parametrize("change", [{"passage_words": 50}, {"random_seed": 1}, {"learn_from_gold": True}])
def test_with_other_settings_it_is_not_taken(project, monkeypatch, change):
    first = open_analysis(settings())
    handed(monkeypatch, first)
    more_rows(project)
    other = open_analysis(settings(**change))
    assert other.key != first.key
    assert len(other.passages) == len(first.passages) + 1


def test_with_another_codebook_or_data_folder_it_is_not_taken(project, monkeypatch):
    first = open_analysis(settings())
    handed(monkeypatch, first)
    more_rows(project)
    monkeypatch.setenv("FRAMING_DATA", str(project / "corpora" / "small"))
    assert len(open_analysis(settings()).passages) == len(first.passages) + 1
    monkeypatch.delenv("FRAMING_DATA")
    path = project / "seeds" / "tiny.yaml"
    path.write_text(path.read_text().replace('"1.0.0"', '"1.1.0"'))
    assert len(open_analysis(settings()).passages) == len(first.passages) + 1


@pytest.mark.parametrize("value", ["", "null", "[1]", "{}", '{"key": "../../x"}', "not JSON"])
def test_what_is_no_handover_is_not_taken(project, monkeypatch, value):
    first = open_analysis(settings())
    more_rows(project)
    monkeypatch.setenv("FRAMING_ANALYSIS", value)
    assert len(open_analysis(settings()).passages) == len(first.passages) + 1


def test_other_columns_of_the_same_labels_are_other_labels(project):
    table = labelled()
    table.assign(codes=np.roll(table["frames"], 1)).to_csv(project / "corpora" / "small" / "coded.csv", index=False)
    first = open_analysis(settings(**LEARNING))
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("coded.csv}", "coded.csv, labels: codes}"))
    assert not np.allclose(open_analysis(settings(**LEARNING)).scores[FRAMES], first.scores[FRAMES])


def test_tables_and_labels_are_made_once(project):
    found = open_analysis(settings())
    assert found.classified is found.classified
    assert found.gold is found.gold
    assert len(found.gold.passages) == 36
    assert found.groups == ["A", "B"]


# contradictions


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learn_from_gold": True, "scorer": "nli"}, r"learn_from_gold: the scorer nli does not learn from labels"),
        ({"learn_from_gold": True, "strength": "zero-shot"}, r"learn_from_gold: strength zero-shot does not learn"),
        ({"strength": "head"}, r"strength head learns from labels; set learn_from_gold, or strength auto"),
        ({"strength": "fine-tuned"}, r"strength fine-tuned learns from labels; set learn_from_gold"),
        ({"scorer": "nli"}, r"scorer nli: name the model with nli_model"),
        ({"scorer": "nli", "nli_model": "x", "wanted_recall": 0.5}, r"wanted_precision, wanted_recall: the scorer nli"),
        ({"wanted_precision": 0.9}, r"a precision or recall can only be promised on labels"),
        ({"gold": "gone.csv"}, r"There is no file of human labels \S+/gone\.csv or \S+/small/gone\.csv"),
    ],
)
def test_settings_that_contradict_are_refused(project, values, message):
    with pytest.raises(InputError, match=message):
        open_analysis(settings(**values))
    assert not (project / "cache" / "analyses").exists()
