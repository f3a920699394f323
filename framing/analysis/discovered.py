"""Groups of the passages of a corpus that no frame of a codebook explains, made once and loaded afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.analysis import SHAPES_ANALYSIS
from framing.analysis.group_tables import describe_groups, estimate_groups
from framing.analysis.score_texts import score_texts
from framing.analysis.tables import keep_tables, table_folder, write_tables
from framing.classify.auto_encoder import choose_encoder
from framing.classify.classifier import FrameClassifier
from framing.classify.fitted import fit_on_codebook
from framing.classify.work import measure_work
from framing.codebook import Codebook
from framing.corpus import Corpus, make_passages, read_corpus
from framing.corpus.fingerprint import corpus_fingerprint
from framing.defaults import MAX_WORDS, RANDOM_SEED
from framing.discovery.examples import choose_examples
from framing.discovery.grouping import LEAST_TEXTS, Grouping, group_vectors, measure_stability
from framing.discovery.unexplained import find_unexplained, open_every_frame
from framing.encoders.encoder import Encoder
from framing.encoders.known import identify_reading
from framing.encoders.neutral import remove_language_shift
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import InputError
from framing.executors.executor import open_executor
from framing.files.identity import code_hash, library_versions
from framing.steps import Say
from framing.stories.duplicates import mark_duplicates

__all__ = ["N_SHOWN", "Discovery", "count_passages", "open_discovery"]

N_SHOWN = 10  # groups whose shares are estimated, and that a page shows


@dataclass(frozen=True)
class Discovery:
    """Groups of passages; all counts and shares are exploratory.

    Attributes
    ----------
    title, corpus, encoder : str
        Title and name of the corpus, name of the encoder.
    constructed : bool
        Whether the texts of the corpus were written as an illustration.
    codebook : Codebook
        Of which frames explain passages, as it was given.
    every : bool
        Whether all passages were grouped, explained ones too.
    n_documents, n_refused : int
        Documents that were read, and rows that were refused.
    groups : DataFrame
        One row a group, as `describe_groups` returns it.
    passages : DataFrame
        One row a passage: `passage_id, document_id, outlet, published, language, text`; `status`, one of `grouped`,
        `ungrouped`, `explained`, `undecided` (abstained) and `repeated`; `group`, empty but for those grouped;
        `nearest`, the group whose edge an ungrouped one is at; `similarity` with the centre; `duplicate_of`.
    shares : DataFrame
        Share of the passages of each outlet that are in each of the first groups, as `estimate_prevalence` returns it;
        passages that repeat another count neither above nor below.
    trends : DataFrame
        The same by `period`; empty without dates.
    period : str
        Its length: `day`, `week` or `month`.
    examples : DataFrame
        `group, passage_id, role, place`: central passages that differ (`seed`) and near ones of other groups.
    """

    title: str
    corpus: str
    encoder: str
    constructed: bool
    codebook: Codebook
    every: bool
    n_documents: int
    n_refused: int
    groups: pd.DataFrame
    passages: pd.DataFrame
    shares: pd.DataFrame
    trends: pd.DataFrame
    period: str
    examples: pd.DataFrame

    def list_examples(self, group: str, role: str) -> pd.DataFrame:
        """List the passages that stand for a group.

        Parameters
        ----------
        group : str
            Id of the group.
        role : {"seed", "counter_seed"}
            Central passages of it, or near ones of others.

        Returns
        -------
        DataFrame
            Rows of `passages`, in order.

        Raises
        ------
        InputError
            If there is no such group; the message lists those there are.
        """
        if group not in set(self.groups["group"]):
            known = ", ".join(self.groups["group"])
            raise InputError(f"There is no group {group!r}. The groups: {known}.")
        chosen = self.examples[(self.examples["group"] == group) & (self.examples["role"] == role)]
        return self.passages.set_index("passage_id", drop=False).loc[chosen["passage_id"]].reset_index(drop=True)


def count_passages(discovery: Discovery) -> dict[str, int]:
    """Count the passages of each status; the counts add up to all passages.

    Parameters
    ----------
    discovery : Discovery
        Groups of a corpus.

    Returns
    -------
    dict of str to int
        By `grouped, ungrouped, explained, undecided, repeated`.
    """
    counts = discovery.passages["status"].value_counts()
    return {name: int(counts.get(name, 0)) for name in ("grouped", "ungrouped", "explained", "undecided", "repeated")}


def open_discovery(
    folder: Path,
    codebook: Codebook,
    *,
    encoder: str,
    data_path: str = "",
    every: bool = False,
    n_groups: int = 0,
    max_words: int = MAX_WORDS,
    random_seed: int = RANDOM_SEED,
    say: Say | None = None,
) -> Discovery:
    """Group the passages of a corpus that no frame explains, or load the groups from the cache.

    Parameters
    ----------
    folder : Path
        Folder of the corpus.
    codebook : Codebook
        Of K frames. Where each passage has exactly one of them, it is taken here as one of which a passage may have
        none.
    encoder : str
        As in `framing.encoders.sentence.open_encoder`, or `auto`.
    data_path : str, default ""
        Folder of the files of the corpus.
    every : bool, default False
        Whether all passages are grouped, explained ones too.
    n_groups : int, default 0
        Groups to make; 0: by the number of passages.
    max_words : int, default 90
        Most words in a passage.
    random_seed : int, optional
        Of the groups and of the draws.
    say : callable, optional
        Gets lines of progress.

    Returns
    -------
    Discovery
        The groups, largest first.

    Raises
    ------
    InputError
        If a file is wrong, no passage or too few are unexplained, or so many groups cannot be made.

    Notes
    -----
    A frame explains a passage where the zero-shot classifier of the codebook decides `present`. Vectors are those that
    the classifier scored, from the store, without the shift of languages, so that groups are of content. The cache
    keeps the result under the contents of corpus and codebook, the model, the options and the code.
    """
    content = None
    choice = encoder
    if encoder == "auto":
        content = _read(folder, codebook, data_path, max_words)
        chosen = choose_encoder(encoder, measure_work(content[1]["text"].to_list(), codebook))
        choice = chosen.name
        if say is not None and chosen.sentence:
            say(chosen.sentence)
    model = open_encoder(choice, store=default_store())
    inputs = [
        corpus_fingerprint(folder, data_path=data_path), codebook.hash, identify_reading(model), every, n_groups,
        max_words, random_seed, code_hash((*SHAPES_ANALYSIS, "discovery")), library_versions(),
    ]  # fmt: skip
    home = table_folder("discoveries", inputs)

    def make() -> None:
        corpus, passages = content or _read(folder, codebook, data_path, max_words)
        maker = _Maker(codebook, model, every=every, n_groups=n_groups, random_seed=random_seed, say=say)
        tables, period = maker.make(passages)
        facts = {
            "title": corpus.config.title,
            "corpus": corpus.config.corpus,
            "encoder": choice,
            "constructed": corpus.config.constructed,
            "n_documents": len(corpus.documents),
            "n_refused": len(corpus.quarantine),
            "period": period,
        }
        write_tables(home, tables, facts)

    kept = keep_tables(home, make)
    values: dict[str, Any] = {**kept.facts, **kept.tables}
    return Discovery(codebook=codebook, every=every, **values)


def _read(folder: Path, codebook: Codebook, data_path: str, max_words: int) -> tuple[Corpus, pd.DataFrame]:
    corpus = read_corpus(folder, data_path=data_path)
    return corpus, make_passages(corpus.documents, unit=codebook.unit, max_words=max_words)


@dataclass(frozen=True, kw_only=True)
class _Options:
    every: bool
    n_groups: int
    random_seed: int
    say: Say | None


class _Maker:
    """Makes the tables of a discovery."""

    def __init__(self, codebook: Codebook, encoder: Encoder, **options: Any) -> None:
        self.codebook, self.encoder, self.options = open_every_frame(codebook), encoder, _Options(**options)

    def make(self, passages: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], str]:
        """The tables by name, and the length of periods."""
        seed = self.options.random_seed
        table = passages.reset_index(drop=True)
        status = self._find_status(table)
        table = table.assign(duplicate_of="")
        rows = np.flatnonzero(status == "ungrouped")
        if not self.options.every and len(rows) == 0:
            raise InputError(
                "Every passage has a frame of the codebook or is undecided: there is nothing left to group. Group all "
                "passages instead (--all)."
            )
        originals = mark_duplicates(table.iloc[rows])["duplicate_of"].to_numpy(object)
        table.loc[rows, "duplicate_of"] = originals
        status[rows[originals != ""]] = "repeated"
        rows = rows[originals == ""]
        if len(rows) < LEAST_TEXTS:
            raise InputError(
                f"Groups need at least {LEAST_TEXTS} passages that no frame explains, and the corpus has {len(rows)} "
                f"({int((status == 'explained').sum())} are explained, {int((status == 'repeated').sum())} repeat "
                "another): read them one by one, or group all passages (--all)."
            )
        vectors = remove_language_shift(self.encoder).encode(table["text"].iloc[rows].to_list(), progress="encoding")
        grouping = group_vectors(vectors, n_groups=self.options.n_groups, random_seed=seed)
        status[rows[grouping.core >= 0]] = "grouped"
        ids = [f"g{number}" for number in range(1, len(grouping.centres) + 1)]
        table = _add_groups(table, rows, grouping, ids).assign(status=status)
        documents = table["document_id"].to_numpy(object)[rows]
        stability = measure_stability(vectors, grouping, documents, random_seed=seed)
        groups = describe_groups(table, ids, stability)
        shares, trends, period = estimate_groups(table, ids[:N_SHOWN], random_seed=seed)
        examples = choose_examples(vectors, grouping)
        examples["passage_id"] = table["passage_id"].to_numpy(object)[rows[examples["row"].to_numpy(np.int64)]]
        examples["group"] = [ids[number] for number in examples["group"]]
        columns = ["passage_id", "document_id", "outlet", "published", "language", "text", "status", "group", "nearest"]
        return {
            "groups": groups,
            "passages": table[[*columns, "similarity", "duplicate_of"]],
            "shares": shares,
            "trends": trends,
            "examples": examples[["group", "passage_id", "role", "place"]],
        }, period

    def _find_status(self, passages: pd.DataFrame) -> NDArray[np.object_]:
        """`explained`, `undecided`, or `ungrouped`: what is to be grouped."""
        if self.options.every:
            return np.full(len(passages), "ungrouped", dtype=object)
        classifier = fit_on_codebook(FrameClassifier(self.codebook, self.encoder, strength="zero-shot"))
        executor = open_executor(say=self.options.say)
        scores, _ = score_texts(classifier, passages["text"].to_list(), executor, title="classifying")
        decisions = classifier.decide_scores(scores)
        explaining = [name != self._residual for name in self.codebook.frame_ids]
        is_explained = (decisions[:, explaining] == "present").any(axis=1)
        unexplained = find_unexplained(decisions, self.codebook)
        return np.select([is_explained, unexplained], ["explained", "ungrouped"], "undecided").astype(object)

    @property
    def _residual(self) -> str:
        place = self.codebook.residual
        return "" if place is None else self.codebook.frame_ids[place]


def _add_groups(table: pd.DataFrame, rows: NDArray[np.intp], grouping: Grouping, ids: list[str]) -> pd.DataFrame:
    """Columns `group, nearest, similarity` of the passages; empty for those that were not grouped."""
    names = np.array([*ids, ""], dtype=object)  # -1 takes the last
    group, nearest = np.full(len(table), "", dtype=object), np.full(len(table), "", dtype=object)
    similarity = np.full(len(table), np.nan)
    group[rows], nearest[rows], similarity[rows] = names[grouping.core], names[grouping.nearest], grouping.similarity
    return table.assign(group=group, nearest=nearest, similarity=similarity)
