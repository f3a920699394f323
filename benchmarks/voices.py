"""Who speaks: agreement with the cases and the sample's labels.

Cases in `tests/voice_cases.jsonl`: `dev` was seen while rules were written, `test` and the held half of the sample's
documents were not; `fresh` was written last, in another style. Those in `voice_cases_second.jsonl` were written before
their writer had read any rule, and halved by a hash: `dev` was seen while rules were mended, `test` was not;
`practice` was written and mended in five rounds after it. Articles stand in `tests/voice_articles.txt` with the speaker
of every stretch, those in quotation marks counted apart from the others: `dev` was seen while rules were mended,
`fresh` was written before; after a first figure of 0.89 its errors were read as well, so it is unseen no more.
Run as `python -m benchmarks.voices`; `benchmarks.voice_speed` measures the speed.
"""

from __future__ import annotations

import argparse

from tests.voice_articles import articles, figures_of_articles, find_speakers
from tests.voice_cases import SECOND, cases, figures, mark_cases, sample


def main(arguments: list[str] | None = None) -> None:
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    for split in ("dev", "test", "fresh"):
        rows = cases(split)
        _print_figures(f"cases, {split}", figures(rows, mark_cases(rows)))
    for split in ("dev", "practice", "test"):
        rows = cases(split, SECOND)
        _print_figures(f"second cases, {split}", figures(rows, mark_cases(rows)))
    for split in ("dev", "fresh"):
        texts = articles(split)
        _print_figures(f"articles, {split}", figures_of_articles(texts, find_speakers(texts)))
    for development in (True, False):
        _print_figures(
            f"sample, {'development' if development else 'held'} half", figures(*sample(development=development))
        )


def _print_figures(title: str, values: dict[str, float]) -> None:
    print(title)
    for name, value in values.items():
        print(f"  {name:34} {value:.3f}" if name != "n" else f"  {name:34} {value:.0f}")


if __name__ == "__main__":
    main()
