"""`framing corpus new`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from framing.cli.options import MAX_REFUSED, say, split_names
from framing.codebook import Codebook, read_codebook
from framing.corpus.dates import check_date_format
from framing.corpus.documents import Corpus, read_corpus
from framing.corpus.proposal.answers import Given, Proposal
from framing.corpus.proposal.places import list_files, place_files
from framing.corpus.proposal.propose import propose_corpus
from framing.corpus.proposal.render import DATA, render_config
from framing.errors import InputError
from framing.files.whole import whole_folder, write_whole
from framing.project import is_name, named_file, project_root
from framing.reports.new_plan import render_plan

__all__ = ["NewOptions", "new"]

_CODEBOOK = "generic-news"  # its frames fit news of any subject
_N_SHOWN = 10  # documents that are shown
_MIN_SHARE = 0.05  # of documents in a language that is named
_OTHER_DATES = " FORM, name their column: --published COLUMN, or go on without: --published none"
_NONE = "none"  # as the column of dates: there is none
_N_FILES = 3  # names of files in a question
_WIDTHS = {"file": 24, "outlet": 20, "title": 34, "text": 58}
_REMEDIES = {
    "text": "name its column: --text COLUMN",
    "outlet": "give the name of the one outlet: --outlet '=NAME', or its column: --outlet COLUMN",
    "published": "say how they are written: --date-format",
}


@dataclass(frozen=True, kw_only=True)
class NewOptions:
    """What is said outright about the files; all else is told from them."""

    text: Annotated[str, typer.Option("--text", help="Column of the text; several with commas are joined")] = ""
    outlet: Annotated[
        list[str] | None,
        typer.Option(
            "--outlet", help="Column of the outlet, =NAME of the one outlet, or FILE=NAME for one file; repeatable"
        ),
    ] = None
    published: Annotated[str, typer.Option("--published", help="Column of the date, or none to go on without")] = ""
    date_format: Annotated[
        list[str] | None,
        typer.Option("--date-format", help="How dates are written: %d.%m.%Y, iso, excel, unix; repeatable"),
    ] = None
    title_column: Annotated[str, typer.Option("--title-column", help="Column of the headline")] = ""
    url: Annotated[str, typer.Option("--url", help="Column of the address")] = ""
    document_id: Annotated[str, typer.Option("--id", help="Column of the id")] = ""
    kind: Annotated[str, typer.Option("--format", help="Format of all files, such as csv or nexis")] = ""
    encoding: Annotated[str, typer.Option("--encoding", help="Encoding of all files, such as cp1252")] = ""
    separator: Annotated[str, typer.Option("--separator", help="csv: character between fields")] = ""
    records: Annotated[str, typer.Option("--records", help="json: key of the array of articles")] = ""

    def make_given(self) -> Given:
        """Put the options as what is given.

        Returns
        -------
        Given
            Columns, the one outlet or those of files, forms of dates and options of readers.
        """
        outlets = {file.strip(): name.strip() for file, mark, name in map(_split_outlet, self.outlet or ()) if mark}
        outlet_columns = [value for value in self.outlet or () if "=" not in value]
        if len(outlet_columns) > 1:
            raise InputError(f"expected one column, got {', '.join(outlet_columns)}.", argument="outlet")
        if not all(outlets.values()):
            raise InputError("expected a name behind =, as in '=North Star' or 'a.csv=North Star'.", argument="outlet")
        columns = {
            "text": split_names(self.text),
            "outlet": outlet_columns,
            "published": [self.published],
            "title": [self.title_column],
            "url": [self.url],
            "document_id": [self.document_id],
        }
        for problem in filter(None, map(check_date_format, self.date_format or ())):
            raise InputError(problem + ".", argument="date_format")
        options: dict[str, Any] = {
            "kind": self.kind, "encoding": self.encoding, "separator": self.separator, "records": self.records,
        }  # fmt: skip
        given = {name: tuple(filter(None, parts)) for name, parts in columns.items() if any(parts)}
        return Given(
            columns={**given, "published": ()} if self.published == _NONE else given,
            outlet=outlets.pop("", ""),
            outlets=outlets,
            date_formats=tuple(self.date_format or ()),
            options={name: value for name, value in options.items() if value},
        )


def _split_outlet(value: str) -> tuple[str, str, str]:
    """FILE=NAME at the last =, which the name of a file may hold; =NAME at its first sign."""
    return value.partition("=") if value.startswith("=") else value.rpartition("=")


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the corpus and of its report: small letters, digits, -")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files and folders, of any known formats")],
    options: NewOptions,
    title: Annotated[str, typer.Option("--title", help="Title of the corpus and of the report")] = "",
    codebook: Annotated[str, typer.Option("--codebook", help="Codebook of the report, a name in seeds/")] = _CODEBOOK,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Read the files where they lie, instead of copying them")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking")] = False,
) -> None:
    """Propose a corpus.yaml for files, show what is read with it, and write it with a report file on yes."""
    home, plan_path = _find_places(name)
    codebook = _name_codebook(codebook)
    book = read_codebook(named_file("seeds", codebook, ".yaml", kind="codebook"))
    paths = list_files(files)
    is_there = _lies_within(paths, home)
    _check_free(home, plan_path, is_there=is_there)
    proposal = propose_corpus(paths, options.make_given())
    title = title or name.replace("-", " ").replace("_", " ").capitalize()
    places = None if in_place else place_files(files, proposal.files)
    if is_there:
        places = {path: PurePosixPath(path.resolve().relative_to(home).as_posix()) for path in proposal.files}
    config = render_config(proposal, corpus=name, title=title, places=places, folder="." if is_there else DATA)
    typer.echo(config)
    for file, reason in proposal.left_aside:
        say(f"left aside: {file}: {reason}")
    if proposal.questions:
        raise InputError(_ask(proposal))
    corpus = _read(proposal, name, title)
    _show(corpus, proposal)
    _compare_languages(corpus, book)
    notebooks = [path.stem for path in (project_root() / "notebooks").glob("*.ipynb")]
    plan = render_plan(corpus.documents, name=name, title=title, codebook=codebook, notebooks=notebooks)
    if not yes and not _confirm(home, plan_path):
        return
    if is_there:
        write_whole(home / "corpus.yaml", [config])
    else:
        with whole_folder(home) as work:
            for path, place in (places or {}).items():
                target = work / DATA / place
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            write_whole(work / "corpus.yaml", [config])
    write_whole(plan_path, [plan])
    say(f"written: {home / 'corpus.yaml'}, {plan_path}")
    typer.echo(f"framing report {name}")


def _find_places(name: str) -> tuple[Path, Path]:
    """Folder of the corpus and file of the report."""
    root = project_root()
    if not is_name(name) or name != name.lower():
        raise InputError(f"NAME: {name!r}: expected small letters, digits, - and _, for instance my-articles.")
    return root / "corpora" / name, root / "reports" / f"{name}.yaml"


def _name_codebook(given: str) -> str:
    """Name of a codebook, which may be given as its file; a report finds those of seeds/ alone."""
    path, home = Path(given), project_root() / "seeds"
    if path.suffix != ".yaml":
        return given
    if path.resolve().parent != home.resolve():
        raise InputError(
            f"--codebook {given}: a report takes a codebook of {home}; copy it there, and name {path.stem}."
        )
    return path.stem


def _lies_within(paths: list[Path], home: Path) -> bool:
    """Whether the files lie in the folder of the corpus already."""
    return all(path.resolve().is_relative_to(home) for path in paths)


def _check_free(home: Path, plan_path: Path, *, is_there: bool) -> None:
    """Refuse to take the place of anything."""
    for path in (home / "corpus.yaml" if is_there else home, plan_path):
        if path.exists():
            raise InputError(f"{path} exists and is not overwritten: choose another name, or move it away.")
        path.parent.mkdir(parents=True, exist_ok=True)


def _ask(proposal: Proposal) -> str:
    """What is open, each with the files and the option that answers it."""
    sentences = []
    for question in proposal.questions:
        paths = [path for source in proposal.sources if question in source.questions for path in source.files]
        names = list(dict.fromkeys(path.name for path in paths))
        where = f" ({_list_names(names)})" if len(proposal.files) > 1 else ""
        remedy = _REMEDIES[question.column]
        if question.column == "published":
            remedy += f" {' or --date-format '.join(map(repr, question.choices))}" if question.choices else _OTHER_DATES
        elif question.column == "outlet":
            remedy = remedy.replace("COLUMN", question.choices[0] if question.choices else "COLUMN")
            if len(proposal.files) > 1:
                each = " ".join(f"--outlet '{name}=NAME'" for name in names[:_N_FILES])
                remedy += f", or the outlet of each file: {each}{' …' if len(names) > _N_FILES else ''}"
        sentences.append(f"{question.column}{where}: {question.text.rstrip('.')}; {remedy}.")
    return " ".join(["Nothing was written: the files leave something open.", *sentences])


def _read(proposal: Proposal, name: str, title: str) -> Corpus:
    """Read the files where they lie, as the proposal says."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "corpus.yaml").write_text(render_config(proposal, corpus=name, title=title), encoding="utf-8")
        return read_corpus(folder)


