"""Voices: the cases, passages of a document, offsets, the sides, the cache, and what is refused."""

from __future__ import annotations

import json
import sqlite3

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing import find_voice_segments, mark_voices
from framing.corpus import read_corpus, split_passages
from framing.errors import InputError
from framing.files.damage import CacheWarning
from framing.tables import SEGMENTS, VOICES
from framing.voice.marking import join_passages
from tests.voice_cases import SECOND, cases, figures, mark_cases, sample


def _passages(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"passage_id": [f"p{number}" for number in range(len(texts))], "text": texts})


def _one(text: str, **options):
    return mark_voices(_passages(text), **options).iloc[0]


@pytest.mark.slow
def test_the_cases_unseen_while_rules_were_written():
    rows = cases("test")
    found = figures(rows, mark_cases(rows))
    assert found["n"] == 168
    assert found["speaker, direct"] >= 0.95
    assert found["speaker, indirect"] >= 0.9
    assert found["F1 own"] >= 0.9
    assert found["F1 attributed"] >= 0.95
    assert found["group"] >= 0.88


def test_the_fresh_cases():
    rows = cases("fresh")
    found = figures(rows, mark_cases(rows))
    assert found["speaker, all"] >= 0.85
    assert found["F1 own"] >= 0.85


def test_the_second_cases_unseen_while_rules_were_mended():
    rows = cases("test", SECOND)
    found = figures(rows, mark_cases(rows))
    assert found["n"] == 83
    assert found["F1 own"] >= 0.92
    assert found["F1 attributed"] >= 0.94
    assert found["speaker, direct"] >= 0.97
    assert found["speaker, indirect"] >= 0.89
    assert found["group"] >= 0.81


@pytest.mark.slow
def test_the_held_half_of_the_sample():
    found = figures(*sample(development=False))
    assert found["n"] == 120
    assert found["F1 attributed"] >= 0.88
    assert found["speaker, with quotation marks"] >= 0.75


def test_cases_are_many_and_each_is_whole():
    rows = [case for split in ("dev", "test", "fresh") for case in cases(split)]
    assert len(rows) == 312
    rows += [case for split in ("dev", "practice", "test") for case in cases(split, SECOND)]
    assert len(rows) == 943
    assert all((case["voice"] == "own") == (case["speaker"] == "") == (case["speaker_group"] == "") for case in rows)
    assert all(case["voice"] in ("own", "quoted", "reported") for case in rows)
    assert len({case["text"] for case in rows}) == len(rows)


def test_shares_count_words():
    # 8 of 13 words stand in quotation marks
    row = _one("“We shall not pay for that wall again,” said Minister Ana Duarte yesterday.")
    assert row["voice"] == "quoted"
    assert row["share_quoted"] == pytest.approx(8 / 13)
    assert row["share_reported"] == 0
    assert row["n_speakers"] == 1


def test_columns_and_order():
    table = mark_voices(_passages("The bridge fell.", "Officials in Warsaw said the bridge had fallen."))
    assert tuple(table.columns) == VOICES
    assert table["passage_id"].to_list() == ["p0", "p1"]
    assert table["voice"].to_list() == ["own", "reported"]
    assert table["speaker_group"].to_list() == ["", "Poland"]


def test_an_empty_table_and_an_empty_text():
    assert mark_voices(_passages()).empty
    assert tuple(find_voice_segments(_passages()).columns) == SEGMENTS
    assert _one("")["voice"] == "own"


def _document() -> tuple[pd.DataFrame, pd.DataFrame]:
    text = (
        "Ruth Adeyemi, a military historian in Lagos, has read the orders of both armies.\n\n"
        "“The first mistake was to promise a timetable,” she said. “The second was to keep it.\n\n"
        "“The third was to forget that anybody was counting.”"
    )
    bounds = [(0, 80), (82, 168), (170, len(text))]
    passages = pd.DataFrame(
        [(f"p{n}", "d", text[a:b].rstrip(), a, a + len(text[a:b].rstrip())) for n, (a, b) in enumerate(bounds)],
        columns=["passage_id", "document_id", "text", "start", "end"],
    )
    return passages, pd.DataFrame({"document_id": ["d"], "text": [text]})


def test_names_and_quotations_carry_across_passages():
    passages, documents = _document()
    found = mark_voices(passages, documents)
    assert found["voice"].to_list() == ["own", "quoted", "quoted"]
    assert found["speaker"].to_list() == ["", "Ruth Adeyemi", "Ruth Adeyemi"]
    assert found["speaker_group"].to_list() == ["", "experts", "experts"]
    alone = mark_voices(passages)
    assert alone.loc[1, "speaker"] == "she"  # nobody else stands in the passage
    assert alone.loc[2, "speaker"] == "not named"


