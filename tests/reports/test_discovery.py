"""The page of groups: hostile text stays text, all numbers are there, readers are told what to doubt."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from framing.analysis.discovered import Discovery, count_passages
from framing.analysis.group_tables import describe_groups, estimate_groups
from framing.reports.discovery import render_discovery
from framing.texts import in_language
from tests.reports.hostile_project import OUTLETS, PAYLOADS
from tests.tiny import codebook


def hostile(*, verdict="unstable") -> Discovery:
    """Twelve groups of ten passages each; every text, outlet and the title is hostile."""
    ids = [f"g{number}" for number in range(1, 13)]
    rows = []
    for number in range(150):
        group = ids[number // 10] if number < 120 else ""
        rows.append(
            {
                "passage_id": f"p{number:03}",
                "document_id": f"d{number // 2:03}",
                "outlet": OUTLETS[0] if group == "g1" else OUTLETS[number % len(OUTLETS)],
                "perspective": "",
                "published": pd.Timestamp("2025-03-03") + pd.Timedelta(days=number % 40),
                "language": "de" if group == "g2" else "en",
                "text": f"{PAYLOADS[number % len(PAYLOADS)]} ministry{number // 10} <b>talks{number // 10}</b>",
                "status": "grouped" if group else ("ungrouped", "explained", "repeated")[number % 3],
                "group": group,
                "nearest": group,
                "similarity": 0.5,
                "duplicate_of": "",
            }
        )
    passages = pd.DataFrame(rows)
    measured = {"stability": 0.4, "stability_low": 0.3, "stability_high": 0.5, "verdict": verdict}
    stability = pd.DataFrame(measured, index=range(12))
    shares, trends, period = estimate_groups(passages, ids[:10], random_seed=1)
    examples = passages[passages["group"] != ""].assign(role="seed", place=np.arange(120) % 10)
    return Discovery(
        title=PAYLOADS[3],
        corpus="hostile",
        encoder="minilm",
        constructed=True,
        codebook=codebook(),
        every=False,
        n_documents=75,
        n_refused=2,
        groups=describe_groups(passages, ids, stability),
        passages=passages,
        shares=shares,
        trends=trends,
        period=period,
        examples=examples[["group", "passage_id", "role", "place"]],
    )


@pytest.fixture(scope="module")
def page() -> str:
    return render_discovery(hostile())


def test_no_markup_of_a_corpus_is_markup_of_the_page(page):
    assert "script-src" not in page  # default-src 'none' forbids all
    assert "default-src 'none'" in page
    for tag in ("<script", "<img", "<iframe", "<details open ontoggle", "<svg onload", "<b>Bold", 'href="javascript'):
        assert tag not in page
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in page


def test_nothing_runs_and_nothing_is_asked_for(browser, tmp_path, page):
    path = tmp_path / "index.html"
    path.write_text(page, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 800}, color_scheme="dark")
    seen = []
    tab = context.new_page()
    tab.on("request", lambda request: seen.append(request.url))
    tab.on("console", lambda message: seen.append(message.text))
    tab.goto(path.as_uri())
    assert tab.evaluate("window.hacked") is None
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.locator("h2").count() == 12  # ten groups, charts, further groups
    assert tab.locator("svg.marks").count() == 2
    assert seen == [path.as_uri()]
    context.close()


def test_numbers_of_passages_add_up_on_the_page(page):
    counts = count_passages(hostile())
    assert sum(counts.values()) == 150
    listed = [int(number) for number in re.findall(r"<li><b>([\d,]+)</b>", page)]
    assert listed == [counts[name] for name in ("grouped", "ungrouped", "explained", "repeated", "undecided")]
    assert "150 passages:" in page
    assert "2 rows refused" in page


def test_readers_are_told_what_to_doubt(page):
    assert "<b>Exploratory.</b>" in page
    assert "<b>Constructed corpus.</b>" in page
    assert "<b>Unstable.</b> 10 of the 10 groups shown do not come back" in page
    assert page.count("<b>One outlet.</b> 100% of the group is of <bdi>The &lt;b&gt;Bold&lt;/b&gt; Post</bdi>") == 1
    assert page.count("<b>One language.</b>") == 1  # g2 in German; English is that of nearly all
    assert "stability <b>0.40</b> [0.30, 0.50], unstable" in page


def test_stable_groups_have_no_warning():
    page = render_discovery(hostile(verdict="stable"))
    assert "<b>Unstable.</b>" not in page
    assert "[0.30, 0.50], stable" in page


def test_the_page_in_german():
    with in_language("de"):
        page = render_discovery(hostile())
    assert '<html lang="de">' in page
    assert "Passagen, die kein Frame erklärt" in page
    assert "<b>Explorativ.</b>" in page


def test_none_of_a_group_has_an_interval_like_one_of_it():
    """Two hundred passages of 34 documents: a group in one of them, and a group in none."""
    rows = [
        {
            "passage_id": f"p{number}", "document_id": f"d{number % 34}", "outlet": "Post", "perspective": "",
            "published": None, "language": "en", "text": f"text {number}",
            "status": "grouped" if number < 60 else "ungrouped",
            "group": "g1" if number == 0 else "g2" if number < 60 else "", "nearest": "",
        }
        for number in range(200)
    ]  # fmt: skip
    shares, _, _ = estimate_groups(pd.DataFrame(rows), ["g1", "g2", "g3"], random_seed=1)
    by_group = shares.set_index("frame")
    assert by_group["method"].to_dict()["g1"] == by_group["method"].to_dict()["g3"]
    assert by_group.loc["g3", "low"] == 0
    assert by_group.loc["g3", "high"] < by_group.loc["g1", "high"] < 0.04


def test_small_clusters_are_shown_the_tightest_first():
    found = hostile()
    passages = found.passages.copy()
    loose = passages.index[passages["status"] == "ungrouped"]
    passages.loc[loose, "nearest"] = ["s2", "s2", "s1", "s1"] + [""] * (len(loose) - 4)
    passages.loc[loose, "similarity"] = [0.5, 0.7, 0.9, 0.94] + [np.nan] * (len(loose) - 4)
    page = render_discovery(dataclasses.replace(found, passages=passages))
    assert (
        f"0 at the edge of a group, 4 near too few others (a group has at least 7 passages, 4 of them in its core), "
        f"{len(loose) - 4} alone" in page
    )
    first, second = page.index("<b>s1</b>"), page.index("<b>s2</b>")
    assert first < second
    assert "mean similarity 0.92" in page[first:second]


def test_contents_have_three_words_of_a_group_at_most(page):
    entries = re.findall(r'<li><a href="#g\d+">g\d+ (.*?)</a></li>', page)
    assert len(entries) == 10
    assert max(entry.count(",") for entry in entries) <= 2


def test_names_of_another_direction_turn_no_number_around():
    found = hostile()
    passages = found.passages.assign(outlet="هآرتس 24")
    groups = found.groups.assign(largest_outlet="هآرتس 24", one_outlet=True)
    page = render_discovery(dataclasses.replace(found, passages=passages, groups=groups))
    body = page.partition("<main")[2]
    assert body.count("<bdi>هآرتس 24</bdi>") >= 20
    assert "هآرتس" not in re.sub(r"<bdi>.*?</bdi>|<svg.*?</svg>|<figure.*?</figure>", "", body, flags=re.DOTALL)
