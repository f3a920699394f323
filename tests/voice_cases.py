"""Who speaks in cases that were written for it and in the sample's labelled passages, and how often that is found."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from framing.corpus import read_corpus, split_passages
from framing.voice.marking import mark_voices

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "voice_cases.jsonl"
SECOND = ROOT / "tests" / "voice_cases_second.jsonl"
DIRECT = ("direct_after", "direct_before", "direct_long")
INDIRECT = ("indirect_that", "according_to", "heading", "passive_accuse")
_ARTICLES = frozenset("the a an of in at from for to one s ms mr mrs".split())  # noqa: SIM905


def same_speaker(gold: str, predicted: str) -> bool:
    """Whether two names mean the same: most words of the shorter, articles and forms of address left out, are shared.

    >>> same_speaker("Professor Ada Lund", "Ada Lund"), same_speaker("a Polish officer", "two officers")
    (True, False)
    """
    a, b = (
        set(re.findall(r"[a-zà-ž0-9]+", name.lower().replace("’s", "").replace("'s", ""))) - _ARTICLES
        for name in (gold, predicted)
    )
    if not a or not b:
        return a == b
    return len(a & b) / min(len(a), len(b)) >= 0.6


def cases(split: str, path: Path = CASES) -> list[dict[str, str]]:
    """Cases of one split, as written in the file."""
    with path.open(encoding="utf-8") as lines:
        return [case for case in map(json.loads, lines) if case["split"] == split]


def mark_cases(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Voices of cases, each read with its context as one document."""
    documents, passages = [], []
    for number, case in enumerate(rows):
        before = f"{case['context']}\n\n" if case["context"] else ""
        documents.append((str(number), before + case["text"]))
        passages.append((str(number), str(number), case["text"], len(before), len(before) + len(case["text"])))
    return mark_voices(
        pd.DataFrame(passages, columns=["passage_id", "document_id", "text", "start", "end"]),
        pd.DataFrame(documents, columns=["document_id", "text"]),
    )


def in_development(document_id: str) -> bool:
    """Whether a document of the sample was seen while rules were written: half of them, by a hash."""
    return int(hashlib.sha256(document_id.encode()).hexdigest(), 16) % 2 == 0


def sample(*, development: bool) -> tuple[list[dict[str, str]], pd.DataFrame]:
    """Labelled passages of one half of the sample's documents, and their voices."""
    documents = read_corpus(ROOT / "corpora" / "deep-strike").documents
    gold = pd.read_csv(ROOT / "corpora" / "deep-strike" / "whole_articles.csv", keep_default_na=False)
    gold = gold[[in_development(name) == development for name in gold["document_id"]]]
    passages = split_passages(documents).set_index("passage_id").loc[gold["passage_id"]].reset_index()
    rows = [
        {
            "form": "with quotation marks" if re.search(r"[“\"]", text) else "without quotation marks",
            "voice": "attributed" if speaker else "own",
            "speaker": speaker,
            "speaker_group": "",
        }
        for text, speaker in zip(gold["text"], gold["speaker"], strict=True)
    ]
    return rows, mark_voices(passages, documents)


def figures(rows: Iterable[dict[str, str]], voices: pd.DataFrame) -> dict[str, float]:
    """F1 of `own` and of `attributed`; speaker right by form, over passages that have one; groups and voices right."""
    counts: dict[str, list[bool]] = defaultdict(list)
    both = own = attributed = wrong = 0
    for case, predicted in zip(rows, voices.itertuples(), strict=True):
        has_speaker, is_attributed = case["voice"] != "own", predicted.voice != "own"
        both += has_speaker and is_attributed
        own += not has_speaker and not is_attributed
        wrong += has_speaker != is_attributed
        attributed += 1
        if not has_speaker:
            counts[f"own, {case['form']}"].append(not is_attributed)
            continue
        right = is_attributed and same_speaker(case["speaker"], str(predicted.speaker))
        kind = "direct" if case["form"] in DIRECT else "indirect" if case["form"] in INDIRECT else case["form"]
        counts[f"speaker, {kind}"].append(right)
        counts["speaker, all"].append(right)
        named = str(predicted.speakers).split("; ")
        counts["speaker, among all of the passage"].append(any(same_speaker(case["speaker"], name) for name in named))
        if case["speaker_group"]:
            counts["group"].append(case["speaker_group"] == predicted.speaker_group)
            counts["quoted or reported"].append(case["voice"] == predicted.voice)
    result = {"F1 attributed": 2 * both / (2 * both + wrong), "F1 own": 2 * own / (2 * own + wrong), "n": attributed}
    return result | {name: sum(each) / len(each) for name, each in sorted(counts.items())}
