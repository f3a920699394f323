"""`framing evaluate`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from framing.cli.classifiers import cross_fit as fit_across
from framing.cli.classifiers import open_classifier, open_codebook
from framing.cli.options import CodebookOption, LearningOptions, TextOption, names_in, say
from framing.cli.tables import (
    CODERS_COUNTED,
    COUNTED,
    differences_text,
    measures_text,
    plain_text,
    promise_summary,
    promise_table,
)
from framing.codebook import Codebook
from framing.coding.labels import codings_of, gold_of
from framing.corpus.rows import read_passages
from framing.errors import InputError
from framing.validation.coders import count_confusions, measure_reliability
from framing.validation.decisions import confused_frames, evaluate_decisions, evaluate_groups, worst_errors
from framing.validation.errors_by_group import compare_errors

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate"]

# columns that every table of passages has, so that they need not be asked for
_CARRIED = ("outlet", "perspective", "published", "title", "url", "document_id")


@dataclass(frozen=True, kw_only=True)
class LabelledRows:
    """A file of passages with human labels, and its columns."""

    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A file with texts and human labels")]
    label_column: Annotated[
        str, typer.Option("--label-column", help="Column with the labels, ;-separated where several")
    ]
    text_column: TextOption = "text"
    by: Annotated[str, typer.Option("--by", help="Column to evaluate by as well, for instance outlet")] = ""
    coders: Annotated[
        str, typer.Option("--coders", help="Columns of single coders, comma-separated: adds their reliability")
    ] = ""

    @property
    def coder_columns(self) -> list[str]:
        return names_in(self.coders)

    def check(self) -> None:
        """Raise `InputError` for coders that are no two."""
        columns = self.coder_columns
        if self.coders and (len(columns) < 2 or len(set(columns)) < len(columns)):
            raise InputError(
                f"--coders {self.coders}: agreement needs the columns of at least two coders, each named once; "
                "separate them with commas."
            )

    def read(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Passages, and the rows that were refused."""
        extra = [name for name in (self.label_column, *self.coder_columns) if name not in _CARRIED]
        extra += [self.by] if self.by else []
        return read_passages(self.source, text_column=self.text_column, extra=list(dict.fromkeys(extra)))


