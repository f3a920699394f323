"""Export files of press databases: documents read of those declared, and how often their fields are filled.

Reads every file in `exports` of the data folder with the format that recognises most of its documents. Declared are the
documents that the file counts or begins; what is not read is refused with a reason. Run as
`python -m benchmarks.exports [FOLDER] [--reasons]`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.labelled import DATA
from framing.corpus.formats import read_rows
from framing.corpus.press import PRESS_FORMATS
from framing.corpus.records import Refused, Row
from framing.errors import InputError

FIELDS = ("outlet", "published", "title", "text")
FORMATS = (*PRESS_FORMATS, "parlamint")


class Figures(NamedTuple):
    """What a format reads of a file: rows, and refused rows by their reason."""

    form: str
    rows: list[Row]
    reasons: Counter[str]

    @property
    def n_declared(self) -> int:
        return len(self.rows) + self.reasons.total()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "exports", help="folder with export files")
    parser.add_argument("--reasons", action="store_true", help="why documents were refused")
    options = parser.parse_args(arguments)
    head = "".join(f"{field:>11}" for field in FIELDS)
    print(f"{'file':44} {'format':11} {'read':>6} {'declared':>9}{head}")
    for path, figures in measure_folder(options.folder):
        shares = "".join(f"{share:11.3f}" if figures.rows else f"{'-':>11}" for share in find_shares(figures.rows))
        print(f"{path.name[:44]:44} {figures.form:11} {len(figures.rows):6} {figures.n_declared:9}{shares}")
        if options.reasons:
            for reason, n in figures.reasons.most_common():
                print(f"{n:8} refused: {reason}")


def measure_folder(folder: Path) -> Iterator[tuple[Path, Figures]]:
    """What is read of each file below a folder."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        yield path, max((read_file(path, form) for form in FORMATS), key=lambda figures: len(figures.rows))


def read_file(path: Path, form: str) -> Figures:
    try:
        items = list(read_rows(path, kind=form, needed=FIELDS))
    except InputError as error:
        return Figures(form, [], Counter([str(error)]))
    rows = [item for item in items if isinstance(item, Row)]
    return Figures(form, rows, Counter(item.reason for item in items if isinstance(item, Refused)))


def find_shares(rows: Sequence[Row]) -> list[float]:
    """Share of the rows that have each of `FIELDS`; nothing where there are no rows."""
    return [sum(bool(row.values[field].strip()) for row in rows) / max(1, len(rows)) for field in FIELDS]


if __name__ == "__main__":
    main()
