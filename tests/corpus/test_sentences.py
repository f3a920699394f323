"""Sentences: what ends one, what does not, and that nothing but white space lies between them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.sentences import STATE_ABBREVIATIONS, TITLE_ABBREVIATIONS, split_line, split_sentences


def _sentences(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language=language)]


@pytest.mark.parametrize("title", TITLE_ABBREVIATIONS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_title_before_a_name_ends_no_sentence(title, language):
    first = f"Later {title}. Lund came in"
    assert _sentences(f"{first}. Nobody spoke.", language) == [f"{first}.", "Nobody spoke."]


@pytest.mark.parametrize("state", STATE_ABBREVIATIONS)
def test_the_letters_of_a_state_end_no_sentence_before_a_small_letter(state):
    assert _sentences(f"The {state} envoy spoke. She left.") == [f"The {state} envoy spoke.", "She left."]


@pytest.mark.parametrize(
    "sentences",
    [
        ["He is No. 10 on the list.", "She left."],
        ["The answer was No.", "They left."],
        ["Smith vs. Jones was heard.", "It took a day."],
        ["J. R. Smith left.", "They chose plan B.", "It failed."],
        ["“We go. They stay. All is well,” he said.", "Then he left."],
        ["Prices rose.", "— Newswire."],
    ],
)
def test_where_sentences_end(sentences):
    assert _sentences(" ".join(sentences)) == sentences


def test_a_line_counts_from_its_own_start():
    assert split_line("  One came. Two left. ") == [(2, 11), (12, 21)]
    assert split_sentences("Title\n\nOne came. Two left.") == [(0, 5), (7, 16), (17, 26)]


@given(st.text(alphabet='ab. !?“”"\nDr', max_size=60))
def test_sentences_cover_all_but_white_space(text):
    bounds = split_sentences(text)
    covered = {place for low, high in bounds for place in range(low, high)}
    assert all(place in covered for place, sign in enumerate(text) if not sign.isspace())
    assert all(a[1] <= b[0] for a, b in pairwise(bounds))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "部长走了！他说：“会议继续。”是吗？是。", ["部长走了！", "他说：“会议继续。”", "是吗？", "是。"]),
        ("ja", "「船は出た。」と語った。終わり！", ["「船は出た。」と語った。", "終わり！"]),
        ("km", "រដ្ឋមន្ត្រីជួបគ្នា។ ពួកគេពិភាក្សា។", ["រដ្ឋមន្ត្រីជួបគ្នា។", "ពួកគេពិភាក្សា។"]),
        ("th", "ก" * 40 + " " + "ข" * 10 + " " + "ค" * 40, ["ก" * 40, "ข" * 10 + " " + "ค" * 40]),
        ("th", "วันที่ 4 กรกฎาคม 2568 " + "ก" * 60, ["วันที่ 4 กรกฎาคม 2568 " + "ก" * 60]),
    ],
)
def test_sentences_of_scripts_without_spaces(language: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text, language=language)] == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_line_is_split_as_short_ones_are(language):
    sentences = [
        "“We go. They stay. All is well,” he said.",
        "Mr. Lund left at 3.5 per cent.",
        "国防部发言人表示。",
    ] * 1000
    assert _sentences(" ".join(sentences), language) == [
        sentence for line in sentences for sentence in _sentences(line, language)
    ]


@pytest.mark.slow
def test_a_long_line_is_split_at_once():
    # minutes, where time grows with the square of the length
    assert len(split_line("“" * 600_000)) == 1
    assert len(split_line("国。" * 20_000, language="zh")) == 20_000


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f", "\u3000", "\x85", "\u00a0\u00a0"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "ru"])
def test_a_wide_space_between_a_capital_and_a_full_stop(space, language):
    text = f"They chose plan B{space}. It failed."
    assert [text[start:end] for start, end in split_sentences(text, language=language)][-1].endswith("It failed.")
