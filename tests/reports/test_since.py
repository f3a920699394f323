"""What a report says of the run that it replaces."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from framing.reports.since import DOCUMENT_IDS_FILE, compare_runs, write_document_ids
from framing.tables import CLASSIFIED


def _classified() -> tuple[pd.DataFrame, list[str]]:
    """Sixty earlier and sixty new documents an outlet, a passage each; and the ids of the earlier ones.

    Frame f is in 6 of 60 earlier and 42 of 60 new documents of A, and in 24 of 60 of both ages of B; frame g in 18 of
    60 everywhere.
    """
    n_with_f = {("A", "earlier"): 6, ("A", "new"): 42, ("B", "earlier"): 24, ("B", "new"): 24}
    rows = []
    for (outlet, age), n in n_with_f.items():
        for number in range(60):
            name = f"{outlet}-{age}-{number}"
            for frame, present in (("f", number < n), ("g", number % 10 < 3)):
                score, decision = (0.8, "present") if present else (0.2, "absent")
                rows.append((name, name, outlet, "", pd.NaT, "text", frame, score, decision))
    table = pd.DataFrame(rows, columns=list(CLASSIFIED))
    ids = table["document_id"].drop_duplicates()
    return table, ids[ids.str.contains("earlier")].to_list()


@pytest.fixture
def runs(tmp_path):
    """An earlier run without the new documents, and the one that replaces it."""
    table, earlier = _classified()
    analysis = SimpleNamespace(
        classified=table,
        settings=SimpleNamespace(compare_by="outlet", level=0.95, n_bootstrap=300, min_documents=5, random_seed=1),
        codebook=SimpleNamespace(names={"f": "Frame <f>", "g": "Frame g"}),
        documents=table[["document_id"]].drop_duplicates(),
    )
    facts = {
        "made": "2026-03-02T06:00:00+00:00",
        "settings": {"encoder": "minilm", "period": "week"},
        "hashes": {"codebook": "1", "encoder": "1", "gold": "", "code": "1"},
    }
    target, work = tmp_path / "target", tmp_path / "work"
    for folder, labels in ((target, ["One"]), (work, ["One", "Two"])):
        (folder / "tables").mkdir(parents=True)
        stories = pd.DataFrame({"story_id": [name.lower() for name in labels], "story_label": labels})
        stories.to_parquet(folder / "tables" / "stories.parquet")
    (target / "run.json").write_text(json.dumps(facts))
    (target / DOCUMENT_IDS_FILE).write_text("".join(f"{name}\n" for name in [*dict.fromkeys(earlier), "gone"]))
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
    ("change", "changed"),
    [
        ({"hashes": {"codebook": "2", "encoder": "1", "gold": "", "code": "1"}}, ["the codebook"]),
        ({"hashes": {"codebook": "1", "encoder": "2", "gold": "x", "code": "1"}}, ["the encoder", "the human labels"]),
        ({"settings": {"encoder": "mpnet", "period": "month"}}, ["the setting encoder (minilm before, mpnet now)"]),
    ],
)
def test_where_the_instrument_changed_no_share_is_compared(runs, change, changed):
    target, work, analysis, facts = runs
    since = compare_runs(target, work, analysis, {**facts, **change})
    assert (since.changed, since.comparable, since.moved, since.n_new) == (changed, False, [], 120)


def test_settings_that_change_no_decision_do_not_stop_the_comparison(runs):
    target, work, analysis, facts = runs
    since = compare_runs(target, work, analysis, {**facts, "settings": {"encoder": "minilm", "period": "month"}})
    assert since.comparable
    assert since.moved


def test_without_an_earlier_run_there_is_nothing_to_say(runs):
    target, work, analysis, facts = runs
    (target / DOCUMENT_IDS_FILE).unlink()
    assert compare_runs(target, work, analysis, facts).before == ""
    write_document_ids(analysis, target)
    again = compare_runs(target, work, analysis, facts)
    assert (again.n_new, again.moved, again.n_tested) == (0, [], 0)
