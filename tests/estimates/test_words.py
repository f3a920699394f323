"""Distinctive words: Monroe's formula by hand, clustering by document, hostile text, and edges."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError, TooLittleDataError
from framing.estimates.log_odds import METHOD
from framing.estimates.word_languages import describe_word_languages
from framing.estimates.words import find_distinctive_words, find_passages_with_words
from framing.tables import WORDS


def _table(texts: dict[str, Sequence[str | Sequence[str]]], *, frame: str = "f") -> pd.DataFrame:
    """Classified passages, all with the frame: groups to documents, each a text or several passages."""
    rows = [
        (f"{outlet}-{number}-{place}", f"{outlet}-{number}", outlet, text)
        for outlet, documents in texts.items()
        for number, document in enumerate(documents)
        for place, text in enumerate([document] if isinstance(document, str) else document)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "text"])
    return table.assign(
        perspective="p", published=pd.Timestamp("2024-01-03"), frame=frame, score=0.5, decision="present"
    )


# Four words; dots keep them from forming pairs. Counts of passages with the word, six documents each:
#        alpha beta gamma delta  total
#   A      6     3    2     1     12
#   B      1     5    2     4     12
FOUR = _table(
    {
        "Xone": ["alpha. beta. gamma", "alpha. beta. gamma", "alpha. beta", "alpha. delta", "alpha", "alpha"],
        "Xtwo": ["alpha. beta. gamma", "beta. gamma", "beta. delta", "beta. delta", "beta. delta", "delta"],
    }
)


def test_the_estimate_is_monroes_formula():
    # prior of 12: counts of the corpus 7, 8, 4, 5 of 24, halved: 3.5, 4, 2, 2.5
    result = find_distinctive_words(FOUR, prior_weight=12, min_documents=1)
    row = result[(result["word"] == "alpha") & (result["outlet"] == "Xone")].iloc[0]
    expected = log((6 + 3.5) / (12 + 12 - 6 - 3.5)) - log((1 + 3.5) / (12 + 12 - 1 - 3.5))
    assert row["estimate"] == pytest.approx(expected)
    model = 1 / 9.5 + 1 / 14.5 + 1 / 4.5 + 1 / 19.5
    # documents: (passages with alpha, all counted words)
    group_passages = [(1, 3), (1, 3), (1, 2), (1, 2), (1, 1), (1, 1)]
    other = [(1, 3), (0, 2), (0, 2), (0, 2), (0, 2), (0, 1)]
    clustered = _clustered(group_passages, 9.5, 14.5) + _clustered(other, 4.5, 19.5)
    assert clustered < model  # one passage a document: the model's variance holds
    error = sqrt(model)
    assert row["z"] == pytest.approx(expected / error)
    assert row["high"] == pytest.approx(expected + student.ppf(0.975, 5) * error)
    assert row["low"] == pytest.approx(expected - student.ppf(0.975, 5) * error)
    assert (row["n_passages"], row["n_documents"], row["n_gold"]) == (6, 6, 0)
    assert row["method"] == METHOD.format(unit="document")
    assert list(result.columns) == ["frame", "outlet", *WORDS[1:]]


def _clustered(documents: list[tuple[int, int]], with_word: float, without: float) -> float:
    contributions = np.array([y / with_word - (n - y) / without for y, n in documents])
    return float(len(contributions) / (len(contributions) - 1) * ((contributions - contributions.mean()) ** 2).sum())


def test_repeated_passages_of_a_document_make_a_word_less_sure():
    # 'storm' in 24 of A's 72 passages: two in each of 12 documents, or all six of four
    others = [["storm"] + ["rain"] * 5] * 12
    spread = _table({"A": [["storm"] * 2 + ["rain"] * 4] * 12, "B": others})
    bunched = _table({"A": [["storm"] * 6] * 4 + [["rain"] * 6] * 8, "B": others})
    once, twice = (
        find_distinctive_words(table, prior_weight=5).set_index("word").loc["storm"] for table in (spread, bunched)
    )
    assert once["n_passages"] == twice["n_passages"] == 24
    assert once["estimate"] == pytest.approx(twice["estimate"])
    assert twice["high"] - twice["low"] > once["high"] - once["low"]


def test_only_passages_with_the_frame_count():
    table = _table({"A": ["storm harbour"] * 6, "B": ["rain"] * 6})
    table.loc[table["outlet"] == "A", "decision"] = ["present"] * 5 + ["abstain"]
    result = find_distinctive_words(table).set_index("word")
    assert result.loc["storm harbour", "n_passages"] == 5


def test_q_values_are_over_all_words_and_groups_of_the_frame():
    documents = {name: part["text"].to_list() * 5 for name, part in FOUR.groupby("outlet")}
    result = find_distinctive_words(_table(documents), prior_weight=12, min_documents=1, top=1)
    row = result[result["outlet"] == "Xone"].iloc[0]
    assert row["word"] == "alpha"
    single = 2 * student.sf(row["z"], 29)
    # the least p-value stands twice, once for each of two groups, among 4 words of 2 groups: q = p * 8 / 2
    assert row["q_value"] == pytest.approx(4 * single)


def test_a_word_in_too_few_documents_is_not_tested():
    table = _table({"A": [["storm"] * 9, *["rain. calm"] * 6], "B": ["rain"] * 6})
    assert "storm" not in set(find_distinctive_words(table, min_documents=2)["word"])


def test_names_of_the_groups_and_phrases_are_cut():
    table = _table(
        {
            "www.rt.com": ["RT reports. Storm. Breaking now! Dispatch"] * 6,
            "China Daily": ["China Daily reports. Rain. In China"] * 6,
        }
    )
    result = set(find_distinctive_words(table, leave_out=["breaking now"])["word"])
    assert {"storm", "china", "rain"} <= result
    assert not {"rt", "daily", "china daily", "breaking"} & result


def test_without_enough_documents_there_is_no_interval_and_the_reason():
    table = _table({"A": ["storm"] * 4, "B": ["rain"] * 9})
    row = find_distinctive_words(table).set_index("word").loc["storm"]
    assert row[["low", "high", "z", "q_value"]].isna().all()
    assert row["estimate"] > 0
    assert "fewer than 5 documents" in row["method"]


def test_a_frame_that_one_group_uses_has_no_rows():
    both = _table({"A": ["storm"] * 6, "B": ["rain"] * 6})
    one = both.assign(frame="g", decision=np.where(both["outlet"] == "A", "present", "absent"))
    assert set(find_distinctive_words(pd.concat([both, one]))["frame"]) == {"f"}
    assert list(find_distinctive_words(one).columns) == ["frame", "outlet", *WORDS[1:]]


def test_a_word_within_a_clearer_pair_is_listed_once():
    table = _table({"A": ["nord stream burst"] * 8, "B": ["rain"] * 8})
    # 'nord stream' stands for 'nord', 'stream' and 'stream burst'; 'burst' shares no word with it
    assert set(find_distinctive_words(table).query("outlet == 'A'")["word"]) == {"nord stream", "burst"}
    apart = _table({"A": ["nord. stream. burst"] * 8, "B": ["rain"] * 8})
    assert set(find_distinctive_words(apart).query("outlet == 'A'")["word"]) == {"nord", "stream", "burst"}


def test_order_of_rows_and_index_does_not_matter():
    shuffled = FOUR.sample(frac=1, random_state=1).set_axis(range(100, 100 + len(FOUR)))
    pd.testing.assert_frame_equal(find_distinctive_words(FOUR), find_distinctive_words(shuffled))


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="at least two outlets; there is 1"):
        find_distinctive_words(_table({"A": ["storm"] * 6}))
    with pytest.raises(InputError, match="of 2 passages there is 0: lower min_documents"):
        find_distinctive_words(_table({"A": ["storm"], "B": ["rain"]}))
    with pytest.raises(InputError, match="No passage has a word"):
        find_distinctive_words(_table({"A": ["1 2 3", ""], "B": ["the of"]}))
    with pytest.raises(InputError, match="lacks the column"):
        find_distinctive_words(FOUR.drop(columns="text"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "(?P<x", "\\", "环球 العربية Правда", "\x00\x0b", "a|b"])
def test_hostile_text_and_names_are_counted_as_text(text):
    table = _table({text: [f"storm {text}"] * 6, "B": ["rain"] * 6})
    result = find_distinctive_words(table, leave_out=[text, "", " "])
    assert "storm" in set(result["word"])


def test_passages_behind_a_word_have_it_and_come_highest_first():
    table = _table({"A": ["storm"] * 6 + ["calm"], "B": ["rain"] * 6})
    table["score"] = np.linspace(0.1, 0.9, len(table))
    words = find_distinctive_words(table)
    result = find_passages_with_words(words, table, per_word=2)
    assert result.columns.to_list() == ["frame", "outlet", "word", "published", "score", "text", "passage_id"]
    storm = result[result["word"] == "storm"]
    assert storm["passage_id"].to_list() == ["A-5-0", "A-4-0"]
    assert (storm["outlet"] == "A").all()
    assert find_passages_with_words(words.head(0), table).empty


def test_options_that_are_not_named_are_those_of_the_docstring():
    # prior of 500, words of three documents, ten for each group, bounds at .95
    texts = {"A": ["storm. rain"] * 5 + ["storm"] * 2 + ["calm"] * 2 + ["hail"] * 3, "B": ["rain"] * 9 + ["storm"] * 3}
    result = find_distinctive_words(_table(texts)).set_index("word")
    assert set(result.index) == {"storm", "hail", "rain"}
    # storm in 10 of 27 counted words (calm is not counted), rain in 14, hail in 3
    storm, rest = 500 * 10 / 27, 500 * 17 / 27
    expected = log((7 + storm) / (8 + rest)) - log((3 + storm) / (9 + rest))
    assert result.loc["storm", "estimate"] == pytest.approx(expected)
    error = sqrt(1 / (7 + storm) + 1 / (8 + rest) + 1 / (3 + storm) + 1 / (9 + rest))
    assert result.loc["storm", "high"] - expected >= student.ppf(0.975, 11) * error * (1 - 1e-9)
    names = [f"w{'abcdefghijkl'[number]}x" for number in range(12)]
    many = find_distinctive_words(_table({"A": [". ".join(names)] * 6, "B": ["rain"] * 6}))
    assert many["outlet"].value_counts().to_dict() == {"A": 10, "B": 1}
    behind = find_passages_with_words(many, _table({"A": [". ".join(names)] * 6, "B": ["rain"] * 6}))
    assert behind["word"].value_counts().to_dict() == {**dict.fromkeys(many["word"], 2)}


def test_a_level_reaches_the_bounds():
    wide, narrow = (find_distinctive_words(FOUR, min_documents=1, level=level).iloc[0] for level in (0.95, 0.8))
    ratio = student.ppf(0.975, 5) / student.ppf(0.9, 5)
    assert wide["high"] - wide["estimate"] == pytest.approx(ratio * (narrow["high"] - narrow["estimate"]))


@pytest.mark.parametrize(("n_apart", "is_listed"), [(1, False), (2, True)])
def test_a_word_in_four_of_five_passages_of_its_pair_is_listed_once(n_apart, is_listed):
    # 'nord' in five passages (or six): in four of them with 'stream', of which three are enough to come first
    table = _table({"A": ["nord stream"] * 4 + ["nord"] * n_apart, "B": ["rain nord"] * 2 + ["rain"] * 9})
    words = set(find_distinctive_words(table).query("outlet == 'A'")["word"])
    assert "nord stream" in words
    assert "stream" not in words
    assert ("nord" in words) == is_listed


def test_passages_without_a_group_count_for_none():
    named = _table({"A": ["storm harbour"] * 6, "B": ["rain"] * 6})
    nameless = _table({"C": ["storm hail"] * 6}).assign(outlet=None)
    result = find_distinctive_words(pd.concat([named, nameless]))
    assert set(result["outlet"]) == {"A", "B"}
    assert result.set_index("word").loc["storm harbour", "n_passages"] == 6
    # one id in two outlets is two documents
    same = named.assign(document_id=named["document_id"].str[2:])
    assert (
        find_distinctive_words(same)["n_documents"].to_list() == find_distinctive_words(named)["n_documents"].to_list()
    )


def test_two_words_are_enough():
    result = find_distinctive_words(_table({"A": ["storm"] * 5, "B": ["rain"] * 5}))
    assert result[["outlet", "word"]].to_numpy().tolist() == [["A", "storm"], ["B", "rain"]]
    assert result["high"].notna().all()


def test_a_frame_whose_words_are_all_rare_has_no_rows():
    common = _table({"A": ["storm", "storm", "calm"] * 3, "B": ["rain", "rain", "hail"] * 3})
    rare = common.assign(frame="g", decision=["present"] + ["absent"] * 8 + ["present"] + ["absent"] * 8)
    assert set(find_distinctive_words(pd.concat([common, rare]))["frame"]) == {"f"}


def test_passages_behind_words_of_groups_that_have_none_are_left_out():
    table = _table({"A": ["storm"] * 6, "B": ["rain"] * 6})
    words = pd.DataFrame({"frame": ["f", "f", "g"], "outlet": ["Z", "A", "A"], "word": ["storm"] * 3})
    result = find_passages_with_words(words, table, per_word=3)
    assert result["passage_id"].to_list() == ["A-0-0", "A-1-0", "A-2-0"]
    absent = table.assign(decision="absent")
    assert find_passages_with_words(words, absent).empty


def test_words_of_a_story_are_no_surer_for_its_many_documents():
    # 'storm' in all of A's twelve documents on two of its six stories, in one document of each of B's
    others = ["rain. wind", "rain. snow", "wind. snow", "rain. storm", "rain. snow", "wind. snow"] * 6
    table = _table({"A": ["storm. rain"] * 12 + ["rain. wind"] * 24, "B": others})
    number = table["document_id"].str.split("-").str[1].astype(int)
    clustered = table.assign(cluster=(number // 6).astype(str))
    rows = [
        find_distinctive_words(part, prior_weight=5).query("outlet == 'A' and word == 'storm'").iloc[0]
        for part in (clustered, table)
    ]
    assert rows[0]["estimate"] == pytest.approx(rows[1]["estimate"])
    assert rows[0]["z"] < 0.8 * rows[1]["z"]
    assert rows[0]["n_documents"] == rows[1]["n_documents"] == 12
    assert rows[0]["high"] - rows[0]["estimate"] == pytest.approx(
        student.ppf(0.975, 5) * rows[0]["estimate"] / rows[0]["z"]
    )
    assert rows[0]["method"] == METHOD.format(unit="cluster")
    few = find_distinctive_words(table.assign(cluster=(number // 9).astype(str)), prior_weight=5)  # four clusters
    assert (
        few["method"]
        .str.endswith("no interval: fewer than 5 clusters of the group, or of the others, have the frame")
        .all()
    )


def _in_languages() -> pd.DataFrame:
    """Two outlets, six documents each in German and Russian, and one of which the language is not known."""
    german, russian, unknown = (
        _table({"A": [first] * n, "B": [second] * n}).assign(language=language)
        for language, first, second, n in [
            ("de", "Der Sturm und die Ernte", "Der Regen und die Ernte", 6),
            ("ru", "Это буря и урожай", "Это дождь и урожай", 8),
            ("und", "Sturm", "Regen", 1),
        ]
    )
    table = pd.concat([german, russian, unknown], ignore_index=True)
    for name in ("passage_id", "document_id"):
        table[name] += table["language"]
    return table


def test_words_are_compared_within_one_language_alone():
    result = find_distinctive_words(_in_languages())
    assert list(result.columns) == ["frame", "outlet", "language", *WORDS[1:]]
    found = {key: set(part["word"]) for key, part in result.groupby(["language", "outlet"])}
    assert found == {("de", "A"): {"sturm"}, ("de", "B"): {"regen"}, ("ru", "A"): {"буря"}, ("ru", "B"): {"дождь"}}
    german = _in_languages().query("language == 'de'")
    alone = find_distinctive_words(german)
    assert "language" not in alone.columns
    pd.testing.assert_frame_equal(
        alone, result.query("language == 'de'").drop(columns="language").reset_index(drop=True)
    )


def test_passages_behind_a_word_are_in_its_language():
    table = _in_languages()
    # the German word stands in a Russian text too
    table.loc[table["language"] == "ru", "text"] += " sturm"
    behind = find_passages_with_words(find_distinctive_words(table), table, per_word=99)
    assert set(zip(behind["language"], behind["word"], strict=True)) >= {("de", "sturm"), ("ru", "буря")}
    assert len(behind.query("word == 'sturm' and language == 'de'")) == 6


def test_groups_of_one_language_each_are_not_compared():
    table = _in_languages()
    apart = table[(table["language"] == "de") == (table["outlet"] == "A")]
    with pytest.raises(TooLittleDataError, match=r"no language \(ru, de\) has two outlets"):
        find_distinctive_words(apart)
    with pytest.raises(TooLittleDataError, match="no language"):
        find_distinctive_words(table, by="language")


def test_languages_of_words_are_counted_and_none_is_left_out_silently():
    table = describe_word_languages(_in_languages()).set_index("language")
    assert list(table.index) == ["ru", "de", "und"]
    assert table["n_passages"].to_list() == [16, 12, 2]
    assert table["compared"].to_list() == ["yes", "yes", "no: the language is not known"]
    chinese = _table({"A": ["部长们会面"], "B": ["部长们离开"]}).assign(language="zh")
    row = describe_word_languages(chinese).iloc[0]
    assert (row["words"], row["stop_words"]) == ("runs of characters", "left out")
    belarusian = describe_word_languages(chinese.assign(language="be")).iloc[0]
    assert (belarusian["words"], belarusian["stop_words"]) == ("words and pairs of words", "not known")


def test_words_of_chinese_are_the_longest_runs_that_stand_alike():
    table = _table({"A": ["部长谈到乌克兰。天气好"] * 6, "B": ["部长谈到收成。天气好"] * 6}).assign(language="zh")
    words = find_distinctive_words(table).query("outlet == 'A'")["word"].to_list()
    assert words[0] in ("乌克兰", "到乌克兰", "谈到乌克")
    assert "乌克" not in words
