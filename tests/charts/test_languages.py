"""Charts in other languages: words, numbers and days on axes, and groups that keep their names."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from framing import charts
from framing.charts.drawing import make_spec
from framing.charts.specs import make_bundle
from framing.texts import in_language
from tests import chart_parts

NAMES = {"blame": "Blame"}


@pytest.fixture
def trends():
    """Shares of one frame in two outlets and six weeks."""
    weeks = pd.date_range("2025-06-30", periods=6, freq="W-MON")
    rows = [
        {"outlet": outlet, "frame": "blame", "period": week, "estimate": 0.2, "low": 0.1, "high": 0.35,
         "n_passages": 1234, "n_documents": 40, "n_gold": 0, "method": "document bootstrap"}
        for outlet in ("The Post", "Neva") for week in weeks
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Anteile nach Zeitraum (Woche)", "30. Juni", "50\xa0%", "1.234 Passagen", "95\xa0%-Intervall"]),
        ("ru", ["Доли по периодам (неделя)", "30 июн", "50\xa0%", "1\xa0234 фрагмента"]),
        ("zh", ["各时段的占比（周）", "6月30日", "50%", "1,234 个段落"]),
    ],
)
def test_a_chart_is_in_the_language(trends, language, words):
    with in_language(language):
        svg = charts.to_svg(charts.share_trends(trends, NAMES))
    text = re.sub(r"\s", " ", svg)
    assert [word for word in words if re.sub(r"\s", " ", word) not in text] == []
    assert "The Post" in svg
    assert not re.search(r"passages|interval|document|share", chart_parts.words(svg))


def test_english_charts_have_no_locale_and_others_bring_it_into_jupyterlab(trends):
    spec = make_spec(charts.share_trends(trends, NAMES))
    assert "embedOptions" not in next(iter(make_bundle(spec).values()))["usermeta"]
    with in_language("fr"):
        options = next(iter(make_bundle(spec).values()))["usermeta"]["embedOptions"]
    assert options["formatLocale"]["decimal"] == ","
    assert options["timeFormatLocale"]["shortMonths"][:2] == ["janv.", "févr."]


def test_a_language_that_lacks_a_text_shows_it_in_english(trends, monkeypatch):
    import gettext

    from framing.texts import phrases

    monkeypatch.setattr(phrases, "find_translations", lambda language: gettext.NullTranslations())
    with in_language("de"):
        assert "Point: share of passages." in chart_parts.words(charts.to_svg(charts.share_trends(trends, NAMES)))


@pytest.mark.parametrize(("n", "words"), [(1, "1 фрагмент"), (21, "21 фрагмент"), (24, "24 фрагмента")])
def test_counts_above_panels_have_the_plural_of_the_language(n, words):
    speakers = pd.DataFrame(
        {"frame": "blame", "speaker_group": ["the outlet itself", "experts"], "estimate": 0.5, "low": 0.3, "high": 0.7,
         "n_passages": n, "n_documents": 9}
    )  # fmt: skip
    with in_language("ru"):
        svg = charts.to_svg(charts.speakers_by_frame(speakers, NAMES))
    assert words in [re.sub(r"\s", " ", text) for text in re.findall(r">([^<>]+)<", svg)]
