"""Stories and translations across languages: a constructed sample in six languages, and posts with their translations.

python -m benchmarks.story_languages [sample] [short] [posts]

`sample` reads the .jsonl files of corpora/deep-strike-languages, or of the folder that FRAMING_LANGUAGES names:
articles with the columns `event` and `translation_of`. Weights and floor of likeness across languages were chosen on
every second event (in the order of their names): the lowest weights at which the B-cubed F1 of these is within 0.01 of
the best, among weights from 0.2 to 1.2 and floors from 0 to 0.3. The other events are only reported.

`short` cuts the articles of the sample to their first sentences and looks for translations among them, whatever their
length. The least number of sentences from which texts are judged was chosen on the same events as weights: from it on
no two independent articles pass for a translation. The other events are only reported.

`posts` reads FIGNEWS (CAMeL-Lab): posts in Arabic, Hebrew, French and Hindi with English translations by a machine, of
which every second one is kept, as a document of its own. The threshold of translations was chosen on the even posts;
the odd ones are reported, all of them and those that are long enough to be judged. Near-equal posts are left out.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.labelled import DATA, fignews
from benchmarks.stories import measure_agreement
from framing.corpus import split_passages
from framing.corpus.sentences import split_line
from framing.encoders.sentence import default_store, open_encoder
from framing.stories.aligned import align_passages, encode_passages
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories
from framing.stories.floor import compare_languages
from framing.stories.translations import MIN_SENTENCES, find_translations, join_translations

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = Path(os.environ.get("FRAMING_LANGUAGES", ROOT / "corpora" / "deep-strike-languages"))
ENCODER = "multilingual"
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)  # sentences


def read_sample() -> pd.DataFrame:
    """Articles of the sample, of all its files that have events."""
    lines = [line for path in sorted(SAMPLE.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in map(json.loads, lines) if "event" in row]
    documents = pd.DataFrame(rows)
    documents["published"] = pd.to_datetime(documents["published"])
    return documents


def measure_sample() -> None:
    """B-cubed agreement with events on both halves, pairs across languages, translations, and aligned passages."""
    documents = read_sample()
    encoder = open_encoder(ENCODER, store=default_store())
    translations = find_translations(documents, encoder)
    joined = join_translations(documents, find_duplicates(documents), translations)
    names = sorted(documents["event"].unique())
    first = documents["event"].isin(names[::2]).to_numpy()
    for model in ("minilm", encoder):
        stories = find_stories(documents, model, duplicates=joined if model is encoder else None)
        for title, rows in (("chosen on", first), ("the others", ~first)):
            found = measure_agreement(documents["event"], stories["story_id"], rows)
            across = _measure_pairs(documents, stories["story_id"], rows)
            print(
                f"{model if isinstance(model, str) else model.name}, events {title}: B-cubed F1 {found['f1']:.3f} "
                f"(precision {found['precision']:.3f}, recall {found['recall']:.3f}); pairs across languages: {across}",
                flush=True,
            )
    _print_translations(documents, translations)
    passages = split_passages(documents.assign(corpus="", perspective="", title="", url=""))
    vectors, floor = compare_languages(passages, encode_passages(passages, encoder), stories, encoder)
    aligned = align_passages(passages, vectors, stories, floor=floor)
    language = passages.set_index("passage_id")["language"]
    share = (aligned["passage_id"].map(language) != aligned["other_id"].map(language)).mean()
    print(f"aligned passages: floor {floor}, {len(aligned) // 2} pairs, {share:.0%} of them across languages")


def _measure_pairs(documents: pd.DataFrame, stories: pd.Series, rows: np.ndarray) -> str:
    """Precision and recall of pairs of documents in different languages, one of them at least among the rows."""
    columns = (documents["event"], documents["language"], stories, rows)
    counts = {"both": 0, "story": 0, "event": 0}
    for (event, language, story, chosen), (event_b, language_b, story_b, chosen_b) in combinations(
        zip(*columns, strict=True), 2
    ):
        if language != language_b and (chosen or chosen_b):
            counts["both"] += event == event_b and story == story_b
            counts["story"] += story == story_b
            counts["event"] += event == event_b
    precision, recall = (counts["both"] / max(counts[name], 1) for name in ("story", "event"))
    return f"precision {precision:.3f}, recall {recall:.3f} of {counts['event']}"


def _print_translations(documents: pd.DataFrame, translations: pd.DataFrame) -> None:
    """Precision and recall of pairs: a translation and its original, or two translations of one article."""
    source = dict(zip(documents["document_id"], documents["translation_of"], strict=True))
    root = {name: of or name for name, of in source.items()}
    true = {pair for pair in combinations(sorted(root), 2) if root[pair[0]] == root[pair[1]]}
    group = dict(zip(documents["document_id"], documents["document_id"], strict=True))
    group |= dict(zip(translations["document_id"], translations["translation_of"], strict=True))
    found = {pair for pair in combinations(sorted(group), 2) if group[pair[0]] == group[pair[1]]}
    print(
        f"translations in the sample: {len(found & true)} of {len(found)} pairs right, {len(found & true)} of "
        f"{len(true)} found, among {len(documents)} articles"
    )


def measure_short() -> None:
    """Translations, and independent articles that pass for them, by number of sentences, on both halves."""
    documents = read_sample()
    encoder = open_encoder(ENCODER, store=default_store())
    sentences = [
        _split(text, language) for text, language in zip(documents["text"], documents["language"], strict=True)
    ]
    source = dict(zip(documents["document_id"], documents["translation_of"], strict=True))
    event = dict(zip(documents["document_id"], documents["event"], strict=True))
    chosen_on = set(sorted(documents["event"].unique())[::2])
    for n in LENGTHS:
        cut = documents.assign(text=[" ".join(part[:n]) for part in sentences])
        found = find_translations(cut, encoder, min_sentences=1)
        results = []
        for title, is_first in (("chosen on", True), ("the others", False)):
            rows = [row for row in found.itertuples() if (event[row.document_id] in chosen_on) == is_first]
            true = [(source[row.document_id] or row.document_id) == (source[row.translation_of] or row.translation_of)
                    for row in rows]  # fmt: skip
            results.append(f"events {title}: {sum(true)} of {len(true)} right")
        print(f"articles cut to {n} sentences: {'; '.join(results)}", flush=True)


def _split(text: str, language: str) -> list[str]:
    """Sentences of a text."""
    parts = (line[start:end] for line in text.splitlines() for start, end in split_line(line, language=language))
    return [part for part in parts if part.strip()]


def measure_posts() -> None:
    """Precision and recall of translations among posts, of which half have one."""
    for title, remainder in (("chosen on", 0), ("the others", 1)):
        documents, n_true = read_posts(remainder)
        length = {row.document_id: len(_split(row.text, row.language)) for row in documents.itertuples()}
        for least in (1, MIN_SENTENCES):
            found = find_translations(documents, ENCODER, min_sentences=least)
            pairs = zip(found["document_id"], found["translation_of"], strict=True)
            right = sum(a.removesuffix("+mt") == b.removesuffix("+mt") for a, b in pairs)
            n_long = sum(
                name.endswith("+mt") and min(n, length[name.removesuffix("+mt")]) >= least for name, n in length.items()
            )
            print(
                f"posts of {least} sentences or more, {title}: precision {right / max(len(found), 1):.3f}, recall "
                f"{right / n_long:.3f}; {n_long} of {n_true} translations, among {len(documents)} posts",
                flush=True,
            )


def read_posts(remainder: int) -> tuple[pd.DataFrame, int]:
    """Every second post in all languages with the translations of half of the foreign ones, and their number."""
    posts = fignews().rename(columns={"text": "original", "translation": "text"})
    posts = posts[posts["original"].str.strip() != ""].reset_index(drop=True)
    posts = posts.assign(
        document_id=[f"p{number}" for number in range(len(posts))], outlet="posts", title="",
        published=pd.Series(pd.NaT, index=posts.index, dtype="datetime64[ns]"),
    )  # fmt: skip
    copies = find_duplicates(posts[posts["text"].str.strip() != ""])
    posts = posts[~posts["document_id"].isin(copies.loc[copies["duplicate_of"] != "", "document_id"])]
    number = posts["document_id"].str[1:].astype(int)
    posts, number = posts[number % 2 == remainder], number[number % 2 == remainder]
    translated = posts[(posts["language"] != "en") & (number // 2 % 2 == 1)]
    translations = translated.assign(document_id=translated["document_id"] + "+mt", language="en")
    documents = pd.concat([posts.assign(text=posts["original"]), translations], ignore_index=True)
    return documents[["document_id", "outlet", "published", "language", "title", "text"]], len(translations)


def main(arguments: list[str]) -> None:
    chosen = arguments or [
        *(["sample", "short"] if any(SAMPLE.glob("*.jsonl")) else []),
        *(["posts"] if (DATA / "fignews").is_dir() else []),
    ]
    for name in chosen:
        {"sample": measure_sample, "short": measure_short, "posts": measure_posts}[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
