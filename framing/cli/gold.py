"""`framing gold`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, cast

import numpy as np
import pandas as pd
import typer

from framing.cli.codebooks import open_codebook
from framing.cli.coded_rows import leave_out_records, say_coded_rows
from framing.cli.options import MAX_REFUSED, CodebookOption, say, say_refused
from framing.cli.tables import format_measures, format_plain
from framing.codebook import Codebook
from framing.coding.coded import Coded, read_sheets
from framing.coding.decisions import SETTLED
from framing.coding.gold_spans import spans_path
from framing.coding.rounds import list_rounds
from framing.coding.settle import Settled, Ties, coder_column, make_gold_table, settle_labels, unsettled_table
from framing.errors import InputError
from framing.files.spreadsheets import harmless_id, write_csv_output
from framing.files.whole import check_not_read
from framing.validation.coder_pairs import compare_coders
from framing.validation.coders import count_confusions, measure_reliability

__all__ = ["gold"]

_SETTLED = "(settled)"  # what people's labels come to, in a table of coders
_MODELS = ".models.csv"  # ending of the table of agreement with language models


def gold(
    sheets: Annotated[
        list[Path],
        typer.Argument(metavar="SHEET…", help="Filled sheets, .sqlite of framing code, or exports of other tools"),
    ],
    design: Annotated[Path, typer.Option("--design", help="Folder that framing sample wrote")],
    codebook: CodebookOption,
    output: Annotated[Path, typer.Option("--output", help="Gold file to write: .csv")],
    adjudicated: Annotated[
        Path | None,
        typer.Option("--adjudicated", help="Adjudicated labels, which override the coders'"),
    ] = None,
    ties: Annotated[
        str, typer.Option("--ties", help="If coders are split: ask (for adjudication), exclude, either or first")
    ] = "ask",
) -> None:
    """Read filled sheets back: check every row, measure agreement, settle labels, write the gold file."""
    sheets, by_hand = _take_settled(leave_out_records(sheets), adjudicated, n_rounds=len(list_rounds(design)))
    _check_output(output, [*sheets, design / "drawn.csv", codebook, *by_hand])
    book = open_codebook(codebook)
    coded = read_sheets(sheets, design=design, codebook=book, adjudicated=by_hand)
    settled = settle_labels(coded, ties=cast(Ties, ties))  # which checks it
    _show_rows(coded, output)
    _check_usable(coded, output)
    _show_reliability(coded, output)
    _show_notes(coded, output)
    _show_spans(coded, output)
    n_settled = _show_settled(settled)
    _show_models(coded, settled, output)
    unsettled = unsettled_table(coded, settled)
    to_adjudicate = _free_path(output.parent, "to_adjudicate")
    if len(unsettled):
        unsettled["passage_id"] = [harmless_id(value) for value in unsettled["passage_id"]]
        write_csv_output(unsettled, to_adjudicate, mark=True)
        say(f"{to_adjudicate}: the {len(unsettled)} open passages with the labels of each coder")
    if not n_settled:
        raise InputError(
            f"No passage is settled, so there is no gold file. Fill {to_adjudicate}, give it as --adjudicated."
        )
    write_csv_output(make_gold_table(coded, settled), output)
    if len(unsettled):
        say(
            f"WARNING: {len(unsettled)} drawn passages are not in {output}. Open passages differ from the rest, "
            "so shares and agreement from the file are biased, and its inclusion probabilities are too high. Fill the "
            f"column frames of {to_adjudicate} and give it as --adjudicated{_name_other_remedy(ties, book)}."
        )
    _show_config(coded, output)
    typer.echo(str(output))


def _take_settled(sheets: list[Path], adjudicated: Path | None, *, n_rounds: int) -> tuple[list[Path], list[Path]]:
    """Files of settled decisions among the sheets, as with coded/*.sqlite, are those of the adjudicated labels."""
    settled = [path for path in sheets if path.stem == SETTLED]
    by_hand = [*settled, *filter(None, [adjudicated])]
    if len(by_hand) > n_rounds:
        raise InputError(f"Expected one file of adjudicated labels a round, got {', '.join(map(str, by_hand))}.")
    for path in settled:
        say(f"{path}: labels that were settled; they override the coders'")
    return [path for path in sheets if path not in settled], by_hand


def _check_output(output: Path, inputs: list[Path | None]) -> None:
    """Refuse a gold file that could not be written, or that with a file beside it is one of those to read."""
    if output.suffix.lower() != ".csv":
        raise InputError(f"--output {output}: expected a name ending in .csv.")
    if not output.parent.is_dir():
        raise InputError(f"--output {output}: there is no folder {output.parent}.")
    for ending in (".csv", ".refused.csv", ".reliability.csv", ".notes.csv", _MODELS):
        path = output.with_suffix(ending)
        check_not_read(path, inputs)
    check_not_read(spans_path(output), inputs)


def _show_rows(coded: Coded, output: Path) -> None:
    """Print how many rows were accepted and refused; all refused rows go to a file beside the output."""
    path = output.with_suffix(".refused.csv")
    say_coded_rows(coded, listed=f"all are in {path}")
    refused = pd.concat([coded.refused, coded.refused_spans], ignore_index=True)
    if len(refused):
        write_csv_output(refused, path, mark=True)
        spans = f" and {len(coded.refused_spans)} refused spans" * bool(len(coded.refused_spans))
        say(f"{path}: all {len(coded.refused)} refused rows{spans}")


def _check_usable(coded: Coded, output: Path) -> None:
    """Refuse to go on without a coder whose sheet was refused as a whole."""
    if coded.unusable:
        raise InputError(
            f"No row can be used of {', of '.join(coded.unusable)}, so nothing was made but "
            f"{output.with_suffix('.refused.csv')}. Mend the sheet, or leave it out."
        )


def _show_reliability(coded: Coded, output: Path) -> None:
    """Print the agreement of the raw codings, before labels are settled; a file beside the output has it too."""
    if len(coded.coders) < 2:
        say("one coder: reliability cannot be estimated")
        return
    frames, documents = coded.codebook.frame_ids, coded.design.passages["document_id"].to_list()
    table = measure_reliability(coded.codings, frames=frames, documents=documents)
    write_csv_output(table, output.with_suffix(".reliability.csv"))
    typer.echo("Agreement among coders before labels were settled")
    typer.echo(format_measures(table))
    confusions = count_confusions(coded.codings, frames=frames)
    if len(confusions):
        typer.echo("\nFrames that coders confuse")
        typer.echo(format_plain(confusions, rows=len(confusions)))
    typer.echo("")


def _show_notes(coded: Coded, output: Path) -> None:
    """Write remarks, doubts and spans beside the output, if there are any."""
    said = coded.notes[(coded.notes[["notes", "unsure", "spans"]] != "").any(axis=1)]
    if len(said):
        path = output.with_suffix(".notes.csv")
        write_csv_output(coded.notes, path, mark=True)
        unsure = int((coded.notes["unsure"] != "").sum())
        say(f"{path}: {len(said)} codings with a remark, a doubt ({unsure}) or words that show why")


def _show_models(coded: Coded, settled: Settled, output: Path) -> None:
    """Print how far language models agree with people and with each other; a file beside the output has it too."""
    if not coded.models:
        return
    for name, codings in zip(coded.models, coded.model_codings, strict=True):
        n = int((~np.isnan(codings[:, 0])).sum())
        say(f"{name} has coded {n} of {len(codings)} passages; a language model settles nothing, so none of it is gold")
    by_people = np.where(settled.done[:, None], settled.labels, np.nan)
    table = compare_coders(
        np.concatenate([coded.codings, by_people[None], coded.model_codings]),
        [*coded.coders, _SETTLED, *coded.models],
        frames=coded.codebook.frame_ids,
        documents=coded.design.passages["document_id"].to_list(),
        of=coded.models,
    )
    path = output.with_suffix(_MODELS)
    write_csv_output(table, path)
    overall = table[table["frame"].isin(["(all)", "(mean)"]) & (table["measure"] == "alpha")]
    typer.echo("Agreement with language models (Krippendorff's alpha over all frames)")
    typer.echo(
        format_plain(overall[["coder_a", "coder_b", "estimate", "low", "high", "n_passages"]], rows=len(overall))
    )
    typer.echo("")
    say(f"{path}: the same for each frame")


def _show_spans(coded: Coded, output: Path) -> None:
    """Write the words that coders marked beside the output, and say which do not count."""
    n_kept, n_refused = len(coded.spans), len(coded.refused_spans)
    if n_kept + n_refused == 0:
        return
    say(f"marked words: {n_kept + n_refused} spans in = {n_kept} kept + {n_refused} refused")
    what = f"spans; all are in {output.with_suffix('.refused.csv')}"
    say_refused(coded.refused_spans, most=MAX_REFUSED, what=what)
    if n_kept:
        path = spans_path(output)
        table = coded.spans.assign(passage_id=[harmless_id(value) for value in coded.spans["passage_id"]])
        write_csv_output(table, path, mark=True)
        say(f"{path}: words marked in {coded.spans['passage_id'].nunique()} passages")


def _show_settled(settled: Settled) -> int:
    """Print how many passages were settled in which way; return the number of settled ones."""
    n, n_settled = len(settled.how), int(settled.done.sum())
    ways = ", ".join(f"{way} {number}" for way, number in Counter(settled.how).items())
    say(f"{n} passages drawn = {n_settled} settled + {n - n_settled} open: {ways}")
    return n_settled


def _show_config(coded: Coded, output: Path) -> None:
    """Print the lines that corpus.yaml needs for this gold file."""
    facts, columns = coded.design.facts, ", ".join(coder_column(name) for name in coded.coders)
    say("for corpus.yaml:")
    say(
        f"gold:\n  file: {output.name}\n  codebook: {coded.codebook.codebook}\n  coders: [{columns}]\n"
        f"  probability: inclusion_probability\n  stratum: stratum\n  unit: {facts.unit}\n"
        f"  coded: {facts.coded}\n"
        f"  sampling: >-\n    {facts.sentence}"
    )


def _free_path(folder: Path, stem: str) -> Path:
    """A path that does not exist yet, since an earlier list may have been filled by hand."""
    number = 1
    while (path := folder / (f"{stem}.csv" if number == 1 else f"{stem}_{number}.csv")).exists():
        number += 1
    return path


def _name_other_remedy(ties: str, book: Codebook) -> str:
    """The other remedy for ties, as the end of a sentence; empty if there is none."""
    if ties != "ask":
        return ""
    return ", or choose --ties either or first" if book.multi_label else ", or choose --ties first"
