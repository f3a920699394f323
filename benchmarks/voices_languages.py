"""Print how often the speaker of a direct quotation is right in each language of the sample in six languages.

The first eight articles of each outlet were read while rules were written; what is wrong in the last eight was not
looked at, though their figure was printed a few times as rules were added. Run as
`python -m benchmarks.voices_languages`; with `--errors` it lists what is wrong in the first eight articles.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from tests.voice_languages import Articles, Counts, count_quotes, read_articles

_N_DRAWS = 2000


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the errors in the articles that were read")
    chosen = parser.parse_args(arguments)
    print_counts(count_quotes(read_articles()), names=("first eight", "last eight"), errors=chosen.errors)


def print_counts(parts: dict[tuple[str, bool], Articles], *, names: tuple[str, str], errors: bool) -> None:
    """Print a table of the parts that were read and then of those held back, and on demand the errors in the former.

    Parameters
    ----------
    parts : dict of tuple of str and bool to Articles
        Counts by language and by whether the articles were held back.
    names : tuple of str
        Names of the articles that were read and of those held back.
    errors : bool
        Whether the errors in the articles that were read are listed.
    """
    print("language  articles       quotations  speaker right        found                spans that are quotations")
    for (language, held), part in sorted(parts.items(), key=lambda item: (item[0][1], item[0][0])):
        counts = part.counts
        print(
            f"{language:9} {names[held]:14} {sum(each.n_quotes for each in counts):10}  "
            f"{_share(counts, lambda each: each.right, lambda each: each.n_quotes)}  "
            f"{_share(counts, lambda each: each.found, lambda each: each.n_quotes)}  "
            f"{_share(counts, lambda each: each.true_spans, lambda each: each.n_spans)}"
        )
        if errors and not held:
            print(*(f"  {error}" for error in part.errors), sep="\n")


def _share(counts: list[Counts], part: Callable[[Counts], int], whole: Callable[[Counts], int]) -> str:
    """A share with its 95 % interval from resampled articles."""
    parts, wholes = (np.array([take(each) for each in counts]) for take in (part, whole))
    draws = np.random.default_rng(0).integers(0, len(counts), size=(_N_DRAWS, len(counts)))
    shares = parts[draws].sum(axis=1) / np.maximum(1, wholes[draws].sum(axis=1))
    low, high = np.quantile(shares, (0.025, 0.975))
    return f"{parts.sum() / max(1, wholes.sum()):.3f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
