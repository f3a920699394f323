"""The paragraph of methods says what the record of the run says, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from framing.codebook import read_codebook
from framing.export.citations import write_bibtex
from framing.export.finished import open_report
from framing.export.methods import write_methods

BOOK = read_codebook(Path(__file__).parents[2] / "seeds" / "great-power-crisis.yaml")


def test_a_run_without_labels_claims_nothing_of_labels(reports):
    text = write_methods(open_report("zero")).text
    assert "No labels of human coders were used" in text
    assert "exploratory" in text
    for word in ("alpha", "coders anna", "macro-F1", "corrected with", "Corrected shares", "Hypothesis", "stories"):
        assert word not in text


def test_a_run_with_labels_says_who_how_many_and_how_sure(reports):
    text = write_methods(open_report("labelled")).text
    for sentence in (
        "The corpus mine has 60 documents, which were split into 180 passages of at most 90 words.",
        "Of 61 rows read, 60 were kept and 1 refused.",
        f"version {BOOK.version}",
        "encoder minilm (revision abc123)",
        "40 passages were labelled by the coders anna, ben.",
        "How they were drawn, as the corpus states it: at random, 20 of each outlet.",
        "Krippendorff's alpha has a mean of 0.80 over 2 frames; the lowest is 0.70 (Deterrence).",
        "The classifier did not learn from these labels. Its macro-F1 against the coders is 0.64 (0.60 to 0.70).",
        "corrected with labelled passages; score interval over documents, classifier error included.",
        "adjusted for its 1 rows (pairs of groups and frames)",
        "Intervals are at 90%, with 2,000 draws and the random seed 7.",
        "Corrected shares are about what the outlets publish. Each passage counts alike in a share.",
        "Hypothesis 1, named in the settings: on Escalation risk, A & B has more of the frame than all others.",
        "Software: framing 0.1.0, numpy 2.4.6.",
        "made on 2026-03-02.",
    ):
        assert sentence in text
    assert "No labels" not in text
    assert "stories" not in text  # the setting alone does not show that an estimator took them


def test_units_are_stories_only_where_a_method_says_so(reports):
    report = open_report("zero")
    report.tables["shares"]["method"] = "bootstrap over stories"
    assert "Independent units are stories" in write_methods(report).text


def test_a_codebook_that_was_changed_since_has_no_version(reports):
    path = reports / "zero" / "run.json"
    facts = json.loads(path.read_text())
    facts["hashes"]["codebook"] = "other"
    path.write_text(json.dumps(facts))
    text = write_methods(open_report("zero")).text
    assert "codebook great-power-crisis (SHA-256 other)" in text
    assert f"version {BOOK.version}" not in text


def test_the_bibliography_has_what_was_used_and_no_more(reports):
    zero, labelled = (write_methods(open_report(name)).references for name in ("zero", "labelled"))
    keys = {source.key for source in labelled}
    assert {"egami2023", "wilson1927", "westfall1993", "krippendorff2018", "software-framing"} <= keys
    assert "kitagawa1955" not in keys
    assert not {"egami2023", "krippendorff2018"} & {source.key for source in zero}
    bib = write_bibtex(labelled)
    assert len(re.findall(r"^@\w+\{", bib, re.MULTILINE)) == len(labelled)
    assert bib.count("{") == bib.count("}")
    assert "framing: multi-perspective framing analysis of news corpora, version 0.1.0" in bib
