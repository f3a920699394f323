"""`framing classify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import (
    CodebookOption,
    EncoderOption,
    LabelsOption,
    NliOption,
    PathOption,
    PrecisionOption,
    RecallOption,
    StrengthOption,
    TextOption,
    check_learning,
    fitted,
    naming,
    open_codebook,
    refusals,
    tell,
)
from framing.errors import InputError

__all__ = ["classify"]


def classify(
    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="A corpus folder, or a file: csv, tsv, jsonl, parquet, xlsx, txt, html"),
    ],
    codebook: CodebookOption,
    output: Annotated[Path, typer.Option("--output", help="File to write: .csv, .jsonl or .parquet")],
    text_column: TextOption = "text",
    labels: LabelsOption = None,
    encoder: EncoderOption = "minilm",
    strength: StrengthOption = "auto",
    precision: PrecisionOption = None,
    recall: RecallOption = None,
    save: Annotated[Path | None, typer.Option("--save", help="Folder to keep the fitted classifier in")] = None,
    classifier: Annotated[
        Path | None, typer.Option("--classifier", help="Folder of a classifier kept with --save, instead of fitting")
    ] = None,
    nli_model: NliOption = "",
    split: Annotated[bool, typer.Option("--split", help="Split each row into passages")] = False,
    words: Annotated[int, typer.Option("--words", help="Most words in a passage when splitting", min=10, max=400)] = 90,
    path: PathOption = "",
) -> None:
    """Classify passages into the frames of a codebook; one row of INPUT is one passage unless --split."""
    from framing.classified_files import check_output, passages_of, write_table

    with naming("--output"):
        check_output(output)
    if save is not None:
        from framing.saved import check_folder

        if nli_model:
            raise InputError("--save: an NLI scorer has nothing to keep; name its model again.")
        check_folder(save)
    if classifier is not None and (
        labels or nli_model or strength != "auto" or precision is not None or recall is not None
    ):
        raise InputError(
            "--classifier: a kept classifier is used as it is; leave out --labels, --nli-model, --strength, "
            "--precision and --recall."
        )
    if classifier is not None and encoder != "minilm":
        raise InputError("--classifier: it brings the encoder that it was fitted with; leave out --encoder.")
    if classifier is None:
        check_learning(
            learns=labels is not None, remedy="--labels FILE", strength=strength, precision=precision, recall=recall,
            nli_model=nli_model,
        )  # fmt: skip
    book = open_codebook(codebook)
    passages, refused = passages_of(source, text_column=text_column, split=split, max_words=words, data_path=path)
    if classifier is not None:
        from framing.saved import load_classifier

        with naming("--classifier"):
            ready = load_classifier(classifier, book)
    else:
        ready = fitted(
            book, encoder=encoder, labels=labels, text_column=text_column, strength=strength, precision=precision,
            recall=recall, nli_model=nli_model,
        )  # fmt: skip
        if len(ready.guarantees_):
            from framing.cli.tables import promise_summary, promise_table

            tell(f"{promise_summary(ready.guarantees_)}\n{promise_table(ready.guarantees_)}")
    if save is not None:
        from framing.saved import save_classifier

        typer.echo(f"classifier kept in {save_classifier(ready, save)}", err=True)
    from framing.analysis import classify_passages

    table = classify_passages(passages, book, ready, progress=True)
    write_table(table, output)
    unit = "passages" if split or source.is_dir() else "rows"
    typer.echo(refusals(f"{len(passages)} {unit} classified", refused), err=True)
    abstained = float((table["decision"] == "abstain").mean())
    if abstained:
        typer.echo(f"{abstained:.1%} of the decisions are abstentions", err=True)
    typer.echo(str(output))
