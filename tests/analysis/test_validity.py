"""Validity from settings to tables: a tiny project with labels, zero-shot and learned from them, and its notebook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from framing.analysis.validity import Validity, open_validity
from framing.charts.validation import coder_alpha
from framing.errors import InputError
from framing.settings import Settings
from framing.tables import CODER_ERRORS, ESTIMATE
from tests.analysis.project import write_project
from tests.conftest import ROOT
from tests.tiny import SPORT, TRADE, WAR, static_model

OUTLETS = ["Reuters", "Tass", "Xinhua"]
PERSPECTIVES = {"Reuters": "West", "Tass": "East"}  # Xinhua has none
SEEDS = {"war": WAR, "trade": TRADE, "sport": SPORT}
SETTINGS = {"corpus": "tiny", "codebook": "tiny", "n_bootstrap": 200, "min_documents": 2}
LEARNING = {"learn_from_gold": True, "strength": "head"}
TABLES = (
    "facts", "all_measures", "overall", "per_frame", "per_group", "per_group_overall", "error_differences",
    "reliability", "coder_confusions", "coder_errors", "floor", "bins", "risk_coverage", "worst_errors", "confusions",
)  # fmt: skip
N = 36  # labelled passages, two a document


def labelled(outlets: list[str] = OUTLETS) -> pd.DataFrame:
    """Labelled passages: each outlet has six documents of two passages; one label is plainly wrong."""
    rows = []
    for number in range(N):
        frame = list(SEEDS)[number % 3]
        rows.append(
            {
                "text": f"{SEEDS[frame][number // 3 % 3]} Paper {number}.",
                "frames": frame,
                "document_id": f"d{number // 2}",
                "outlet": outlets[number // 2 % len(outlets)],
                "coder_1": frame,
                "coder_2": frame,
            }
        )
    rows[5]["frames"] = "trade"  # a text on sport
    rows[7]["coder_2"] = "war"  # the other coder says trade
    return pd.DataFrame(rows)


def build(folder: Path, gold: pd.DataFrame | None, *, coders: str = "[coder_1, coder_2]", more: str = "") -> Path:
    """A project with one corpus and the codebook `tiny`, and the file of human labels where there is one."""
    texts = [seeds[number % 3] for number in range(9) for seeds in SEEDS.values()]
    rows = [
        {"text": f"{text} {number}", "outlet": OUTLETS[number % 3], "published": f"2025-07-{1 + number:02d}"}
        for number, text in enumerate(texts)
    ]
    rule = "" if gold is None else f"gold: {{file: gold.csv, coders: {coders}, sampling: 'All of them.'}}\n"
    corpus = write_project(folder, rows, corpus="tiny", rules=rule + more, multi_label=True)
    static_model(folder / "encoder")
    if gold is not None:
        gold.to_csv(corpus / "gold.csv", index=False)
    return folder


Opener = Callable[..., Validity]


@pytest.fixture
def open_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """A function that makes a project and opens its validity."""

    def make_and_open(gold: pd.DataFrame | None, settings: dict[str, Any] | None = None, **built: Any) -> Validity:
        monkeypatch.setenv("FRAMING_PROJECT", str(build(tmp_path / "project", gold, **built)))
        chosen = {**SETTINGS, "encoder": str(tmp_path / "project" / "encoder"), **(settings or {})}
        return open_validity(Settings(**chosen))

    return make_and_open


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = build(
        tmp_path_factory.mktemp("validity") / "project",
        pd.concat([labelled(), pd.DataFrame([{"text": " ", "frames": "war"}])]),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRAMING_PROJECT", str(folder))
        yield folder


@pytest.fixture(scope="module")
def zero_shot(project: Path) -> Validity:
    return open_validity(Settings(**SETTINGS, encoder=str(project / "encoder")))


@pytest.fixture(scope="module")
def learned(project: Path) -> Validity:
    return open_validity(Settings(**SETTINGS, **LEARNING, encoder=str(project / "encoder")))


@pytest.fixture(params=["zero_shot", "learned"])
def validity(request: pytest.FixtureRequest) -> Validity:
    return request.getfixturevalue(request.param)


def read_facts(validity: Validity) -> dict[str, str]:
    return dict(zip(validity.facts["what"], validity.facts["value"], strict=True))


def test_facts_say_what_the_numbers_rest_on(zero_shot, learned):
    facts = read_facts(zero_shot)
    assert facts["labelled passages"] == "36, from 18 documents; 1 rows refused"
    assert facts["how they were drawn"] == "All of them."
    assert facts["rarest frame"] == "Sport: 11 passages"
    assert facts["coders"] == "coder_1, coder_2"
    assert facts["classifier"].startswith("zero-shot")
    assert facts["how passages were scored"] == "by a classifier that saw no labels"
    assert facts["codebook"] == "tiny 1.0.0"
    assert len(facts["sha256 of the labels"]) == len(facts["sha256 of the codebook"]) == 64
    facts = read_facts(learned)
    assert facts["classifier"].startswith("learned from 36 labelled passages (head)")
    assert facts["how passages were scored"].startswith("cross-fitted: each by a classifier and a calibration")


@pytest.mark.parametrize("name", TABLES)
def test_no_table_is_empty(validity, name):
    assert len(getattr(validity, name))


def test_errors_of_coders_bound_shares_of_all_and_of_each_outlet(zero_shot):
    table = zero_shot.coder_errors
    assert tuple(table.columns) == CODER_ERRORS
    assert set(table["group"]) == {"all", *OUTLETS}
    assert set(table["n_double"]) == {36}
    # the coders disagree on one passage of 36; 12 carry war by the settled labels
    war = table[(table["frame"] == "war") & (table["group"] == "all")].iloc[0]
    assert war["estimate"] == pytest.approx(12 / 36)
    assert war["bound_low"] < war["low"] < war["high"] < war["bound_high"]
    assert (table["bound_low"] <= table["estimate"]).all()
    assert (table["bound_high"] >= table["estimate"]).all()


def test_errors_are_assumed_without_two_coders(open_project):
    validity = open_project(labelled(), coders="[coder_1]")
    assert set(validity.coder_errors["method"]) == {"assumed, not measured: no passage was coded by two coders"}
    assert "errors of coders are not known" in validity.prose["coder_errors"]


def test_the_floor_has_a_verdict_of_each_frame(zero_shot):
    floor = zero_shot.floor.set_index("frame")
    assert list(floor.index) == list(SEEDS)
    f1 = zero_shot.per_frame.query("measure == 'f1'").set_index("frame")
    alpha = zero_shot.reliability.query("measure == 'alpha'").set_index("frame")
    assert floor["f1"].to_list() == f1.loc[list(SEEDS), "estimate"].to_list()
    assert floor["alpha"].to_list() == alpha.loc[list(SEEDS), "estimate"].to_list()
    assert set(floor["verdict"]) <= {"good", "poor", "unknown"}


def test_undecided_passages_bound_shares(learned):
    assert learned.abstention_bounds.empty, "all are decided"
    asked = open_validity(learned.settings.model_copy(update={"wanted_precision": 0.99}))
    bounds = asked.abstention_bounds
    undecided = (asked.analysis.decisions[list(SEEDS)] == "abstain").sum().sum()
    assert bounds["n_abstained"].sum() == undecided > 0
    assert (bounds["if_absent"] <= bounds["if_present"]).all()


def test_tables_have_intervals_over_documents(validity):
    for name in ("all_measures", "per_group", "error_differences", "reliability"):
        table = getattr(validity, name)
        assert set(ESTIMATE) <= set(table.columns)
        known = table.dropna(subset=["low", "high"])
        assert len(known)
        assert (known["low"] <= known["high"]).all()
    assert set(validity.all_measures["n_documents"]) == {18}
    assert set(validity.per_group["n_documents"]) == {6}


def test_frames_and_overall_are_the_whole(validity):
    per_frame, overall = validity.per_frame, validity.overall
    assert list(per_frame["frame"].unique()) == ["war", "trade", "sport"]
    assert not set(overall["frame"]) & set(SEEDS)
    assert len(per_frame) + len(overall) == len(validity.all_measures)
    assert set(validity.per_group_overall["frame"]) == {"(macro)", "(micro)", "(all)"}
    assert list(validity.per_group["group"].unique()) == OUTLETS


def test_scores_and_decisions_are_of_the_labelled_passages(zero_shot, learned):
    for validity in (zero_shot, learned):
        assert validity.scores.shape == validity.decided.shape == (N, 3)
        assert list(validity.analysis.gold_scores["passage_id"]) == list(validity.gold.passages["passage_id"])
        assert set(np.unique(validity.decided)) <= {"present", "absent"}
        above = validity.scores >= validity.analysis.threshold
        assert ((validity.decided == "present") == above).all()
    assert not np.allclose(zero_shot.scores, learned.scores)


def test_no_passage_is_scored_by_a_classifier_that_learned_from_it(learned):
    # The wrong label's text is one of sport: a classifier that had seen the label would raise trade above the others.
    seen = learned.gold.labels[5]
    assert seen.tolist() == [False, True, False]
    others = [row for row in range(N) if learned.gold.labels[row, 1] and row != 5]
    assert learned.scores[5, 1] < np.median(learned.scores[others, 1])


def test_precision_by_hand(learned):
    given = learned.decided[:, 0] == "present"
    right = (given & learned.gold.labels[:, 0]).sum() / given.sum()
    table = learned.per_frame.set_index(["frame", "measure"])["estimate"]
    assert table["war", "precision"] == pytest.approx(right)


def test_coders_who_differ_once(validity):
    # war against trade in one of 36 passages; in 24 (12 of each) either was given.
    (pair,) = validity.coder_confusions.to_dict("records")
    assert pair == {"frame_a": "war", "frame_b": "trade", "n_passages": 1, "share": pytest.approx(1 / 24)}
    agreement = validity.reliability.set_index(["frame", "measure"])["estimate"]
    assert agreement["war", "percent_agreement"] == pytest.approx(35 / 36)
    assert agreement["sport", "alpha"] == 1


def test_the_same_settings_give_the_same_tables(project, learned):
    again = open_validity(learned.settings)
    for name in ("all_measures", "per_group", "error_differences", "risk_coverage"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(learned, name))
    narrower = open_validity(learned.settings.model_copy(update={"level": 0.6}))
    width = [(table["high"] - table["low"]).sum() for table in (narrower.overall, learned.overall)]
    assert width[0] < width[1]


def test_worst_errors_hold_the_text_and_both_codings(learned):
    worst = learned.worst_errors
    assert {"text", "gold", "decided", "score", "error"} <= set(worst.columns)
    (row,) = worst[(worst["document_id"] == "d2") & (worst["error"] == "missed")].to_dict("records")
    assert row["frame"] == row["gold"] == "trade"
    assert row["text"] == f"{SPORT[1]} Paper 5."


def test_nothing_is_promised_unasked(learned):
    assert learned.abstained.empty
    assert "share_abstained" in learned.abstained.columns


def test_what_is_promised_and_what_stays_open(project, learned):
    asked = open_validity(learned.settings.model_copy(update={"wanted_precision": 0.5}))
    table = asked.abstained
    assert table[["frame", "measure", "asked"]].values.tolist() == [[name, "precision", 0.5] for name in SEEDS]
    undecided = (asked.analysis.decisions[list(SEEDS)] == "abstain").mean()
    assert table["share_abstained"].to_list() == pytest.approx(undecided.to_list())
    impossible = open_validity(learned.settings.model_copy(update={"wanted_precision": 0.99}))
    assert not impossible.abstained["held"].any()
    assert "too few labels" in impossible.abstained["note"][0]
    assert "abstain" in impossible.decided


def test_groups_can_be_perspectives(open_project):
    lines = "".join(f"  {outlet}: {name}\n" for outlet, name in PERSPECTIVES.items())
    gold = labelled()
    gold.loc[gold["document_id"] == "d0", "outlet"] = ""
    validity = open_project(gold, {"compare_by": "perspective"}, more=f"perspectives:\n{lines}")
    # an outlet without a perspective keeps its name
    assert list(validity.per_group["group"].unique()) == ["East", "West", "Xinhua", "not stated"]
    pairs = validity.error_differences[["group_a", "group_b"]].drop_duplicates()
    assert len(pairs) == 6


def test_a_single_outlet_has_no_differences(open_project):
    validity = open_project(labelled(["Tass"]))
    assert list(validity.per_group["group"].unique()) == ["Tass"]
    assert validity.error_differences.empty
    assert {"frame", "measure", "estimate"} <= set(validity.error_differences.columns)


def test_without_coders_there_is_no_reliability(open_project):
    validity = open_project(labelled(), coders="[]")
    assert read_facts(validity)["coders"] == "no columns of single coders, so no reliability"
    assert validity.reliability.empty
    assert validity.coder_confusions.empty
    subtitle = coder_alpha(validity.reliability, validity.codebook.names).to_dict()["title"]["subtitle"]
    assert subtitle == ["There are not columns of at least two coders, so no reliability."]
    assert "No columns of single coders are named, and agreement needs at least two" in validity.prose["coders"]


def test_one_coder_alone_is_said_to_be_too_few(open_project):
    validity = open_project(labelled(), coders="[coder_1]")
    assert read_facts(validity)["coders"] == "coder_1 alone, so no reliability: it needs columns of at least two coders"
    assert validity.reliability.empty
    assert "Only one column of a single coder is named, and agreement needs at least two" in validity.prose["coders"]


def test_labels_named_in_the_settings(open_project, tmp_path):
    path = tmp_path / "other.csv"
    labelled().iloc[:12].to_csv(path, index=False)
    validity = open_project(None, {"gold": str(path)})
    assert len(validity.gold.labels) == 12
    assert validity.gold.coders == ("coder_1", "coder_2")
    assert read_facts(validity)["how they were drawn"].startswith("not stated")


def test_no_labels_is_an_error_that_says_where_to_put_them(open_project):
    with pytest.raises(
        InputError, match=r"corpus tiny names no human labels.*gold: to its corpus\.yaml.*the setting gold\."
    ):
        open_project(None)


def test_learning_needs_labels(open_project):
    with pytest.raises(InputError, match=r"learn_from_gold: the corpus tiny names no human labels"):
        open_project(None, LEARNING)


@pytest.mark.parametrize("label", ["chess", "War; chess"])
def test_labels_outside_the_codebook_are_refused(open_project, label):
    gold = labelled()
    gold.loc[0, "frames"] = label
    with pytest.raises(InputError, match=r"gold\.csv.*has no frame\(s\) 'chess'.*Its frames: war, trade, sport"):
        open_project(gold)


def test_a_page_says_from_how_many_labels_frames_were_learned(zero_shot, learned):
    from framing.reports.html import render_report

    pages = []
    for validity in (zero_shot, learned):
        facts = {**validity.analysis.facts.model_dump(), "made": "today", "settings": {}}
        plan = SimpleNamespace(title="Tiny", question="")
        pages.append(render_report(plan, validity.analysis, [], facts))
    assert "Learned from labels." not in pages[0]
    assert "Exploratory." in pages[0]
    assert "The 36 labelled passages were used only for checking. Shares are not corrected with them: " in pages[0]
    assert "before validating" not in pages[0]
    assert "Frames were learned from 36 labelled passages; see the part on validity" in pages[1]
    assert all("Exploratory." in page for page in pages), "no difference was named beforehand"


def plan_of(folder: Path, *notebooks: str) -> None:
    (folder / "reports").mkdir()
    (folder / "reports" / "tiny.yaml").write_text(
        "report: tiny\ntitle: Tiny\ncorpus: tiny\ncodebook: tiny\nparameters: {n_bootstrap: 200, min_documents: 2}\n"
        f"notebooks: [{', '.join(notebooks)}]\n",
        encoding="utf-8",
    )
    (folder / "notebooks").symlink_to(ROOT / "notebooks")


@pytest.mark.parametrize("learning", [False, True])
@pytest.mark.kernel
def test_the_page_says_what_the_labels_were_for_and_how_far_it_agrees(tmp_path, monkeypatch, learning):
    """Labels and texts lie where the folder of the command, not of the notebooks, leads to."""
    from framing.reports.run import make_report

    folder = build(tmp_path / "project", None)
    plan_of(folder, "05_validity")
    monkeypatch.setenv("FRAMING_PROJECT", str(folder))
    work = tmp_path / "desk"
    (work / "texts").mkdir(parents=True)
    labelled().to_csv(work / "own.csv", index=False)
    (folder / "corpora" / "tiny" / "rows.jsonl").rename(work / "texts" / "rows.jsonl")
    monkeypatch.chdir(work)
    lines: list[str] = []
    page = make_report(
        "tiny",
        overrides={
            "gold": "own.csv", "data_path": "texts", "encoder": str(folder / "encoder"), "learn_from_gold": learning,
        },
        say=lines.append,
    ).read_text(encoding="utf-8")  # fmt: skip
    facts = json.loads((folder / "reports" / "tiny" / "run.json").read_text(encoding="utf-8"))
    table = pd.read_parquet(folder / "reports" / "tiny" / "tables" / "agreement_overall.parquet")
    row = table.set_index(["frame", "measure"]).loc[("(macro)", "f1")]
    assert facts["agreement"]["estimate"] == row["estimate"]
    assert facts["settings"]["gold"] == "own.csv"
    assert str(work) not in page
    agreed = f"macro-F1 against the coders is {row['estimate']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
    assert agreed in page
    assert '<a href="#sure">the part on validity</a>' in page
    assert ("used only for checking" in page) == ("learned from no labels" in page) == (not learning)
    assert ("Learned from labels." in page) == ("The scores are chances in a corpus" in page) == learning
    assert any(line.startswith("strength head: ") for line in lines) == learning


@pytest.mark.kernel
def test_the_notebook_runs_where_most_is_missing(tmp_path, monkeypatch):
    """One outlet, no coders, nothing promised: every table that can be empty is."""
    from framing.reports.notebooks import run_notebook

    folder = build(tmp_path / "project", labelled(["Tass"]), coders="[]")
    monkeypatch.setenv("FRAMING_PROJECT", str(folder))
    settings = Settings(**SETTINGS, **LEARNING, encoder=str(folder / "encoder"))
    run_notebook(ROOT / "notebooks" / "05_validity.ipynb", settings, tmp_path)
    tables = {path.stem: pd.read_parquet(path) for path in (tmp_path / "tables").glob("*.parquet")}
    empty = {
        "coder_reliability", "coder_confusions", "error_differences", "abstained", "abstention_bounds",
        "agreement_per_language", "shares_per_language",
    }  # fmt: skip
    assert {name for name, table in tables.items() if table.empty} == empty
    assert {path.stem for path in (tmp_path / "charts").glob("*.svg")} == {
        "agreement_per_frame", "agreement_per_group", "coder_alpha", "reliability_curve", "risk_coverage",
    }  # fmt: skip
    svg = (tmp_path / "charts" / "coder_alpha.svg").read_text(encoding="utf-8")
    assert "There are not columns of at least two coders" in svg