def _list_names(names: list[str]) -> str:
    more = f" and {len(names) - _N_FILES} more" if len(names) > _N_FILES else ""
    return f"{', '.join(names[:_N_FILES])}{more}"


def _show(corpus: Corpus, proposal: Proposal) -> None:
    """Counts, the days of each source, the first documents of each file, and the first refusals."""
    files = corpus.files.drop(columns=["sha256", "n_bytes"])
    if len(files) <= MAX_REFUSED:
        typer.echo(files.to_string(index=False) + "\n")
    source_numbers = np.repeat(np.arange(len(proposal.sources)), [len(source.files) for source in proposal.sources])
    sources = pd.Series(source_numbers[corpus.file_numbers], index=corpus.documents.index)
    for number, published in corpus.documents["published"].groupby(sources):
        names = _list_names(proposal.sources[int(str(number))].names)
        typer.echo(f"days of {names}: {_describe_days(published)}")
    typer.echo()
    shown = _choose_shown(corpus, sources)
    table = pd.DataFrame({"published": shown["published"].dt.strftime("%Y-%m-%d").fillna("")})
    for column, width in _WIDTHS.items():
        cut = [_cut(text, width) for text in shown[column]]
        longest = max(map(len, [*cut, column]))
        table[column.ljust(longest)] = [text.ljust(longest) for text in cut]
    typer.echo(table.to_string(index=False) + "\n")
    for row in corpus.quarantine.head(MAX_REFUSED).itertuples():
        say(f"refused: {row.file}, line {row.line}: {row.reason}")
    if len(corpus.quarantine) > MAX_REFUSED:
        say(f"… and {len(corpus.quarantine) - MAX_REFUSED} more")
    counts = corpus.documents["outlet"].value_counts()
    typer.echo("outlets: " + ", ".join(f"{outlet} {n}" for outlet, n in counts.head(MAX_REFUSED).items()))
    n_rows, n_kept, n_refused = int(corpus.files["n_rows"].sum()), len(corpus.documents), len(corpus.quarantine)
    typer.echo(f"{len(corpus.files)} file(s), {n_rows} rows in = {n_kept} kept + {n_refused} refused")


