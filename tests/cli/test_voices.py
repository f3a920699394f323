"""`framing voices`: who speaks in each row of a file."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.cli.outcomes import read, refused, write

QUOTED = "“The treaty is dead,” said John Miller, the head of the union, on Friday in the capital."
POLISH = (
    "„Traktat jest martwy”, powiedział w piątek w stolicy szef związku, a ministrowie nie odpowiedzieli na pytania."
)


@pytest.mark.slow
def test_further_columns_are_carried_and_rows_in_other_languages_are_said(framing, tmp_path):
    given = pd.DataFrame(
        {"text": [QUOTED, POLISH], "section": ["World", "@home"], "speaker": ["x", "y"], "voice": ["a", "b"]}
    )
    source = write(tmp_path / "rows.csv", given)
    ended = framing("voices", source, "--output", tmp_path / "out.csv")
    assert ended.code == 0, ended.err
    assert "voices are found in de, en, es, fr, ru, uk, zh; rows in other languages: 1 of 2 (pl 1)." in ended.err
    assert "2 rows: 0% own, 50% quoted, 0% reported, 50% unknown" in ended.err
    table = read(tmp_path / "out.csv")
    assert table["section"].to_list() == ["World", "'@home"]
    assert table["file_speaker"].to_list() == ["x", "y"]
    assert table["file_voice"].to_list() == ["a", "b"]
    assert table["voice"].to_list() == ["quoted", "unknown"]
    assert table["speaker"].to_list() == ["John Miller", ""]


def test_a_repeated_id_is_refused_and_said(framing, tmp_path):
    source = write(tmp_path / "rows.csv", pd.DataFrame({"passage_id": ["p", "p"], "text": [QUOTED, QUOTED]}))
    ended = framing("voices", source, "--output", tmp_path / "out.jsonl", "--metadata", "none")
    assert ended.code == 0, ended.err
    assert "refused: rows.csv, line 3: the passage_id 'p' occurs a second time" in ended.err
    assert len(read(tmp_path / "out.jsonl")) == 1


def test_segments_are_a_row_a_stretch_of_speech(framing, tmp_path):
    text = "“The treaty,” Miller said, “is dead.” Brandt said that the dam leaks."
    source = write(tmp_path / "rows.csv", pd.DataFrame({"text": [text, "Nobody spoke."]}))
    ended = framing("voices", source, "--output", tmp_path / "out.csv", "--segments")
    assert ended.code == 0, ended.err
    assert "2 passages, 3 stretches of speech, 0 rows refused" in ended.err
    table = read(tmp_path / "out.csv")
    columns = ["document_id", "passage_id", "text", "start", "end", "speaker", "speaker_group", "voice"]
    assert table.columns.to_list() == columns
    assert table["text"].to_list() == ["“The treaty,”", "“is dead.”", "that the dam leaks"]
    assert [text[row.start : row.end] for row in table.itertuples()] == table["text"].to_list()
    assert table["speaker"].to_list() == ["Miller", "Miller", "Brandt"]
    assert table["voice"].to_list() == ["quoted", "quoted", "reported"]


def test_the_input_is_not_replaced(framing, tmp_path):
    source = write(tmp_path / "rows.csv", pd.DataFrame({"text": [QUOTED]}))
    refused(framing("voices", source, "--output", source), r"rows\.csv is one of the files to read")
    assert read(source)["text"].to_list() == [QUOTED]
