"""`framing evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framing.cli.options import (
    CodebookOption,
    EncoderOption,
    LabelsOption,
    NliOption,
    PrecisionOption,
    RecallOption,
    StrengthOption,
    TextOption,
    check_learning,
    fitted,
    open_codebook,
    tell,
)
from framing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["evaluate"]


def evaluate(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A file with texts and human labels")],
    codebook: CodebookOption,
    label_column: Annotated[
        str, typer.Option("--label-column", help="Column with the labels, ;-separated where several")
    ],
    text_column: TextOption = "text",
    labels: LabelsOption = None,
    encoder: EncoderOption = "minilm",
    strength: StrengthOption = "auto",
    cross_fit: Annotated[
        bool, typer.Option("--cross-fit", help="Learn from INPUT's own labels; each passage scored by what saw it not")
    ] = False,
    precision: PrecisionOption = None,
    recall: RecallOption = None,
    nli_model: NliOption = "",
    by: Annotated[str, typer.Option("--by", help="Column to evaluate by as well, for instance outlet")] = "",
    coders: Annotated[
        str, typer.Option("--coders", help="Columns of single coders, comma-separated: adds their reliability")
    ] = "",
    errors: Annotated[int, typer.Option("--errors", help="How many of the worst errors to show", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Agreement with human labels: precision, recall, F1, calibration per frame and overall, with intervals."""
    from framing.classified_files import gold_of, passages_of

    if cross_fit and (labels is not None or nli_model):
        raise InputError("--cross-fit learns from INPUT itself; leave out --labels and --nli-model.")
    columns = [name.strip() for name in coders.split(",") if name.strip()]
    if coders and (len(columns) < 2 or len(set(columns)) < len(columns)):
        raise InputError(
            f"--coders {coders}: agreement needs the columns of at least two coders, each named once; separate them "
            "with commas."
        )
    if cross_fit and strength == "zero-shot":
        raise InputError("--cross-fit: strength zero-shot does not learn; choose auto, head or fine-tuned.")
    check_learning(
        learns=cross_fit or labels is not None, remedy="--labels FILE or --cross-fit", strength=strength,
        precision=precision, recall=recall, nli_model=nli_model,
    )  # fmt: skip
    book = open_codebook(codebook)
    own = {"outlet", "perspective", "published", "title", "url", "document_id"}
    extra = [name for name in (label_column, *columns) if name not in own] + [by] * bool(by)
    passages, refused = passages_of(source, text_column=text_column, extra=list(dict.fromkeys(extra)))
    gold = gold_of(passages, label_column, book, source=str(source))
    codings = _codings(passages, columns, book, source)
    if labels is not None:
        _warn_of_overlap(passages, labels, text_column)
    if cross_fit:
        classifier, scores = _cross_fitted(book, passages, gold, encoder, strength, precision, recall)
    else:
        classifier = fitted(
            book, encoder=encoder, labels=labels, text_column=text_column, strength=strength, precision=precision,
            recall=recall, nli_model=nli_model,
        )  # fmt: skip
        scores = classifier.predict_proba(passages["text"], progress="classifying")
    tables = _tables(book, passages, gold, scores, classifier, by=by, codings=codings, errors=errors)
    how = "zero-shot from the seeds: exploratory"
    if nli_model:
        how = "zero-shot by natural language inference: exploratory"
    elif cross_fit:
        how = f"{classifier.strength_}, cross-fitted on these labels"
    elif not classifier.zero_shot_:
        how = f"{classifier.strength_}, trained on the labels given"
    if as_json:
        facts = {
            "n_passages": len(passages),
            "n_refused": len(refused),
            "method": how,
            "strength": classifier.strength_,
            "encoder": classifier.encoder_name_,
            "codebook": book.codebook,
            "codebook_hash": book.hash,
            "threshold": classifier.threshold_ if book.multi_label else None,
            **{name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in tables.items()},
        }
        typer.echo(json.dumps(facts, indent=1))
        return
    n_documents = passages["group"].nunique()
    typer.echo(
        f"{len(passages):,} labelled passages of {n_documents:,} documents, {len(refused)} rows refused; {how}; "
        f"encoder {classifier.encoder_name_}"
    )
    _show(tables, by=by, errors=errors)


