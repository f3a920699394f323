"""`framing discover`."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from pydantic import ValidationError

from framing.analysis.discovered import N_SHOWN, Discovery, count_passages, open_discovery
from framing.analysis.languages import describe_languages, find_codebook_languages
from framing.cli.codebooks import UnitOption, open_codebook
from framing.cli.options import (
    DEFAULT_ENCODER,
    CorpusArgument,
    EncoderOption,
    PathOption,
    WordsOption,
    find_corpus,
    say,
)
from framing.cli.remarks import say_all
from framing.codebook import Codebook, Frame
from framing.codebook.drafts import PLACEHOLDER, name_unwritten
from framing.corpus import read_config
from framing.corpus.fingerprint import list_source_files
from framing.defaults import MAX_WORDS
from framing.discovery.draft import draft_codebook
from framing.discovery.grouping import LEAST_TEXTS
from framing.errors import InputError
from framing.files.output_folder import check_output_folder
from framing.files.whole import check_not_read, write_table, write_whole
from framing.project import corpus_folder, project_root
from framing.reports.discovery import render_discovery
from framing.reports.plan import read_plan
from framing.texts import in_language, list_languages
from framing.texts.language import ENGLISH

__all__ = ["discover"]

_PAGE = "index.html"
_OWN = (
    *(f"{name}.{kind}" for name in ("groups", "passages", "shares", "trends") for kind in ("csv", "parquet")),
    _PAGE,
)


def discover(
    source: CorpusArgument,
    codebook: Annotated[
        Path | None,
        typer.Option("--codebook", help="Codebook file (else that of the corpus's human labels or reports)"),
    ] = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder to write (else reports/discovery-CORPUS)")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Group all passages, those that a frame explains too")] = False,
    n_groups: Annotated[
        int, typer.Option("--groups", help="Groups to make (else by the number of passages)", min=0)
    ] = 0,
    words: WordsOption = MAX_WORDS,
    unit: UnitOption = "",
    data_path: PathOption = "",
    language: Annotated[
        str, typer.Option("--language", help="Language of the page: en, de, fr, ru, uk or zh")
    ] = ENGLISH,
    draft: Annotated[str, typer.Option("--draft", help="Group, such as g3, that becomes a frame of a draft")] = "",
    frame: Annotated[str, typer.Option("--as", help="Id of that frame, such as way_out")] = "",
    draft_output: Annotated[
        Path | None, typer.Option("--draft-output", help="File of the draft (else CODEBOOK-FRAME-draft.yaml)")
    ] = None,
) -> None:
    """Group the passages that no frame explains, name and show the groups; draft a frame of one."""
    if bool(draft) != bool(frame):
        raise InputError("--draft GROUP and --as ID go together: which group, and the id of the frame made of it.")
    if language not in list_languages():
        raise InputError(f"--language {language}: choose {', '.join(list_languages())}.")
    if draft_output is not None and not draft:
        raise InputError("--draft-output is the file of a draft: add --draft GROUP --as ID.")
    folder = find_corpus(source)
    book = open_codebook(_find_codebook(folder) if codebook is None else codebook, unit=unit, draft=True)
    _warn_unwritten(book)
    if frame in book.frame_ids:
        raise InputError(
            f"--as {frame}: the codebook {book.codebook} has that frame already. Its frames: "
            f"{', '.join(book.frame_ids)}."
        )
    inputs = [*list_source_files(folder, data_path=data_path), codebook]
    home = project_root() / "reports" / f"discovery-{read_config(folder).corpus}" if output is None else output
    target = Path(f"{book.codebook}-{frame}-draft.yaml") if draft_output is None else draft_output
    if draft:
        _check_draft(target, inputs)
        _check_frame(frame, book)
    else:
        check_output_folder(home, corpus=folder, own=_OWN)
    found = open_discovery(
        folder,
        book,
        encoder=encoder,
        data_path=data_path,
        every=every,
        n_groups=n_groups,
        max_words=words,
        say=say,
    )
    if draft:
        _check_shown(found, draft, home)
        write_whole(target, _make_draft(found, book, draft, frame).encode())
        say(f"Still to write, of {frame}: its definition, name and rules, and eight examples")
        say("Why, and what else: the comments at the head of the file")
        say(f"Then: framing codebook check {shlex.quote(str(target))}, and put the file into seeds/")
        typer.echo(str(target))
        return
    _say_counts(found)
    options = {
        "--codebook": codebook,
        "--encoder": "" if encoder == DEFAULT_ENCODER else encoder,
        "--groups": n_groups,
        "--words": 0 if words == MAX_WORDS else words,
        "--unit": unit,
        "--path": data_path,
    }
    given = [str(part) for option, value in options.items() if value for part in (option, value)]
    command = shlex.join(["framing", "discover", str(source), *given, *(["--all"] if every else [])])
    with in_language(language):
        typer.echo(str(_write(found, home, inputs, command)))


def _find_codebook(folder: Path) -> Path:
    """The codebook of the human labels of a corpus, else the one that reports of it name."""
    gold = read_config(folder).gold
    if gold is not None:
        return Path(gold.codebook)
    named: dict[str, list[str]] = {}
    for path in sorted((project_root() / "reports").glob("*.yaml")):
        with contextlib.suppress(InputError):  # a report with an error is not asked
            plan = read_plan(path.stem)
            if folder.resolve() in [corpus_folder(name).resolve() for name in (plan.corpus, *plan.corpora) if name]:
                named.setdefault(plan.codebook, []).append(f"reports/{path.name}")
    if len(named) == 1:
        [(codebook, reports)] = named.items()
        say(f"codebook {codebook}, as {' and '.join(reports)} has it")
        return Path(codebook)
    reason = "has no human labels of one, and no report in reports/ names the corpus"
    if named:
        reason = f"has no human labels of one, and reports name several: {', '.join(named)}"
    raise InputError(f"Name the codebook with --codebook: {folder / 'corpus.yaml'} {reason}.")


def _warn_unwritten(codebook: Codebook) -> None:
    """Warn where frames of a draft are not written yet."""
    if unwritten := name_unwritten(codebook):
        say(
            f"WARNING: {codebook.codebook} {codebook.version} is a draft: {PLACEHOLDER} still stands in "
            f"{unwritten}. The seeds count all the same, read or not: passages like them are taken for "
            "explained, and the cuts of all frames move. Write what is missing, then run this again."
        )


def _check_draft(path: Path, inputs: list[Path | None]) -> None:
    """Refuse a file that may be edited already, or is no YAML file."""
    if path.suffix not in (".yaml", ".yml"):
        raise InputError(f"--draft-output {path}: a codebook is a .yaml file.")
    check_not_read(path, inputs, argument="draft_output")
    if path.exists():
        raise InputError(f"{path} is there already, and may have been edited: name another file with --draft-output.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"--draft-output {path}: there is no folder {path.absolute().parent}.")


def _check_frame(frame: str, book: Codebook) -> None:
    """Refuse an id that no frame can have, before any work."""
    first = book.frames[0]
    try:
        Frame(id=frame, name="draft", definition="draft", seeds=first.seeds[:1])
    except ValidationError as error:
        reason = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise InputError(f"--as {frame}: {reason}; expected an id such as way_out.") from None


def _check_shown(found: Discovery, group: str, home: Path) -> None:
    """Say which group is drafted, and refuse one that is another on the page that was written last."""
    found.list_examples(group, "seed")
    words = str(found.groups.set_index("group").loc[group, "words"])
    shown = {}
    with contextlib.suppress(OSError, KeyError, ValueError):  # no page, or a damaged table: nothing to compare with
        shown = pd.read_parquet(home / "groups.parquet").set_index("group")["words"].to_dict()
    if shown and shown.get(group) != words:
        raise InputError(
            f"--draft {group}: on {home / _PAGE} it is “{shown.get(group, 'not there')}”, now “{words}”: the corpus, "
            "the codebook or the options are others. Give the same options, or make the page again and choose anew."
        )
    say(f"{group}: {words or 'no word in common'}")


def _make_draft(found: Discovery, book: Codebook, group: str, frame: str) -> str:
    chosen = found.list_examples(group, "seed")
    row = found.groups.set_index("group").loc[group]
    other = found.list_examples(group, "counter_seed")
    verdict = f"{row['verdict']}, stability {row['stability']:.2f}"
    return draft_codebook(
        book,
        frame,
        words=[word for word in str(row["words"]).split(", ") if word],
        seeds=list(zip(chosen["text"], chosen["language"], strict=True)),
        counter_seeds=list(zip(other["text"], other["language"], strict=True)),
        source=f"It is made of group {group} of the corpus {found.corpus} ({row['n_passages']} passages; {verdict}).",
    )


def _say_counts(found: Discovery) -> None:
    """Print what became of the passages, and of the groups."""
    known = find_codebook_languages(found.codebook)
    say_all(describe_languages(found.passages["language"], encoder=found.encoder, codebook=known, unit="passages"))
    counts = count_passages(found)
    n = sum(counts.values())
    explained = "explained ones not set apart (--all)" if found.every else f"{counts['explained']:,} explained"
    aside = counts["repeated"] + counts["undecided"]
    say(
        f"{n:,} passages = {counts['grouped']:,} grouped + {counts['ungrouped']:,} ungrouped + {explained} + "
        f"{aside:,} set aside ({counts['repeated']:,} repeat another, {counts['undecided']:,} undecided); "
        f"{found.n_refused:,} rows refused"
    )
    n_unstable = int((found.groups["verdict"] == "unstable").sum())
    if found.groups.empty:
        say(
            f"no groups: they need at least {LEAST_TEXTS} passages. The page lists the {counts['ungrouped']:,} that "
            f"are left: read them one by one{'' if found.every else ', or group all passages (--all)'}."
        )
        return
    n = len(found.groups)
    say(f"{n:,} group{'s' if n != 1 else ''}, unstable: {n_unstable:,}; exploratory. The first:")
    for row in found.groups.head(N_SHOWN).to_dict("records"):
        notes = [f"{row['n_passages']:,} passages", f"stability {row['stability']:.2f}, {row['verdict']}"]
        if row["one_outlet"]:
            notes.append(f"{row['largest_outlet_share']:.0%} of {row['largest_outlet']}")
        if row["one_language"]:
            notes.append(f"{row['largest_language_share']:.0%} in {row['largest_language']}")
        say(f"  {row['group']} {row['words'] or 'no word in common'} ({'; '.join(notes)})")


def _write(found: Discovery, home: Path, inputs: list[Path | None], command: str) -> Path:
    """Write tables and page into a folder; the path of the page."""
    for name in _OWN:
        check_not_read(home / name, inputs)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--output {home} cannot be written: {error.strerror or error}.") from None
    page = home / _PAGE
    for name in _OWN:
        if name != _PAGE:
            write_table(getattr(found, Path(name).stem), home / name)
    write_whole(page, [render_discovery(found, command=command)])
    return page
