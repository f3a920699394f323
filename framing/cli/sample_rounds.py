"""`framing sample --active` and `--next`: rounds that learn from the labels of those before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import typer
from numpy.typing import NDArray

from framing import __version__
from framing.analysis.label_rounds import LabelledRounds, measure_widths, read_rounds_labels, weigh_goals
from framing.classify.work import measure_work
from framing.cli.classifiers import cross_fit_classifier, open_classifier
from framing.cli.coded_rows import leave_out_records, say_coded_rows
from framing.cli.learning_options import LearningOptions
from framing.cli.options import find_corpus, say
from framing.cli.round_options import RoundOptions
from framing.cli.round_widths import show_widths
from framing.codebook import Codebook
from framing.coding.active import draw_round
from framing.coding.coded import read_sheets
from framing.coding.decisions import SETTLED
from framing.coding.design import DesignFacts, Stratum
from framing.coding.rounds import list_rounds, read_rounds, round_folder
from framing.coding.sampling import Sample
from framing.coding.settle import Ties, settle_labels
from framing.coding.sheets import write_sheets
from framing.coding.teaching import expect_errors, learn_errors
from framing.corpus import Corpus, make_passages, read_corpus
from framing.defaults import Unit
from framing.errors import InputError
from framing.estimates.clusters import CLUSTER, add_clusters
from framing.estimates.correction import Target

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NextRound", "add_clusters_of_reports", "draw_first_round", "draw_next_round"]

_COMPANIONS = (".sqlite-wal", ".sqlite-shm", ".sqlite-journal")  # of a file that is open


@dataclass(frozen=True, kw_only=True)
class NextRound:
    """What `--next` takes beside the options of rounds."""

    folder: Path
    codebook: Codebook
    size: int | None
    frames: list[str]
    encoder: str
    data_path: str
    formats: list[str]
    coders: list[str] | None
    overlap: float | None


def add_clusters_of_reports(passages: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Add the independent units that reports take, unless settings say otherwise.

    Parameters
    ----------
    passages : DataFrame
        Passages of the corpus.
    corpus : Corpus
        Its documents.

    Returns
    -------
    DataFrame
        With the column `cluster`, if documents have any.
    """
    clusters = add_clusters(corpus.documents).set_index("document_id")
    if CLUSTER not in clusters.columns:
        return passages
    return passages.assign(**{CLUSTER: passages["document_id"].map(clusters[CLUSTER])})


def draw_first_round(
    passages: pd.DataFrame,
    *,
    size: int,
    scores: NDArray[np.float64] | None,
    unit: Unit,
    floor: float,
    random_seed: int,
) -> Sample:
    """Draw a first round, by scores of the codebook alone.

    Parameters
    ----------
    passages : DataFrame
        All N passages.
    size : int
        Units to draw.
    scores : ndarray of float or None
        Scores of the frames of interest, shape (N, K); None: all passages teach alike.
    unit : {"passage", "document"}
        What is drawn.
    floor : float
        Part that is drawn without scores.
    random_seed : int
        Start of the draw.

    Returns
    -------
    Sample
        The round.
    """
    errors = np.full((len(passages), 1), 0.25) if scores is None else expect_errors(scores)
    return draw_round(passages, size=size, errors=errors, unit=unit, floor=floor, random_seed=random_seed)


