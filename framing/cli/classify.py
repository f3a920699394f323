"""`framing classify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.analysis.analysis import classify_passages
from framing.analysis.remarks import describe_languages, describe_long, find_languages
from framing.classify.classifier import FrameClassifier
from framing.classify.nli import NliScorer
from framing.classify.saved import check_folder, load_classifier, save_classifier
from framing.cli.classifiers import open_classifier, open_codebook
from framing.cli.options import (
    DEFAULT_ENCODER,
    CodebookOption,
    LearningOptions,
    OutputOption,
    RowOptions,
    count_refused,
    say,
)
from framing.cli.remarks import say_all, say_lacking
from framing.cli.tables import format_promises, summarise_promises
from framing.codebook import Codebook
from framing.errors import InputError
from framing.files.whole import check_output, write_table

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
) -> None:
    """Classify passages into the frames of a codebook; one row of INPUT is one passage unless --split."""
    check_output(output)
    _check(learning, save, classifier)
    book = open_codebook(codebook)
    passages, documents, refused = rows.read()[:3]
    scorer = _open_scorer(book, learning, classifier, text_column=rows.text_column)
    if save is not None:
        assert isinstance(scorer, FrameClassifier)  # _check refuses to save an NLI scorer
        say(f"classifier saved in {save_classifier(scorer, save)}")
    table = classify_passages(
        passages.drop(columns=["group", "file_line"], errors="ignore"), book, scorer, progress=True
    )
    write_table(table, output)
    unit = "passages" if rows.whole_documents else "rows"
    texts = passages["text"].to_list()
    say_all(
        [
            describe_languages(
                find_languages(documents),
                encoder=scorer.encoder_name_,
                language=book.language,
                unit="documents" if rows.whole_documents else "rows",
            ),
            describe_long(int(scorer.find_long(texts).sum()), len(texts), unit=unit),
        ]
    )
    say_lacking(documents)
    say(count_refused(f"{len(passages)} {unit} classified", refused))
    share_abstained = float((table["decision"] == "abstain").mean())
    if share_abstained:
        say(f"{share_abstained:.1%} of the decisions are abstentions")
    typer.echo(str(output))


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
            "--precision and --recall."
        )
    if learning.encoder != DEFAULT_ENCODER:
        raise InputError("--classifier: a saved classifier has its encoder; leave out --encoder.")


def _open_scorer(
    codebook: Codebook, learning: LearningOptions, folder: Path | None, *, text_column: str
) -> FrameClassifier | NliScorer:
    """The classifier of a folder, or the one that the options ask for; its promises are printed on standard error."""
    if folder is not None:
        return load_classifier(folder, codebook)
    classifier = open_classifier(codebook, learning, text_column=text_column)
    if len(classifier.guarantees_):
        say(f"{summarise_promises(classifier.guarantees_)}\n{format_promises(classifier.guarantees_)}")
    return classifier
