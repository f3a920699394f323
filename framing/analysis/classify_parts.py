"""Classify a corpus or a file of any size in parts: on this machine or a cluster, stopped and gone on with."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from framing.analysis.long_output import write_long, write_windows
from framing.analysis.part_documents import ReadParts, load_moments, read_parts
from framing.analysis.part_files import check_parts, read_facts
from framing.analysis.part_scores import SHAPES_PARTS, PartJob
from framing.classify.scorer import Scorer
from framing.classify.shipped import ship_scorer
from framing.corpus.streams import TextSource
from framing.errors import InputError
from framing.executors.executor import Executor
from framing.files.damage import DamageError
from framing.files.identity import code_hash, hash_content
from framing.files.sealed_json import read_record, write_record
from framing.files.whole import hold_lock
from framing.steps import Say, count_steps

__all__ = ["ClassifiedParts", "Workplace", "open_workplace"]

_LOCK = "lock"  # a folder that has it is ours
_RESULTS, _CLASSIFIER, _ENCODER = "results", "classifier", "encoder.json"
_UNSCORED = ("passage_id", "document_id", "reason", "excerpt")


@dataclass(frozen=True)
class ClassifiedParts:
    """Counts of a source that is classified.

    Attributes
    ----------
    n_passages : int
        Its passages.
    n_long : int
        Passages that are longer than what the model reads at once.
    share_abstained : float
        Share of the decisions that are abstentions.
    languages : Counter
        Documents by detected language.
    n_kept : int
        Parts that an earlier run had finished.
    unscored : DataFrame
        Passages without a score, which are not in the output: `passage_id, document_id, reason, excerpt`.
    """

    n_passages: int
    n_long: int
    share_abstained: float
    languages: Counter[str]
    n_kept: int
    unscored: pd.DataFrame


@dataclass(frozen=True)
class Workplace:
    """A folder beside an output that holds what is finished, until the output is complete.

    Attributes
    ----------
    output : Path
        The file to be written.
    folder : Path
        The folder.
    """

    output: Path
    folder: Path

    def read(self, source: TextSource, *, say: Say | None = None) -> ReadParts:
        """Read the documents into parts; those of an earlier run stay.

        Parameters
        ----------
        source : TextSource
            What is read, and how.
        say : callable, optional
            Gets lines of progress where standard error is no terminal.

        Returns
        -------
        ReadParts
            The documents.

        Raises
        ------
        InputError
            If the source cannot be read.
        """
        return read_parts(source, self.folder, say=say)

    def find_encoder(self, read: ReadParts, *content: object) -> str:
        """Find the encoder that a run which was stopped had chosen for the same work.

        Parameters
        ----------
        read : ReadParts
            The documents.
        *content : object
            What the choice depends on beside them; values that JSON can represent.

        Returns
        -------
        str
            Its name; empty without such a run.
        """
        try:
            record = read_record(self.folder / _ENCODER)
        except (OSError, DamageError):
            return ""
        return str(record["encoder"]) if record.get("key") == hash_content([read.key, *content]) else ""

    def note_encoder(self, encoder: str, read: ReadParts, *content: object) -> None:
        """Note the encoder that was chosen, so that a run which goes on from here takes the same.

        Parameters
        ----------
        encoder : str
            Its name.
        read : ReadParts
            The documents.
        *content : object
            As in `find_encoder`.
        """
        write_record(self.folder / _ENCODER, {"key": hash_content([read.key, *content]), "encoder": encoder})

    def classify(
        self,
        source: TextSource,
        read: ReadParts,
        scorer: Scorer,
        executor: Executor,
        *,
        windows: Path | None = None,
        announce: Callable[[Iterator[str]], None] | None = None,
        say: Say | None = None,
    ) -> ClassifiedParts:
        """Classify the parts that are not finished yet, check all of them, and write the output.

        Parameters
        ----------
        source : TextSource
            What was read.
        read : ReadParts
            The documents.
        scorer : Scorer
            Fitted.
        executor : Executor
            Where the parts are computed.
        windows : Path or None, default None
            Another file to write, with the windows of each document that score highest on the frames that it has;
            None: none are scored. The documents are then the passages (`source.unit`).
        announce : callable or None, default None
            Gets the texts of all passages that are not scored yet, before any is; what it raises ends the run.
        say : callable, optional
            Function of one line of text, called with the progress where standard error is no terminal.

        Returns
        -------
        ClassifiedParts
            Counts.

        Raises
        ------
        FramingError
            If parts are not what was written, or the workers are lost.
        InputError
            If no passage has a score.
        """
        results = self.folder / _RESULTS
        results.mkdir(exist_ok=True)
        shipped = ship_scorer(scorer, self.folder / _CLASSIFIER if executor.remote else None)
        job = PartJob(results, read, source, shipped, code_hash(SHAPES_PARTS), windows is not None)
        n_documents = read.outline.n_documents
        stored = {number: path for number in range(len(n_documents)) if (path := job.file(number)).exists()}
        facts = {number: part for number, path in stored.items() if (part := read_facts(path)) is not None}
        n_kept = len(facts)
        _say_kept(n_kept, len(n_documents), len(stored) - n_kept, len(list(results.glob("part-*.parquet"))), say)
        what = "documents" if source.whole_documents else "rows"
        waiting = [number for number in range(len(n_documents)) if number not in facts]
        if announce is not None:
            announce(text for number in waiting for text in _list_texts(job, number))
        with count_steps("classifying", sum(n_documents[number] for number in waiting), say=say, what=what) as steps:
            for place, part in executor.map_parts(job, waiting):
                facts[waiting[place]] = part
                steps.update(n_documents[waiting[place]])
        ordered = [facts[number] for number in sorted(facts)]
        check_parts(results, read, ordered)
        unscored = pd.DataFrame([row for part in ordered for row in part.unscored], columns=list(_UNSCORED))
        if len(unscored) and not any(part.n_passages for part in ordered):
            raise InputError(f"None of {len(unscored):,} passages has a score: {unscored['reason'].iloc[0]}.")
        frames = scorer.codebook.frame_ids
        files = [results / part.file for part in ordered if part.n_passages]
        quote_texts = any(part.has_return for part in ordered)
        write_long(self.output, files, frames, quote_texts=quote_texts, moments=load_moments(read))
        if windows is not None:
            write_windows(windows, files, quote_texts=quote_texts)
        n_passages = sum(part.n_passages for part in ordered)
        return ClassifiedParts(
            n_passages=n_passages,
            n_long=sum(part.n_long for part in ordered),
            share_abstained=sum(part.n_abstained for part in ordered) / max(n_passages * len(frames), 1),
            languages=sum((Counter(part.languages) for part in ordered), Counter[str]()),
            n_kept=n_kept,
            unscored=unscored,
        )


def _list_texts(job: PartJob, number: int) -> list[str]:
    passages, _ = job.list_passages(number)
    return passages["text"].to_list() if len(passages) else []


def _say_kept(n_kept: int, n_parts: int, n_damaged: int, n_stored: int, say: Say | None) -> None:
    """Say what of an earlier run is used, and what is not."""
    if say is None:
        return
    if n_kept:
        say(f"{n_kept} of {n_parts} parts had been finished by a run that was stopped")
    if n_damaged:
        say(f"{n_damaged} of {n_parts} parts are damaged and are computed again")
    if n_stored > n_kept + n_damaged:
        say(
            f"{n_stored - n_kept - n_damaged} finished parts of an earlier run are not used: input, codebook, "
            "classifier or code are not what they were"
        )


@contextmanager
def open_workplace(output: Path, *, say: Say) -> Iterator[Workplace]:
    """Open the folder beside an output in which it is computed, for the time of a block.

    Parameters
    ----------
    output : Path
        The file to be written.
    say : callable
        Function of one line of text, called when an interrupted run leaves finished parts.

    Yields
    ------
    Workplace
        The folder. It is removed when the block ends without an error, or by an error of the user before a part is
        finished; else it stays, and the same command goes on from there.

    Raises
    ------
    LockedError
        If another process is writing the same output.
    InputError
        If a folder of that name holds something else, or cannot be written.
    """
    folder = output.with_name(f"{output.name}.parts")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / _LOCK).exists())):
        raise InputError(f"{folder} is in the way: finished parts would stand there. Move it, or name another output.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}.", argument="output") from None
    with hold_lock(folder / _LOCK, busy=f"Another process is writing {output}; wait for it, or name another output."):
        try:
            yield Workplace(output, folder)
        except BaseException as error:
            n_finished = len(list((folder / _RESULTS).glob("part-*.parquet"))) if (folder / _RESULTS).is_dir() else 0
            if n_finished or not isinstance(error, InputError):
                parts = "1 finished part is" if n_finished == 1 else f"{n_finished} finished parts are"
                say(f"stopped: {parts} kept in {folder}; the same command with the same input goes on from there")
            else:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)
