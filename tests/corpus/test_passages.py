"""Passages are whole sentences, exact slices in order, and nothing but space lies between them."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.passages import split_passages, split_text, whole_passages
from framing.corpus.sentences import split_sentences
from framing.errors import InputError
from framing.tables import PASSAGES

EIGHT = "This is a sentence of exactly eight words."


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language=language)]


def passages(text: str, max_words: int = 90) -> list[str]:
    return [text[start:end] for start, end in split_text(text, max_words=max_words)]


# sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["U.S. President Joe Biden spoke on Monday.", "He left at once."],
        ["He flew to St. Petersburg on Monday.", "It rained."],
        ["St. Petersburg was quiet.", "So was Moscow."],
        ["Gen. Smith met Lt. Col. Jones at 5 p.m. on Friday.", "They ate."],
        ["Mr. and Mrs. Grant met Sen. Hall, Rep. Ortiz and Prof. Lind.", "Dr. Who was absent."],
        ["The cost rose by 3.5 percent to $1.2 million.", "Nobody was surprised."],
        ["“We will not stop,” he said.", "“Never.”", "She laughed."],
        ['He said: "Stop."', "Then he left."],
        ["“Is it over?” she asked.", "“No.”"],
        ["What?", "No!", "Yes."],
        ["The E.U. and the U.N. agreed.", "The U.K. did not."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heading\n\nText follows here. More.", ["Heading", "Text follows here.", "More."]),
        ("- first item\n- second item", ["- first item", "- second item"]),
        ("1. Stop the fire.\n2. Talk.", ["1. Stop the fire.", "2. Talk."]),
        ("(2) Stop the fire.\na) Talk.", ["(2) Stop the fire.", "a) Talk."]),
        ("The answer is\n42. Really.", ["The answer is", "42. Really."]),
        ("A line that breaks\nin the middle.", ["A line that breaks", "in the middle."]),
        ("  Spaced.  \n\n  Out.  ", ["Spaced.", "Out."]),
        ("", []),
        (" \n \n", []),
        ("***", ["***"]),
    ],
)
def test_a_sentence_never_crosses_a_line_break(text: str, expected: list[str]) -> None:
    assert [item for item in sentences(text) if item] == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Die Brücke ist offen.", "Am 3. Juli kam Dr. Meier."]),
        ("ru", ["Мост открыт.", "Все рады."]),
        ("zh", ["桥通了。", "大家都很高兴。"]),
        ("xx", ["An unknown language.", "It splits all the same."]),
    ],
)
def test_other_languages_split_by_their_own_rules(language: str, expected: list[str]) -> None:
    joint = "" if language == "zh" else " "
    assert sentences(joint.join(expected), language) == expected


# passages


def test_sentences_are_put_together_up_to_the_limit() -> None:
    assert passages(" ".join([EIGHT] * 7), 24) == [" ".join([EIGHT] * 3), " ".join([EIGHT] * 3), EIGHT]


def test_a_sentence_longer_than_the_limit_stays_whole() -> None:
    long = " ".join(["word"] * 30) + "."
    assert passages(f"{EIGHT} {long} {EIGHT}", 20) == [EIGHT, long, EIGHT]


def test_a_passage_ends_with_its_paragraph_once_half_full() -> None:
    assert passages(f"{EIGHT} {EIGHT}\n\n{EIGHT}", 32) == [f"{EIGHT} {EIGHT}", EIGHT]
    assert passages(f"{EIGHT}\n\n{EIGHT}", 32) == [f"{EIGHT}\n\n{EIGHT}"]


def test_a_heading_stays_with_what_follows() -> None:
    first, second = f"{EIGHT} {EIGHT}", f"Night falls\n\n{EIGHT} {EIGHT}"
    assert passages(f"{first}\n\n{second}", 20) == [first, second]
    assert passages(f"{first}\n\nPart Two\n\n{second}", 20) == [first, f"Part Two\n\n{second}"]


def test_the_line_that_opens_a_list_stays_with_its_first_item() -> None:
    opening = "The two sides named these points at the end of their long first day:"
    items = "- an exchange of all the prisoners held\n- a pause in strikes at power plants"
    before = " ".join([EIGHT] * 3)
    assert passages(f"{before}\n\n{opening}\n{items}", 46) == [before, f"{opening}\n{items}"]
    assert passages(f"{before} {EIGHT}\n\n{opening}\n{items}", 46)[1].startswith(opening)


def test_a_heading_at_the_very_end_is_kept() -> None:
    assert passages(f"{EIGHT} {EIGHT}\n\nThe end", 16)[-1].endswith("The end")


def test_many_short_lines_are_no_chain_of_headings() -> None:
    text = "\n".join(f"Line number {number}" for number in range(3000))
    found = passages(text, 60)
    assert max(len(item.split()) for item in found) <= 60
    assert len(found) >= 150
    assert "\n".join(found) == text


tokens = st.sampled_from([
    "The", "mayor", "said", "U.S.", "St.", "Mr.", "a.m.", "No", "3.5", ". ", "! ", "? ", "… ", ", ", ": ",
    " ", " ", "\n", "\n\n", "“", "”", '"', "(", ")", "- ", "1. ", "—", "\u00a0", "\u2009", "中文。", "é",
    "e\u0301", "😀", "\u200b", "؟",
])  # fmt: skip
texts = st.lists(tokens, max_size=60).map("".join) | st.text(
    alphabet=st.characters(exclude_categories=("Cs",)), max_size=80
)


@given(texts, st.sampled_from(["en", "de", "ru", "zh", "ar", "xx"]))
def test_sentences_are_stripped_slices_with_only_space_between(text: str, language: str) -> None:
    last = 0
    for start, end in split_sentences(text, language=language):
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        last = end
    assert not text[last:].strip()


@given(texts, st.integers(10, 40), st.sampled_from(["en", "de", "ru", "zh"]))
def test_passages_cut_no_sentence_and_lose_only_space(text: str, max_words: int, language: str) -> None:
    whole = split_sentences(text, language=language)
    starts, ends = {start for start, _ in whole}, {end for _, end in whole}
    last = 0
    for start, end in split_text(text, max_words=max_words, language=language):
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert start in starts
        assert end in ends
        counts = [len(text[a:b].split()) for a, b in whole if start <= a < end]
        assert sum(counts) <= max_words or sum(counts[:-1]) <= max(max_words // 2, 12)
        last = end
    assert not text[last:].strip()


@given(st.lists(st.integers(1, 25), min_size=1, max_size=25), st.integers(10, 60))
def test_closed_sentences_never_exceed_the_limit_together(lengths: list[int], max_words: int) -> None:
    text = " ".join("Word" + " word" * (length - 1) + "." for length in lengths)
    for found in passages(text, max_words):
        assert len(found.split()) <= max_words or found.count(".") == 1


# tables


@pytest.fixture
def documents() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "document_id": ["d1", "d2", "d3"],
            "corpus": "sample",
            "outlet": ["A", "B", "NA"],
            "perspective": "",
            "published": pd.to_datetime(["2025-07-05", None, "2025-07-06"]),
            "language": ["en", "de", "und"],
            "title": "t",
            "text": [
                " ".join([EIGHT] * 6),
                "Am 3. Juli kam Dr. Meier. " + "Wort " * 12 + "Ende.",
                "Short one.",
            ],
        }
    )


def test_the_passage_table_repeats_its_document_and_slices_it(documents: pd.DataFrame) -> None:
    found = split_passages(documents, max_words=16)
    assert list(found.columns) == list(PASSAGES)
    assert found["document_id"].to_list() == ["d1", "d1", "d1", "d2", "d2", "d3"]
    assert found["position"].to_list() == [0, 1, 2, 0, 1, 0]
    assert found["n_words"].to_list() == [16, 16, 16, 6, 13, 2]
    assert found["outlet"].to_list() == ["A", "A", "A", "B", "B", "NA"]
    text = documents.set_index("document_id")["text"]
    for row in found.itertuples():
        assert row.text == text[row.document_id][row.start : row.end]
    assert (found[["duplicate_of", "story_id", "speaker"]] == "").all(axis=None)


def test_passage_ids_are_a_hash_of_document_and_position(documents: pd.DataFrame) -> None:
    found = split_passages(documents, max_words=16)
    assert found["passage_id"].is_unique
    assert found["passage_id"][1] == hashlib.sha256(b"d1\x1f1").hexdigest()[:16]
    again = split_passages(documents.iloc[::-1].reset_index(drop=True), max_words=16)
    assert set(again["passage_id"]) == set(found["passage_id"])


def test_an_index_of_its_own_does_not_confuse_the_split(documents: pd.DataFrame) -> None:
    shuffled = documents.set_index(pd.Index([7, 7, 3]))
    pd.testing.assert_frame_equal(split_passages(shuffled, max_words=16), split_passages(documents, max_words=16))


def test_whole_passages_are_the_documents(documents: pd.DataFrame) -> None:
    found = whole_passages(documents)
    assert found["text"].to_list() == documents["text"].to_list()
    assert found["position"].to_list() == [0, 0, 0]
    assert found["start"].to_list() == [0, 0, 0]
    assert found["end"].to_list() == documents["text"].str.len().to_list()


def test_no_documents_give_no_passages(documents: pd.DataFrame) -> None:
    found = split_passages(documents.iloc[:0])
    assert list(found.columns) == list(PASSAGES)
    assert found.empty


def test_missing_columns_are_named(documents: pd.DataFrame) -> None:
    expected = r"documents lacks the column\(s\) text, language\. It has: document_id, corpus"
    with pytest.raises(InputError, match=expected):
        split_passages(documents.drop(columns=["text", "language"]))


def test_documents_are_split_by_the_rules_of_their_language(documents: pd.DataFrame) -> None:
    text = "Am 3. Juli kam Dr. Meier. Er blieb."
    table = split_passages(documents.assign(text=text), max_words=2)
    texts = table.groupby("document_id")["text"].agg(list)
    assert texts["d2"] == ["Am 3. Juli kam Dr. Meier.", "Er blieb."]  # German
    assert texts["d1"] == texts["d3"] == ["Am 3.", "Juli kam Dr. Meier.", "Er blieb."]  # English, and unknown


@pytest.mark.parametrize(("last", "n_before"), [("five five five five", 1), ("five five five five five", 2)])
def test_headings_of_up_to_twelve_words_open_the_next_passage(last: str, n_before: int) -> None:
    headings = ["One two three four", "One two three four", last]
    found = passages("\n\n".join([f"{EIGHT} {EIGHT}", *headings, f"{EIGHT} {EIGHT}"]), 16)
    opening = "\n\n".join([*headings[n_before - 1 :], EIGHT])
    assert found == [f"{EIGHT} {EIGHT}", *headings[: n_before - 1], opening, EIGHT]


def test_a_text_without_stops_is_cut_behind_commas() -> None:
    text = " ".join(["word"] * 60 + ["clause,"] + ["word"] * 150)  # 211 words; none in a sentence of 180
    assert [len(part.split()) for part in passages(text)] == [61, 90, 60]
    assert passages(text)[0].endswith("clause,")
    assert " ".join(passages(text)) == text
    assert [len(part.split()) for part in passages(" ".join(["word"] * 180))] == [180]


@given(st.integers(181, 700), st.sampled_from([30, 90]), st.booleans())
def test_a_long_text_without_stops_is_cut_whole_and_short(n_words: int, max_words: int, commas: bool) -> None:
    text = " ".join(f"w{number}," if commas and number % 7 == 0 else f"w{number}" for number in range(n_words))
    found = passages(text, max_words)
    assert " ".join(found) == text
    assert all(len(part.split()) <= max_words for part in found)


CHINESE = "部长们周二在首都会面，讨论新的渡轮和桥梁。"  # 19 characters: 11 words
JAPANESE = "議員たちは火曜日に集まり、新しい渡し船について話し合った。"


@pytest.mark.parametrize(("sentence", "language"), [(CHINESE, "zh"), (JAPANESE, "ja")])
def test_texts_without_spaces_have_passages_of_some_words(sentence: str, language: str) -> None:
    bounds = split_text(sentence * 40, language=language)
    parts = [(sentence * 40)[start:end] for start, end in bounds]
    assert "".join(parts) == sentence * 40
    assert all(part.endswith("。") for part in parts)
    assert all(120 <= len(part) <= 190 for part in parts[:-1])


def test_a_chinese_text_without_stops_is_cut_behind_commas() -> None:
    text = "部长们周二在首都会面，" * 60
    parts = passages(text)
    assert "".join(parts) == text
    assert all(part.endswith("，") and len(part) < 180 for part in parts)


def test_words_of_passages_without_spaces_are_counted_by_characters() -> None:
    documents = pd.DataFrame({"document_id": ["a", "b"], "text": [CHINESE, "The mayor (部长) left."], "language": "zh"})
    assert split_passages(documents)["n_words"].tolist() == [11, 4]
    assert whole_passages(documents)["n_words"].tolist() == [11, 4]


def test_a_thai_text_is_split_at_spaces() -> None:
    text = "สมาชิกสภาพบกันเมื่อวันอังคารเพื่อหารือเกี่ยวกับเรือข้ามฟาก " * 30
    found = split_text(text, language="th")
    assert len(found) > 3
    assert all(end - start < 450 for start, end in found)
