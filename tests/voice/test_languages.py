"""The language of a document decides how its voices are found; without rules they are not known."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.estimates.by_voice import NOT_KNOWN, add_voices, count_voices
from framing.voice import known_languages
from framing.voice.block import DocumentBlocks
from framing.voice.languages.choosing import choose_languages
from framing.voice.languages.groups import find_group
from framing.voice.languages.pieces import find_pieces
from framing.voice.languages.reading import read_document
from framing.voice.languages.rules import read_rules
from framing.voice.languages.tokens import read_tokens
from framing.voice.marking import find_voice_segments, mark_voices
from framing.voice.sides import read_sides

LANGUAGES = sorted(known_languages() - {"en"})
POLISH = "„Czekamy”, powiedziała minister Anna Wilk w piątek po południu w Gdyni, kiedy dziennikarze pytali ją o most."
GERMAN = "„Wir warten“, sagte die Ministerin Lena Vogt am Freitag in Husum, als die Zeitung nach der Brücke fragte."
ENGLISH = "“We are waiting,” said Ada Lund, the minister, on Friday, when the paper asked her about the old bridge."


def make_passages(*texts, **columns):
    return pd.DataFrame({"passage_id": [str(n) for n in range(len(texts))], "text": list(texts), **columns})


def test_each_passage_is_read_by_the_rules_of_its_language():
    voices = mark_voices(make_passages(ENGLISH, GERMAN))
    assert list(voices["voice"]) == ["quoted", "quoted"]
    assert list(voices["speaker"]) == ["Ada Lund", "Lena Vogt"]


def test_voice_is_not_known_without_rules():
    voices = mark_voices(make_passages(POLISH, GERMAN))
    assert list(voices["voice"]) == ["unknown", "quoted"]
    assert voices.loc[0, "speaker"] == voices.loc[0, "speakers"] == voices.loc[0, "speaker_group"] == ""
    assert pd.isna(voices.loc[0, "share_quoted"])
    assert voices.loc[0, "n_speakers"] == 0
    assert set(find_voice_segments(make_passages(POLISH, GERMAN))["passage_id"]) == {"1"}


def test_a_name_in_chinese_characters_leaves_shares_of_an_english_passage_as_they_are():
    text = "Lena Vogt (沃格特) met the council on Friday. “We are waiting for the bridge,” said Ada Lund."
    (row,) = mark_voices(make_passages(text, language=["en"])).itertuples()
    assert row.share_quoted == pytest.approx(6 / 19), "6 of 16 words and 3 characters"


def test_unknown_voices_are_counted_apart_and_are_nobody_in_particular():
    passages = make_passages(POLISH, GERMAN, outlet=["Kurier", "Courier"])
    voices = mark_voices(passages)
    counts = count_voices(passages, voices).set_index(["outlet", "voice"])
    assert counts.loc[("Kurier", "unknown"), "n_passages"] == 1
    assert counts.loc[("Kurier", "unknown"), "n_speakers"] == 0
    assert add_voices(passages, voices).loc[0, "speaker_group"] == NOT_KNOWN


def test_column_of_the_language_comes_before_detection():
    passages = make_passages("„Los“, sagte Lena Vogt.", language=["de"])
    assert list(mark_voices(passages)["speaker"]) == ["Lena Vogt"]
    assert list(mark_voices(passages.assign(language="pl"))["voice"]) == ["own"]  # too short for any other but English


def test_marks_are_no_words_that_tell_a_language():
    assert choose_languages(["“ " * 10 + "Ana Duarte", "42 - " * 12 + "Ana Duarte"]) == ["en", "en"]


def test_short_texts_have_the_language_of_the_longer_ones():
    assert choose_languages(["“Non,” Ada Lund said.", ENGLISH]) == ["en", "en"]
    assert choose_languages(["Lena Vogt nickte.", GERMAN, GERMAN]) == ["de", "de", "de"]


@pytest.mark.parametrize(
    ("code", "name", "description", "group"),
    [
        ("de", "Iwan Orlow", "der russische Außenminister", "Russia"),
        ("fr", "Anne Morel", "chercheuse à Paris", "experts"),
        ("ru", "Анна Белова", "жительница Киева", "residents and witnesses"),
        ("uk", "Ольга Лис", "речниця", "officials, state not named"),
        ("zh", "王志远", "中国外交部发言人王志远", "China"),
        ("es", "Ana Ruiz", "una periodista", "media"),
        ("de", "Ole Brandt", "", "other persons"),
    ],
)
def test_group_of_a_speaker(code, name, description, group):
    assert find_group(name, description, read_rules(code), read_sides()) == group


def test_sides_that_the_user_names_come_first():
    assert (
        find_group("Minister von Ruritania", "", read_rules("de"), read_sides({"Ruritania": "Ruritania"}))
        == "Ruritania"
    )


_SIGNS = st.text(alphabet="„“”«»‹›‚‘’\"'「」『』—–- ,.!?:\n，。：аяАЯsagteDer說王说сказал\u00a0\u202f", max_size=120)


@given(_SIGNS, st.sampled_from(LANGUAGES))
def test_marks_of_any_kind_give_pieces_within_the_text_and_apart(text, code):
    for _, block in DocumentBlocks(text, language=code).read():
        pieces = find_pieces(block, read_rules(code))
        for piece in pieces:
            assert 0 <= piece.outer_start <= piece.start <= piece.end <= piece.outer_end <= len(block.text)
        for one, other in pairwise(pieces):
            assert one.outer_end <= other.outer_start


@given(_SIGNS, st.sampled_from(LANGUAGES))
def test_spans_lie_within_the_text_in_order_and_apart(text, code):
    spans = read_document(text, code, read_sides())
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
    for one, other in pairwise(spans):
        assert one.end <= other.start


@pytest.mark.parametrize(
    ("code", "unit"),
    [("es", "dijo que "), ("de", "sagte, dass "), ("de", "sagte, "), ("fr", "dit que ")],
)
def test_a_row_of_verbs_is_read_in_linear_time(code, unit, monkeypatch):
    n_read = []

    def count(text, start, end):
        n_read.append(end - start)
        return read_tokens(text, start, end)

    for module in ("mentions", "phrase"):
        monkeypatch.setattr(f"framing.voice.languages.{module}.read_tokens", count)
    totals = []
    for n_characters in (1500, 3000):
        n_read.clear()
        read_document(unit * (n_characters // len(unit)) + ".", code, read_sides())
        totals.append(sum(n_read))
    assert totals[1] < 3 * totals[0]


@pytest.mark.parametrize("code", LANGUAGES)
def test_lone_mark_does_not_swallow_the_document(code):
    quiet = "王志远走了。" if code == "zh" else "Anna ging."
    text = "\n\n".join([f"„{quiet}", *[quiet] * 5])
    assert all(span.end <= len(quiet) + 1 for span in read_document(text, code, read_sides()))


def test_lists_of_every_language_are_read_and_hold_no_word_twice():
    for code in LANGUAGES:
        rules = read_rules(code)
        assert rules.code == code
        for key, words in rules.file:
            if isinstance(words, str) and key not in ("surnames", "verbs", "reporting"):
                listed = words.split()
                assert sorted(set(listed)) == sorted(listed), (code, key)