def draw_next_round(options: RoundOptions, asked: NextRound) -> None:
    """Read the sheets of all rounds, learn from them, say how narrow intervals are, and draw and write the next round.

    Parameters
    ----------
    options : RoundOptions
        Options of rounds.
    asked : NextRound
        The draw, and what the next round is to be.

    Raises
    ------
    InputError
        For sheets, options or a corpus that do not fit the draw.
    """
    book, folder = asked.codebook, asked.folder
    design = read_rounds(folder, book)
    facts = design.facts
    book = book.with_unit(facts.coded)
    number = facts.round + 1
    next_folder = round_folder(folder, number)
    sheets, adjudicated = _find_sheets(folder, options)
    corpus = _open_corpus(options, facts, asked.data_path)
    coded = read_sheets(sheets, design=folder, codebook=book, adjudicated=adjudicated)
    say_coded_rows(coded, listed="framing gold lists all of them in a file")
    if coded.unusable:
        raise InputError(f"No row can be used of {', of '.join(coded.unusable)}. Mend the sheet, or leave it out.")
    settled = settle_labels(coded, ties=cast(Ties, options.ties))
    passages = make_passages(corpus.documents, unit=book.unit, max_words=facts.passage_words).reset_index(drop=True)
    labelled = read_rounds_labels(coded, settled, passages)
    if asked.size is not None and labelled.n_rounds < facts.round:
        raise InputError(f"Nothing of round {facts.round} is coded yet; the next one learns from it, so code it first.")
    if labelled.n_open:
        say(
            f"WARNING: {labelled.n_open} of {labelled.n_open + len(labelled.rows)} drawn passages have no label. "
            "They are the hard ones: until they have (--adjudicated), widths are too small and shares biased."
        )
    learned = _learn(passages, labelled, book, asked.encoder)
    widths = measure_widths(
        add_clusters_of_reports(passages, corpus),
        labelled,
        scores=learned.scores,
        out_of_fold=learned.out_of_fold,
        codebook=book,
        wanted_width=options.width,
        contrast=options.pair,
        target=cast(Target, options.target),
    )
    shown = widths[widths["frame"].isin(asked.frames)]
    show_widths(shown, options, n_labels=len(labelled.rows))
    if asked.size is None:
        say("nothing was drawn; add --size to draw the next round")
        return
    errors = learn_errors(
        learned.scores,
        out_of_fold=learned.out_of_fold,
        labels=labelled.gold.labels.astype(float),
        weights=labelled.weights,
        other=learned.zero_shot,
        other_labelled=learned.zero_shot[labelled.rows],
    )
    importance = _weigh(passages, widths, asked, options, book)
    id_column = f"{facts.unit}_id" if facts.coded == "passage" else "passage_id"
    sample = draw_round(
        passages,
        size=asked.size,
        errors=errors,
        drawn=list(dict.fromkeys(design.passages[id_column])),
        sizes=facts.sizes or (facts.size,),
        unit="passage" if facts.coded == "document" else facts.unit,
        importance=importance,
        floor=options.floor,
        random_seed=facts.random_seed,
    )
    _write(next_folder, sample, facts, asked, options, labelled=labelled, documents=corpus.documents)
    typer.echo(str(next_folder))


def _find_sheets(folder: Path, options: RoundOptions) -> tuple[list[Path], list[Path]]:
    """The sheets that were named, else those in `coded/` of each round; among these settled decisions of each round."""
    adjudicated = [options.adjudicated] if options.adjudicated else []
    if options.coded_sheets:
        return options.coded_sheets, adjudicated
    found = [
        path
        for place in list_rounds(folder)
        for path in leave_out_records(sorted((place / "coded").glob("*")))
        if path.is_file() and not path.name.startswith(".") and path.suffix not in _COMPANIONS
    ]
    sheets = [path for path in found if path.stem != SETTLED]
    if not sheets:
        raise InputError(
            f"There is no coded sheet in {folder / 'coded'} or the folder coded of a later round. Put them there, or "
            "name each with --sheet."
        )
    return sheets, [path for path in found if path.stem == SETTLED] + adjudicated


def _open_corpus(options: RoundOptions, facts: DesignFacts, data_path: str) -> Corpus:
    """The corpus that was drawn from; another one is refused."""
    corpus = read_corpus(find_corpus(options.corpus or facts.corpus), data_path=data_path)
    if corpus.hash != facts.corpus_hash:
        raise InputError(
            f"The corpus {corpus.config.corpus} is not as it was when the first round was drawn (its files or "
            "corpus.yaml changed), so chances of rounds would not fit together. Give the one of then with --corpus, or "
            "begin a new draw."
        )
    return corpus


