"""Differences taken apart: by hand, what only one side covers, and planted effects found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.agenda_items import add_agenda_items
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from tests.estimation import documents_of_stories
from tests.labelled import labelled_table


def _table(outlets: dict[str, dict[str, list[list[int]]]]) -> pd.DataFrame:
    """Outlets to stories to documents, lists of 1 (present) and 0."""
    rows = [
        (f"{outlet}{story}{number}-{place}", f"{outlet}{story}{number}", outlet, story, value)
        for outlet, stories in outlets.items()
        for story, documents in stories.items()
        for number, passages in enumerate(documents)
        for place, value in enumerate(passages)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "event", "value"])
    return table.assign(
        frame="f", decision=table["value"].map({1: "present", 0: "absent"}), perspective="", text="", score=0.5,
        published=pd.NaT,
    )  # fmt: skip


def test_two_stories_by_hand():
    # A: 6 of 8 passages on x, share 1/2 there and 1/2 on y. B: 2 of 8 on x, share 0 there; 1/3 on y.
    table = _table({
        "A": {"x": [[1, 0], [1, 0], [1, 0]], "y": [[1, 0]]},
        "B": {"x": [[0, 0]], "y": [[1, 0], [1, 0], [0, 0]]},
    })  # fmt: skip
    result = decompose_differences(table, min_documents=2, n_bootstrap=200).set_index("component")
    agenda = (6 / 8 - 2 / 8) * (1 / 2 + 0) / 2 + (2 / 8 - 6 / 8) * (1 / 2 + 1 / 3) / 2
    framing = (6 / 8 + 2 / 8) / 2 * (1 / 2 - 0) + (2 / 8 + 6 / 8) / 2 * (1 / 2 - 1 / 3)
    assert result["estimate"].to_dict() == pytest.approx({"agenda": agenda, "framing": framing})
    assert result["difference"].to_list() == pytest.approx([4 / 8 - 2 / 8] * 2)
    assert agenda + framing == pytest.approx(4 / 8 - 2 / 8)
    assert set(result["common"]) == {1.0}
    assert set(result["n_documents"]) == {8}


def test_a_story_that_one_side_tells_alone_is_agenda():
    table = _table({
        "A": {"x": [[1, 0], [0, 1]], "only": [[1, 1], [1, 1]]},
        "B": {"x": [[1, 0], [0, 1], [1, 0], [0, 1]]},
    })  # fmt: skip
    result = decompose_differences(table, min_documents=2, n_bootstrap=200).set_index("component")
    assert result.loc["framing", "estimate"] == pytest.approx(0)
    assert result.loc["agenda", "estimate"] == pytest.approx(6 / 8 - 4 / 8)
    assert set(result["common"]) == {12 / 16}


def test_the_same_stories_in_the_same_proportion_leave_no_agenda():
    table = _table({
        "A": {"x": [[1, 1], [1, 0]], "y": [[0, 1]]},
        "B": {"x": [[0, 0], [1, 0]], "y": [[0, 0]]},
    })  # fmt: skip
    result = decompose_differences(table, min_documents=2, n_bootstrap=200).set_index("component")
    assert result.loc["agenda", "estimate"] == pytest.approx(0)
    assert result.loc["framing", "estimate"] == pytest.approx(4 / 6 - 1 / 6)


def test_parts_add_up_to_the_contrast_corrected_or_not():
    generator = np.random.default_rng(1)
    groups = {}
    for name, share in (("A", 0.2), ("B", 0.5)):
        labels = (generator.random(80) < share).astype(float)
        groups[name] = (labels, np.clip(0.6 * labels + 0.5 * generator.random(80), 0, 1), generator.random(80) < 0.5)
    table = labelled_table(groups)
    table["event"] = np.where(generator.random(len(table)) < 0.5, "x", "")  # blank: a agenda_item of its own
    for corrected in (True, False):
        parts = decompose_differences(table, n_bootstrap=200, corrected=corrected)
        pair = compare_groups(table, n_bootstrap=200, corrected=corrected).iloc[0]
        assert parts["estimate"].sum() == pytest.approx(pair["estimate"])
        assert parts["n_gold"].iloc[0] == (pair["n_gold"] if corrected else parts["n_gold"].iloc[0])
        assert ("classifier error included" in parts["method"].iloc[0]) == corrected


@pytest.mark.slow
def test_planted_effects_are_inside_their_intervals():
    inside = {"agenda": [], "framing": []}
    for run in range(40):
        generator = np.random.default_rng(run)
        parts = generator.dirichlet(np.full(6, 3.0), size=2)
        shares = generator.uniform(0.1, 0.6, (2, 6))
        table = pd.concat(
            [documents_of_stories(generator, name, parts[side], shares[side]) for side, name in enumerate("ab")]
        )
        true = {
            "agenda": ((parts[0] - parts[1]) * shares.sum(axis=0) / 2).sum(),
            "framing": (parts.sum(axis=0) / 2 * (shares[0] - shares[1])).sum(),
        }
        for row in decompose_differences(table, n_bootstrap=200, random_seed=run).itertuples():
            inside[row.component].append(row.low <= true[row.component] <= row.high)
    for values in inside.values():  # 80 intervals, frames of a run alike: at least 40 independent ones
        assert np.mean(values) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 40)


def test_identical_outlets_differ_in_nothing():
    stories = {"x": [[1, 0], [0, 0], [1, 0]], "y": [[1, 0], [0, 0], [0, 1]]}
    result = decompose_differences(_table({"A": stories, "B": stories}), min_documents=2, n_bootstrap=300)
    assert result["estimate"].abs().max() < 1e-12
    assert not result["differs"].any()


def test_what_cannot_be_taken_apart_is_said():
    table = _table({"A": {"x": [[1]]}, "B": {"x": [[1], [0]]}})
    with pytest.raises(InputError, match="needs two outlets with 5 documents each; there are 0"):
        decompose_differences(table, n_bootstrap=200)
    with pytest.raises(InputError, match="No passage has a event"):
        decompose_differences(table.assign(event=""), n_bootstrap=200)
    with pytest.raises(InputError, match="lacks the column"):
        decompose_differences(table.drop(columns="event"), n_bootstrap=200)


def test_where_there_are_no_events_the_remedy_is_named_and_helps():
    table = _table({name: {"x": [[1, 0]] * 5} for name in "AB"}).drop(columns="event")
    table = table.assign(published=pd.Timestamp("2024-03-04"))
    with pytest.raises(InputError, match=r"agenda_items: .* lacks the column event.*add_agenda_items\(classified\)"):
        decompose_differences(table, n_bootstrap=50)
    result = decompose_differences(add_agenda_items(table), agenda_items="agenda_item", n_bootstrap=50)
    assert set(result["agenda_items"]) == {"week"}
