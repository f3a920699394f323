"""Several corpora in one analysis: every document, every label, and no correction where a corpus has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import Analysis, open_analysis
from framing.analysis.stories import open_stories
from framing.analysis.voices import open_voices
from framing.coding.gold import Gold
from framing.coding.merged_gold import merge_gold
from framing.errors import InputError
from framing.reports.plan import ReportPlan
from framing.settings import Settings
from framing.stories.pins import read_corpus_pins
from tests.analysis.project import enter_project, write_project
from tests.tiny import PASSAGES, SPORT, TRADE, WAR

COLUMNS = "text: text, outlet: outlet, published: published"


def write_corpus(project: Path, name: str, texts: list[str], *, section: str, first_day: int) -> Path:
    """A corpus of two outlets, a document a text; `published` from `first_day` of July on."""
    rows = [
        {
            "text": text,
            "outlet": f"{name} {'AB'[row % 2]}",
            "published": f"2025-07-{first_day + row:02d}",
            "section": section,
        }
        for row, text in enumerate(texts)
    ]
    home = project / "corpora" / name
    if not home.parent.is_dir():
        write_project(project, rows, corpus=name)
    else:
        home.mkdir()
        pd.DataFrame(rows).to_json(home / "rows.jsonl", orient="records", lines=True)
    (home / "corpus.yaml").write_text(
        f"corpus: {name}\ntitle: {name}\nfiles: [rows.jsonl]\nformat: jsonl\ncolumns: {{{COLUMNS}}}\n"
    )
    return home


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_corpus(tmp_path, "north", [*PASSAGES, *WAR], section="World", first_day=1)
    write_corpus(tmp_path, "south", [*TRADE, *SPORT], section="Sport", first_day=4)
    enter_project(tmp_path, monkeypatch)
    return tmp_path


def open_both(**values: object) -> Analysis:
    return open_analysis(Settings(corpora=["north", "south"], codebook="tiny", **values))


def label(project: Path, name: str, *, probability: bool = True) -> None:
    """Label the passages of a corpus as they are in a draw of all of them."""
    alone = open_analysis(Settings(corpus=name, codebook="tiny"))
    coded = alone.passages[["passage_id", "document_id", "outlet", "text"]].assign(frames="war")
    if probability:
        coded = coded.assign(inclusion_probability=1.0, stratum="all")
    coded.to_csv(project / "corpora" / name / "coded.csv", index=False)
    config = project / "corpora" / name / "corpus.yaml"
    config.write_text(config.read_text() + "gold: {file: coded.csv, sampling: all of it}\n")


def test_documents_and_columns_of_both_are_compared(project):
    both = open_both(compare_by="corpus")
    assert both.groups == ["north", "south"]
    assert both.facts.counts.rows_read == both.facts.counts.documents == 12
    assert both.classified.groupby("corpus")["section"].unique().map(list).to_dict() == {
        "north": ["World"],
        "south": ["Sport"],
    }
    assert open_both(compare_by="section").groups == ["Sport", "World"]
    alone = open_analysis(Settings(corpus="south", codebook="tiny"))
    south = both.classified[both.classified["corpus"] == "south"]
    np.testing.assert_allclose(south["score"].to_numpy(), alone.classified["score"].to_numpy())
    assert south["passage_id"].tolist() == alone.classified["passage_id"].tolist()


def test_a_column_that_is_not_there_or_makes_no_groups_is_refused(project):
    for name in ("party", "text", "url"):
        with pytest.raises(
            InputError, match=f"no groups by '{name}'.*corpus, outlet, perspective, language, event, sect"
        ):
            open_both(compare_by=name)


def test_what_the_settings_leave_out_is_counted(project):
    chosen = open_both(where={"section": "World", "published": {"from": "2025-07-03"}})
    assert sorted(chosen.documents["published"].dt.day) == [3, 4, 5, 6]
    counts = chosen.facts.counts
    assert (counts.rows_read, counts.rows_kept, counts.rows_left_out) == (12, 4, 8)
    overlap = open_both(where={"published": "overlap"}, compare_by="corpus")
    assert overlap.documents["published"].dt.day.tolist() == [4, 5, 6, 4, 5, 6]
    by_outlet = open_both(where={"published": "overlap"}, compare_by="outlet")
    assert by_outlet.documents["published"].dt.day.tolist() == [5, 5], "north A ends on the 5th, south B begins on it"


def test_stories_and_voices_are_those_of_the_documents_that_were_chosen(project):
    whole, chosen = open_both(), open_both(where={"section": "World"})
    assert len(open_stories(whole).documents) == 12
    assert sorted(open_stories(chosen).documents["document_id"]) == sorted(chosen.documents["document_id"])
    assert len(open_voices(whole).passages) == 12
    assert open_voices(chosen).passages["passage_id"].tolist() == chosen.passages["passage_id"].tolist()


def test_a_date_that_stands_for_none_is_no_day_that_a_group_covers(project):
    path = project / "corpora" / "south" / "rows.jsonl"
    rows = pd.read_json(path, lines=True, dtype=False, convert_dates=False)
    rows["published"] = ["0001-01-01", "9999-12-31"] * 3
    rows.to_json(path, orient="records", lines=True)
    with pytest.raises(InputError, match="dated documents of each corpus; south has none"):
        open_both(where={"published": "overlap"}, compare_by="corpus")


def test_shares_are_corrected_only_where_every_corpus_has_labels(project):
    label(project, "north")
    one = open_both()
    assert len(one.gold.passages) == 6
    assert one.facts.labels.correction == "the corpora south have no labelled passages"
    label(project, "south")
    both = open_both()
    assert both.gold.strata.tolist() == ["north/all"] * 6 + ["south/all"] * 6
    assert both.facts.labels.file == "north/coded.csv, south/coded.csv"
    assert both.facts.labels.correction.startswith("shares and contrasts are corrected")
    assert both.gold.sampling == "north: all of it; south: all of it"
    assert both.key != one.key


def test_pins_of_both_hold(project):
    assert read_corpus_pins("north", "south") is None
    for name, text in (("north", "together: [[a, b]]\n"), ("south", "apart: [[c, d]]\nlabels: {s1: Ferry}\n")):
        (project / "corpora" / name / "stories.yaml").write_text(text)
    pins = read_corpus_pins("north", "south")
    assert (pins.together, pins.apart, pins.labels) == ((("a", "b"),), (("c", "d"),), {"s1": "Ferry"})


def gold(name: str, n: int, **more: object) -> Gold:
    passages = pd.DataFrame({"passage_id": [f"{name}{row}" for row in range(n)], "outlet": name.upper()})
    empty = {"codings": None, "coders": (), "refused": pd.DataFrame(), "sampling": ""}
    return Gold(
        **{"passages": passages, "labels": np.ones((n, 2), bool), "name": name, "sha256": name, **empty, **more}
    )


def test_codings_of_each_coder_stay_beside_the_passages_that_were_seen():
    first = gold("a", 1, coders=("ann", "ben"), codings=np.array([[[1.0, 0.0]], [[0.0, 0.0]]]))
    second = gold("b", 2, coders=("ben", "cem"), codings=np.ones((2, 2, 2)), unit="document")
    merged = merge_gold({"x": first, "y": second, "z": gold("c", 1)})
    assert merged.coders == ("ann", "ben", "cem")
    assert merged.codings.shape == (3, 4, 2)
    ann, ben, cem = merged.codings
    np.testing.assert_array_equal(ann, [[1, 0]] + [[np.nan] * 2] * 3)
    np.testing.assert_array_equal(ben, [[0, 0], [1, 1], [1, 1], [np.nan] * 2])
    np.testing.assert_array_equal(cem, [[np.nan] * 2, [1, 1], [1, 1], [np.nan] * 2])
    assert merged.strata.tolist() == ["x/A", "y/B", "y/B", "z/C"]
    assert merged.unit == "document"
    assert merged.probabilities is None


def test_probabilities_are_there_only_if_every_file_has_them():
    first = gold("a", 1, probabilities=np.array([0.5]), strata=np.array(["s"], dtype=object))
    second = gold("b", 2, probabilities=np.array([0.25, 1.0]))
    merged = merge_gold({"x": first, "y": second})
    assert merged.probabilities.tolist() == [0.5, 0.25, 1.0]
    assert merged.strata.tolist() == ["x/s", "y/B", "y/B"]
    assert merge_gold({"x": first}) is first


def test_a_report_names_one_corpus_or_several():
    base = {"report": "r", "title": "R", "codebook": "tiny", "notebooks": ["01_corpora"]}
    plan = ReportPlan.model_validate({**base, "corpora": ["north", "south"]})
    assert plan.settings({}).corpus_names == ("north", "south")
    assert plan.settings({"corpus": "north"}).corpus_names == ("north",)
    single = ReportPlan.model_validate({**base, "corpus": "north"})
    assert single.settings({"corpora": ["north", "south"]}).corpus_names == ("north", "south")
    with pytest.raises(InputError, match=r"give one corpus, or several as corpora: \[one, two\]"):
        ReportPlan.model_validate(base).settings({})