class _Learned(NamedTuple):
    """Scores of all passages; of labelled ones by classifiers that had not seen them; of all by the seeds."""

    scores: NDArray[np.float64]
    out_of_fold: NDArray[np.float64]
    zero_shot: NDArray[np.float64]


def _learn(passages: pd.DataFrame, labelled: LabelledRounds, book: Codebook, encoder: str) -> _Learned:
    """Learn from the labels of all rounds; the seeds alone are a second expert."""
    if not labelled.gold.labels.any():
        raise InputError("No settled passage carries a frame, so there is nothing to learn; code more first.")
    known = passages.iloc[labelled.rows].assign(group=lambda table: table["document_id"])
    learning = LearningOptions(encoder=encoder, strength="head")
    classifier, out_of_fold = cross_fit_classifier(book, learning, known, labelled.gold.labels)
    texts = passages["text"].to_list()
    scores = classifier.predict_proba(texts, progress="classifying")
    by_seeds = open_classifier(book, LearningOptions(encoder=encoder, strength="zero-shot"), measure_work(texts, book))
    return _Learned(scores, out_of_fold, by_seeds.predict_proba(texts, progress="classifying by seeds"))


def _weigh(
    passages: pd.DataFrame, widths: pd.DataFrame, asked: NextRound, options: RoundOptions, book: Codebook
) -> NDArray[np.float64]:
    """What the variance of the share of each passage's outlet counts for each frame."""
    frames, outlets = book.frame_ids, passages["outlet"].astype(str)
    if options.pair is not None:
        if unknown := set(options.pair) - set(outlets):
            raise InputError(f"--contrast: the corpus has no outlet {', '.join(sorted(unknown))}.")
        importance = outlets.isin(options.pair).to_numpy(float)[:, None] * np.isin(frames, asked.frames)
        return np.asarray(importance, dtype=float)
    goals = weigh_goals(widths, frames=asked.frames, wanted_width=options.width)
    table = goals.pivot(index="group", columns="frame", values="importance")[frames]
    return np.asarray(table.reindex(outlets.to_numpy(object)).to_numpy(float))


def _write(
    folder: Path,
    sample: Sample,
    before: DesignFacts,
    asked: NextRound,
    options: RoundOptions,
    *,
    labelled: LabelledRounds,
    documents: pd.DataFrame,
) -> None:
    """Write the round, and say what it is."""
    strata = sample.strata[["stratum", "n_units", "n_passages", "n_drawn"]].to_dict("records")
    book = asked.codebook.with_unit(before.coded)
    facts = before.model_copy(
        update={
            "framing": __version__,
            "codebook_version": book.version,
            "codebook_hash": book.hash,
            "allocation": "active",
            "scores": f"learned from the labels of {len(labelled.rows)} passages (head)",
            "frame": ";".join(asked.frames) if len(asked.frames) < len(book.frame_ids) else "",
            "size": int(sample.strata["n_drawn"].sum()),
            "sizes": (),
            "n_passages_drawn": len(sample.passages),
            "coders": tuple(asked.coders or before.coders),
            "overlap": before.overlap if asked.overlap is None else asked.overlap,
            "strata": tuple(Stratum.model_validate(row) for row in strata),
            "round": before.round + 1,
            "after": before.drawn_sha256,
            "floor": options.floor,
            "drawn_sha256": "",
        }
    )
    facts = write_sheets(folder, sample, book, facts, formats=asked.formats, documents=documents)
    say(f"round {facts.round}: {facts.sentence}")
    for row in sample.strata.itertuples():
        say(f"  {row.outlet}: {row.n_drawn:,} of {row.n_units:,} {facts.unit}s that are left")
    say(f"give {folder / 'for_coders'} to the coders; do not show them drawn.csv, which has the chances")