def test_passages_are_put_together_again():
    documents = read_corpus("corpora/deep-strike").documents.head(5)
    passages = split_passages(documents)
    pd.testing.assert_frame_equal(
        mark_voices(passages, join_passages(passages)), mark_voices(passages, documents), check_like=True
    )


def test_passages_that_overlap_are_no_document():
    passages, _ = _document()
    with pytest.raises(InputError, match="document d overlap"):
        join_passages(passages.assign(start=0))


def test_segments_are_slices_of_the_passage():
    passages, documents = _document()
    found = find_voice_segments(passages, documents)
    assert tuple(found.columns) == SEGMENTS
    first = found[found["passage_id"] == "p1"].iloc[0]
    assert passages.loc[1, "text"][first["start"] : first["end"]] == "“The first mistake was to promise a timetable,”"
    assert first[["voice", "speaker", "speaker_group", "cue"]].to_list() == [
        "quoted",
        "Ruth Adeyemi",
        "experts",
        "said",
    ]
    assert set(found["passage_id"]) == {"p1", "p2"}


@given(
    st.lists(
        st.sampled_from(
            ["“", "”", '"', "‘", "’", "said", "she", "Ana Duarte", "the envoy", ",", ".", ":", "—", "\n", "no", "that"]
        ),
        max_size=24,
    )
)
def test_any_text_gives_segments_in_order_that_do_not_overlap(words):
    text = " ".join(words)
    passages = _passages(text).assign(language="en")
    found = find_voice_segments(passages)
    place = 0
    for row in found.itertuples():
        assert place <= row.start < row.end <= len(text)
        assert text[row.start : row.end].strip()
        place = row.end
    row = mark_voices(passages).iloc[0]
    assert 0 <= row["share_quoted"] + row["share_reported"] <= 1 + 1e-9


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Chinese foreign minister Wen Haoran said the talks would go on.", "China"),
        ("The Kremlin said the talks would go on.", "Russia"),
        ("The State Department said the talks would go on.", "United States"),
        ("The European Commission said the talks would go on.", "European Union"),
        ("NATO said the exercise would go on.", "NATO"),
        ("The UN said the convoy had been stopped.", "UN"),
        ("Russian analyst Oleg Sarin said the talks would go on.", "experts"),
        ("Residents said the power had been cut.", "residents and witnesses"),
        ("The mayor said the power had been cut.", "officials, state not named"),
        ("Local media said the power had been cut.", "media"),
        ("The US ambassador to Moscow said the talks would go on.", "United States"),
        ("A cellist said the hall had been cold.", "other persons"),
    ],
)
def test_groups(text, group):
    assert _one(text)["speaker_group"] == group


def test_a_corpus_adds_its_own_names():
    text = "Merovia said the canal was closed. "
    assert _one(text)["speaker_group"] == "other persons"
    assert _one(text, sides={"Merovia": "Merovian Union"})["speaker_group"] == "Merovian Union"


def test_the_names_that_a_corpus_adds_are_cut_from_a_persons_name_as_any_other_states():
    text = "{} President Duarte said the canal was closed."
    assert _one(text.format("Polish"))["speaker"] == "President Duarte"
    assert _one(text.format("Merovian"))["speaker"] == "Merovian President Duarte"
    merovia = _one(text.format("Merovian"), sides={"Merovian": "Merovia"})  # not read from the parse without it
    assert (merovia["speaker"], merovia["speaker_group"]) == ("President Duarte", "Merovia")


@pytest.mark.parametrize(
    "text",
    [
        "The minister said nothing when he left.",
        "Her brother called him from the station.",
        "The “war on terror” has outlived four presidents.",
        "It is clear that the siege was lost.",
        "The film “Winter Crossing” won a prize.",
        "The agency reported a profit of nine million.",
        "Seats are given according to rank.",
    ],
)
def test_what_only_looks_like_speech_is_the_outlets_own(text):
    row = _one(text)
    assert (row["voice"], row["speaker"], row["speaker_group"]) == ("own", "", "")


