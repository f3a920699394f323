"""Duplicates: planted edits, numbers, short texts, originals, chains and counts by hand."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus import read_corpus, split_passages
from framing.errors import InputError
from framing.stories.duplicates import count_duplicates, find_duplicates, find_reprint_chains, mark_duplicates
from framing.stories.shingles import split_words
from framing.tables import DUPLICATES, REPRINTS
from tests.conftest import ROOT

STORY = (
    "The harbour board of Eastmole voted on Tuesday to close the old ferry pier for 14 months. "
    "Repairs to the piles will cost 3.2 million crowns, of which the county pays half.\n\n"
    "Fishermen fear for their berths, and the owner of the pier café has already let two waiters go. "
    "A temporary landing stage is to be built beside the lighthouse before the autumn storms."
)
OTHER = (
    "Snow closed the mountain road above Vellin for a second day, and forty lorries waited in the valley. "
    "The county opened the school gymnasium to drivers who had slept in their cabins."
)


def _table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Rows of id, outlet, day and text."""
    table = pd.DataFrame(rows, columns=["document_id", "outlet", "published", "text"])
    table["published"] = pd.to_datetime(table["published"])
    return table.assign(title=[f"Title of {name}" for name in table["document_id"]])


def test_the_earliest_is_the_original_and_the_others_name_it():
    table = _table(
        ("c", "Bay Post", "2024-03-03", STORY),
        ("b", "Hill Echo", "2024-03-02", STORY),
        ("a", "Bay Post", "2024-03-02", STORY.upper()),
        ("z", "Bay Post", "2024-03-01", OTHER),
    )
    found = find_duplicates(table)
    assert found.columns.to_list() == ["document_id", *DUPLICATES]
    # a and b are of one day; Bay Post comes before Hill Echo
    assert found["document_id"].to_list() == ["a", "b", "c"]
    assert found["duplicate_of"].to_list() == ["", "a", "a"]
    assert found["group"].to_list() == ["a", "a", "a"]
    assert found["similarity"].to_list() == [1.0, 1.0, 1.0]


def test_similarity_is_the_share_of_shingles_by_hand():
    first = "one two three four five six seven eight"  # 6 shingles
    second = "one two three four five six seven nine"  # shares 5, so 5 of 7
    table = _table(("a", "A", "2024-01-01", first), ("b", "B", "2024-01-02", second))
    assert find_duplicates(table, threshold=0.7)["similarity"].to_list() == [1.0, pytest.approx(5 / 7)]
    assert find_duplicates(table, threshold=0.72).empty


