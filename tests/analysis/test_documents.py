"""Analyses whose unit is the document as a whole: scored, labelled and counted once, with windows as evidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import open_analysis
from framing.analysis.evidence import list_windows
from framing.analysis.stories import open_stories
from framing.analysis.voices import open_voices
from framing.classify.classifier import FrameClassifier
from framing.corpus import whole_passages
from framing.errors import InputError
from framing.estimates.passages import find_borderline_passages, find_passages_behind, find_top_passages
from framing.settings import Settings
from framing.tables import WINDOWS
from tests.analysis.project import enter_project, write_project
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook

PARTS = [" ".join(seeds * 4) for seeds in (WAR, TRADE, SPORT)]  # 92, 96 and 76 words
TEXTS = ["\n".join(PARTS), "\n".join([PARTS[1], PARTS[1]]), SPORT[0], "\n".join([PARTS[2], WAR[1]])]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = [
        {"document_id": f"d{row}", "text": text, "outlet": "AB"[row % 2], "published": "2025-07-01"}
        for row, text in enumerate(TEXTS)
    ]
    home = write_project(tmp_path, rows, rules="gold: {file: coded.csv}\n")
    coded = pd.DataFrame(
        {"document_id": ["d1", "d3"], "outlet": "B", "text": [TEXTS[1], TEXTS[3]], "frames": ["trade", "sport"]}
    )
    coded.assign(inclusion_probability=1.0).to_csv(home / "coded.csv", index=False)
    enter_project(tmp_path, monkeypatch)
    return home


def settings(**values: object) -> Settings:
    return Settings(**{"corpus": "small", "codebook": "tiny", "unit": "document", **values})


def test_each_document_is_scored_and_counted_once(project):
    analysis = open_analysis(settings())
    assert analysis.passages["text"].to_list() == TEXTS
    assert analysis.passages["position"].to_list() == [0] * 4
    assert (analysis.facts.unit, analysis.facts.counts.passages) == ("document", 4)
    assert analysis.codebook.unit == "document"
    assert analysis.facts.hashes.codebook == codebook(unit="document").hash
    plain = FrameClassifier(codebook(), WordEncoder()).fit()
    scores = analysis.scores.drop(columns="passage_id").to_numpy()
    np.testing.assert_allclose(scores, plain.predict_proba(TEXTS), atol=1e-9)


def test_passages_are_the_unit_unless_something_says_otherwise(project):
    (project / "coded.csv").unlink()
    (project / "corpus.yaml").write_text((project / "corpus.yaml").read_text().replace("gold: {file: coded.csv}", ""))
    analysis = open_analysis(settings(unit="", passage_words=100))
    assert (analysis.facts.unit, len(analysis.passages)) == ("passage", 8)
    assert analysis.windows.empty
    assert "excerpt" not in analysis.classified.columns


def test_labels_of_documents_are_known_by_the_document(project):
    analysis = open_analysis(settings())
    assert not analysis.facts.labels.correction.startswith("2 of 2")
    ids = whole_passages(pd.DataFrame({"document_id": ["d1", "d3"], "text": ["a", "b"]}))["passage_id"]
    assert analysis.labelled["passage_id"].to_list() == ids.to_list()
    assert analysis.labelled["cluster"].nunique() == 2


def test_labels_of_several_passages_of_a_document_are_refused(project):
    coded = pd.read_csv(project / "coded.csv")
    pd.concat([coded, coded.head(1).assign(frames="war")]).to_csv(project / "coded.csv", index=False)
    with pytest.raises(InputError, match=r"coded\.csv: the document 'd1' has 2 rows, but the unit is the document"):
        open_analysis(settings())


def test_labels_of_the_other_unit_are_left_aside_where_the_corpus_says_so(project):
    rules = (project / "corpus.yaml").read_text()
    for coded, n_labelled in (("document", 2), ("passage", 0)):
        rule = f"gold: {{file: coded.csv, coded: {coded}}}"
        (project / "corpus.yaml").write_text(rules.replace("gold: {file: coded.csv}", rule))
        assert open_analysis(settings()).facts.labels.passages == n_labelled


def test_windows_show_what_scores_highest(project):
    analysis = open_analysis(settings())
    assert list(analysis.windows.columns) == ["passage_id", "frame", "start", "end", "score"]
    alone = FrameClassifier(codebook(), WordEncoder()).fit().score_windows(TEXTS)
    best = alone.sort_values("score", ascending=False, kind="stable").drop_duplicates(["row", "frame"])
    expected = best.set_index(["row", "frame"])["text"].to_dict()
    found = analysis.classified
    places = found["document_id"].str[1:].astype(int)
    assert found["excerpt"].to_list() == [expected[key] for key in zip(places, found["frame"], strict=True)]
    assert found.loc[(found["document_id"] == "d0"), "excerpt"].to_list() == PARTS
    sizes = analysis.windows.groupby(["passage_id", "frame"]).size()
    present = set(found.loc[found["decision"] == "present", ["passage_id", "frame"]].itertuples(index=False, name=None))
    n_windows = dict(zip(analysis.passages["passage_id"], [3, 2, 1, 2], strict=True))
    for key, size in sizes.items():
        assert size == (n_windows[key[0]] if key in present else 1)


def test_examples_are_excerpts(project):
    classified = open_analysis(settings()).classified
    excerpts = set(classified["excerpt"])
    contrasts = pd.DataFrame({"frame": ["trade"], "group_a": ["A"], "group_b": ["B"]})
    tables = [
        find_top_passages(classified),
        find_borderline_passages(classified, threshold=0.4),
        find_passages_behind(contrasts, classified),
    ]
    for table in tables:
        assert len(table)
        assert set(table["text"]) <= excerpts
        assert TEXTS[0] not in set(table["text"])


def test_windows_are_listed_with_text_for_the_frames_of_a_document(project):
    analysis = open_analysis(settings())
    table = list_windows(analysis.windows, analysis.passages, analysis.decisions)
    assert tuple(table.columns) == WINDOWS
    texts = dict(zip([f"d{row}" for row in range(4)], TEXTS, strict=True))
    assert all(texts[row.document_id][row.start : row.end] == row.text for row in table.itertuples())
    present = analysis.classified.query("decision == 'present'")[["document_id", "frame"]]
    assert table[["document_id", "frame"]].drop_duplicates().to_numpy().tolist() == present.to_numpy().tolist()


def test_voices_are_not_said_of_documents(project):
    with pytest.raises(InputError, match=r"open_voices: Voices are not shown: .*document as a whole"):
        open_voices(open_analysis(settings()))


def test_stories_of_one_unit_are_not_taken_for_those_of_the_other(project):
    (project / "coded.csv").unlink()
    rules = (project / "corpus.yaml").read_text().replace("gold: {file: coded.csv}", "")
    (project / "corpus.yaml").write_text(rules)
    sizes = []
    for unit in ("passage", "document"):
        analysis = open_analysis(settings(unit=unit))
        stories = open_stories(analysis)
        found = {*stories.aligned["passage_id"], *stories.aligned["other_id"], *stories.omissions["passage_id"]}
        assert found <= set(analysis.passages["passage_id"])
        sizes.append(len(found))
    assert all(sizes), "else this tests nothing"
