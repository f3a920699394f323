"""`framing evaluate`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from framing.analysis.by_language import LANGUAGES_NOTE, describe_few_labels, group_languages
from framing.analysis.languages import describe_languages, find_codebook_languages
from framing.analysis.remarks import describe_long
from framing.classify.llm import LlmScorer
from framing.classify.scorer import Scorer
from framing.classify.work import measure_work
from framing.cli.classifiers import (
    cross_fit_classifier,
    name_refused,
    open_classifier,
    read_labelled,
)
from framing.cli.codebooks import UnitOption, open_codebook
from framing.cli.learning_options import LearningOptions
from framing.cli.llm_options import LlmOptions, ScorerOption, read_scorer, say_record
from framing.cli.options import CodebookOption, TextOption, say, split_names
from framing.cli.remarks import say_all
from framing.cli.tables import (
    CODERS_NOTE,
    MEASURES_NOTE,
    format_differences,
    format_measures,
    format_plain,
    format_promises,
    summarise_promises,
)
from framing.codebook import Codebook
from framing.coding.label_files import LabelFile, Labelled, read_label_file
from framing.corpus.rows import read_passages
from framing.corpus.stated_languages import find_document_languages
from framing.defaults import Unit
from framing.errors import InputError
from framing.validation.coders import count_confusions, measure_reliability
from framing.validation.decisions import evaluate_decisions, evaluate_groups
from framing.validation.errors_by_group import compare_errors
from framing.validation.mistakes import confused_frames, worst_errors

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate"]

_N_ROWS = 12  # that tables of errors and confusions show at least


@dataclass(frozen=True, kw_only=True)
class LabelledRows:
    """A file of passages with human labels, and its columns."""

    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A file with texts and human labels")]
    label_column: Annotated[
        str, typer.Option("--label-column", help="Column with the labels, ;-separated, or none; empty: not coded")
    ]
    text_column: TextOption = "text"
    by: Annotated[str, typer.Option("--by", help="Column to evaluate by as well, for instance outlet")] = ""
    coders: Annotated[
        str, typer.Option("--coders", help="Columns of single coders, comma-separated: adds their reliability")
    ] = ""

    @property
    def coder_columns(self) -> list[str]:
        """Columns of the coders, in order."""
        return split_names(self.coders)

    def check(self) -> None:
        """Raise `InputError` for a single coder, or one named twice."""
        columns = self.coder_columns
        if self.coders and (len(columns) < 2 or len(set(columns)) < len(columns)):
            raise InputError(
                f"--coders {self.coders}: agreement needs the columns of at least two coders, each named once; "
                "separate them with commas."
            )

    def read(self, unit: Unit) -> LabelFile:
        """Read the file.

        Parameters
        ----------
        unit : {"passage", "document"}
            What the labels are of.

        Returns
        -------
        LabelFile
            A row a passage with its label cells.
        """
        return read_label_file(
            self.source,
            text=self.text_column,
            labels=self.label_column,
            coders=self.coder_columns,
            extra=[self.by] if self.by else [],
            unit=unit,
        )


def evaluate(
    rows: LabelledRows,
    codebook: CodebookOption,
    learning: LearningOptions,
    cross_fit: Annotated[
        bool, typer.Option("--cross-fit", help="Learn from the labels of INPUT; each passage is scored out of fold")
    ] = False,
    unit: UnitOption = "",
    errors: Annotated[int, typer.Option("--errors", help="How many of the worst errors to show", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    scorer: ScorerOption = "",
    *,
    llm: LlmOptions,
) -> None:
    """Agreement with human labels: precision, recall, F1, calibration per frame and overall, with intervals."""
    model = read_scorer(scorer, learning, llm)
    if model and cross_fit:
        raise InputError("--cross-fit: a language model learns from no labels; leave it out.")
    _check(rows, learning, cross_fit=cross_fit)
    book = open_codebook(codebook, unit=unit)
    learns = cross_fit or learning.labels is not None
    learning.check_codebook(book, learns=learns, remedy="--labels FILE or --cross-fit")
    labelled = read_labelled(rows.read(book.unit), book)
    what = f"labelled {book.unit}s"
    passages, labels = labelled.passages, labelled.labels
    if learning.labels is not None:
        _warn_of_overlap(passages, learning.labels, rows.text_column, unit=book.unit)
    classifier: Scorer
    if cross_fit:
        classifier, scores = cross_fit_classifier(book, learning, passages, labels)
    elif model:
        classifier = asked = llm.open_scorer(book, model)
        labelled, scores = _score_by_model(asked, labelled, what=what)
        passages, labels = labelled.passages, labelled.labels
    else:
        work = measure_work(passages["text"].to_list(), book)
        classifier = open_classifier(book, learning, work, text_column=rows.text_column)
        scores = classifier.predict_proba(passages["text"].to_list(), progress="classifying")
    languages = find_document_languages(passages[["text"]])
    texts = passages["text"].to_list()
    remarks = [
        *describe_languages(
            languages, encoder=classifier.encoder_name_, codebook=find_codebook_languages(book), unit=what
        ),
        describe_long(int(classifier.find_long(texts).sum()), len(texts), unit=what),
        describe_few_labels(languages),
    ]
    say_all(remarks)
    tables = _make_tables(
        book, passages, labels, scores, classifier, by=rows.by, codings=labelled.codings, n_errors=errors
    )
    if several := group_languages(languages):
        tables["by_language"] = evaluate_groups(
            labels,
            classifier.decide_scores(scores),
            scores,
            groups=several,
            frames=book.frame_ids,
            documents=passages["group"].to_list(),
        )
    method = _describe_method(classifier, learning, cross_fit=cross_fit)
    if as_json:
        facts = _collect_facts(book, classifier, method, labelled)
        facts |= {"languages": dict(Counter(languages).most_common()), "remarks": list(filter(None, remarks))}
        facts |= {
            name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in tables.items()
        }
        typer.echo(json.dumps(facts, indent=1))
        return
    of_documents = f" of {passages['group'].nunique():,} documents" if book.unit == "passage" else ""
    typer.echo(
        f"{len(passages):,} {what}{of_documents}, {name_refused(labelled)}; {method}; "
        f"encoder {classifier.encoder_name_}"
    )
    _show_tables(tables, by=rows.by, n_errors=errors)


def _score_by_model(scorer: LlmScorer, labelled: Labelled, *, what: str) -> tuple[Labelled, NDArray[np.float64]]:
    """The labelled passages for which a language model has an answer, with their scores; the others are told."""
    scores = scorer.predict_proba(labelled.passages["text"].to_list(), progress="asking")
    is_scored = ~np.isnan(scores).any(axis=1)
    say_record(scorer, n_texts=len(scores), n_failed=int((~is_scored).sum()), what=what)
    if not is_scored.any():
        raise InputError(f"{scorer.encoder_name_} answered for none of {len(scores):,} {what}.")
    if is_scored.all():
        return labelled, scores
    kept = replace(
        labelled,
        passages=labelled.passages.take(np.flatnonzero(is_scored)).reset_index(drop=True),
        labels=labelled.labels[is_scored],
        codings=None if labelled.codings is None else labelled.codings[:, is_scored],
    )
    return kept, scores[is_scored]


def _check(rows: LabelledRows, learning: LearningOptions, *, cross_fit: bool) -> None:
    """Refuse options that do not go together before anything is read."""
    if cross_fit and (learning.labels is not None or learning.nli_model):
        raise InputError("--cross-fit learns from INPUT itself; leave out --labels and --nli-model.")
    rows.check()
    if cross_fit and learning.strength == "zero-shot":
        raise InputError("--cross-fit: strength zero-shot does not learn; choose auto, head or fine-tuned.")
    learning.check(learns=cross_fit or learning.labels is not None, remedy="--labels FILE or --cross-fit")


def _describe_method(classifier: Scorer, learning: LearningOptions, *, cross_fit: bool) -> str:
    """The method of the scores, in a phrase."""
    if isinstance(classifier, LlmScorer):
        return f"answers of a language model ({classifier.describe_scores()}): exploratory"
    if learning.nli_model:
        return "zero-shot by natural language inference: exploratory"
    if cross_fit:
        return f"{classifier.strength_}, cross-fitted on these labels"
    if classifier.zero_shot_ and classifier.strength_ != "zero-shot":
        return f"{classifier.strength_}, learnt from the codebook's examples alone: exploratory"
    if classifier.zero_shot_:
        return "zero-shot from the seeds: exploratory"
    return f"{classifier.strength_}, trained on the labels given"


def _collect_facts(book: Codebook, classifier: Scorer, method: str, labelled: Labelled) -> dict[str, Any]:
    """The part of the JSON before the tables."""
    return {
        "n_passages": len(labelled.passages),
        "n_refused": len(labelled.refused),
        "n_not_coded": labelled.n_not_coded,
        "method": method,
        "unit": book.unit,
        "strength": classifier.strength_,
        "encoder": classifier.encoder_name_,
        "codebook": book.codebook,
        "codebook_hash": book.hash,
        "threshold": classifier.threshold_ if book.multi_label else None,
    }


def _make_tables(
    book: Codebook,
    passages: pd.DataFrame,
    labels: NDArray[np.bool_],
    scores: NDArray[np.float64],
    classifier: Scorer,
    *,
    by: str,
    codings: NDArray[np.float64] | None,
    n_errors: int,
) -> dict[str, pd.DataFrame]:
    """Every table of the evaluation by its name in the JSON."""
    frames, documents = book.frame_ids, passages["group"].to_list()
    decisions = classifier.decide_scores(scores)
    tables = {"measures": evaluate_decisions(labels, decisions, scores, frames=frames, documents=documents)}
    if by:
        groups = [str(value).strip() for value in passages[by]]
        units: dict[str, Any] = {"groups": groups, "frames": frames, "documents": documents}
        tables["by_group"] = evaluate_groups(labels, decisions, scores, **units)
        if len(set(groups)) > 1:
            tables["error_differences"] = compare_errors(labels, decisions, **units)
    if codings is not None:
        tables["reliability"] = measure_reliability(codings, frames=frames, documents=documents)
        tables["coder_confusions"] = count_confusions(codings, frames=frames)
    tables["confusions"] = confused_frames(labels, decisions, frames=frames)
    if n_errors:
        tables["worst_errors"] = worst_errors(passages, labels, decisions, scores, frames=frames, top=n_errors)
    if len(classifier.guarantees_):
        tables["guarantees"] = classifier.guarantees_
    return tables


def _show_tables(tables: dict[str, pd.DataFrame], *, by: str, n_errors: int) -> None:
    """Print each table that has rows under its title."""
    n_rows = max(n_errors, _N_ROWS)

    def format_rows(table: pd.DataFrame) -> str:
        return format_plain(table, rows=n_rows)

    forms: dict[str, tuple[str, Callable[[pd.DataFrame], str]]] = {
        "by_group": (f"Agreement by {by}", lambda table: f"{format_measures(table)}\n{MEASURES_NOTE}"),
        "by_language": ("Agreement by detected language", lambda table: f"{format_measures(table)}\n{LANGUAGES_NOTE}"),
        "error_differences": (
            f"Differences in errors by {by}, clearest first",
            lambda table: format_differences(table, rows=n_rows),
        ),
        "reliability": ("Agreement among coders", lambda table: f"{format_measures(table)}\n{CODERS_NOTE}"),
        "coder_confusions": ("Frames that coders confuse", format_rows),
        "confusions": ("Gold frame against decided frame", format_rows),
        "worst_errors": ("Worst errors", format_rows),
        "guarantees": ("Promises", lambda table: f"{summarise_promises(table)}\n{format_promises(table)}"),
    }
    typer.echo(f"{format_measures(tables['measures'])}\n{MEASURES_NOTE}")
    for name, (title, format_table) in forms.items():
        table = tables.get(name)
        if table is not None and len(table) and (n_errors or name != "confusions"):
            typer.echo(f"\n{title}\n{format_table(table)}")


def _warn_of_overlap(passages: pd.DataFrame, labels: Path, text_column: str, *, unit: Unit) -> None:
    """Warn if texts to evaluate on are among those that the classifier learns from."""
    training, _ = read_passages(labels, text_column=text_column)
    n_shared = int(passages["text"].isin(set(training["text"])).sum())
    if n_shared:
        say(
            f"warning: {n_shared} of {len(passages)} {unit}s are also in {labels}; agreement on training {unit}s "
            f"says nothing. Evaluate on other {unit}s."
        )
