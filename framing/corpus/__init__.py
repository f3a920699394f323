"""Which documents do the files of a corpus hold, and into which passages are they split?"""

from framing.corpus.config import CorpusConfig, read_config
from framing.corpus.documents import Corpus, read_corpus
from framing.corpus.fingerprint import corpus_fingerprint
from framing.corpus.passages import make_passages, split_passages, split_text, whole_passages
from framing.corpus.periods import add_period, find_unlikely_dates
from framing.corpus.rows import Texts, read_passages, read_texts
from framing.corpus.sentences import split_sentences
from framing.corpus.several import corpora_fingerprint, merge_configs, read_corpora

__all__ = [
    "Corpus",
    "CorpusConfig",
    "Texts",
    "add_period",
    "find_unlikely_dates",
    "corpora_fingerprint",
    "corpus_fingerprint",
    "merge_configs",
    "read_config",
    "read_corpora",
    "read_corpus",
    "read_passages",
    "read_texts",
    "make_passages",
    "split_passages",
    "split_sentences",
    "split_text",
    "whole_passages",
]