def evaluate(
    rows: LabelledRows,
    codebook: CodebookOption,
    learning: LearningOptions,
    cross_fit: Annotated[
        bool, typer.Option("--cross-fit", help="Learn from INPUT's own labels; each passage scored by what saw it not")
    ] = False,
    errors: Annotated[int, typer.Option("--errors", help="How many of the worst errors to show", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Agreement with human labels: precision, recall, F1, calibration per frame and overall, with intervals."""
    _check(rows, learning, cross_fit=cross_fit)
    book = open_codebook(codebook)
    passages, refused = rows.read()
    labels = gold_of(passages, rows.label_column, book, source=str(rows.source))
    columns = rows.coder_columns
    codings = codings_of(passages, columns, book, source=str(rows.source)) if columns else None
    if learning.labels is not None:
        _warn_of_overlap(passages, learning.labels, rows.text_column)
    classifier: Any
    if cross_fit:
        classifier, scores = fit_across(book, learning, passages, labels)
    else:
        classifier = open_classifier(book, learning, text_column=rows.text_column)
        scores = classifier.predict_proba(passages["text"], progress="classifying")
    tables = _tables(book, passages, labels, scores, classifier, by=rows.by, codings=codings, n_errors=errors)
    method = _method(classifier, learning, cross_fit=cross_fit)
    if as_json:
        facts = _facts(book, classifier, method, n_passages=len(passages), n_refused=len(refused))
        facts |= {
            name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in tables.items()
        }
        typer.echo(json.dumps(facts, indent=1))
        return
    n_documents = passages["group"].nunique()
    typer.echo(
        f"{len(passages):,} labelled passages of {n_documents:,} documents, {len(refused)} rows refused; {method}; "
        f"encoder {classifier.encoder_name_}"
    )
    _show(tables, by=rows.by, n_errors=errors)


def _check(rows: LabelledRows, learning: LearningOptions, *, cross_fit: bool) -> None:
    """Refuse options that do not go together before anything is read."""
    if cross_fit and (learning.labels is not None or learning.nli_model):
        raise InputError("--cross-fit learns from INPUT itself; leave out --labels and --nli-model.")
    rows.check()
    if cross_fit and learning.strength == "zero-shot":
        raise InputError("--cross-fit: strength zero-shot does not learn; choose auto, head or fine-tuned.")
    learning.check(learns=cross_fit or learning.labels is not None, remedy="--labels FILE or --cross-fit")


def _method(classifier: Any, learning: LearningOptions, *, cross_fit: bool) -> str:
    """How the scores came about, in a phrase."""
    if learning.nli_model:
        return "zero-shot by natural language inference: exploratory"
    if cross_fit:
        return f"{classifier.strength_}, cross-fitted on these labels"
    if classifier.zero_shot_:
        return "zero-shot from the seeds: exploratory"
    return f"{classifier.strength_}, trained on the labels given"


def _facts(book: Codebook, classifier: Any, method: str, *, n_passages: int, n_refused: int) -> dict[str, Any]:
    """What stands before the tables in the JSON."""
    return {
        "n_passages": n_passages,
        "n_refused": n_refused,
        "method": method,
        "strength": classifier.strength_,
        "encoder": classifier.encoder_name_,
        "codebook": book.codebook,
        "codebook_hash": book.hash,
        "threshold": classifier.threshold_ if book.multi_label else None,
    }


def _tables(
    book: Codebook, passages: pd.DataFrame, labels: NDArray[np.bool_], scores: NDArray[np.float64], classifier: Any, *,
    by: str, codings: Any, n_errors: int,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Every table of the evaluation by its name in the JSON."""
    frames, documents = book.frame_ids, passages["group"].to_list()
    decided = classifier.decide_scores(scores)
    tables = {"measures": evaluate_decisions(labels, decided, scores, frames=frames, documents=documents)}
    if by:
        groups = [str(value).strip() for value in passages[by]]
        same: dict[str, Any] = {"groups": groups, "frames": frames, "documents": documents}
        tables["by_group"] = evaluate_groups(labels, decided, scores, **same)
        if len(set(groups)) > 1:
            tables["error_differences"] = compare_errors(labels, decided, **same)
    if codings is not None:
        tables["reliability"] = measure_reliability(codings, frames=frames, documents=documents)
        tables["coder_confusions"] = count_confusions(codings, frames=frames)
    tables["confusions"] = confused_frames(labels, decided, frames=frames)
    if n_errors:
        tables["worst_errors"] = worst_errors(passages, labels, decided, scores, frames=frames, top=n_errors)
    guarantees = getattr(classifier, "guarantees_", None)
    if guarantees is not None and len(guarantees):
        tables["guarantees"] = guarantees
    return tables


def _show(tables: dict[str, pd.DataFrame], *, by: str, n_errors: int) -> None:
    """Print each table under its title; a table without rows is left out."""
    n_rows = max(n_errors, 12)
    typer.echo(f"{measures_text(tables['measures'])}\n{COUNTED}")
    shown: dict[str, tuple[str, Callable[[pd.DataFrame], str]]] = {
        "by_group": (f"Agreement by {by}", lambda table: f"{measures_text(table)}\n{COUNTED}"),
        "error_differences": (
            f"Differences in errors by {by}, clearest first", lambda table: differences_text(table, rows=n_rows)
        ),
        "reliability": ("Agreement among coders", lambda table: f"{measures_text(table)}\n{CODERS_COUNTED}"),
        "coder_confusions": ("Frames that coders confuse", lambda table: plain_text(table, rows=n_rows)),
        "confusions": ("Gold frame against decided frame", lambda table: plain_text(table, rows=n_rows)),
        "worst_errors": ("Worst errors", lambda table: plain_text(table, rows=n_rows)),
        "guarantees": ("What was promised", lambda table: f"{promise_summary(table)}\n{promise_table(table)}"),
    }  # fmt: skip
    for name, (title, text_of) in shown.items():
        table = tables.get(name)
        if table is not None and len(table) and (n_errors or name != "confusions"):
            typer.echo(f"\n{title}\n{text_of(table)}")


def _warn_of_overlap(passages: pd.DataFrame, labels: Path, text_column: str) -> None:
    learned, _ = read_passages(labels, text_column=text_column)
    n = int(passages["text"].isin(set(learned["text"])).sum())
    if n:
        say(
            f"warning: {n} of {len(passages)} passages are also in {labels}; agreement on what was learned from "
            "says nothing. Evaluate on other passages."
        )
