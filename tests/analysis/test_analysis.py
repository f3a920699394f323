"""From settings to classified passages: with and without labels, cached, and refused if settings contradict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import handed_over, open_analysis
from framing.classify.classifier import FrameClassifier
from framing.classify.guarantees import GUARANTEES
from framing.errors import InputError
from framing.estimates.prevalence import estimate_prevalence
from framing.files.damage import CacheWarning
from framing.settings import Settings
from tests.analysis.project import enter_project, write_project
from tests.damage import DAMAGES
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook

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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = [
        {"text": text, "outlet": "AB"[row % 2], "published": "2025-07-01"} for row, text in enumerate([*PASSAGES, *WAR])
    ]
    corpus = write_project(tmp_path, rows, rules="gold: {file: coded.csv}\n")
    labelled().to_csv(corpus / "coded.csv", index=False)
    enter_project(tmp_path, monkeypatch)
    return tmp_path


def settings(**values: object) -> Settings:
    return Settings(corpus="small", codebook="tiny", **values)


def gold_fit(**parameters: object) -> FrameClassifier:
    table = labelled()
    labels = np.array([[frame == name for name in FRAMES] for frame in table["frames"]])
    classifier = FrameClassifier(codebook(), WordEncoder(), random_seed=20250704, **parameters)
    return classifier.fit(table["text"].to_list(), labels, groups=table["document_id"].to_list())


# with and without labels


def test_zero_shot_scores_the_labelled_passages_too(project):
    analysis = open_analysis(settings())
    assert analysis.facts.method == "zero-shot from the codebook's seeds: exploratory"
    reason = "the labels have no inclusion probabilities (draw passages with framing sample)"
    counts = {"file": "coded.csv", "passages": 36, "refused": 0, "learned_from": False, "tuned_in": ""}
    assert analysis.facts.labels.model_dump() == {**counts, "correction": reason}
    assert analysis.labelled.empty
    plain = FrameClassifier(codebook(), WordEncoder()).fit()
    expected = plain.predict_proba(labelled()["text"].to_list())
    np.testing.assert_allclose(analysis.gold_scores[FRAMES].to_numpy(), expected, atol=1e-9)
    assert analysis.gold_decisions[FRAMES].to_numpy().tolist() == plain.decide_scores(expected).tolist()
    assert analysis.gold_scores["passage_id"].is_unique
    assert len(analysis.guarantees) == 0
    assert list(analysis.guarantees.columns) == list(GUARANTEES)
    assert np.isnan(analysis.threshold), "one frame a passage has no threshold"


def test_learned_scores_of_labelled_passages_are_cross_fitted(project):
    analysis = open_analysis(settings(**LEARNING))
    assert analysis.facts.method == "learned from 36 labelled passages (head), seeds as prior examples"
    assert analysis.facts.labels.learned_from is True
    fitted = gold_fit(strength="head")
    np.testing.assert_allclose(analysis.gold_scores[FRAMES].to_numpy(), fitted.cross_fitted_, atol=1e-9)
    seen = fitted.predict_proba(labelled()["text"].to_list())
    assert np.abs(analysis.gold_scores[FRAMES].to_numpy() - seen).max() > 0.01
    expected = fitted.predict_proba(analysis.passages["text"].to_list())
    np.testing.assert_allclose(analysis.scores[FRAMES].to_numpy(), expected, atol=1e-9)
    assert analysis.decisions[FRAMES].to_numpy().tolist() == fitted.decide_scores(expected).tolist()


def test_promises_reach_the_tables(project):
    analysis = open_analysis(settings(**LEARNING, wanted_precision=0.3, wanted_recall=0.97))
    assert analysis.guarantees["measure"].to_list() == ["precision", "recall"] * 3
    promised = analysis.guarantees.set_index(["measure", "frame"])["held"]
    assert promised["precision"].all()
    assert not promised["recall"].any(), "twelve passages a frame are too few"
    assert not (analysis.decisions[FRAMES] == "absent").any(axis=None)
    assert (analysis.gold_decisions[FRAMES] == "abstain").any(axis=None)


def test_a_corpus_without_labels_has_empty_tables_of_them(project):
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("gold: {file: coded.csv}\n", ""))
    analysis = open_analysis(settings())
    assert len(analysis.gold_scores) == len(analysis.gold_decisions) == 0
    assert list(analysis.gold_scores.columns) == ["passage_id", *FRAMES]
    counts = {"file": "", "passages": 0, "refused": 0, "learned_from": False, "tuned_in": ""}
    assert analysis.facts.labels.model_dump() == {**counts, "correction": "no labelled passages"}


def test_labels_of_another_codebook_do_not_stop_an_analysis(project):
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("coded.csv}", "coded.csv, codebook: others}"))
    assert len(open_analysis(settings()).gold_scores) == 0
    with pytest.raises(InputError, match=r"corpus small names no human labels of the codebook tiny; add gold: to its"):
        open_analysis(settings(**LEARNING))


# cached


def test_what_was_learned_is_cached(project, monkeypatch):
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


@pytest.mark.parametrize("name", ["scores.parquet", "passages.parquet", "facts.json"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_analysis_is_set_aside_with_a_warning_and_made_again(project, monkeypatch, name, damage):
    first = open_analysis(settings())
    for variable, value in handed_over(first).items():  # a kernel of a report mends it too
        monkeypatch.setenv(variable, value)
    damage(project / "cache" / "analyses" / first.key / name)
    with pytest.warns(CacheWarning, match=rf"{first.key} is damaged: .*{name}"):
        again = open_analysis(settings())
    assert again.key == first.key
    assert again.threshold == first.threshold or np.isnan(first.threshold)
    pd.testing.assert_frame_equal(again.classified, first.classified)
    pd.testing.assert_frame_equal(again.scores, first.scores)
    open_analysis(settings())
    assert {path.name for path in (project / "cache" / "analyses").iterdir()} == {first.key, f"{first.key}.damaged-1"}


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
    assert second.facts.hashes == first.facts.hashes
    assert len(list((project / "cache" / "analyses").iterdir())) == 1


def test_another_column_of_the_same_file_is_other_labels(project):
    path = project / "corpora" / "small" / "coded.csv"
    labelled().assign(second=lambda table: np.roll(table["frames"], 1)).to_csv(path, index=False)
    first = open_analysis(settings(**LEARNING))
    config = project / "corpora" / "small" / "corpus.yaml"
    config.write_text(config.read_text().replace("{file: coded.csv}", "{file: coded.csv, labels: second}"))
    second = open_analysis(settings(**LEARNING))
    assert not np.allclose(first.scores[FRAMES], second.scores[FRAMES])


def test_files_by_whose_names_documents_are_chosen_are_read_again_under_other_names(project):
    home = project / "corpora" / "small"
    config = home / "corpus.yaml"
    config.write_text(config.read_text().replace("[rows.jsonl]", "['*.jsonl']"))
    (home / "more.jsonl").write_text('{"text": "Ministers met.", "outlet": "A", "published": "2025-07-02"}\n')
    chosen = settings(where={"file": "rows.jsonl"})
    first = open_analysis(chosen)
    (home / "rows.jsonl").rename(home / "aside")
    (home / "more.jsonl").rename(home / "rows.jsonl")
    (home / "aside").rename(home / "more.jsonl")
    second = open_analysis(chosen)
    assert second.documents["text"].to_list() == ["Ministers met."]
    assert len(first.documents) > 1


# handed over to another process


def hand_over(monkeypatch, analysis):
    for name, value in handed_over(analysis).items():
        monkeypatch.setenv(name, value)


def add_row(project):
    path = project / "corpora" / "small" / "rows.jsonl"
    path.write_text(path.read_text() + '\n{"text": "Ministers met.", "outlet": "A", "published": "2025-07-02"}')


def test_an_analysis_that_was_handed_over_is_the_one_of_its_report(project, monkeypatch):
    """Even where a file of the corpus changed meanwhile: the parts of a report are of one analysis."""
    first = open_analysis(settings(**LEARNING))
    hand_over(monkeypatch, first)
    add_row(project)
    again = open_analysis(settings(**LEARNING, n_bootstrap=300))
    assert again.key == first.key
    assert again.facts == first.facts
    pd.testing.assert_frame_equal(again.passages, first.passages)
    monkeypatch.delenv("FRAMING_ANALYSIS")
    assert len(open_analysis(settings(**LEARNING)).passages) == len(first.passages) + 1


@pytest.mark.parametrize("change", [{"passage_words": 50}, {"random_seed": 1}, {"learn_from_gold": True}])
def test_with_other_settings_it_is_not_taken(project, monkeypatch, change):
    first = open_analysis(settings())
    hand_over(monkeypatch, first)
    add_row(project)
    other = open_analysis(settings(**change))
    assert other.key != first.key
    assert len(other.passages) == len(first.passages) + 1


def test_with_another_codebook_or_data_folder_it_is_not_taken(project, monkeypatch):
    first = open_analysis(settings())
    hand_over(monkeypatch, first)
    add_row(project)
    monkeypatch.setenv("FRAMING_DATA", str(project / "corpora" / "small"))
    assert len(open_analysis(settings()).passages) == len(first.passages) + 1
    monkeypatch.delenv("FRAMING_DATA")
    path = project / "seeds" / "tiny.yaml"
    path.write_text(path.read_text().replace('"1.0.0"', '"1.1.0"'))
    assert len(open_analysis(settings()).passages) == len(first.passages) + 1


@pytest.mark.parametrize("value", ["", "null", "[1]", "{}", '{"key": "../../x"}', "not JSON"])
def test_what_is_no_handover_is_not_taken(project, monkeypatch, value):
    first = open_analysis(settings())
    add_row(project)
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
    analysis = open_analysis(settings())
    assert analysis.classified is analysis.classified
    assert analysis.gold is analysis.gold
    assert len(analysis.gold.passages) == 36
    assert analysis.groups == ["A", "B"]


# contradictions


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learn_from_gold": True, "scorer": "nli"}, r"learn_from_gold: the scorer nli does not learn from labels"),
        ({"learn_from_gold": True, "strength": "zero-shot"}, r"learn_from_gold: strength zero-shot does not learn"),
        ({"search_tuning": True}, r"search_tuning: scorer seeds, strength auto may leave the encoder as it is"),
        ({"strength": "head"}, r"strength head learns from labels: give some, or a codebook with 8"),
        ({"strength": "fine-tuned"}, r"strength fine-tuned learns from labels: give some"),
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


# groups of any column


def test_a_column_of_the_files_makes_the_groups_and_documents_without_a_value_are_counted(tmp_path, monkeypatch):
    sections = ["politics", "sport", "", "politics"]
    texts = [*PASSAGES, *WAR, *TRADE][:8]
    rows = [{"text": text, "outlet": "AB"[row % 2], "section": sections[row % 4]} for row, text in enumerate(texts)]
    home = write_project(tmp_path, rows)
    path = home / "corpus.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(", section: section", ""), encoding="utf-8")
    enter_project(tmp_path, monkeypatch)
    analysis = open_analysis(settings(compare_by="section"))
    assert analysis.groups == ["politics", "sport"]
    assert analysis.ungrouped == "2 of 8 documents have no section and are left out of comparisons."
    shares = estimate_prevalence(analysis.classified, by="section", n_bootstrap=200)
    assert shares.drop_duplicates("section")["n_documents"].to_list() == [4, 2]
    assert analysis.passages["section"].isna().sum() == 2
    by_language = open_analysis(settings(compare_by="language"))
    assert set(by_language.classified["language"]) == set(by_language.groups)


def test_documents_are_checked_before_they_are_classified(project, monkeypatch):
    def refuse(documents: pd.DataFrame) -> None:
        raise InputError(f"{len(documents)} are too many.")

    monkeypatch.setattr(FrameClassifier, "fit", lambda *_: pytest.fail("the classifier was fitted"))
    with pytest.raises(InputError, match="are too many"):
        open_analysis(settings(), check=refuse)
