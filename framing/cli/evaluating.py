"""`framing evaluate`."""

from __future__ import annotations

import json
import math
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
    fitted,
    open_codebook,
    show_guarantees,
)
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate", "show_measures", "show_plain"]


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

    book = open_codebook(codebook)
    if cross_fit and (labels is not None or nli_model):
        raise InputError("--cross-fit learns from INPUT itself; leave out --labels and --nli-model.")
    columns = [name.strip() for name in coders.split(",") if name.strip()]
    own = {"outlet", "perspective", "published", "title", "url", "document_id"}
    extra = [name for name in (label_column, *columns) if name not in own] + [by] * bool(by)
    passages, refused = passages_of(source, text_column=text_column, extra=list(dict.fromkeys(extra)))
    gold = gold_of(passages, label_column, book, source=str(source))
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
    tables = _tables(book, passages, gold, scores, classifier, by=by, columns=columns, errors=errors, source=source)
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
    typer.echo(f"{len(passages)} passages, {len(refused)} rows refused; {how}; encoder {classifier.encoder_name_}")
    typer.echo(show_measures(tables.pop("measures")))
    titles = {
        "by_group": f"Agreement by {by}",
        "error_differences": f"Differences in errors by {by}, clearest first",
        "reliability": "Agreement among coders",
        "coder_confusions": "Frames that coders confuse",
        "confusions": "Gold frame against decided frame",
        "worst_errors": "Worst errors",
        "guarantees": "What was promised",
    }
    for name, table in tables.items():
        if (name == "confusions" and not errors) or not len(table):
            continue
        typer.echo(f"\n{titles[name]}")
        typer.echo(
            show_measures(table) if name in ("by_group", "reliability") else show_plain(table.head(max(errors, 12)))
        )


def _cross_fitted(
    book: Any, passages: pd.DataFrame, gold: Any, encoder: str, strength: str, precision: Any, recall: Any
) -> tuple[Any, Any]:
    from framing.classify import FrameClassifier
    from framing.encode import default_store, open_encoder

    if strength == "zero-shot":
        raise InputError("--cross-fit: strength zero-shot does not learn; choose auto, head or fine-tuned.")
    model = open_encoder(encoder, store=default_store())
    classifier = FrameClassifier(
        book, model, strength=strength, precision=precision, recall=recall  # type: ignore[arg-type]
    )  # fmt: skip
    classifier.fit(
        passages["text"].to_list(), gold, groups=passages["group"].to_list(), progress="learning from labels"
    )
    show_guarantees(classifier)
    return classifier, classifier.cross_fitted_


def _tables(
    book: Any, passages: pd.DataFrame, gold: Any, scores: Any, classifier: Any, *, by: str, columns: list[str],
    errors: int, source: Path,
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
    if columns:
        from framing.reliability import coder_confusions, coder_reliability, codings_of

        codings = codings_of(passages, columns, book, source=str(source))
        found["reliability"] = coder_reliability(codings, frames=frames, documents=documents)
        found["coder_confusions"] = coder_confusions(codings, frames=frames)
    found["confusions"] = confused_frames(gold, decided, frames=frames)
    if errors:
        found["worst_errors"] = worst_errors(passages, gold, decided, scores, frames=frames, top=errors)
    if len(getattr(classifier, "guarantees_", ())):
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


def show_measures(table: pd.DataFrame) -> str:
    grouped = "group" in table.columns
    lines = [f"{'group':<24}" * grouped + f"{'frame':<44}{'measure':<20}{'estimate':>9}   interval           n"]
    for row in table.to_dict("records"):
        bounds = "no interval" if math.isnan(row["low"]) else f"{row['low']:.3f} to {row['high']:.3f}"
        shown = f"{row['estimate']:>9.3f}   {bounds:<16}{row['n_passages']:>6}"
        group = f"{row['group']:<24}" if grouped else ""
        lines.append(f"{group}{row['frame']:<44}{row['measure']:<20}{shown}")
    return "\n".join(lines)


def show_plain(table: pd.DataFrame) -> str:
    hidden = ["method", "n_passages", "n_documents", "n_gold", "document_id", "published"]
    shown = table.drop(columns=[name for name in hidden if name in table.columns])
    return str(shown.round(3).to_string(index=False, max_colwidth=70))
