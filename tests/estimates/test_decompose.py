"""Differences taken apart: by hand, what only one side covers, and planted effects found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.agenda_items import add_agenda_items
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from framing.estimates.prevalence import draw_shares
from framing.uncertainty.resample import draw_weights
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


def test_errors_are_those_of_the_draws_and_of_what_they_are_blind_to():
    # one story: framing is the difference of shares, agenda nothing; A has the frame in three documents of nine
    table = _table({"A": {"x": [[1, 0]] * 3 + [[0]] * 6}, "B": {"x": [[1]] * 6 + [[0, 0]] * 8}})
    options = {"n_bootstrap": 150, "random_seed": 5}
    drawn = draw_shares(table, by="outlet", **options)
    counts = [
        np.array([[2, 1]] * 3 + [[1, 0]] * 6),
        np.array([[1, 1]] * 6 + [[2, 0]] * 8)[np.argsort([str(number) for number in range(14)])],
    ]  # in the order of ids
    draws = []
    for number, part in enumerate(counts):
        weights = draw_weights(len(part), n_draws=150, generator=np.random.default_rng([5, number]))
        totals = np.concatenate([block @ part for block in weights])
        draws.append(totals[:, 1] / totals[:, 0])
    a, b = draws
    for level in (0.9, 0.6):
        row = decompose_differences(table, level=level, **options).set_index("component").loc["framing"]
        least = drawn.least_errors(level=level).ravel()
        assert least[0] > a.std()
        assert least[1] == 0
        error = np.sqrt((a - b).var() + least[0] ** 2 - a.var())
        assert row["estimate"] == pytest.approx(3 / 12 - 6 / 22)
        reach = student.ppf((1 + level) / 2, 8) * error
        assert (row["low"], row["high"]) == pytest.approx((row["estimate"] - reach, row["estimate"] + reach))
        assert (row["n_passages"], row["n_documents"], row["n_gold"], row["common"]) == (34, 23, 0, 1)


def test_what_draws_are_blind_to_counts_for_agenda_as_far_as_agendas_differ():
    # A: 20 of 400 documents have the frame, in two stories alike. B: none of 12, nine of them on x: a quarter of its
    # agenda lies elsewhere, and so much of its exact error, 1 - .025^(1/12) over 1.96, is left of the agenda's
    table = _table({
        "A": {"x": [[1]] * 10 + [[0]] * 190, "y": [[1]] * 10 + [[0]] * 190},
        "B": {"x": [[0]] * 9, "y": [[0]] * 3},
    })  # fmt: skip
    row = decompose_differences(table, n_bootstrap=2000).set_index("component").loc["agenda"]
    error = (1 - 0.025 ** (1 / 12)) / 1.959964 * 0.25
    assert row["estimate"] == pytest.approx(0)
    assert row["high"] == pytest.approx(student.ppf(0.975, 11) * error, rel=0.02)


def test_groups_of_five_documents_are_taken_apart_and_count_each_passage_once():
    # the second frame was decided on fewer passages
    first = _table({"A": {"x": [[1, 0]] * 5}, "B": {"x": [[0, 1, 1]] * 5}, "C": {"x": [[1]] * 4}})
    second = first.assign(frame="g", decision=["abstain", "present", *first["decision"].to_list()[2:]])
    result = decompose_differences(pd.concat([second, first]), n_bootstrap=100)
    assert set(zip(result["group_a"], result["group_b"], strict=True)) == {("A", "B")}
    assert set(result["n_passages"]) == {25}
    assert set(result["n_documents"]) == {10}
    assert set(result["n_gold"]) == {0}
    assert result.groupby("frame")["difference"].first().to_dict() == pytest.approx(
        {"f": 1 / 2 - 2 / 3, "g": 5 / 9 - 2 / 3}
    )
    assert result["component"].to_list() == ["agenda", "framing"] * 2
    assert result.index.to_list() == [0, 1, 2, 3]


def test_frames_whose_clearest_part_is_clearest_come_first():
    # f: all agenda, very clear, no framing (3/4 of x and 1/4 of y in both). g: both parts, neither as clear.
    def stories(a: tuple[int, int], b: tuple[int, int]) -> pd.DataFrame:
        (a_x, a_y), (b_x, b_y) = a, b
        return _table({
            "A": {"x": [[1]] * a_x + [[0]] * (36 - a_x), "y": [[1]] * a_y + [[0]] * (4 - a_y)},
            "B": {"x": [[1]] * b_x + [[0]] * (4 - b_x), "y": [[1]] * b_y + [[0]] * (36 - b_y)},
        })  # fmt: skip

    f, g = stories((27, 1), (3, 9)), stories((18, 2), (1, 12)).assign(frame="g")
    result = decompose_differences(pd.concat([g, f]), n_bootstrap=400)
    clarity = result["estimate"].abs() / (result["high"] - result["low"])
    by_frame = clarity.groupby(result["frame"]).agg(["max", "min"])
    assert by_frame.loc["f", "max"] > by_frame.loc["g", "max"]
    assert by_frame.loc["f", "min"] < by_frame.loc["g", "min"]
    assert result["frame"].to_list() == ["f", "f", "g", "g"]


def test_a_p_value_of_one_less_the_level_is_no_difference():
    # three draws, none as far: p is 1 / 4
    table = _table({"A": {"x": [[1]] * 40}, "B": {"x": [[0]] * 40}})
    row = decompose_differences(table, n_bootstrap=3, level=0.75).set_index("component").loc["framing"]
    assert (row["p_adjusted"], row["differs"]) == (0.25, False)


def test_items_of_the_agenda_without_their_kind_go_by_the_name_of_the_column():
    table = _table({"A": {"x": [[1], [0]] * 3}, "B": {"y": [[1], [0]] * 3}}).rename(columns={"event": "agenda_item"})
    assert set(decompose_differences(table, agenda_items="agenda_item", n_bootstrap=50)["agenda_items"]) == {
        "agenda_item"
    }
    weeks = table.assign(agenda_item_kind="week", event=table["agenda_item"])
    assert set(decompose_differences(weeks, agenda_items="agenda_item", n_bootstrap=50)["agenda_items"]) == {"week"}
    assert set(decompose_differences(weeks, n_bootstrap=50)["agenda_items"]) == {"event"}
    result = decompose_differences(weeks, n_bootstrap=50)
    assert set(result["common"]) == {0.0}


def test_where_there_are_no_events_the_remedy_is_named_and_helps():
    table = _table({name: {"x": [[1, 0]] * 5} for name in "AB"}).drop(columns="event")
    table = table.assign(published=pd.Timestamp("2024-03-04"))
    with pytest.raises(InputError, match=r"agenda_items: .* lacks the column event.*add_agenda_items\(classified\)"):
        decompose_differences(table, n_bootstrap=50)
    result = decompose_differences(add_agenda_items(table), agenda_items="agenda_item", n_bootstrap=50)
    assert set(result["agenda_items"]) == {"week"}


def test_numbers_do_not_depend_on_how_many_groups_are_in_memory(monkeypatch):
    generator = np.random.default_rng(5)
    table = _table({
        outlet: {story: generator.integers(0, 2, (3, 2)).tolist() for story in ("x", "y", outlet)} for outlet in "ABCDE"
    })  # fmt: skip
    whole = decompose_differences(table, n_bootstrap=200)
    monkeypatch.setattr("framing.estimates.agenda_draws._BLOCK_CELLS", 1)
    pd.testing.assert_frame_equal(decompose_differences(table, n_bootstrap=200), whole, check_exact=True)
    assert len(whole) == 20  # ten pairs in two parts
