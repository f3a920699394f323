"""`framing sample`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer
from numpy.typing import NDArray

from framing import __version__
from framing.cli.codebooks import open_codebook
from framing.cli.options import (
    PASSAGE_WORDS,
    CodebookOption,
    CorpusArgument,
    PathOption,
    WordsOption,
    find_corpus,
    say,
    split_names,
)
from framing.cli.round_options import RoundOptions
from framing.cli.sample_options import DrawOptions, GoalOptions, ScoreOptions, SheetOptions
from framing.cli.sample_rounds import NextRound, add_clusters_of_reports, draw_first_round, draw_next_round
from framing.codebook import Codebook
from framing.coding.design import DesignFacts, Stratum, rules_hash
from framing.coding.sampling import Sample, draw_sample, plan_sample
from framing.coding.sheets import check_new_folder, write_sheets
from framing.coding.units import list_units
from framing.corpus import Corpus, make_passages, read_corpus
from framing.defaults import Unit
from framing.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["sample"]


class _Scored(NamedTuple):
    """Scores of the n passages for K frames, shape (n, K), and the method in words."""

    scores: NDArray[np.float64] | None
    method: str
    zero_shot: bool


def sample(
    source: CorpusArgument,
    codebook: CodebookOption,
    draw: DrawOptions,
    goal: GoalOptions,
    scoring: ScoreOptions,
    sheets: SheetOptions,
    rounds: RoundOptions,
    words: WordsOption = PASSAGE_WORDS,
    data_path: PathOption = "",
) -> None:
    """Draw passages for human coding, with the probability of each; plan how many labels a wanted precision needs."""
    rounds.check()
    if rounds.next_round:
        if words != PASSAGE_WORDS:
            raise InputError("--words: settled by the first round; leave it out.")
        _draw_next(Path(source), open_codebook(codebook), draw, goal, scoring, sheets, rounds, data_path=data_path)
        return
    _check(draw, goal, scoring, sheets)
    if rounds.active and (draw.size is None or draw.allocation != "equal"):
        raise InputError("--active needs --size and --output, and shares the draw out itself; leave out --allocation.")
    book = open_codebook(codebook, unit=draw.coded, option="--coded")
    if book.unit == "document" and words != PASSAGE_WORDS:
        raise InputError("--words: documents are coded as a whole, so nothing is split; leave it out.")
    named = split_names(scoring.frame) if rounds.active else [scoring.frame]
    frames = list(book.resolve(named, source="--frame")) if scoring.frame else book.frame_ids
    frame = ";".join(frames) if scoring.frame else ""
    sheets.check()
    corpus = read_corpus(find_corpus(source), data_path=data_path)
    passages = make_passages(corpus.documents, unit=book.unit, max_words=words)
    counts = f"{len(passages):,} passages in " if book.unit == "passage" else ""
    say(f"{counts}{len(corpus.documents):,} documents; {len(corpus.quarantine)} rows refused")
    # errors come before anything is classified
    if draw.size is not None:
        plan_sample(passages, **draw.make_arguments(draw.size, book.unit))
    else:
        list_units(passages, unit=draw.find_unit(book.unit))
    scored = _score(passages, book, scoring, frames)
    if goal.given:
        table = goal.plan(
            add_clusters_of_reports(passages, corpus), frames=frames, coded=book.unit, scores=scored.scores
        )
        _show_needed(table, passages, goal, zero_shot=scored.zero_shot, coded=book.unit)
    if draw.size is None or sheets.output is None:
        say("nothing was drawn; add --size and --output to draw")
        return
    arguments = draw.make_arguments(draw.size, book.unit)
    if rounds.active:
        selection = draw_first_round(
            passages, size=draw.size, scores=scored.scores, unit=arguments["unit"], floor=rounds.floor,
            random_seed=draw.random_seed,
        )  # fmt: skip
    else:
        selection = draw_sample(passages, scores=scored.scores, random_seed=draw.random_seed, **arguments)
    facts = _collect_facts(corpus, book, selection, sheets, words=words, method=scored.method, frame=frame)
    if rounds.active:
        facts = facts.model_copy(update={"floor": rounds.floor})
    facts = write_sheets(
        sheets.output, selection, book, facts, formats=split_names(sheets.formats), documents=corpus.documents
    )
    _show_drawn(selection, facts, sheets)
    typer.echo(str(sheets.output))


def _draw_next(
    folder: Path, book: Codebook, draw: DrawOptions, goal: GoalOptions, scoring: ScoreOptions, sheets: SheetOptions,
    rounds: RoundOptions, *, data_path: str,
) -> None:  # fmt: skip
    """Draw the next round; what the first has decided cannot be said again."""
    defaults = DrawOptions(size=draw.size)
    first = {
        "--unit": draw.unit != defaults.unit,
        "--coded": draw.coded != defaults.coded,
        "--allocation": draw.allocation != defaults.allocation,
        "--random-seed": draw.random_seed != defaults.random_seed,
        "--output": sheets.output is not None,
        "--show-outlets": sheets.show_outlets,
        "--wanted-width": goal.wanted_width is not None,
        "--wanted-difference": goal.wanted_difference is not None,
        "--no-scores": scoring.no_scores,
        "--labels": scoring.labels is not None,
        "--classifier": scoring.classifier is not None,
    }
    if wrong := [option for option, given in first.items() if given]:
        raise InputError(f"{', '.join(wrong)}: settled by the first round, or of no use with --next; leave it out.")
    sheets.check()
    plain = SheetOptions()
    frames = book.resolve(split_names(scoring.frame), source="--frame") if scoring.frame else book.frame_ids
    asked = NextRound(
        folder=folder,
        codebook=book,
        size=draw.size,
        frames=list(frames),
        encoder=scoring.encoder,
        data_path=data_path,
        formats=split_names(sheets.formats),
        coders=None if sheets.coders == plain.coders else sheets.coder_names,
        overlap=None if sheets.overlap == plain.overlap else sheets.overlap,
    )
    draw_next_round(rounds, asked)


def _check(draw: DrawOptions, goal: GoalOptions, scoring: ScoreOptions, sheets: SheetOptions) -> None:
    """Refuse options that do not go together before anything is read."""
    if draw.size is None and not goal.given:
        raise InputError("Nothing to do: give --size and --output to draw, or --wanted-width or --wanted-difference.")
    if (draw.size is None) != (sheets.output is None):
        raise InputError("--size and --output go together: how many to draw, and the folder to write.")
    goal.check()
    scoring.check()
    if sheets.output is not None:
        check_new_folder(sheets.output)


def _score(passages: pd.DataFrame, book: Codebook, scoring: ScoreOptions, frames: list[str]) -> _Scored:
    """Scores of the frames that make the strata; None with --no-scores."""
    if scoring.no_scores:
        return _Scored(None, "", False)
    texts = passages["text"].to_list()
    classifier = scoring.open(book, texts)
    scores = classifier.predict_proba(texts, progress="classifying")
    columns = [book.frame_ids.index(name) for name in frames]
    source = "the codebook's examples" if classifier.zero_shot_ else "labels"
    method = f"learned from {source} ({classifier.strength_})"
    if classifier.strength_ == "zero-shot":
        method = "zero-shot from the seeds"
    return _Scored(scores[:, columns], method, classifier.zero_shot_)


def _collect_facts(
    corpus: Corpus, book: Codebook, sample: Sample, sheets: SheetOptions, *, words: int, method: str, frame: str
) -> DesignFacts:
    """Content of design.json."""
    strata = sample.strata[["stratum", "n_units", "n_passages", "n_drawn"]].to_dict("records")
    return DesignFacts(
        framing=__version__,
        corpus=corpus.config.corpus,
        corpus_hash=corpus.hash,
        codebook=book.codebook,
        codebook_version=book.version,
        codebook_hash=book.hash,
        rules_hash=rules_hash(book),
        passage_words=words,
        random_seed=sample.random_seed,
        unit="document" if book.unit == "document" else sample.unit,
        coded=book.unit,
        allocation=sample.allocation,
        scores=method,
        frame=frame,
        size=int(sample.strata["n_drawn"].sum()),
        n_passages_drawn=len(sample.passages),
        n_passages=sample.n_passages,
        n_documents=sample.n_documents,
        coders=tuple(sheets.coder_names),
        overlap=sheets.overlap,
        blind=not sheets.show_outlets,
        strata=tuple(Stratum.model_validate(row) for row in strata),
    )


def _show_needed(
    table: pd.DataFrame, passages: pd.DataFrame, goal: GoalOptions, *, zero_shot: bool, coded: Unit
) -> None:
    """Print for each frame the group or pair that needs most labels, and the total over outlets."""
    sizes = passages["outlet"].value_counts()
    for name, part in table.groupby("goal", sort=False):
        aim = f"an interval {goal.wanted_width:g} wide for each outlet"
        if name == "difference":
            aim = f"a difference of {goal.wanted_difference:g} between two outlets (power {goal.power:.0%})"
        typer.echo(f"Labelled {coded}s that an outlet needs for {aim}: the outlet or pair that needs most")
        typer.echo(
            "frame                       draw            share  labels alone  with classifier  of documents  got"
        )
        demanding = part.loc[part.groupby(["frame", "unit"], sort=False)["n_labels"].idxmax()]
        for row in demanding.to_dict("records"):
            drawn = f"{coded}s" if row["unit"] == "passage" else "documents"
            first = f"{row['frame']:<28}{drawn:<12}{row['share_a']:>9.1%}{row['n_labels_gold_only']:>14,}"
            typer.echo(f"{first}{row['n_labels']:>17,}{row['n_documents']:>14,}{row['expected']:>7.2f}")
        for unit, of_unit in part.groupby("unit", sort=False):
            # as many for each outlet as the most demanding one needs, or all that it has
            totals = [int(sizes.clip(upper=of_unit[by].max()).sum()) for by in ("n_labels_gold_only", "n_labels")]
            what = f"single {coded}s" if unit == "passage" else "passages of whole documents"
            in_all = f"{totals[0]:,} labels alone, {totals[1]:,} with the classifier"
            typer.echo(f"for all of these in {len(sizes)} outlets, {what}: {in_all}")
        typer.echo(f"({part['method'].iloc[0]})\n")
    if zero_shot:
        typer.echo("Zero-shot scores are no probabilities: plan without the classifier, which may save fewer labels.\n")


def _show_drawn(selection: Sample, facts: DesignFacts, sheets: SheetOptions) -> None:
    """Print the draw in a sentence, its counts per outlet, and which folder is for the coders."""
    say(facts.sentence)
    per_outlet = selection.strata.groupby("outlet", sort=True)[["n_drawn", "n_units"]].sum()
    for name, row in per_outlet.iterrows():
        say(f"  {name}: {row['n_drawn']:,} of {row['n_units']:,} {facts.unit}s")
    if len(sheets.coder_names) > 1 and sheets.overlap == 0:
        say(f"no {facts.coded} is coded by two coders, so their reliability cannot be estimated (--overlap)")
    assert sheets.output is not None
    say(f"give {sheets.output / 'for_coders'} to the coders; do not show them drawn.csv, which names the strata")
