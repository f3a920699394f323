"""Groups of the passages of a corpus that no frame of a codebook explains, made once and loaded afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from framing.analysis.analysis import SHAPES_ANALYSIS
from framing.analysis.make_groups import N_SHOWN, GroupMaker
from framing.analysis.tables import keep_tables, table_folder, write_tables
from framing.classify.auto_encoder import choose_encoder
from framing.classify.work import measure_work
from framing.codebook import Codebook
from framing.corpus import Corpus, make_passages, read_corpus
from framing.corpus.fingerprint import corpus_fingerprint
from framing.defaults import MAX_WORDS, RANDOM_SEED
from framing.discovery.grouping import LEAST_TEXTS
from framing.encoders.known import identify_reading
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import InputError
from framing.files.identity import code_hash, library_versions
from framing.steps import Say

__all__ = ["N_SHOWN", "Discovery", "count_passages", "open_discovery"]


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
        `nearest`, the group whose edge an ungrouped one is at, or the cluster that is too small to be a group (`s1`
        the tightest), empty for one that lies alone; `similarity` with its centre; `duplicate_of`.
    shares : DataFrame
        Share of the passages of each outlet that are in each of the first groups, as `estimate_prevalence` returns it;
        passages that repeat another count neither above nor below.
    trends : DataFrame
        The same by `period`; empty without dates.
    period : str
        Its length: `day`, `week` or `month`.
    examples : DataFrame
        `group, passage_id, role, place`: central passages that differ (`seed`), and near ones that a frame of the
        codebook explains (`counter_seed`).
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
            Central passages of it, or near ones that a frame of the codebook explains.

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
            known = (
                f"The groups: {known}." if known else f"There are none: fewer than {LEAST_TEXTS} passages were left."
            )
            raise InputError(f"There is no group {group!r}. {known}")
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
        The groups, largest first. There are none where fewer than twenty passages are left: they count as ungrouped.

    Raises
    ------
    InputError
        If a file is wrong, no passage is unexplained, or so many groups cannot be made.

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
        maker = GroupMaker(codebook, model, every=every, n_groups=n_groups, random_seed=random_seed, say=say)
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
