"""What a report says of the run that it replaces."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from framing.reports.since import IDS, compare_runs, keep_ids
from tests.estimates.test_arrivals import _table


@pytest.fixture
def runs(tmp_path):
    """An earlier run without the new documents, and the one that replaces it."""
    table, earlier = _table({"A": (0.1, 0.7), "B": (0.4, 0.4)})
    settings = SimpleNamespace(
        compare_by="outlet", level=0.95, n_bootstrap=300, min_documents=5, random_seed=1
    )  # fmt: skip
    analysis = SimpleNamespace(
        classified=table, settings=settings, codebook=SimpleNamespace(names={"f": "Frame <f>", "g": "Frame g"}),
        documents=table[["document_id"]].drop_duplicates(),
    )  # fmt: skip
    facts = {
        "made": "2026-03-02T06:00:00+00:00", "settings": {"encoder": "minilm", "period": "week"},
        "hashes": {"codebook": "1", "encoder": "1", "gold": "", "code": "1"},
    }  # fmt: skip
    target, work = tmp_path / "target", tmp_path / "work"
    for folder, labels in ((target, ["One"]), (work, ["One", "Two"])):
        (folder / "tables").mkdir(parents=True)
        stories = pd.DataFrame({"story_id": [name.lower() for name in labels], "story_label": labels})
        stories.to_parquet(folder / "tables" / "stories.parquet")
    (target / "run.json").write_text(json.dumps(facts))
    (target / IDS).write_text("".join(f"{name}\n" for name in [*dict.fromkeys(earlier), "gone"]))
    return target, work, analysis, facts


def test_new_documents_stories_and_moved_shares_are_named(runs):
    target, work, analysis, facts = runs
    since = compare_runs(target, work, analysis, facts)
    assert (since.before, since.n_new, since.n_gone) == ("2026-03-02T06:00:00+00:00", 120, 1)
    assert since.stories == ["Two"]
    assert [(row["group"], row["name"]) for row in since.moved] == [("A", "Frame <f>")]
    assert since.drifted == ["Frame <f>"]
    assert (since.comparable, since.changed, since.n_tested) == (True, [], 4)
    json.dumps(since.facts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hashes": {"codebook": "2", "encoder": "1", "gold": "", "code": "1"}}, ["the codebook"]),
        ({"hashes": {"codebook": "1", "encoder": "2", "gold": "x", "code": "1"}}, ["the encoder", "the human labels"]),
        ({"settings": {"encoder": "mpnet", "period": "month"}}, ["the setting encoder (minilm before, mpnet now)"]),
    ],
)
def test_where_the_instrument_changed_no_share_is_compared(runs, change, said):
    target, work, analysis, facts = runs
    since = compare_runs(target, work, analysis, {**facts, **change})
    assert (since.changed, since.comparable, since.moved, since.n_new) == (said, False, [], 120)


def test_settings_that_change_no_decision_do_not_stop_the_comparison(runs):
    target, work, analysis, facts = runs
    since = compare_runs(target, work, analysis, {**facts, "settings": {"encoder": "minilm", "period": "month"}})
    assert since.comparable
    assert since.moved


def test_without_an_earlier_run_there_is_nothing_to_say(runs):
    target, work, analysis, facts = runs
    (target / IDS).unlink()
    assert compare_runs(target, work, analysis, facts).before == ""
    keep_ids(analysis, target)
    again = compare_runs(target, work, analysis, facts)
    assert (again.n_new, again.moved, again.n_tested) == (0, [], 0)
