"""`framing classify`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from framing.analysis.classify_parts import Workplace, open_workplace
from framing.analysis.languages import describe_languages, describe_sentences, find_codebook_languages
from framing.analysis.part_documents import ReadParts
from framing.analysis.remarks import describe_long
from framing.classify.classifier import FrameClassifier
from framing.classify.llm import LlmScorer
from framing.classify.nli import NliScorer
from framing.classify.saved import check_folder, load_classifier, save_classifier
from framing.classify.work import estimate_work
from framing.cli.classifiers import open_classifier
from framing.cli.codebooks import UnitOption, open_codebook
from framing.cli.learning_options import LearningOptions
from framing.cli.llm_options import LlmOptions, ScorerOption, read_scorer, record_path, say_record, write_record
from framing.cli.options import (
    DEFAULT_ENCODER,
    CodebookOption,
    ExecutorOption,
    OutputOption,
    RowOptions,
    say,
    say_first_refused,
)
from framing.cli.remarks import say_all, say_lacking, say_outline
from framing.cli.tables import format_promises, summarise_promises
from framing.codebook import Codebook
from framing.defaults import AUTO_ENCODER
from framing.errors import InputError
from framing.executors.executor import open_executor
from framing.files.identity import file_sha256
from framing.files.spreadsheets import write_csv_output
from framing.files.whole import check_not_read, check_output

__all__ = ["classify"]


def classify(
    rows: RowOptions,
    codebook: CodebookOption,
    output: OutputOption,
    learning: LearningOptions,
    save: Annotated[Path | None, typer.Option("--save", help="Folder to save the fitted classifier in")] = None,
    classifier: Annotated[
        Path | None, typer.Option("--classifier", help="Folder of a classifier saved with --save, instead of fitting")
    ] = None,
    unit: UnitOption = "",
    windows: Annotated[
        Path | None,
        typer.Option("--windows", help="Also write the windows of each document that carry its frames (unit document)"),
    ] = None,
    executor: ExecutorOption = "",
    scorer: ScorerOption = "",
    *,
    llm: LlmOptions,
) -> None:
    """Classify passages into the frames of a codebook; one row of INPUT is one passage unless --split."""
    check_output(output)
    inputs = [*rows.list_files(), codebook, learning.labels]
    check_not_read(output, inputs)
    if windows is not None:
        check_output(windows, argument="windows")
        check_not_read(windows, [*inputs, output], argument="windows")
        if windows.resolve() == output.resolve():
            raise InputError(f"--output and --windows name one file: {output}.")
    model = read_scorer(scorer, learning, llm)
    if model:
        _check_language_model(output, inputs, [save, classifier, windows])
    _check(learning, save, classifier)
    place = open_executor(executor, say=say)
    if model and place.remote:
        raise InputError("--scorer llm:NAME: this process alone asks the model; leave out the cluster (--executor).")
    place.check()
    book = open_codebook(codebook, unit=unit)
    learning.check_codebook(book, learns=learning.labels is not None or classifier is not None, remedy="--labels FILE")
    source = rows.describe(book.unit)
    if windows is not None and book.unit != "document":
        raise InputError("--windows shows where in a document a frame is: the unit is passages; add --unit document.")
    with open_workplace(output, say=say) as work:
        read = work.read(source, say=say)
        say_outline(read.outline, read.remarks, rows.forms)
        announce = None
        fitted: FrameClassifier | NliScorer | LlmScorer
        if model:
            fitted = asked = llm.open_scorer(book, model)

            def announce(texts: Iterator[str]) -> None:
                asked.model_.announce(asked.forecast(texts))

        elif classifier is not None:
            fitted = load_classifier(classifier, book)
        else:
            fitted = _fit_scorer(book, learning, work, read, text_column=rows.text_column)
        if save is not None:
            assert isinstance(fitted, FrameClassifier)  # _check refuses to save others
            say(f"classifier saved in {save_classifier(fitted, save)}")
        done = work.classify(source, read, fitted, place, windows=windows, announce=announce, say=say)
    what = f"{book.unit}s" if source.whole_documents else "rows"
    unit_of_languages = "documents" if source.whole_documents else "rows"
    say_all(
        [
            *describe_languages(
                done.languages.elements(),
                encoder=fitted.encoder_name_,
                codebook=find_codebook_languages(book),
                unit=unit_of_languages,
            ),
            describe_sentences(done.languages.elements(), unit=unit_of_languages) if source.whole_documents else "",
            describe_long(done.n_long, done.n_passages, unit=what),
        ]
    )
    say_lacking(read.outline.lacking)
    say_first_refused(read.outline.refused, read.outline.n_refused)
    refused = f"{read.outline.n_refused} rows refused"
    unscored = f", {len(done.unscored)} without a score" if len(done.unscored) else ""
    say(f"{done.n_passages} {what} classified, {refused}{unscored}; scored with {_describe_model(fitted)}")
    if isinstance(fitted, LlmScorer):
        n_texts = done.n_passages + len(done.unscored)
        say_record(fitted, n_texts=n_texts, n_failed=len(done.unscored), what=what)
        write_record(fitted, output)
        say(f"{record_path(output)}: the model, its versions, the prompts and what was asked")
    if len(done.unscored):
        place_of_unscored = _name_unscored(output)
        write_csv_output(done.unscored, place_of_unscored, mark=True)
        say(f"{place_of_unscored}: the {len(done.unscored)} {what} without a score, with the reason")
    if done.share_abstained:
        say(f"{done.share_abstained:.1%} of the decisions are abstentions")
    if windows is not None:
        say(
            f"{windows}: up to three windows for each frame of a document, best first, with the score of each by itself"
        )
    typer.echo(str(output))


def _name_unscored(output: Path) -> Path:
    """The file of passages without a score, beside an output."""
    return output.with_suffix(".unscored.csv")


def _check_language_model(output: Path, inputs: list[Path | None], others: list[Path | None]) -> None:
    """Refuse what does not go with a language model, and files beside the output that are read."""
    if any(path is not None for path in others):
        raise InputError(
            "--scorer llm:NAME: there is no classifier to save or load, and each window would be a question; leave out "
            "--save, --classifier and --windows."
        )
    for path in (record_path(output), _name_unscored(output)):
        check_not_read(path, inputs)


_ON_EXAMPLES = "{strength} on the codebook's examples"


def _check(learning: LearningOptions, save: Path | None, classifier: Path | None) -> None:
    """Refuse options that do not go together, before anything is read."""
    if save is not None:
        if learning.nli_model:
            raise InputError("--save: an NLI scorer has nothing to save; name its model again.")
        check_folder(save)
    if classifier is None:
        learning.check(learns=learning.labels is not None, remedy="--labels FILE")
        return
    if not learning.is_default:
        raise InputError(
            "--classifier: a saved classifier is used unchanged; leave out --labels, --nli-model, --strength, "
            "--search-tuning, --threshold-for, --precision and --recall."
        )
    if learning.encoder != DEFAULT_ENCODER:
        raise InputError("--classifier: a saved classifier has its encoder; leave out --encoder.")


def _describe_model(scorer: FrameClassifier | NliScorer | LlmScorer) -> str:
    """How the model learned, its name, and what computed in which number format: last digits of scores differ by it."""
    backend = getattr(getattr(scorer, "encoder_", None), "backend", "")
    name = f"{scorer.encoder_name_} ({backend} {scorer.dtype_})" if backend else scorer.encoder_name_
    learned = scorer.strength_ if scorer.zero_shot_ == (scorer.strength_ == "zero-shot") else _ON_EXAMPLES
    return f"{name}, {learned.format(strength=scorer.strength_)}{' (exploratory)' if scorer.zero_shot_ else ''}"


def _fit_scorer(
    codebook: Codebook, learning: LearningOptions, place: Workplace, read: ReadParts, *, text_column: str
) -> FrameClassifier | NliScorer:
    """The classifier that the options ask for; its promises are printed on standard error."""
    texts, n_texts = read.load_some_texts()
    work = estimate_work(texts, n_texts, codebook)
    is_auto = learning.encoder == AUTO_ENCODER and not learning.nli_model
    labels = file_sha256(learning.labels) if learning.labels is not None and learning.labels.is_file() else ""
    known = (codebook.hash, labels, learning.strength)
    if is_auto and (encoder := place.find_encoder(read, *known)):
        say(f"encoder {encoder}: the one of the run that was stopped")
        learning = replace(learning, encoder=encoder)
    classifier = open_classifier(codebook, learning, work, text_column=text_column)
    if is_auto:
        place.note_encoder(classifier.encoder_name_, read, *known)
    if len(classifier.guarantees_):
        say(f"{summarise_promises(classifier.guarantees_)}\n{format_promises(classifier.guarantees_)}")
    return classifier