def test_a_second_run_reads_what_the_first_has_parsed(monkeypatch, tmp_path):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    passages = _passages("The envoy said the canal was open.", "“Go home,” said Ana Duarte, a nurse.")
    first = mark_voices(passages)
    assert first["speaker"].to_list() == ["The envoy", "Ana Duarte"]
    pd.testing.assert_frame_equal(mark_voices(passages), first)
    with sqlite3.connect(tmp_path / "voices.sqlite") as store:  # only the store knows this name
        store.execute("UPDATE speech SET value = replace(value, 'Ana Duarte', 'Eva Duarte'), checksum = NULL")
    assert mark_voices(passages)["speaker"].to_list() == ["The envoy", "Eva Duarte"]
    other = mark_voices(passages, sides={"Merovia": "Merovia"})  # another corpus, another reading
    assert other["speaker"].to_list() == ["The envoy", "Ana Duarte"]


def test_a_broken_store_is_set_aside_and_the_run_goes_on(monkeypatch, tmp_path):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    text = "The envoy said the canal was open."
    whole = _one(text)
    (tmp_path / "voices.sqlite").write_text("no database", encoding="utf-8")
    with pytest.warns(CacheWarning, match=r"store of parsed speech .* set aside as voices\.sqlite\.damaged-1"):
        pd.testing.assert_series_equal(_one(text), whole)


def test_what_is_refused():
    passages, documents = _document()
    with pytest.raises(InputError, match=r"passages lacks the column\(s\) text"):
        mark_voices(passages.drop(columns="text"))
    with pytest.raises(InputError, match=r"passages of documents lacks the column\(s\) start"):
        mark_voices(passages.drop(columns="start"), documents)
    with pytest.raises(InputError, match="passage of document d, but no such document"):
        mark_voices(passages, documents.assign(document_id="e"))
    with pytest.raises(InputError, match="is not its text from"):
        mark_voices(passages.assign(start=1), documents)
    with pytest.raises(InputError, match="expected a name and its side, got 'Merovia': ''"):
        mark_voices(passages, sides={"Merovia": ""})


def test_the_command_reads_rows_alone_and_split_rows_as_documents(framing, tmp_path):
    passages, documents = _document()
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        "".join(json.dumps({"document_id": "d", "text": text}) + "\n" for text in passages["text"]), encoding="utf-8"
    )
    ended = framing("voices", source, "--output", output)
    assert ended.code == 0, ended.err
    assert ended.out.strip() == str(output)
    rows = pd.read_json(output, lines=True)
    assert rows["voice"].to_list() == ["own", "quoted", "quoted"]
    assert rows["speaker"].to_list() == ["", "she", "not named"]
    assert {"passage_id", "text", "voice", "speaker", "speaker_group"} <= set(rows.columns)
    source.write_text(json.dumps({"article": documents.loc[0, "text"]}) + "\n", encoding="utf-8")
    ended = framing("voices", source, "--output", output, "--text-column", "article", "--split", "--words", "16")
    assert ended.code == 0, ended.err
    assert pd.read_json(output, lines=True)["speaker"].to_list()[-1] == "Ruth Adeyemi"


def test_the_command_refuses_an_output_before_any_work(framing, tmp_path):
    ended = framing("voices", tmp_path / "none.csv", "--output", tmp_path / "out.doc")
    assert ended.code == 2
    assert "expected a name ending in .csv, .jsonl or .parquet" in ended.err


@pytest.mark.parametrize(("n_sentences", "voice"), [(11, "quoted"), (14, "own")])
def test_a_passage_is_somebodys_from_three_words_in_a_hundred(n_sentences, voice):
    # two of 60 words are above the share, two of 75 below it
    text = " ".join(["“We lost,” said Ana Duarte.", *["Trams ran on time today."] * n_sentences])
    row = _one(text)
    assert row["share_quoted"] == pytest.approx(2 / (5 + 5 * n_sentences))
    assert row["voice"] == voice


@pytest.mark.parametrize("text", ["a" * 60_000, '"' * 50_000], ids=["one long word", "quotation marks alone"])
def test_what_is_no_prose_is_read_and_is_the_outlets_own(text):
    # minutes, where time grows with the square of the length
    assert _one(text)["voice"] == "own"


@pytest.mark.parametrize(
    ("text", "n_segments", "speakers"),
    [
        ("“Go,” said the envoy. " * 6000, 6000, {"the envoy"}),
        (("the envoy said " * 4000), 1, {"the envoy"}),
        ("Ana Duarte, a nurse, slept. The envoy said that the canal was open.\n" * 1000, 1000, {"The envoy"}),
        ("“" * 50_000, 0, set()),
    ],
    ids=["short quotations", "no full stop", "a role in every line", "opening marks alone"],
)
@pytest.mark.slow
def test_long_texts_are_read_in_seconds(text, n_segments, speakers):
    # minutes, where time grows with the square of the length
    segments = find_voice_segments(_passages(text))
    assert len(segments) == n_segments
    assert set(segments["speaker"]) == speakers
