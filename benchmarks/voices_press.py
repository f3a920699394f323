"""Print how often the speaker is right in paragraphs written in the styles of the press, in three languages.

72 constructed paragraphs in French and German, whose speakers were written down before the rules had been run on them:
direct quotations. Every other paragraph was read while rules were mended; the errors in the others were never looked
at. 60 in English: whose each paragraph is, and who says each stretch, mostly without quotation marks; halved by a hash
of the text, one half read while rules were mended. Run as `python -m benchmarks.voices_press`; with `--errors` it lists
what is wrong in the paragraphs that were read.
"""

from __future__ import annotations

import argparse

from benchmarks.voices_languages import print_counts
from tests.voice_articles import figures_of_paragraphs, list_errors, paragraphs
from tests.voice_languages import count_quotes, read_press


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the errors in the paragraphs that were read")
    chosen = parser.parse_args(arguments)
    print_counts(count_quotes(read_press()), names=("read", "unseen"), errors=chosen.errors)
    for read in (True, False):
        rows = paragraphs(read=read)
        print(f"English, {'read' if read else 'unseen'}")
        for name, value in figures_of_paragraphs(rows).items():
            print(f"  {name:40} {value:.0f}" if name in ("n", "stretches, n") else f"  {name:40} {value:.3f}")
        if chosen.errors and read:
            print(*(f"  {error}" for error in list_errors(rows)), sep="\n")


if __name__ == "__main__":
    main()