def _describe_days(published: pd.Series) -> str:
    """First and last day, and how many documents have none."""
    n_without = int(published.isna().sum())
    if n_without == len(published):
        return f"none of {len(published)} document(s) has a date"
    days = f"{published.min():%Y-%m-%d} to {published.max():%Y-%m-%d}"
    return f"{days}; {n_without} of {len(published)} document(s) without a date"


def _choose_shown(corpus: Corpus, sources: pd.Series) -> pd.DataFrame:
    """The first documents of every source in turn, and in it of every file, sheet and member of an archive.

    Where a source has more of these than are shown, they are evenly spread over it.
    """
    places = pd.DataFrame({"source": sources, "number": corpus.file_numbers, "file": corpus.documents["file"]})
    groups = places.groupby(["source", "number", "file"], sort=False)
    places["row"], places["place"] = groups.cumcount(), groups.ngroup()
    kept = [
        place
        for _, part in places.groupby("source")["place"]
        for place in part.unique()[np.unique(np.linspace(0, part.nunique() - 1, _N_SHOWN).round().astype(int))]
    ]
    places = places[places["place"].isin(kept)].sort_values(["row", "place"])
    places["turn"] = places.groupby("source").cumcount()
    chosen = places.sort_values(["turn", "source"]).head(_N_SHOWN)
    return corpus.documents.loc[chosen.sort_values(["place", "row"]).index]


def _compare_languages(corpus: Corpus, book: Codebook) -> None:
    """Say where documents are in another language than the codebook; a few may be wrongly detected."""
    shares = corpus.documents["language"].value_counts(normalize=True).drop([book.language, "und"], errors="ignore")
    if others := [f"{language} {share:.0%}" for language, share in shares.items() if share >= _MIN_SHARE]:
        say(f"the codebook {book.codebook} is for {book.language}; documents are also in {', '.join(others)}")


def _cut(text: str, width: int) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _confirm(home: Path, plan_path: Path) -> bool:
    """Ask on a terminal; elsewhere say what would write it."""
    if _is_terminal():
        return typer.confirm(f"Write {home} and {plan_path}?")
    say("nothing was written: add --yes to write it")
    return False


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
