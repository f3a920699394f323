"""A first report file has the notebooks that the documents allow."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.corpus.periods import choose_period
from framing.files.strict_yaml import parse_yaml, validate
from framing.reports.new_plan import render_plan
from framing.reports.plan import ReportPlan

ALL = [
    "01_corpora",
    "02_frames",
    "03_outlets",
    "04_time",
    "05_validity",
    "06_fragility",
    "07_words",
    "08_stories",
    "09_voices",
]


def documents(outlets: str, *, days: int = 40, language: str = "en") -> pd.DataFrame:
    dates = pd.date_range("2025-01-01", periods=len(outlets), freq=f"{max(days // len(outlets), 1)}D")
    return pd.DataFrame({"outlet": list(outlets), "published": dates, "language": language})


def plan_of(table: pd.DataFrame, **changes) -> ReportPlan:
    options = {"name": "mine", "title": 'The "ferry": a dispute', "codebook": "entman", "notebooks": ALL} | changes
    return validate(ReportPlan, parse_yaml(render_plan(table, **options), source="mine.yaml"), source="mine.yaml")


def test_all_that_compares_is_there_where_two_outlets_have_enough():
    plan = plan_of(documents("AB" * 5))
    assert plan.title == 'The "ferry": a dispute'
    assert (plan.corpus, plan.codebook) == ("mine", "entman")
    assert plan.notebooks == ("01_corpora", "02_frames", "03_outlets", "04_time", "07_words", "08_stories", "09_voices")
    assert plan.settings({}).period == "week"


@pytest.mark.parametrize(
    ("table", "left_out"),
    [
        (documents("A" * 9 + "B" * 4), {"03_outlets", "04_time", "07_words", "08_stories"}),
        (documents("AB" * 5).assign(published=pd.NaT), {"04_time"}),
        (documents("AB" * 5, language="pl"), {"09_voices"}),
    ],
    ids=["one outlet is too small", "no dates", "another language"],
)
def test_what_the_documents_do_not_allow_is_left_out_with_the_reason(table, left_out):
    assert {"03_outlets", "04_time", "07_words", "08_stories", "09_voices"} - set(plan_of(table).notebooks) == left_out
    text = render_plan(table, name="mine", title="M", codebook="entman", notebooks=ALL)
    assert {line.split(": ")[1] for line in text.splitlines() if line.startswith("# left out")} == left_out


def test_texts_too_short_to_tell_their_language_and_dates_that_stand_for_none_change_nothing():
    table = documents("AB" * 5, language="und").assign(language=["en"] * 4 + ["und"] * 6)
    assert "09_voices" in plan_of(table).notebooks
    dates = pd.Series(pd.to_datetime(["2025-01-01", "2025-01-10", "9999-12-31"]))
    assert choose_period(dates) == "day"


def test_only_notebooks_of_the_project_are_named():
    assert plan_of(documents("AB" * 5), notebooks=["02_frames", "99_mine"]).notebooks == ("02_frames",)


@pytest.mark.parametrize(("days", "period"), [(0, "day"), (21, "day"), (22, "week"), (200, "week"), (201, "month")])
def test_the_step_fits_the_span(days, period):
    dates = pd.Series(pd.to_datetime(["2025-01-01", pd.Timestamp("2025-01-01") + pd.Timedelta(days=days), None]))
    assert choose_period(dates) == period


def test_translations_and_several_languages_bring_the_part_on_them_and_labels_are_named_as_to_come():
    table = documents("AB" * 5)
    assert "06_fragility" not in plan_of(table).notebooks
    assert "06_fragility" in plan_of(table.assign(language=["ru", "de"] * 5)).notebooks
    assert "06_fragility" in plan_of(documents("AB" * 5, language="ru").assign(translation="In English.")).notebooks
    text = render_plan(table, name="mine", title="M", codebook="entman", notebooks=ALL)
    assert "# to come: 05_validity: once people have coded passages" in text
