"""Human labels of a corpus: found where they are said to be, read with their coders, refused with file and row."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.coding.gold import gold_file, read_gold
from framing.corpus import CorpusConfig
from framing.errors import InputError
from framing.settings import Settings
from tests.tiny import PASSAGES, codebook

BOOK = codebook()
SETTINGS = Settings(corpus="small", codebook="tiny")
TABLE = pd.DataFrame(
    {
        "document_id": ["d1", "d1", "d2", ""],
        "outlet": ["A", "A", "B", "B"],
        "text": [*PASSAGES, " "],
        "frames": ["War", "trade", "sport", "war"],
        "coder_a": ["war", "trade", "sport", "war"],
        "coder_b": ["war", "sport", "", "war"],
        "notes": ["", "hard", "", ""],
    }
)


def config(**gold: object) -> CorpusConfig:
    content = {"corpus": "small", "title": "t", "format": "csv", "files": ["*.csv"]}
    columns = {"text": "text", "outlet": "outlet"}
    return CorpusConfig.model_validate({**content, "columns": columns, **({"gold": gold} if gold else {})})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "corpus"
    target.mkdir()
    TABLE.to_csv(target / "coded.csv", index=False)
    return target


def test_a_corpus_without_labels_has_none(folder):
    assert gold_file(SETTINGS, config(), folder, BOOK) is None
    assert read_gold(SETTINGS, config(), folder, BOOK) is None


def test_labels_lie_beside_the_corpus_or_in_the_data_folder(folder, tmp_path, monkeypatch):
    labelled = config(file="coded.csv")
    gold = gold_file(SETTINGS, labelled, folder, BOOK)
    assert gold == (folder / "coded.csv", labelled.gold)
    data = tmp_path / "data"
    data.mkdir()
    (folder / "coded.csv").rename(data / "coded.csv")
    elsewhere = Settings(corpus="small", codebook="tiny", data_path=str(data))
    assert gold_file(elsewhere, labelled, folder, BOOK) == (data / "coded.csv", labelled.gold)
    with pytest.raises(InputError, match=r"There is no file of human labels \S*corpus/coded\.csv\. Name it with the"):
        gold_file(SETTINGS, labelled, folder, BOOK)
    monkeypatch.setenv("FRAMING_DATA", str(data))
    assert gold_file(SETTINGS, labelled, folder, BOOK) == (data / "coded.csv", labelled.gold)
    below = data / "own"
    below.mkdir()
    (data / "coded.csv").rename(below / "coded.csv")
    assert gold_file(SETTINGS, labelled.model_copy(update={"path": "own"}), folder, BOOK)[0] == below / "coded.csv"
    monkeypatch.chdir(below)
    with pytest.raises(InputError, match=r"human labels .*corpus/coded\.csv or .*/data/coded\.csv\. Name it"):
        gold_file(SETTINGS, labelled, folder, BOOK)  # what corpus.yaml names has nothing to do with the current folder
    empty = Settings(corpus="small", codebook="tiny", data_path=str(tmp_path))
    with pytest.raises(InputError, match=r"human labels .*corpus/coded\.csv or .*/coded\.csv\. Name it"):
        gold_file(empty, labelled, folder, BOOK)


def test_a_file_of_the_settings_goes_before_the_corpus_own(folder, tmp_path, monkeypatch):
    other = tmp_path / "other.csv"
    TABLE.to_csv(other, index=False)
    given = Settings(corpus="small", codebook="tiny", gold=str(other))
    for of_corpus in (config(), config(file="coded.csv", labels="codes"), config(file="coded.csv", codebook="others")):
        path, rule = gold_file(given, of_corpus, folder, BOOK)
        assert (path, rule.labels, rule.sampling) == (other, "frames", "")
    monkeypatch.chdir(tmp_path)
    relative = Settings(corpus="small", codebook="tiny", gold="other.csv")
    assert gold_file(relative, config(), folder, BOOK)[0] == other
    gone = Settings(corpus="small", codebook="tiny", gold="gone.csv")
    with pytest.raises(InputError, match=r"There is no file of human labels \S+/gone\.csv or \S+/corpus/gone\.csv\."):
        gold_file(gone, config(file="coded.csv"), folder, BOOK)


def test_a_file_of_the_settings_is_looked_for_here_then_beside_the_corpus_then_in_the_data_folder(
    folder, tmp_path, monkeypatch
):
    here, data = tmp_path / "here", tmp_path / "data"
    here.mkdir()
    data.mkdir()
    monkeypatch.setenv("FRAMING_DATA", str(data))
    monkeypatch.chdir(here)
    given = Settings(corpus="small", codebook="tiny", gold="labels.csv")
    for place in (data, folder, here):
        TABLE.to_csv(place / "labels.csv", index=False)
        assert gold_file(given, config(), folder, BOOK)[0] == place / "labels.csv"
    monkeypatch.setenv("FRAMING_DATA", str(here))
    chosen = Settings(corpus="small", codebook="tiny", gold="only.csv", data_path="../data")
    TABLE.to_csv(data / "only.csv", index=False)
    assert gold_file(chosen, config(), folder, BOOK)[0] == data / "only.csv", "absolute, whatever the folder later"


def test_labels_of_another_codebook_are_left_aside(folder):
    assert read_gold(SETTINGS, config(file="coded.csv", codebook="entman"), folder, BOOK) is None
    assert read_gold(SETTINGS, config(file="coded.csv", codebook="tiny"), folder, BOOK) is not None


@pytest.mark.slow
def test_the_sample_can_be_analysed_with_another_codebook(root):
    from framing.codebook import read_codebook
    from framing.corpus import read_config

    home = root / "corpora" / "deep-strike"
    for name, labelled in (("great-power-crisis", True), ("plover", False), ("generic-news", False)):
        book = read_codebook(root / "seeds" / f"{name}.yaml")
        gold = read_gold(Settings(corpus="deep-strike", codebook=name), read_config(home), home, book)
        assert (gold is not None) is labelled


def test_labels_coders_and_refused_rows_are_read(folder):
    rule = {"file": "coded.csv", "coders": ["coder_a", "coder_b"], "sampling": "All."}
    gold = read_gold(SETTINGS, config(**rule), folder, BOOK)
    np.testing.assert_array_equal(gold.labels, np.eye(3, dtype=bool))
    assert gold.passages["text"].to_list() == PASSAGES
    assert gold.passages["group"].to_list() == ["d1", "d1", "d2"]
    assert gold.passages["outlet"].to_list() == ["A", "A", "B"]
    assert gold.passages["passage_id"].is_unique
    assert gold.coders == ("coder_a", "coder_b")
    expected = np.eye(3)[[[0, 1, 2], [0, 2, 2]]]
    expected[1, 2] = np.nan  # one frame a passage: an empty cell was not coded
    np.testing.assert_array_equal(gold.codings, expected)
    assert gold.refused["line"].to_list() == [5]
    assert gold.refused["reason"].to_list() == ["no text"]
    assert (gold.name, gold.sampling) == ("coded.csv", "All.")
    assert gold.sha256 == hashlib.sha256((folder / "coded.csv").read_bytes()).hexdigest()


def test_other_columns_may_hold_text_and_labels(folder):
    TABLE.rename(columns={"text": "body", "frames": "codes"}).to_csv(folder / "coded.csv", index=False)
    gold = read_gold(SETTINGS, config(file="coded.csv", text="body", labels="codes"), folder, BOOK)
    assert gold.labels.argmax(axis=1).tolist() == [0, 1, 2]
    assert gold.codings is None
    with pytest.raises(InputError, match=r"coded\.csv lacks the column\(s\) frames\. It has: document_id, "):
        read_gold(SETTINGS, config(file="coded.csv", text="body"), folder, BOOK)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_coders_of_a_given_file_are_known_by_their_columns(folder, ending):
    path = folder / f"given.{ending}"
    rows = TABLE.iloc[:3]
    if ending == "csv":
        rows.to_csv(path, index=False)
    elif ending == "jsonl":
        path.write_text("{half\n" + "\n".join(map(json.dumps, rows.to_dict("records"))), encoding="utf-8")
    else:
        rows.to_parquet(path, index=False)
    given = Settings(corpus="small", codebook="tiny", gold=str(path))
    gold = read_gold(given, config(), folder, BOOK)
    assert gold.coders == ("coder_a", "coder_b")
    assert gold.codings.shape == (2, 3, 3)
    assert len(gold.refused) == (ending == "jsonl")


def test_one_coder_is_no_comparison(folder):
    given = Settings(corpus="small", codebook="tiny", gold=str(folder / "one.csv"))
    TABLE.drop(columns="coder_b").to_csv(folder / "one.csv", index=False)
    assert read_gold(given, config(), folder, BOOK).codings is None


def test_coders_of_the_corpus_are_only_those_named(folder):
    assert read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK).codings is None
    with pytest.raises(InputError, match=r"coded\.csv lacks the column\(s\) coder_c"):
        read_gold(SETTINGS, config(file="coded.csv", coders=["coder_a", "coder_c"]), folder, BOOK)


def test_unknown_frames_are_named_with_the_file(folder):
    TABLE.assign(frames=["war", "chess", "sport", ""]).to_csv(folder / "coded.csv", index=False)
    with pytest.raises(InputError, match=r"coded\.csv, column frames: the codebook tiny has no frame\(s\) 'chess'"):
        read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)
    TABLE.assign(coder_b="golf").to_csv(folder / "coded.csv", index=False)
    with pytest.raises(InputError, match=r"column coder_b: .* no frame\(s\) 'golf'.* The first is in row 1, line 2"):
        read_gold(SETTINGS, config(file="coded.csv", coders=["coder_a", "coder_b"]), folder, BOOK)


# how the passages were drawn


DESIGNED = TABLE.iloc[:3].assign(inclusion_probability=["0.5", "0.5", "1"], stratum=["A", "A", "B | late"])


def test_chance_and_stratum_are_read_from_their_usual_columns(folder):
    assert read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK).probabilities is None
    assert read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK).strata is None
    DESIGNED.to_csv(folder / "coded.csv", index=False)
    gold = read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)
    np.testing.assert_array_equal(gold.probabilities, [0.5, 0.5, 1.0])
    assert gold.strata.tolist() == ["A", "A", "B | late"]
    assert gold.unit == "passage"


def test_corpus_yaml_may_name_other_columns_and_the_unit(folder):
    named = {"inclusion_probability": "pi", "stratum": "cell"}
    DESIGNED.rename(columns=named).to_csv(folder / "coded.csv", index=False)
    rule = {"file": "coded.csv", "probability": "pi", "stratum": "cell", "unit": "document"}
    gold = read_gold(SETTINGS, config(**rule), folder, BOOK)
    np.testing.assert_array_equal(gold.probabilities, [0.5, 0.5, 1.0])
    assert gold.strata.tolist() == ["A", "A", "B | late"]
    assert gold.unit == "document"
    with pytest.raises(InputError, match=r"coded\.csv lacks the column\(s\) chance"):
        read_gold(SETTINGS, config(file="coded.csv", probability="chance"), folder, BOOK)


def test_a_given_file_says_itself_what_was_drawn(folder):
    path = folder / "given.csv"
    DESIGNED.assign(unit="document").to_csv(path, index=False)
    given = Settings(corpus="small", codebook="tiny", gold=str(path))
    assert read_gold(given, config(), folder, BOOK).unit == "document"
    path.rename(folder / "coded.csv")
    assert read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK).unit == "document"
    stated = config(file="coded.csv", unit="passage")  # what corpus.yaml says goes before
    assert read_gold(SETTINGS, stated, folder, BOOK).unit == "passage"


@pytest.mark.parametrize("value", ["0", "-0.5", "1.01", "nan", "inf", "", "0,5", "half"])
def test_a_chance_that_is_none_is_named_with_its_line(folder, value):
    DESIGNED.assign(inclusion_probability=["0.5", value, "1"]).to_csv(folder / "coded.csv", index=False)
    with pytest.raises(
        InputError, match=rf"coded\.csv, line 3: inclusion_probability is '{value}'; expected the chance"
    ):
        read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)


def test_lines_are_those_of_the_file_where_rows_before_were_refused(folder):
    table = pd.concat([TABLE.iloc[3:], DESIGNED.assign(inclusion_probability=["0.5", "2", "1"])]).fillna("")
    table.to_csv(folder / "coded.csv", index=False)
    with pytest.raises(InputError, match=r"coded\.csv, line 4: inclusion_probability is '2'"):
        read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)


def test_strata_have_names_and_units_are_one_of_two(folder):
    DESIGNED.assign(stratum=["A", " ", "B"]).to_csv(folder / "coded.csv", index=False)
    with pytest.raises(InputError, match=r"coded\.csv, line 3: stratum is empty; expected the name"):
        read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)
    DESIGNED.assign(unit=["passage", "passage", "outlet"]).to_csv(folder / "coded.csv", index=False)
    with pytest.raises(InputError, match=r"coded\.csv, line 4: unit is 'outlet'; expected passage or document"):
        read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)
    DESIGNED.assign(unit=["passage", "document", "passage"]).to_csv(folder / "coded.csv", index=False)
    with pytest.raises(
        InputError, match=r"line 3: unit is 'document'; expected passage or document, the same in every"
    ):
        read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("inclusion_probability", ["0.5", "0.4", "1"], "several probabilities"),
        ("stratum", ["A", "B", "B"], "several strata"),
    ],
)
def test_a_document_drawn_whole_has_one_chance_and_stratum(folder, column, values, expected):
    DESIGNED.assign(**{column: values}).to_csv(folder / "coded.csv", index=False)
    assert read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK) is not None
    with pytest.raises(InputError, match=rf"coded\.csv: the document 'd1' has {expected}, but documents were drawn"):
        read_gold(SETTINGS, config(file="coded.csv", unit="document"), folder, BOOK)


def test_an_apostrophe_against_formulas_is_taken_off_the_text(folder):
    texts = ["'=SUM(A1:A2) was in the memo.", "'Tis the season.", "'- a list"]
    DESIGNED.assign(text=texts).to_csv(folder / "coded.csv", index=False)
    gold = read_gold(SETTINGS, config(file="coded.csv"), folder, BOOK)
    assert gold.passages["text"].to_list() == ["=SUM(A1:A2) was in the memo.", "'Tis the season.", "- a list"]
