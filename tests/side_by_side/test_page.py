"""The side-by-side page without a browser: what is embedded, how it is escaped, links, refusals."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.side_by_side.data import page_data
from framing.side_by_side.page import PageParts, embed_json, link_passages, render_side_by_side
from tests.page_tables import OUTLETS, page_tables


def _data(**changes):
    tables = page_tables() | changes
    return page_data(PageParts(**tables))


class _Parts(HTMLParser):
    """Scripts and styles of a page as an HTML parser sees them, and the attributes of every element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[tuple[str, dict[str, str | None], str]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inline.append((tag, dict(attrs), ""))

    def handle_data(self, data):
        if self.lasttag in ("script", "style") and self.inline and self.inline[-1][2] == "":
            self.inline[-1] = (*self.inline[-1][:2], data)


def test_columns_stand_in_reading_order_with_values_coded_by_place():
    data = _data()
    passages, documents = data["passages"], data["documents"]
    assert passages["id"][:4] == ["d1-0", "d1-1", "d1-2", "d2-0"]
    assert passages["id"][-1] == "d7-0"  # no date: last
    assert documents["date"] == ["2025-03-02", "2025-03-03", "2025-03-05", "2025-04-01", "2025-04-02", "2025-05-01", ""]
    assert documents["outlet"] == [0, 1, 2, 0, 1, 2, 2]
    assert [data["stories"][place]["id"] for place in documents["story"]] == [
        "flood", "flood", "flood", "tram", "tram", "heron", "(no story)",
    ]  # fmt: skip
    assert passages["wire"][passages["id"].index("d3-0")] == 0
    assert passages["wire"].count(-1) == len(passages["id"]) - 1


def test_sets_hold_present_frames_then_undecided_ones_with_their_scores():
    tables = page_tables()
    decisions = tables["decisions"].copy()
    decisions.loc[decisions["passage_id"] == "d1-1", "cost"] = "abstain"
    data = _data(decisions=decisions)
    place = data["passages"]["id"].index("d1-1")
    assert data["sets"][data["passages"]["set"][place]] == [0, -3]  # blame; cost undecided
    assert data["passages"]["scores"][place] == [90, 10]
    tram = data["passages"]["id"].index("d4-0")
    assert data["sets"][data["passages"]["set"][tram]] == [0, 2]


def test_offsets_count_the_units_of_a_browser():
    tables = page_tables()
    passages = tables["passages"].copy()
    passages.loc[passages["passage_id"] == "d1-1", "text"] = "😀 “No,” she said."
    segments = pd.DataFrame(
        [("d1-1", 2, 7, "quoted", ""), ("d1-1", 0, 7, "own", "")],
        columns=["passage_id", "start", "end", "voice", "speaker"],
    )
    data = _data(passages=passages, segments=segments)
    assert data["segments"] == {"1": [[3, 8, 1, ""]]}


def test_pairs_stand_once_whatever_their_order():
    aligned = pd.DataFrame(
        [("flood", "d2-0", "d1-0", 0.5), ("flood", "d1-0", "d2-0", 0.7)],
        columns=["story_id", "passage_id", "other_id", "similarity"],
    )
    assert _data(aligned=aligned)["aligned"] == {"a": [0], "b": [3], "similarity": [700]}


def test_only_http_addresses_are_kept():
    documents = page_tables()["documents"].copy()
    documents["url"] = [
        "javascript:alert(1)", "https://a.example/x", "data:text/html,x", "HTTP://b.example", " https://c", "file:///etc",
        None,
    ]  # fmt: skip
    assert (
        _data(documents=documents)["documents"]["url"] == ["", "https://a.example/x", "", "HTTP://b.example"] + [""] * 3
    )


def test_policy_names_the_hashes_of_the_only_script_and_style():
    text = render_side_by_side(PageParts(**page_tables()))
    parts = _Parts(text)
    (style,) = [body for tag, _, body in parts.inline if tag == "style"]
    data, script = [(attributes, body) for tag, attributes, body in parts.inline if tag == "script"]
    assert data[0] == {"type": "application/json", "id": "data"}
    policy = next(a["content"] for tag, a in parts.elements if tag == "meta" and "http-equiv" in a)
    assert policy is not None
    for directive, body in (("script-src", script[1]), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not any(name.startswith("on") or name == "style" for _, found in parts.elements for name in found)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script[1])


def test_the_same_tables_make_the_same_page_whatever_the_order_of_rows():
    tables = page_tables()
    turned = {
        name: value.iloc[::-1].reset_index(drop=True) if isinstance(value, pd.DataFrame) else value
        for name, value in tables.items()
    }
    assert render_side_by_side(PageParts(**tables)) == render_side_by_side(PageParts(**turned))


def test_notes_banner_and_tables_without_scripts():
    text = render_side_by_side(PageParts(**page_tables(payload="<b>")))
    assert "Exploratory: nothing was validated.&lt;b&gt;" in text
    assert "<strong>Constructed.</strong>" in text
    assert '<a href="tables/passages.csv">' in text.split("<noscript>")[1].split("</noscript>")[0]
    assert "Constructed." not in render_side_by_side(PageParts(**page_tables() | {"constructed": False, "notes": []}))


def test_voices_segments_alignment_and_scores_may_be_missing():
    tables = page_tables() | {"voices": None, "segments": None, "aligned": None, "scores": None}
    data = page_data(PageParts(**tables))
    assert (data["voices"], data["segments"], data["aligned"], data["passages"]["scores"]) == (None, {}, None, None)
    assert render_side_by_side(PageParts(**tables))


@given(st.text() | st.lists(st.text(alphabet="<>&/!-]script\u2028\u2029\\\"'"), max_size=5))
def test_embedded_json_reads_back_and_cannot_leave_its_element(value):
    text = embed_json(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]", text)


def test_lone_surrogates_do_not_stop_the_page():
    changed = _changed("passages", "text", "half \ud83d of a sign")
    assert "half \ufffd of a sign" in render_side_by_side(PageParts(**page_tables() | changed))


@given(
    st.lists(st.text(min_size=1).filter(lambda text: text.isprintable()), min_size=1, max_size=3), st.text(min_size=1)
)
def test_links_read_back(outlets, frame):
    page, _, fragment = link_passages(frame=frame, outlet=outlets, voice="own").partition("#")
    assert page == "side_by_side.html"
    expected = [("frame", frame), *(("outlet", name) for name in outlets), ("voice", "own")]
    assert parse_qsl(fragment, keep_blank_values=True) == expected


def test_links_without_a_filter_open_the_page():
    assert link_passages() == "side_by_side.html"
    assert link_passages(passage="ab12", page="") == "#passage=ab12"


def test_links_to_pairs_of_frames_weeks_and_words():
    link = link_passages(frame=["a", "b"], every_frame=True, since="2025-07-01", until="2025-07-07", query="dam wall")
    assert link.endswith("#frame=a&frame=b&frames=all&from=2025-07-01&to=2025-07-07&q=dam%20wall")
    assert link_passages(group="") == "side_by_side.html#group="


def test_a_corpus_without_passages_is_a_page_too():
    tables = page_tables()
    empty = {name: value.iloc[:0] if isinstance(value, pd.DataFrame) else value for name, value in tables.items()}
    assert '"id":[]' in render_side_by_side(PageParts(**empty))


def test_links_refuse_what_no_page_can_show():
    with pytest.raises(InputError, match="voice is one of own, quoted, reported, unknown; got 'loud'"):
        link_passages(voice="loud")
    with pytest.raises(InputError, match="days written like 2025-07-31; got 'July'"):
        link_passages(since="July")
    with pytest.raises(InputError, match="a link opens one story; got several"):
        link_passages(story=["a", "b"])


def _changed(table: str, column: str, value: object, row: int = 0):
    changed = page_tables()[table].copy()
    changed[column] = changed[column].astype(object)
    changed.loc[row, column] = value
    return {table: changed}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"passages": page_tables()["passages"].drop(columns="text")}, r"passages lacks the column\(s\) text"),
        ({"decisions": page_tables()["decisions"].drop(columns="cost")}, r"decisions lacks the column\(s\) cost"),
        ({"decisions": page_tables()["decisions"].iloc[2:]}, "decisions lack 2 passage.*'d1-0'"),
        (_changed("decisions", "cost", "maybe"), "unknown cost 'maybe'.*absent, abstain, present"),
        (_changed("passages", "document_id", "d99"), "passages: unknown document_id 'd99'"),
        (_changed("passages", "passage_id", "d1-1"), "passages: each id stands once; 'd1-1' stands twice"),
        (_changed("documents", "outlet", "Nobody"), "documents: unknown outlet 'Nobody'.*Harbour Post"),
        (_changed("voices", "voice", "sung"), "voices: unknown voice 'sung'.*own, quoted, reported"),
        (_changed("segments", "end", 999), "passage 'd1-1' has 46 characters; a segment from 0 to 999 is not in it"),
        (_changed("aligned", "other_id", "d0-0"), "aligned: unknown other_id 'd0-0'"),
        ({"outlets": [("Harbour Post", "red"), *OUTLETS[1:]]}, "Harbour Post: a colour is written #rrggbb; got 'red'"),
        ({"outlets": [*OUTLETS, OUTLETS[0]]}, "outlets: each id stands once; 'Harbour Post'"),
    ],
)
def test_wrong_tables_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        _data(**changes)


def _with_sections() -> dict[str, Any]:
    tables = page_tables()
    sections = ["news", "news", None, "city", "", "news", "city"]
    return tables | {"documents": tables["documents"].assign(section=sections), "columns": ["section"]}


def test_further_columns_are_coded_with_blanks_apart():
    data = page_data(PageParts(**_with_sections()))
    assert data["columns"] == [{"name": "section", "values": ["city", "news"]}]
    assert data["documents"]["columns"] == [[1, 1, -1, 0, -1, 1, 0]]
    with pytest.raises(InputError, match=r"documents lacks the column\(s\) page"):
        _data(columns=["page"])


def test_links_name_values_of_further_columns():
    link = link_passages(frame="blame", columns={"section": ["news", "city & sea"], "a=b": "x"})
    assert link == "side_by_side.html#frame=blame&in.section=news&in.section=city%20%26%20sea&in.a%3Db=x"
