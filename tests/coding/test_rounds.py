"""Rounds of a draw on disk, read as one."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from framing.coding.active import draw_round
from framing.coding.chances import share_rounds
from framing.coding.coded import read_sheets
from framing.coding.decision_file import DecisionFile
from framing.coding.decisions import About, Decision
from framing.coding.design import read_design
from framing.coding.rounds import list_rounds, read_rounds, round_folder, weigh_coded_rounds
from framing.coding.settle import make_gold_table, settle_labels
from framing.coding.sheets import write_sheets
from framing.errors import InputError
from tests.coding.coded_sheets import MANY
from tests.drawn import corpus, fill, make_facts, write_draw

SIZES = [8, 4, 3]


def write_rounds(folder, n: int = 3):
    """A stratified draw of eight, then rounds of four and three."""
    write_draw(folder, MANY, size=SIZES[0], coders=("anna",), formats=("csv",))
    for number in range(2, n + 1):
        write_next(folder, number)
    return folder


def write_next(folder, number):
    design = read_rounds(folder, MANY)
    size = SIZES[number - 1]
    errors = np.full((24, 1), 0.2)
    sample = draw_round(
        corpus(), size=size, errors=errors, drawn=design.passages["passage_id"].to_list(), sizes=SIZES[: number - 1]
    )
    facts = make_facts(sample, MANY, coders=("anna",)).model_copy(
        update={"round": number, "after": design.facts.drawn_sha256, "floor": 0.5}
    )
    return write_sheets(round_folder(folder, number), sample, MANY, facts, formats=("csv",))


def fill_rounds(folder, to, numbers):
    paths = []
    for number in numbers:
        place = to / f"sheets_{number}"
        place.mkdir()
        paths.append(fill(round_folder(folder, number), "anna", lambda _: "war", to=place))
    return paths


def test_a_draw_without_rounds_is_as_it_was(tmp_path):
    write_draw(tmp_path / "draw", MANY)
    design = read_rounds(tmp_path / "draw", MANY)
    assert (design.facts.round, design.facts.sizes) == (1, ())
    assert (design.passages["inclusion_probability"] == design.passages["chance_in_round"]).all()
    assert "rounds" not in design.facts.sentence


def test_rounds_are_one_draw(tmp_path):
    design = read_rounds(write_rounds(tmp_path / "draw"), MANY)
    facts, passages = design.facts, design.passages
    assert (facts.size, facts.sizes, facts.round, facts.n_passages_drawn) == (15, (8, 4, 3), 3, 15)
    assert passages["round"].value_counts().to_dict() == {1: 8, 2: 4, 3: 3}
    c = share_rounds(SIZES)
    later = {1: c[1] + c[2], 2: c[2], 3: 0.0}
    weights = [c[t - 1] / chance + later[t] for t, chance in zip(passages["round"], passages["chance_in_round"])]  # noqa: B905
    assert (1 / passages["inclusion_probability"]).tolist() == pytest.approx(weights)
    assert (passages["inclusion_probability"] <= 1).all()
    assert "15 passages of 24 in 12 documents, drawn without replacement in 3 rounds of 8, 4 and 3" in facts.sentence
    assert "50% of an active round is drawn at random" in facts.sentence


def test_gold_has_the_round_and_its_chance(tmp_path):
    folder = write_rounds(tmp_path / "draw", 2)
    coded = read_sheets(fill_rounds(folder, tmp_path, [1, 2]), design=folder, codebook=MANY)
    table = make_gold_table(coded, settle_labels(coded))
    assert len(table) == 12
    expected = coded.design.passages.set_index("passage_id")
    for name in ("inclusion_probability", "chance_in_round"):
        assert table[name].astype(float).tolist() == expected.loc[table["passage_id"], name].tolist()
    assert set(table["stratum"].str[:7]) >= {"round 2"}


def test_a_last_round_that_nobody_has_coded_does_not_count(tmp_path):
    folder = write_rounds(tmp_path / "draw", 3)
    coded = read_sheets(fill_rounds(folder, tmp_path, [1, 2]), design=folder, codebook=MANY)
    table = make_gold_table(coded, settle_labels(coded))
    shutil.rmtree(folder / "round_3")
    expected = read_rounds(folder, MANY).passages.set_index("passage_id")["inclusion_probability"]
    assert table["inclusion_probability"].astype(float).tolist() == pytest.approx(
        expected[table["passage_id"]].tolist()
    )


def test_a_round_in_between_must_be_coded(tmp_path):
    design = read_rounds(write_rounds(tmp_path / "draw", 3), MANY)
    with pytest.raises(InputError, match="Nothing of round 2 of the draw has a settled label, though a later round"):
        weigh_coded_rounds(design, (design.passages["round"] != 2).to_numpy())


def test_a_round_that_is_lost_is_missed(tmp_path):
    folder = write_rounds(tmp_path / "draw", 3)
    shutil.rmtree(folder / "round_2")
    with pytest.raises(InputError, match=r"expected the folders round_2, round_3 … without a gap, got round_3"):
        list_rounds(folder)


def test_the_folder_of_a_later_round_is_no_draw(tmp_path):
    folder = write_rounds(tmp_path / "draw", 2)
    with pytest.raises(InputError, match=r"is round 2 of a draw; give the folder of the first"):
        read_rounds(folder / "round_2", MANY)


@pytest.mark.parametrize(("name", "value"), [("after", "0" * 64), ("round", 3), ("passage_words", 50)])
def test_a_round_of_another_draw_is_refused(tmp_path, name, value):
    folder = write_rounds(tmp_path / "draw", 2)
    path = folder / "round_2" / "design.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**facts, name: value}), encoding="utf-8")
    with pytest.raises(InputError, match=r"round_2 is not round 2 of this draw"):
        read_rounds(folder, MANY)


def test_a_passage_in_two_rounds_is_refused(tmp_path):
    folder = write_rounds(tmp_path / "draw", 1)
    sample = draw_round(corpus(), size=20, errors=np.full((24, 1), 0.2))
    after = read_rounds(folder, MANY).facts.drawn_sha256
    facts = make_facts(sample, MANY, coders=("anna",)).model_copy(update={"round": 2, "after": after, "floor": 0.5})
    write_sheets(round_folder(folder, 2), sample, MANY, facts, formats=("csv",))
    with pytest.raises(InputError, match="is in two rounds"):
        read_rounds(folder, MANY)


def test_what_ends_while_a_round_is_written_leaves_the_rounds_before(tmp_path, monkeypatch):
    folder = write_rounds(tmp_path / "draw", 2)
    before = read_rounds(folder, MANY)

    def end(*_args, **_options):
        raise KeyboardInterrupt("ended")

    with monkeypatch.context() as patched:
        patched.setattr("framing.coding.sheets.make_csv_sheet", end)
        with pytest.raises(KeyboardInterrupt, match="ended"):
            write_next(folder, 3)
    assert read_rounds(folder, MANY).facts == before.facts
    pd.testing.assert_frame_equal(read_rounds(folder, MANY).passages, before.passages)
    write_next(folder, 3)
    assert read_rounds(folder, MANY).facts.round == 3


def test_decisions_on_the_screen_count_by_their_round(tmp_path):
    folder = write_rounds(tmp_path / "draw", 2)
    paths = []
    for place in list_rounds(folder):
        design = read_design(place, MANY)
        passages = [(row.passage_id, str(n), row.text) for n, row in enumerate(design.passages.itertuples(), start=1)]
        path = tmp_path / f"{place.name}" / "anna.sqlite" if place != folder else tmp_path / "first" / "anna.sqlite"
        path.parent.mkdir()
        about = About(design.facts.drawn_sha256, "anna", "tiny 1.0.0", design.facts.rules_hash)
        with DecisionFile.create(path, about, passages) as file:
            for passage_id, _, _ in passages:
                file.add(Decision(passage_id, ("trade",)))
        paths.append(path)
    coded = read_sheets(paths, design=folder, codebook=MANY)
    assert settle_labels(coded).done.all()
    assert len(coded.design.passages) == 12
