"""Tokens of a parsed text: the span of a subtree, and searches within it that do not walk the tree.

spaCy walks a subtree in time that grows with its depth, and a text without full stops is one deep tree. Nearly all
subtrees are runs of tokens without a gap, for which their first and last token say all; few are not (the tree is then
called non-projective), and these alone are walked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framing.voice.sides import Sides
from framing.voice.words import VERBS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = [
    "NOUNS",
    "PROPER_NOUNS",
    "SUBJECTS",
    "TokenIndex",
    "count_from",
    "find_in_subtree",
    "get_index",
    "index_tokens",
    "read_runs",
    "span_from",
    "span_subtree",
    "span_tokens",
]

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
PROPER_NOUNS = ("NNP", "NNPS")
NOUNS = ("NN", "NNS", *PROPER_NOUNS)
_NAMING = ("named", "called")


@dataclass(frozen=True, slots=True)
class TokenIndex:
    """The text of a parse, the sides of the corpus, and the positions of the tokens that are searched for, ascending.

    Attributes
    ----------
    text : str
        The text that was parsed; spaCy would join its tokens at every call.
    sides : Sides
        A state's name is no part of a person's.
    subtrees : list of tuple of int
        Position of the first and last token of each token's subtree, and how many tokens it has.
    verbs, finite : list of int
        Verbs and modals; the finite ones among them.
    complementizers : list of int
        "that" as the head of a content clause.
    agents : list of int
        "by" that hangs on a noun behind a preposition: "condemned as a provocation by diplomats".
    named : list of int
        Proper nouns behind "named" or "called".
    nouns : list of int
        Nouns.
    reporting : list of int
        Forms of reporting verbs.
    words : list of str
        Each token in lower case.
    """

    text: str
    sides: Sides
    subtrees: list[tuple[int, int, int]]
    verbs: list[int]
    finite: list[int]
    complementizers: list[int]
    agents: list[int]
    named: list[int]
    nouns: list[int]
    reporting: list[int]
    words: list[str]

    def find_words(self, words: Set[str]) -> Iterator[int]:
        """Find words of a list.

        Parameters
        ----------
        words : set of str
            In lower case.

        Yields
        ------
        int
            Position of each.
        """
        if not words.isdisjoint(self.words):
            yield from (place for place, word in enumerate(self.words) if word in words)


def index_tokens(doc: Doc, sides: Sides) -> None:
    """Put a `TokenIndex` on a parse, where `get_index` finds it.

    Parameters
    ----------
    doc : Doc
        A parse by spaCy.
    sides : Sides
        Those of the corpus.
    """
    from spacy.attrs import DEP, HEAD, LOWER, TAG

    if "index" in doc.user_data:  # entities are found later, and change nothing here
        return
    read, n = doc.vocab.strings.__getitem__, len(doc)  # arrays: a Token object for each token would take longer
    words, tags, relations = ([read(key) for key in doc.to_array(name).tolist()] for name in (LOWER, TAG, DEP))
    heads = (doc.to_array(HEAD).astype("int64") + range(n)).tolist() if n else []
    places = range(n)
    doc.user_data["index"] = TokenIndex(
        text=doc.text,
        sides=sides,
        subtrees=_measure_subtrees(heads),
        verbs=[place for place in places if tags[place].startswith(("VB", "MD"))],
        finite=[place for place in places if tags[place] in ("MD", "VBD", "VBZ", "VBP")],
        complementizers=[place for place in places if relations[place] == "mark" and words[place] == "that"],
        agents=[place for place in places if words[place] == "by" and relations[heads[place]] == "pobj"],
        named=[place for place in places if tags[place] in PROPER_NOUNS and words[heads[place]] in _NAMING],
        nouns=[place for place in places if tags[place] in NOUNS],
        reporting=[place for place in places if words[place] in VERBS],
        words=words,
    )


def get_index(doc: Doc) -> TokenIndex:
    """The index of a parse.

    Parameters
    ----------
    doc : Doc
        A parse that `index_tokens` has indexed.

    Returns
    -------
    TokenIndex
        Its index.
    """
    index: TokenIndex = doc.user_data["index"]
    return index


def _measure_subtrees(heads: list[int]) -> list[tuple[int, int, int]]:
    """First, last and number of the tokens below each token, given the head of each; a root is its own head.

    >>> _measure_subtrees([1, 1, 1])
    [(0, 0, 1), (0, 2, 3), (2, 2, 1)]
    """
    n_children = [0] * len(heads)
    for token, head in enumerate(heads):
        n_children[head] += head != token
    first, last, size = list(range(len(heads))), list(range(len(heads))), [1] * len(heads)
    leaves = [token for token, number in enumerate(n_children) if not number]
    while leaves:
        token = leaves.pop()
        head = heads[token]
        if head == token:
            continue
        first[head], last[head] = min(first[head], first[token]), max(last[head], last[token])
        size[head] += size[token]
        n_children[head] -= 1
        if not n_children[head]:
            leaves.append(head)
    return list(zip(first, last, size, strict=True))


def read_runs(token: Token) -> list[tuple[int, int]]:
    """The runs of tokens that make up the subtree of a token.

    Parameters
    ----------
    token : Token
        Head of the subtree.

    Returns
    -------
    list of tuple of int
        Position of the first and last token of each run, in order. A subtree without a gap is one run; of another, each
        token is one.
    """
    first, last, size = get_index(token.doc).subtrees[token.i]
    if last - first + 1 == size:
        return [(first, last)]
    return [(each.i, each.i) for each in token.subtree]


def find_in_subtree(token: Token, positions: Sequence[int], *, first: int = 0) -> Iterator[int]:
    """Find which of several tokens lie in the subtree of a token.

    Parameters
    ----------
    token : Token
        Head of the subtree.
    positions : sequence of int
        Positions of the tokens that are searched for, ascending.
    first : int, default 0
        Position from which on they count.

    Yields
    ------
    int
        Each position that lies in the subtree, ascending.
    """
    low, high, size = get_index(token.doc).subtrees[token.i]
    number = bisect_left(positions, max(low, first))
    while number < len(positions) and positions[number] <= high:
        each = token.doc[positions[number]]
        if high - low + 1 == size or each == token or token.is_ancestor(each):
            yield positions[number]
        number += 1


def count_from(token: Token) -> int:
    """Count the tokens of a subtree from its head on.

    Parameters
    ----------
    token : Token
        Head of the subtree.

    Returns
    -------
    int
        Number of tokens, the head included.
    """
    return sum(end - max(start, token.i) + 1 for start, end in read_runs(token) if end >= token.i)


def span_tokens(first: Token, last: Token) -> tuple[int, int]:
    """Span of characters from one token to another.

    Parameters
    ----------
    first, last : Token
        The tokens, which both lie within the span.

    Returns
    -------
    tuple of int
        Start and end in the text.
    """
    return first.idx, last.idx + len(last)


def span_subtree(token: Token, *, first: int = 0, last: int | None = None) -> tuple[int, int]:
    """Span of characters of the subtree of a token, or of a part of it.

    Parameters
    ----------
    token : Token
        Head of the subtree.
    first : int, default 0
        Position of the first token that counts.
    last : int, optional
        Position of the last token that counts; by default that of the subtree.

    Returns
    -------
    tuple of int
        Start and end in the text.
    """
    low, high, size = get_index(token.doc).subtrees[token.i]
    stop = high if last is None else last
    if high - low + 1 == size:
        return span_tokens(token.doc[max(low, first)], token.doc[min(high, stop)])
    positions = [each.i for each in token.subtree if first <= each.i <= stop]
    return span_tokens(token.doc[min(positions)], token.doc[max(positions)])


def span_from(token: Token) -> tuple[int, int]:
    """Span of characters from a token to the end of its subtree.

    Parameters
    ----------
    token : Token
        Head of the subtree.

    Returns
    -------
    tuple of int
        Start and end in the text.
    """
    return span_subtree(token, first=token.i)