def test_a_part_counts_by_the_shorter_text_from_fifteen_words():
    words = [f"w{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(60)]
    other = [f"x{chr(97 + number)}" for number in range(10)]
    rows = {
        "whole": words,
        "half": words[:30],
        "mostly": [*words[30:50], *other[:4]],  # 24 words, 18 of 22 shingles
        "sixth": words[40:52],  # 10 of the whole's 58 shingles, less than a third
        "third": words[:17],  # less than a third of the whole; near the half, but that is one of three
    }
    table = _table(
        *[(name, "A", f"2024-01-{day + 1:02d}", " ".join(row)) for day, (name, row) in enumerate(rows.items())]
    )
    found = find_duplicates(table).set_index("document_id")
    assert found.index.to_list() == ["whole", "half", "mostly"]
    assert found.loc["half", "similarity"] == 1.0
    assert found.loc["mostly", "similarity"] == pytest.approx(18 / 22)


@pytest.mark.parametrize(("kept", "changed", "found"), [(12, 0, True), (11, 1, True), (10, 2, False), (7, 0, False)])
def test_a_short_part_must_stand_in_the_longer_text_nearly_whole(kept, changed, found):
    words = [f"w{chr(97 + number)}" for number in range(20)]
    part = [*words[:kept], *[f"x{chr(97 + number)}" for number in range(changed)]]
    table = _table(("whole", "A", "2024-01-01", " ".join(words)), ("part", "B", "2024-01-02", " ".join(part)))
    # 12 words have 10 shingles: with one word changed at the end 9 are shared, with two 8
    assert (len(find_duplicates(table)) == 2) == found


def test_changed_figures_in_equal_text_are_a_near_duplicate_unless_numbers_are_kept():
    report = "The army of Norland has lost about {} soldiers and {} boats since the first of May, the staff says."
    table = _table(
        ("a", "A", "2024-01-01", report.format("23,000", 41)), ("b", "A", "2024-01-02", report.format("24,500", 44))
    )
    assert find_duplicates(table)["duplicate_of"].to_list() == ["", "a"]
    assert find_duplicates(table, numbers="keep").empty


def test_short_texts_are_duplicates_only_where_they_are_equal():
    table = _table(
        ("a", "A", "2024-01-01", "Norland's losses: 23,000 troops"),
        ("b", "B", "2024-01-02", "Norland's losses: 24,500 troops"),
        ("c", "C", "2024-01-03", "Norland’s  LOSSES – 23,000 troops"),
        ("d", "C", "2024-01-03", "Norland's losses: 23,000 troops say"),
        ("e", "C", "2024-01-03", " … "),
        ("f", "D", "2024-01-04", " … "),
    )
    found = find_duplicates(table)
    assert found["document_id"].to_list() == ["a", "c"]


def test_small_changes_do_not_chain_unlike_texts_together():
    words = [f"w{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(100)]
    rows = [
        (f"{start:02d}", "A", f"2024-01-{start + 1:02d}", " ".join(words[start : start + 40])) for start in range(30)
    ]
    found = find_duplicates(_table(*rows))
    assert found.groupby("group").size().max() < 20
    assert (found["similarity"] >= 0.8).all()


EDITS = {
    "first half": lambda text, rng: text[: len(text) // 2],
    "changed numbers": lambda text, rng: "".join(
        str(rng.randrange(10)) if letter.isdigit() else letter for letter in text
    ),
    "new lead": lambda text, rng: f"{OTHER}\n\n{text}",
    "other order": lambda text, rng: "\n\n".join(rng.sample(text.split("\n\n"), len(text.split("\n\n")))),
}


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_planted_edits_are_found_in_the_sample(edit):
    documents = read_corpus(ROOT / "corpora" / "deep-strike").documents.iloc[::4]
    rng = random.Random(7)
    copies = documents.assign(
        document_id=documents["document_id"] + "-copy",
        outlet="Copyist",
        published=documents["published"] + pd.Timedelta(days=1),
        text=[EDITS[edit](text, rng) for text in documents["text"]],
    )
    found = find_duplicates(pd.concat([documents, copies])).set_index("document_id")
    originals = found["duplicate_of"].reindex(copies["document_id"]).str.removesuffix("-copy")
    right = originals.to_numpy() == documents["document_id"].to_numpy()
    assert right.mean() >= 0.95
    # nothing else is paired
    assert set(found.index) <= {*documents["document_id"], *copies["document_id"]}
    assert (found["group"].map(found["group"].value_counts()) == 2).mean() > 0.95


def test_the_sample_s_wire_copy_is_found_and_nothing_else():
    documents = read_corpus(ROOT / "corpora" / "deep-strike").documents
    truth = pd.read_csv(ROOT / "corpora" / "deep-strike" / "wire_copy.csv")
    found = find_duplicates(documents).merge(truth, on="document_id", how="outer")
    assert found["group"].notna().all()
    assert found["wire_story"].notna().all()
    assert found.groupby("group")["wire_story"].nunique().eq(1).all()
    assert found["group"].nunique() == truth["wire_story"].nunique()


def test_the_order_of_rows_does_not_matter():
    documents = read_corpus(ROOT / "corpora" / "deep-strike").documents
    mixed = documents.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(find_duplicates(documents), find_duplicates(mixed))


@given(st.lists(st.text(max_size=60), max_size=8), st.floats(0.3, 1))
def test_any_text_keeps_the_form_of_the_table(texts, threshold):
    rows = [(str(number), "AB"[number % 2], "2024-01-01", text) for number, text in enumerate(texts)]
    found = find_duplicates(_table(*rows), threshold=threshold)
    assert found["document_id"].is_unique
    sizes = found.groupby("group").size()
    assert (sizes >= 2).all()
    assert (found["duplicate_of"] == "").sum() == len(sizes)
    assert found["similarity"].between(threshold, 1).all()


def test_passages_are_marked_and_none_is_lost():
    documents = _table(("a", "A", "2024-01-01", STORY), ("b", "B", "2024-01-02", f"{OTHER}\n\n{STORY}"))
    passages = split_passages(documents.assign(language="en", corpus="c", perspective=""), max_words=40)
    marked = mark_duplicates(passages)
    assert marked.drop(columns="duplicate_of").equals(passages.drop(columns="duplicate_of"))
    copied = marked[marked["duplicate_of"] != ""]
    assert set(copied["document_id"]) == {"b"}
    texts = marked.set_index("passage_id")["text"]
    assert texts.loc[copied["duplicate_of"]].to_list() == copied["text"].to_list()
    assert len(copied) == (marked["document_id"] == "a").sum()


def _copied() -> tuple[pd.DataFrame, pd.DataFrame]:
    table = _table(
        ("a", "A", "2024-01-01", STORY),
        ("b", "B", "2024-01-02", STORY),
        ("c", "A", "2024-01-03", STORY),
        ("d", "B", "2024-01-01", OTHER),
        ("e", "B", "2024-01-05", OTHER),
        ("f", "A", "2024-01-05", "A text that has nothing in common with any of the others here."),
    )
    return table, find_duplicates(table)


def test_chains_are_in_order_of_date_and_most_outlets_first():
    chains = find_reprint_chains(*_copied())
    assert chains.columns.to_list() == list(REPRINTS)
    assert chains["document_id"].to_list() == ["a", "b", "c", "d", "e"]
    assert chains["order"].to_list() == [1, 2, 3, 1, 2]
    assert chains["n_outlets"].to_list() == [2, 2, 2, 1, 1]
    assert chains["n_documents"].to_list() == [3, 3, 3, 2, 2]
    assert chains["title"].iloc[0] == "Title of a"


def test_counts_with_and_without_by_hand():
    counts = count_duplicates(*_copied()).set_index("outlet")
    # A: a, c (its own copy), f; B: b (A's), d, e (its own copy)
    assert counts.loc["A"].to_dict() == {"n": 3, "n_without": 2, "n_own": 1, "n_others": 0, "share": 1 / 3}
    assert counts.loc["B"].to_dict() == {"n": 3, "n_without": 1, "n_own": 1, "n_others": 1, "share": 2 / 3}


def test_nothing_to_find_gives_an_empty_table_of_the_same_form():
    table = _table(("a", "A", "2024-01-01", STORY))
    for part in (table, table.head(0)):
        found = find_duplicates(part)
        assert found.columns.to_list() == ["document_id", *DUPLICATES]
        assert found.empty
        assert find_reprint_chains(part, found).empty
        assert count_duplicates(part, found)["n"].to_list() == [1] * len(part)


def test_dates_that_lack_come_last():
    table = _table(("a", "A", "2024-01-01", STORY), ("b", "A", "2024-01-01", STORY))
    table.loc[0, "published"] = pd.NaT
    assert find_duplicates(table)["duplicate_of"].to_list() == ["", "b"]


def test_what_cannot_be_compared_is_refused():
    table = _table(("a", "A", "2024-01-01", STORY))
    with pytest.raises(InputError, match="threshold 0: expected a share above 0"):
        find_duplicates(table, threshold=0)
    with pytest.raises(InputError, match="numbers is ignore or keep, not 'mask'"):
        find_duplicates(table, numbers="mask")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="document_id a stands in several rows"):
        find_duplicates(pd.concat([table, table]))
    with pytest.raises(InputError, match=r"lacks the column\(s\) outlet"):
        find_duplicates(table.drop(columns="outlet"))
    with pytest.raises(InputError, match=r"duplicates lacks the column\(s\) document_id"):
        count_duplicates(table, pd.DataFrame({"group": np.array([])}))


def test_chains_by_hand_in_every_tie():
    # group, id, outlet, day; the first of each group is the original
    rows = [
        ("g3", "k", "A", 1), ("g3", "n", "A", 2), ("g3", "m", "A", 2), ("g3", "l", "A", 2),  # one outlet, four texts
        ("g1", "c", "A", 1), ("g1", "d", "B", 2),  # two outlets, two texts
        ("g2", "z", "Z", 1), ("g2", "x", "B", 1), ("g2", "y", "A", 1),  # three outlets, three texts of one day
        ("g0", "a", "A", 3), ("g0", "b", "B", 4),  # like g1, later
        ("g4", "p", "A", 1), ("g4", "q", "B", 2), ("g4", "r", "B", 3),  # two outlets, three texts
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["group", "document_id", "outlet", "day"])
    documents = frame[["document_id", "outlet"]].assign(
        published=pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D"), title="T"
    )
    original = frame.groupby("group")["document_id"].transform("first")
    duplicates = frame[["document_id", "group"]].assign(
        duplicate_of=original.where(original != frame["document_id"], ""), similarity=1.0
    )
    chains = find_reprint_chains(documents, duplicates)
    assert "".join(chains["document_id"]) == "zyx" + "pqr" + "ab" + "cd" + "klmn"
    assert chains["order"].to_list() == [1, 2, 3, 1, 2, 3, 1, 2, 1, 2, 1, 2, 3, 4]
    assert chains["n_outlets"].to_list() == [3] * 3 + [2] * 7 + [1] * 4
    assert chains.index.to_list() == list(range(14))


# Of the 22 shingles of each the second shares 18 with the first; the third differs in a figure, which three hold.
NEAR = [*[f"w{chr(97 + number)}" for number in range(11)], "17", *[f"w{chr(97 + number)}" for number in range(12, 24)]]
CHANGED = [*NEAR[:20], "xa", "xb", "xc", "xd"]


@pytest.mark.parametrize(
    ("options", "copies"),
    [({}, ["c", "d"]), ({"threshold": 0.9}, ["d"]), ({"numbers": "keep"}, ["c", "d"]),
     ({"numbers": "keep", "threshold": 0.9}, [])],
)  # fmt: skip
def test_passages_are_marked_by_the_threshold_and_the_numbers_that_are_given(options, copies):
    texts = {"a": NEAR, "c": CHANGED, "d": [*NEAR[:11], "18", *NEAR[12:]]}
    rows = _table(
        *[(name, "A", f"2024-01-0{day}", " ".join(text)) for day, (name, text) in enumerate(texts.items(), 1)]
    )
    marked = mark_duplicates(rows.rename(columns={"document_id": "passage_id"}), **options)
    assert marked.loc[marked["duplicate_of"] == "a", "passage_id"].to_list() == copies


def test_a_threshold_of_one_asks_for_the_same_shingles():
    table = _table(("a", "A", "2024-01-01", STORY), ("b", "A", "2024-01-02", f"{STORY}!"))
    assert len(find_duplicates(table, threshold=1)) == 2
    with pytest.raises(InputError, match=r"threshold 1\.5: expected a share above 0"):
        find_duplicates(table, threshold=1.5)


def test_tables_that_lack_columns_are_refused():
    documents, duplicates = _copied()
    with pytest.raises(InputError, match=r"documents lacks the column\(s\) title"):
        find_reprint_chains(documents.drop(columns="title"), duplicates)
    with pytest.raises(InputError, match=r"duplicates lacks the column\(s\) similarity"):
        find_reprint_chains(documents, duplicates.drop(columns="similarity"))
    with pytest.raises(InputError, match=r"the table of texts lacks the column\(s\) country"):
        count_duplicates(documents, duplicates, by="country")


@pytest.mark.parametrize(
    ("first", "second", "other"),
    [
        (
            "昨夜一场大雨冲垮了北部山谷的一座木桥三个村庄与外界失去了联系",
            "今晨一场大雨冲垮了北部山谷的一座木桥三个村庄与外界失去了联系",
            "港口委员会周二投票决定关闭旧渡轮码头渔民担心他们的泊位",
        ),
        (
            "大雨で北の谷の木の橋が流され三つの村が孤立したと町の消防署が発表した",
            "大雨で北の谷の石の橋が流され三つの村が孤立したと町の消防署が発表した",
            "港の委員会は火曜日に古い渡し船の桟橋を閉鎖することを決めた",
        ),
    ],
)
def test_near_copies_are_found_where_words_have_no_spaces(first, second, other):
    table = _table(
        ("a", "Bay Post", "2024-03-01", first),
        ("b", "Hill Echo", "2024-03-02", second),
        ("c", "Hill Echo", "2024-03-03", other),
    )
    assert find_duplicates(table)["document_id"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    "texts",
    [
        ["总统周二会见外交部长", "总统周三会见外交部长", "总统周二会见国防部长", "总统周二抵达邻国首都"],
        ["大統領が大臣と会談した。", "大統領が大使と会談した。", "大臣が大使と会談した。"],
        ["รัฐมนตรีพบประธานาธิบดี", "รัฐมนตรีพบเอกอัครราชทูต", "ประธานาธิบดีพบเอกอัครราชทูต"],
        [  # news of one place and time, but not of one event
            "国防部发言人周二在首都举行的新闻发布会上表示，双方已经同意在下个月恢复谈判，并将释放三百名被扣押的人员。",
            "国防部发言人周二在首都举行的新闻发布会上表示，军队在夜间击落了七架无人机，没有人员伤亡。",
        ],
        [
            "रक्षा मंत्रालय के प्रवक्ता ने मंगलवार को राजधानी में कहा कि दोनों पक्ष बातचीत पर सहमत हो गए हैं",
            "रक्षा मंत्रालय के प्रवक्ता ने मंगलवार को राजधानी में कहा कि सेना ने रात में सात ड्रोन मार गिराए",
        ],
    ],
)
def test_texts_that_share_a_phrase_are_no_copies_in_any_script(texts):
    table = _table(*[(f"d{n}", "A", f"2024-03-0{n + 1}", text) for n, text in enumerate(texts)])
    assert find_duplicates(table).empty


def test_vowel_signs_do_not_cut_words():
    assert split_words("मंत्री ने कहा") == ["मंत्री", "ने", "कहा"]
    assert split_words("کتاب‌ها") == ["کتاب‌ها"]
