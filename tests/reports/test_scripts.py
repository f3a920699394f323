"""Language and direction of the cells of tables."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.estimates.passages import find_top_passages
from framing.reports.html import clean_html
from framing.reports.scripts import describe_script
from framing.reports.table_html import render_table

ARABIC = "انتهت القمة بين الرئيسين بعد ثلاث ساعات من المحادثات دون إعلان وقف لإطلاق النار."
HEBREW = "הפסגה בין הנשיאים הסתיימה אחרי שלוש שעות של שיחות בלי הכרזה על הפסקת אש."


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        (ARABIC, ' dir="auto" lang="ar"'),
        (HEBREW, ' dir="auto" lang="he"'),
        ("两国总统会谈近三小时，没有宣布停火。", ' dir="auto" lang="zh"'),
        ("首脳会談は三時間続いたが、停戦の発表はなかった。", ' dir="auto" lang="ja"'),
        ("The talks ended after three hours.", ' dir="auto"'),
        ("Die Gespräche endeten nach drei Stunden.", ' dir="auto"'),
        ("", ' dir="auto"'),
    ],
)
def test_texts_say_their_language_where_the_script_is_another(text, attributes):
    assert describe_script({"text": text}, "text") == attributes


def test_the_language_of_the_row_wins_and_numbers_have_none():
    row = {"text": "Rat", "language": "de", "other_text": ARABIC, "other_language": "fa", "score": 0.5, "n": 3}
    assert describe_script(row, "text") == ' dir="auto" lang="de"'
    assert describe_script(row, "other_text") == ' dir="auto" lang="fa"'
    assert describe_script(row, "score") == describe_script(row, "n") == ""
    assert describe_script({"text": "x", "language": '"><b>'}, "text") == ' dir="auto" lang="&quot;&gt;&lt;b&gt;"'


def test_the_attributes_reach_the_page_of_a_report():
    table = pd.DataFrame({"outlet": ["صحيفة", "Bay Post"], "text": [ARABIC, "Ships sail."], "score": [0.5, 0.25]})
    page = clean_html(render_table(table))
    assert '<td data-head="outlet" dir="auto">صحيفة</td>' in page
    assert '<td data-head="outlet">Bay Post</td>' in page
    assert f'<td class="passage" data-head="text" dir="auto" lang="ar">{ARABIC}</td>' in page


def test_lists_of_passages_show_translations_of_the_passage_alone():
    rows = [
        ("p1", "Да.", "Yes.", "sentence"), ("p2", "Нет.", "Yes. No. All of it.", "document"),
    ]  # fmt: skip
    classified = pd.DataFrame(rows, columns=["passage_id", "text", "translation", "translation_unit"]).assign(
        frame="war", decision="present", outlet="A", published=pd.NaT, score=[0.9, 0.8]
    )
    top = find_top_passages(classified)
    assert top["translation"].to_list() == ["Yes.", ""]
    assert "translation" not in find_top_passages(classified.drop(columns=["translation", "translation_unit"]))
    assert "<th" in render_table(top)
    assert "translation" in render_table(top)
    assert ">translation<" not in render_table(top.assign(translation=""))
