"""Print how often the speaker of a direct quotation is right in paragraphs written in the styles of the press.

72 constructed paragraphs in French and German, whose speakers were written down before the rules had been run on them.
Every other paragraph was read while rules were mended; the errors in the others were never looked at. Run as
`python -m benchmarks.voices_press`; with `--errors` it lists what is wrong in the paragraphs that were read.
"""

from __future__ import annotations

import argparse

from benchmarks.voices_languages import print_counts
from tests.voice_languages import count_quotes, read_press


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the errors in the paragraphs that were read")
    chosen = parser.parse_args(arguments)
    print_counts(count_quotes(read_press()), names=("read", "unseen"), errors=chosen.errors)


if __name__ == "__main__":
    main()
