"""`framing codebook compare`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from framing.analysis.chosen import check_compared
from framing.analysis.classified import classify_passages
from framing.analysis.codebook_versions import CodebookVersion, VersionComparison, compare_versions
from framing.analysis.languages import describe_languages, find_codebook_languages
from framing.classify.classifier import FrameClassifier
from framing.classify.work import measure_work
from framing.cli.classifiers import open_classifier
from framing.cli.codebook_changes import format_changes
from framing.cli.codebooks import UnitOption, open_codebook
from framing.cli.learning_options import LearningOptions
from framing.cli.options import (
    DEFAULT_ENCODER,
    PASSAGE_WORDS,
    EncoderOption,
    PathOption,
    WordsOption,
    find_corpus,
    say,
    say_refused,
)
from framing.cli.remarks import say_all
from framing.cli.tables import format_plain
from framing.codebook import Codebook, compare_codebooks
from framing.codebook.compare import suggest_renamed
from framing.corpus import Corpus, make_passages, read_corpus
from framing.encoders.known import known_languages
from framing.errors import InputError
from framing.files.output_folder import check_output_folder
from framing.files.whole import whole_folder
from framing.reports.codebook_findings import describe_versions
from framing.reports.codebook_page import PAGE_NAME, ComparedCorpus, RowCounts, write_version_comparison
from framing.texts import in_language, list_languages
from framing.texts.language import ENGLISH

__all__ = ["compare"]

_SHOWN = 12  # rows of a table that are printed
_WIDTH = 90  # characters of a passage that are printed


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Codebook file of the earlier version")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Codebook file of the later version")],
    corpus: Annotated[
        str,
        typer.Option("--corpus", help="Also compare what both find: a corpus folder, or the name of one in corpora/"),
    ] = "",
    encoder: EncoderOption = DEFAULT_ENCODER,
    strength: Annotated[
        str, typer.Option("--strength", help="auto, zero-shot, head or fine-tuned: how to learn from examples")
    ] = "auto",
    unit: UnitOption = "",
    words: WordsOption = PASSAGE_WORDS,
    compare_by: Annotated[str, typer.Option("--compare-by", help="Column whose groups are compared")] = "outlet",
    renamed: Annotated[
        list[str] | None,
        typer.Option("--renamed", help="A frame whose id was changed: OLD_ID=NEW_ID (may be repeated)"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder for the page and all tables (with --corpus)")
    ] = None,
    data_path: PathOption = "",
    language: Annotated[
        str, typer.Option("--language", help="Language of the page: en, de, fr, ru, uk or zh")
    ] = ENGLISH,
) -> None:
    """Compare two versions of a codebook: rules that changed, and with a corpus what that does to its results."""
    learning = LearningOptions(encoder=encoder, strength=strength)
    _check(corpus, learning, unit, words, compare_by, output)
    if language not in list_languages():
        raise InputError(f"--language {language}: choose {', '.join(list_languages())}.")
    ids = _read_renamed(renamed or [])
    books = [open_codebook(file, unit=unit, draft=True) for file in (old, new)]
    if books[0].codebook != books[1].codebook:
        say(f"note: {books[0].codebook} and {books[1].codebook} are two codebooks, not versions of one")
    changes = compare_codebooks(books[0], books[1], renamed=ids)
    if not corpus:
        typer.echo(format_changes(changes))
        _say_renamed(books, ids)
        return
    _say_renamed(books, ids)  # before the work, not behind it: the run may be stopped
    if books[0].unit != books[1].unit:
        raise InputError(
            f"{old} codes {books[0].unit}s and {new} {books[1].unit}s, which are not the same texts; add --unit "
            "passage or --unit document."
        )
    for file, book in zip((old, new), books, strict=True):
        learning.check_codebook(book, learns=False, remedy=f"{file} such examples")
    folder = find_corpus(corpus)
    if output is not None:
        check_output_folder(output, corpus=folder)
    read = read_corpus(folder, data_path=data_path)
    check_compared(read.documents, compare_by)
    passages = make_passages(read.documents, unit=books[0].unit, max_words=words)
    if passages.empty:
        raise InputError(f"{folder}: no document has a text to compare the versions on.")
    (earlier, later), scorer = _classify(books, learning, passages, read)
    comparison = compare_versions(earlier, later, renamed=ids, by=compare_by)
    counts = _count_rows(read, passages)
    _show(comparison, books[0], books[1], scorer, _describe_rows(counts, passages), refused=read.quarantine)
    if output is not None:
        about = ComparedCorpus(
            title=read.config.title,
            constructed=read.config.constructed,
            scorer=_describe(scorer),
            zero_shot=scorer.strength_ == "zero-shot",
            unit=books[0].unit,
            n_units=len(passages),
            n_documents=int(passages["document_id"].nunique()),
            counts=counts,
            by=compare_by,
        )
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            with whole_folder(output) as work, in_language(language):
                write_version_comparison(comparison, earlier, later, about, work)
        except OSError as error:
            raise InputError(f"--output {output} cannot be written: {error.strerror or error}.") from None
        typer.echo(str(output / PAGE_NAME))


def _check(corpus: str, learning: LearningOptions, unit: str, words: int, compare_by: str, output: Path | None) -> None:
    """Refuse options that do not go together, before anything is read."""
    defaults = {
        "--output": output is None,
        "--encoder": learning.encoder == DEFAULT_ENCODER,
        "--strength": learning.strength == "auto",
        "--unit": not unit,
        "--words": words == PASSAGE_WORDS,
        "--compare-by": compare_by == "outlet",
    }
    given = [option for option, is_default in defaults.items() if not is_default]
    if not corpus and given:
        raise InputError(f"{given[0]} is for texts that both versions classify: give --corpus, or leave it out.")
    learning.check(learns=False, remedy="labels")
    if output is not None:
        check_output_folder(output)


def _say_renamed(books: list[Codebook], ids: dict[str, str]) -> None:
    """Point out frames that look renamed."""
    for before, after in suggest_renamed(books[0], books[1]).items():
        if before not in ids:
            say(f"note: {before} looks like {after}; if it was renamed, add --renamed {before}={after}")


def _read_renamed(pairs: list[str]) -> dict[str, str]:
    """New ids by old ones."""
    ids: dict[str, str] = {}
    for pair in pairs:
        before, sign, after = (part.strip() for part in pair.partition("="))
        if not (before and sign and after):
            raise InputError(f"--renamed {pair}: expected OLD_ID=NEW_ID, for instance escalation=escalation_risk.")
        if before in ids:
            raise InputError(f"--renamed {pair}: {before} is already renamed to {ids[before]}.")
        ids[before] = after
    return ids


def _classify(
    books: list[Codebook], learning: LearningOptions, passages: pd.DataFrame, read: Corpus
) -> tuple[list[CodebookVersion], FrameClassifier]:
    """Both versions with the same passages classified by the same encoder; the classifier of the new one."""
    texts = passages["text"].to_list()
    versions: list[CodebookVersion] = []
    for book in reversed(books):  # the new one chooses the encoder
        classifier = open_classifier(book, learning, measure_work(texts, book))
        assert isinstance(classifier, FrameClassifier)  # no NLI model is asked for
        if not versions:
            scorer = classifier
            learning = replace(learning, encoder=classifier.encoder_name_)
        elif classifier.strength_ != scorer.strength_:
            say(
                f"warning: {books[0].version} learns as {classifier.strength_}, {books[1].version} as "
                f"{scorer.strength_}; add --strength for both to learn alike"
            )
        classified = classify_passages(passages, book, classifier, progress=True)
        threshold = classifier.threshold_ if book.multi_label else np.nan
        versions.append(CodebookVersion(book, classified, threshold, known_languages(classifier.encoder_name_)))
    say_all(
        describe_languages(
            read.documents["language"],
            encoder=scorer.encoder_name_,
            codebook=find_codebook_languages(books[1]),
            unit="documents",
        )
    )
    return versions[::-1], scorer


def _describe(scorer: FrameClassifier) -> str:
    learned = scorer.strength_ if scorer.strength_ == "zero-shot" else f"{scorer.strength_} on the codebook's examples"
    return f"{scorer.encoder_name_}, {learned}"


def _count_rows(read: Corpus, passages: pd.DataFrame) -> RowCounts:
    """Rows in, and what became of them."""
    n_compared = int(passages["document_id"].nunique())
    return RowCounts(
        n_in=int(read.files["n_rows"].sum()),
        n_compared=n_compared,
        n_refused=len(read.quarantine),
        n_left_out=int(read.files["n_left_out"].sum()),
        n_empty=len(read.documents) - n_compared,
    )


def _show(
    comparison: VersionComparison,
    old: Codebook,
    new: Codebook,
    scorer: FrameClassifier,
    counts: str,
    *,
    refused: pd.DataFrame,
) -> None:
    """Print what changes."""
    say_refused(refused)
    typer.echo(
        f"{old.codebook} {old.version} and {new.codebook} {new.version}; scored with {_describe(scorer)}: exploratory, "
        "no label was used"
    )
    typer.echo(counts)
    for sentence in describe_versions(comparison, old, new):
        typer.echo(sentence)
    if comparison.is_unchanged:
        return
    typer.echo("\nFrames (before: old version; kappa between both, with its interval over documents)")
    table = comparison.agreement.drop(columns=["measure", "n_gold", "n_passages", "n_documents"])
    typer.echo(format_plain(table.rename(columns={"estimate": "kappa"}), rows=len(table)))
    if comparison.too_little:
        typer.echo(f"\nNo contrasts: {comparison.too_little}.")
    moved = comparison.contrasts[comparison.contrasts["p_adjusted"].notna()]
    if len(moved):
        typer.echo(
            f"\nContrasts that move (joint intervals; {len(moved):,} in which a decision changes; moves that are clear "
            "of noise come first, then contrasts with another verdict, then the others, each by p-value)"
        )
        names = ["frame", "group_a", "group_b", "before", "after", "estimate", "low", "high", "differs", "verdict"]
        typer.echo(format_plain(moved[names].head(_SHOWN), rows=_SHOWN))
    if comparison.left_out:
        few = ", ".join(f"{name} ({n:,})" for name, n in comparison.left_out.items())
        typer.echo(f"In no contrast, with too few documents: {few}")
    if len(comparison.passages):
        typer.echo(f"\nPassages whose decision changes: {len(comparison.passages):,}, the clearest first")
        names = ["frame", "change", "outlet", "score_before", "score_after", "text"]
        shown = comparison.passages[names].head(_SHOWN)
        shown = shown.assign(text=[_cut(text) for text in shown["text"]])
        typer.echo(format_plain(shown, rows=_SHOWN))
    if len(comparison.rules):
        typer.echo(f"\nRules that changed: {len(comparison.rules):,}")
        rules = comparison.rules.head(_SHOWN)
        typer.echo(format_plain(rules.assign(text=[_cut(text) for text in rules["text"]]), rows=_SHOWN))


def _describe_rows(counts: RowCounts, passages: pd.DataFrame) -> str:
    return f"{counts.describe()}; {len(passages):,} passages"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else line[:_WIDTH] + " …"
