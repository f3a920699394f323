"""Who says the direct quotations of the sample in six languages, and how often that is found."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from framing.voice.marking import find_voice_segments

FOLDER = Path(__file__).resolve().parent.parent / "corpora" / "deep-strike-languages"
PRESS = Path(__file__).resolve().parent / "voice" / "press_fr_de.jsonl"
_ARTICLES = frozenset(
    "der die das ein eine einer eines dem den le la les l un une de du des d of the a an in на в із из з".split()  # noqa: SIM905
)
_MARKS = re.compile(r"[\W_]+")
_SEEN = 8  # articles of each outlet that were read while rules were written: the first


@dataclass
class Counts:
    """Quotations of one article: how many, how many found, with the right speaker, and spans found in all and right."""

    n_quotes: int = 0
    found: int = 0
    right: int = 0
    n_spans: int = 0
    true_spans: int = 0


@dataclass
class Articles:
    """Articles of one language and part, with their counts."""

    counts: list[Counts] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def same_name(gold: str, predicted: str) -> bool:
    """Whether two names mean the same: most words, or in Chinese most characters, of the shorter are shared.

    >>> same_name("die Ministerin Lena Vogt", "Lena Vogt"), same_name("ein Diplomat", "ein Fischer")
    (True, False)
    >>> same_name("工程师季长河", "季长河"), same_name("一位外交官", "王志远")
    (True, False)
    """
    if re.search("[\u4e00-\u9fff]", gold):
        short, long = sorted((_MARKS.sub("", gold), _MARKS.sub("", predicted)), key=len)
        size = max(2, -(-len(short) * 6 // 10))
        return any(short[place : place + size] in long for place in range(len(short) - size + 1))
    a, b = (set(re.findall(r"\w+", name.lower())) - _ARTICLES for name in (gold, predicted))
    return len(a & b) / min(len(a), len(b)) >= 0.6 if a and b else a == b


def read_articles(folder: Path = FOLDER) -> list[dict[str, object]]:
    """Articles of the corpus with their quotations, in the order of the file."""
    quotes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in (folder / "quotes.jsonl").read_text(encoding="utf-8").splitlines():
        quote = json.loads(line)
        quotes[quote["document_id"]].append(quote)
    articles = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    return [article | {"quotes": quotes[article["document_id"]]} for article in articles]


def is_held(document_id: str) -> bool:
    """Whether an article was not read while rules were written: the last eight of each outlet.

    >>> is_held("lc-08"), is_held("lc-09")
    (False, True)
    """
    return int(document_id.split("-")[1]) > _SEEN


def read_press(path: Path = PRESS) -> list[dict[str, object]]:
    """Constructed paragraphs in French and German, in the styles of the press, with the speaker of each quotation.

    Every other one was read while rules were mended (`read`); the errors in the others were not looked at.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line | {"document_id": line["paragraph_id"], "held": not line["read"]} for line in lines]


def count_quotes(articles: list[dict[str, object]]) -> dict[tuple[str, bool], Articles]:
    """Counts by language and by whether the article was held back."""
    passages = pd.DataFrame(
        [(item["document_id"], item["text"], item["language"]) for item in articles],
        columns=["passage_id", "text", "language"],
    )
    segments = find_voice_segments(passages)
    by_article = dict(iter(segments[segments["voice"] == "quoted"].groupby("passage_id")))
    result: dict[tuple[str, bool], Articles] = defaultdict(Articles)
    for item in articles:
        name, text = str(item["document_id"]), str(item["text"])
        spans = [
            (_MARKS.sub("", text[start:end]), speaker)
            for start, end, speaker in by_article[name][["start", "end", "speaker"]].itertuples(index=False)
        ] if name in by_article else []  # fmt: skip
        part = result[str(item["language"]), bool(item["held"]) if "held" in item else is_held(name)]
        part.counts.append(_count(item["quotes"], spans, name, part.errors))  # type: ignore[arg-type]
    return result


def _count(quotes: list[dict[str, str]], spans: list[tuple[str, str]], name: str, errors: list[str]) -> Counts:
    """Counts of one article: spans and quotations are compared without marks, in order."""
    counts = Counts(n_quotes=len(quotes), n_spans=len(spans))
    golds = [_MARKS.sub("", quote["quote"]) for quote in quotes]
    counts.true_spans = sum(any(words == gold for gold in golds) for words, _ in spans)
    used: set[int] = set()
    for quote, gold in zip(quotes, golds, strict=True):
        exact = [n for n, (words, _) in enumerate(spans) if words == gold and n not in used]
        near = [n for n, (words, _) in enumerate(spans) if words and (words in gold or gold in words)]
        places = exact or near
        if not places:
            errors.append(f"{name}: not found: {quote['quote']}")
            continue
        used.add(places[0])
        counts.found += 1
        if same_name(quote["speaker"], spans[places[0]][1]):
            counts.right += 1
        else:
            errors.append(f"{name}: {quote['speaker']!r}, found {spans[places[0]][1]!r}: {quote['quote']}")
    return counts