def _show(tables: dict[str, pd.DataFrame], *, by: str, errors: int) -> None:
    from framing.cli.tables import (
        CODERS_COUNTED,
        COUNTED,
        differences_text,
        measures_text,
        plain_text,
        promise_summary,
        promise_table,
    )

    rows = max(errors, 12)
    typer.echo(f"{measures_text(tables['measures'])}\n{COUNTED}")
    drawn: dict[str, tuple[str, Callable[[pd.DataFrame], str]]] = {
        "by_group": (f"Agreement by {by}", lambda table: f"{measures_text(table)}\n{COUNTED}"),
        "error_differences": (
            f"Differences in errors by {by}, clearest first", lambda table: differences_text(table, rows=rows)
        ),
        "reliability": ("Agreement among coders", lambda table: f"{measures_text(table)}\n{CODERS_COUNTED}"),
        "coder_confusions": ("Frames that coders confuse", lambda table: plain_text(table, rows=rows)),
        "confusions": ("Gold frame against decided frame", lambda table: plain_text(table, rows=rows)),
        "worst_errors": ("Worst errors", lambda table: plain_text(table, rows=rows)),
        "guarantees": ("What was promised", lambda table: f"{promise_summary(table)}\n{promise_table(table)}"),
    }  # fmt: skip
    for name, (title, draw) in drawn.items():
        table = tables.get(name)
        if table is not None and len(table) and (errors or name != "confusions"):
            typer.echo(f"\n{title}\n{draw(table)}")


def _codings(passages: pd.DataFrame, columns: list[str], book: Any, source: Path) -> Any:
    """What each coder found, read before anything is encoded; None without columns."""
    if not columns:
        return None
    from framing.reliability import codings_of

    return codings_of(passages, columns, book, source=str(source))


def _cross_fitted(
    book: Any, passages: pd.DataFrame, gold: Any, encoder: str, strength: str, precision: Any, recall: Any
) -> tuple[Any, Any]:
    from framing.classify import FrameClassifier
    from framing.encode import default_store, open_encoder

    model = open_encoder(encoder, store=default_store())
    classifier = FrameClassifier(
        book, model, strength=strength, precision=precision, recall=recall  # type: ignore[arg-type]
    )  # fmt: skip
    classifier.fit(
        passages["text"].to_list(), gold, groups=passages["group"].to_list(), progress="fine-tuning", say=tell
    )
    return classifier, classifier.cross_fitted_


def _tables(
    book: Any, passages: pd.DataFrame, gold: Any, scores: Any, classifier: Any, *, by: str, codings: Any, errors: int
) -> dict[str, pd.DataFrame]:  # fmt: skip
    from framing.evaluate import confused_frames, evaluate_decisions, evaluate_groups, worst_errors

    frames, documents = book.frame_ids, passages["group"].to_list()
    decided = classifier.decide_scores(scores)
    found = {"measures": evaluate_decisions(gold, decided, scores, frames=frames, documents=documents)}
    if by:
        from framing.error_differences import error_differences

        groups = [str(value).strip() for value in passages[by]]
        found["by_group"] = evaluate_groups(gold, decided, scores, groups=groups, frames=frames, documents=documents)
        if len(set(groups)) > 1:
            found["error_differences"] = error_differences(
                gold, decided, groups=groups, frames=frames, documents=documents
            )
    if codings is not None:
        from framing.reliability import coder_confusions, coder_reliability

        found["reliability"] = coder_reliability(codings, frames=frames, documents=documents)
        found["coder_confusions"] = coder_confusions(codings, frames=frames)
    found["confusions"] = confused_frames(gold, decided, frames=frames)
    if errors:
        found["worst_errors"] = worst_errors(passages, gold, decided, scores, frames=frames, top=errors)
    if len(classifier.guarantees_):
        found["guarantees"] = classifier.guarantees_
    return found


def _warn_of_overlap(passages: pd.DataFrame, labels: Path, text_column: str) -> None:
    from framing.classified_files import passages_of

    learned, _ = passages_of(labels, text_column=text_column)
    n = int(passages["text"].isin(set(learned["text"])).sum())
    if n:
        typer.echo(
            f"warning: {n} of {len(passages)} passages are also in {labels}; agreement on what was learned from "
            "says nothing. Evaluate on other passages.",
            err=True,
        )
