"""The methods of a run in sentences, each only where the record or a table of the run says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from framing.export.citations import CODERS, Reference, cite_methods, cite_software
from framing.export.finished import FinishedReport

__all__ = ["Methods", "write_methods"]

_ESTIMATES = {  # tables of estimates: what they are, in a sentence
    "shares": "Shares of passages with a frame",
    "frame_tests": "Tests of each frame over all groups",
    "against_rest": "Differences of each group from the others",
    "hypotheses": "Hypotheses",
    "contrasts": "Differences between pairs of groups",
    "components": "Parts of differences",
    "changes": "Breaks over time",
    "slope_differences": "Differences of trends",
    "words": "Distinctive words",
    "pairs": "Pairs of frames",
    "speakers": "Shares of speakers",
}
_FAMILIES = {"contrasts": "pairs of groups and frames", "against_rest": "groups and frames", "frame_tests": "frames"}
_TARGETS = {"process": "what the outlets publish", "corpus": "these passages only"}
_WEIGHTS = {"passages": "Each passage", "documents": "Each document", "outlets": "Each outlet"}
_EXPECTED = {"more": "has more of the frame than", "less": "has less of the frame than", "differ": "differs from"}


@dataclass(frozen=True)
class Methods:
    """The methods of a run.

    Attributes
    ----------
    text : str
        A paragraph, plain text.
    references : list of Reference
        Estimators, agreement and software that it rests on.
    """

    text: str
    references: list[Reference]


def write_methods(report: FinishedReport) -> Methods:
    """Write the methods of a run.

    Parameters
    ----------
    report : FinishedReport
        The report.

    Returns
    -------
    Methods
        Paragraph and sources.
    """
    facts, settings = report.facts, report.settings
    words = [text for name in _ESTIMATES for text in _list_methods(report.tables.get(name))]
    sentences = [
        *_describe_corpus(facts, settings), *_describe_codebook(report), *_describe_scores(facts, settings),
        *_describe_labels(report), *_describe_estimates(report), *_describe_options(settings, words),
        *_describe_hypotheses(report), *_describe_software(facts),
    ]  # fmt: skip
    words += ["q_value"] if "q_value" in report.tables.get("contrasts", pd.DataFrame()).columns else []
    words += ["rank"] if "ranks" in report.tables else []
    references = cite_methods(words)
    if _find_alphas(report) is not None:
        references.append(CODERS)
    return Methods(" ".join(sentences), [*references, *cite_software(facts.get("versions", {}))])


def _describe_corpus(facts: dict[str, Any], settings: dict[str, Any]) -> Iterator[str]:
    counts = facts["counts"]
    names = [settings["corpus"]] if settings.get("corpus") else list(settings.get("corpora", ()))
    what = "corpus" if len(names) == 1 else "corpora"
    units = (
        "each of which was scored and counted as a whole"
        if facts.get("unit") == "document"
        else f"which were split into {counts['passages']:,} passages of at most {settings['passage_words']} words"
    )
    yield f"The {what} {' and '.join(names)} has {counts['documents']:,} documents, {units}."
    if "rows_read" in counts:
        left = f", {counts['rows_left_out']:,} left out by selection" if counts.get("rows_left_out") else ""
        yield (
            f"Of {counts['rows_read']:,} rows read, {counts['rows_kept']:,} were kept and "
            f"{counts['rows_refused']:,} refused{left}."
        )
    if settings.get("where"):
        chosen = "; ".join(f"{column}: {_write_value(value)}" for column, value in settings["where"].items())
        yield f"Documents were selected by {chosen}."
    if facts.get("hashes", {}).get("corpus"):
        yield f"(SHA-256 of the corpus: {facts['hashes']['corpus']}.)"


def _write_value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_write_value(item)}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _describe_codebook(report: FinishedReport) -> Iterator[str]:
    name, digest = report.settings["codebook"], report.facts.get("hashes", {}).get("codebook", "")
    if report.codebook is None:
        yield f"Frames are those of the codebook {name} (SHA-256 {digest})."
        return
    kind = "may carry several frames or none" if report.codebook.multi_label else "carries one frame"
    yield (
        f"Frames are the {len(report.codebook.frames)} of the codebook {name}, version {report.codebook.version} "
        f"(SHA-256 {digest}); a {report.codebook.unit} {kind}."
    )


def _describe_scores(facts: dict[str, Any], settings: dict[str, Any]) -> Iterator[str]:
    encoder, digest = facts.get("encoder", {}), facts.get("hashes", {}).get("encoder", "")
    models = {"nli": "model of natural language inference", "llm": "language model"}
    model = models.get(settings.get("scorer", ""), "encoder")
    yield (
        f"{facts.get('unit', 'passage').capitalize()}s were scored with the {model} {encoder.get('name', '')} "
        f"(revision {digest}); "
        f"method: {facts.get('method', '')}."
    )
    if facts.get("threshold") is not None:
        yield f"A frame counts as present from a score of {facts['threshold']:.3f}."
    for measure in ("precision", "recall"):
        if settings.get(f"wanted_{measure}"):
            yield f"Decisions were left open where a {measure} of {settings[f'wanted_{measure}']:g} was not promised."


def _describe_labels(report: FinishedReport) -> Iterator[str]:
    labels = report.facts.get("labels", {})
    if not labels.get("passages"):
        yield (
            "No labels of human coders were used: shares are of what the classifier marks, and the analysis is "
            "exploratory."
        )
        return
    facts = report.tables.get("validity_facts")
    told = dict(zip(facts["what"], facts["value"], strict=True)) if facts is not None else {}
    coders = f" by the coders {told['coders']}" if told.get("coders") else ""
    unit = report.facts.get("unit", "passage")
    noun = f"{unit} was" if labels["passages"] == 1 else f"{unit}s were"
    yield f"{labels['passages']:,} {noun} labelled{coders}."
    if told.get("how they were drawn"):
        yield f"How they were drawn, as the corpus states it: {str(told['how they were drawn']).rstrip('.')}."
    alphas = _find_alphas(report)
    if alphas is not None:
        lowest = alphas.sort_values("estimate", kind="stable").iloc[0]
        yield (
            f"Krippendorff's alpha has a mean of {alphas['estimate'].mean():.2f} over {len(alphas)} frames; the lowest "
            f"is {lowest['estimate']:.2f} ({report.names.get(lowest['frame'], lowest['frame'])})."
        )
    yield f"The classifier {'learned' if labels.get('learned_from') else 'did not learn'} from these labels."
    agreement = report.facts.get("agreement")
    if agreement and agreement.get("estimate") is not None:
        low, high = agreement.get("low"), agreement.get("high")
        interval = f" ({low:.2f} to {high:.2f})" if low is not None and high is not None else ""
        yield f"Its macro-F1 against the coders is {agreement['estimate']:.2f}{interval}."
    correction = str(labels.get("correction", ""))
    if correction and correction != "shares are corrected":
        yield f"Shares are not corrected with the labels: {correction.rstrip('.')}."


def _find_alphas(report: FinishedReport) -> pd.DataFrame | None:
    """Alpha of each frame; None if no coders were compared."""
    table = report.tables.get("coder_reliability")
    if table is None:
        return None
    rows = table[(table["measure"] == "alpha") & ~table["frame"].str.startswith("(")].dropna(subset=["estimate"])
    return rows if len(rows) else None


def _describe_estimates(report: FinishedReport) -> Iterator[str]:
    for name, what in _ESTIMATES.items():
        methods = _list_methods(report.tables.get(name))
        if methods:
            yield f"{what}: {'; or '.join(methods)}."
    for name, what in _FAMILIES.items():
        table = report.tables.get(name)
        if table is not None and "p_adjusted" in table.columns:
            yield f"p-values of the table {name} are adjusted for its {len(table):,} rows ({what})."


def _list_methods(table: pd.DataFrame | None) -> list[str]:
    """Different methods of a table, the most frequent first, without the reasons for which rows have no interval."""
    if table is None or "method" not in table.columns:
        return []
    whole = table["method"].astype(str).str.partition("; no interval")[0]
    return [str(text) for text in whole.value_counts().index[:3]]


def _describe_options(settings: dict[str, Any], words: list[str]) -> Iterator[str]:
    yield (
        f"Groups are the values of {settings['compare_by']}; those with fewer than {settings['min_documents']} "
        "documents were not compared. "
        f"Intervals are at {settings['level']:.0%}, with {settings['n_bootstrap']:,} draws and the "
        f"random seed {settings['random_seed']}."
    )
    methods = "\n".join(words)
    if settings.get("cluster") == "story" and "stories" in methods:
        yield "Independent units are stories: events of the corpus, else weeks of an outlet."
    if settings.get("target") in _TARGETS and "corrected with" in methods:
        yield f"Corrected shares are about {_TARGETS[settings['target']]}."
    if settings.get("weights") in _WEIGHTS:
        yield f"{_WEIGHTS[settings['weights']]} counts alike in a share."


def _describe_hypotheses(report: FinishedReport) -> Iterator[str]:
    for number, item in enumerate(report.settings.get("hypotheses", ()), start=1):
        first, second = item["groups"]
        other = "all others" if second == "rest" else second
        frame = report.names.get(item["frame"], item["frame"])
        yield f"Hypothesis {number}, named in the settings: on {frame}, {first} {_EXPECTED[item['expect']]} {other}."


def _describe_software(facts: dict[str, Any]) -> Iterator[str]:
    versions = facts.get("versions", {})
    if versions:
        yield f"Software: {', '.join(f'{name} {version}' for name, version in versions.items())}."
    if facts.get("made"):
        yield f"The report was made on {str(facts['made'])[:10]}."
