"""`framing sample` and `framing gold`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framing.cli.options import CodebookOption, EncoderOption, LabelsOption, PathOption, fitted, naming, open_codebook
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["gold", "sample"]


def sample(
    source: Annotated[str, typer.Argument(metavar="CORPUS", help="A corpus folder, or the name of one in corpora/")],
    codebook: CodebookOption,
    size: Annotated[
        int | None, typer.Option("--size", help="How many passages to draw (documents with --unit document)", min=2)
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", help="New folder for the draw and the sheets")] = None,
    wanted_width: Annotated[
        float | None, typer.Option("--wanted-width", help="Says how many labels an interval of this width needs: 0.1")
    ] = None,
    wanted_difference: Annotated[
        float | None, typer.Option("--wanted-difference", help="… how many it takes to find a difference this large")
    ] = None,
    comparisons: Annotated[int, typer.Option("--comparisons", help="Differences that are tested together", min=1)] = 1,
    power: Annotated[float, typer.Option("--power", help="Chance to find the difference where it is there")] = 0.8,
    unit: Annotated[str, typer.Option("--unit", help="What is drawn: passage, or document as a whole")] = "passage",
    allocation: Annotated[
        str, typer.Option("--allocation", help="equal for each outlet (Neyman within it), neyman or proportional")
    ] = "equal",
    frame: Annotated[str, typer.Option("--frame", help="The frame whose scores make the strata (else all)")] = "",
    no_scores: Annotated[
        bool, typer.Option("--no-scores", help="Classify nothing: strata by outlet and week only")
    ] = False,
    coders: Annotated[str, typer.Option("--coders", help="Names, comma-separated: anna,ben")] = "coder_1",
    overlap: Annotated[
        float, typer.Option("--overlap", help="Share that all coders code: 1.0 all of it", min=0, max=1)
    ] = 1.0,
    formats: Annotated[str, typer.Option("--formats", help="Of the sheets")] = "csv,xlsx,label-studio",
    encoder: EncoderOption = "minilm",
    labels: LabelsOption = None,
    classifier: Annotated[
        Path | None, typer.Option("--classifier", help="Folder of a classifier kept with classify --save")
    ] = None,
    words: Annotated[int, typer.Option("--words", help="Most words in a passage", min=10, max=400)] = 90,
    seed: Annotated[int, typer.Option("--random-seed", help="Start of the draw", min=0)] = 20250704,
    path: PathOption = "",
) -> None:
    """Draw passages for human coding, with the chance of each; say how many labels a wanted precision needs."""
    from framing.coding_sheet import check_coders, check_formats, check_new_folder, write_sheets
    from framing.corpus import read_corpus, split_passages
    from framing.sample_size import labels_needed
    from framing.sampling import draw_sample, plan_sample
    from framing.settings import corpus_folder

    wanted = wanted_width is not None or wanted_difference is not None
    if size is None and not wanted:
        raise InputError("Nothing to do: give --size and --output to draw, or --wanted-width or --wanted-difference.")
    if (size is None) != (output is None):
        raise InputError("--size and --output go together: how many to draw, and the folder to write.")
    if no_scores and (frame or labels is not None or classifier is not None):
        raise InputError("--no-scores: nothing is classified; leave out --frame, --labels and --classifier.")
    if output is not None:
        with naming("--output"):
            check_new_folder(output)
    book = open_codebook(codebook)
    chosen = book.resolve([frame], source="--frame")[0] if frame else ""
    frames = [chosen] if chosen else book.frame_ids
    names, kinds = ([name.strip() for name in text.split(",") if name.strip()] for text in (coders, formats))
    check_coders(names)
    check_formats(kinds)
    folder = Path(source) if (Path(source) / "corpus.yaml").is_file() else corpus_folder(source)
    corpus = read_corpus(folder, data_path=path)
    passages = split_passages(corpus.documents, max_words=words)
    _say(f"{len(passages):,} passages in {len(corpus.documents):,} documents; {len(corpus.quarantine)} rows refused")
    options: dict[str, Any] = {"size": size, "unit": unit, "allocation": allocation}
    goals: dict[str, Any] = {
        "wanted_width": wanted_width, "wanted_difference": wanted_difference, "n_comparisons": comparisons,
        "power": power, "unit": unit, "frames": frames,
    }  # fmt: skip
    if size is not None:
        plan_sample(passages, **options)  # whatever is wrong is said before anything is classified
    if wanted:
        labels_needed(passages, **goals)
    scores, how, zero_shot = None, "", False
    if not no_scores:
        ready = _classifier(book, encoder, labels, classifier)
        every = ready.predict_proba(passages["text"].to_list(), progress="classifying")
        scores, zero_shot = every[:, [book.frame_ids.index(name) for name in frames]], ready.zero_shot_
        how = "zero-shot from the seeds" if zero_shot else f"learned from labels ({ready.strength_})"
    if wanted:
        _show_needed(passages, scores, goals, zero_shot=zero_shot)
    if size is None or output is None:
        _say("nothing was drawn; add --size and --output to draw")
        return
    drawn = draw_sample(passages, scores=scores, random_seed=seed, **options)
    facts = _facts(corpus, book, drawn, words=words, how=how, frame=chosen, coders=names, overlap=overlap)
    facts = write_sheets(output, drawn, book, facts, formats=kinds)
    _say(facts.sentence)
    per_outlet = drawn.strata.groupby("outlet", sort=True)[["n_drawn", "n_units"]].sum()
    for name, row in per_outlet.iterrows():
        _say(f"  {name}: {row['n_drawn']:,} of {row['n_units']:,} {unit}s")
    if len(names) > 1 and overlap == 0:
        _say("no passage is coded by two coders, so nothing can be said about their reliability (--overlap)")
    _say(f"give {output / 'for_coders'} to the coders; keep drawn.csv, which tells the strata, from them")
    typer.echo(str(output))


def gold(
    sheets: Annotated[
        list[Path], typer.Argument(metavar="SHEET…", help="Filled sheets: .csv, .xlsx, Label Studio .json")
    ],
    design: Annotated[Path, typer.Option("--design", help="Folder that framing sample wrote")],
    codebook: CodebookOption,
    output: Annotated[Path, typer.Option("--output", help="Gold file to write: .csv")],
    adjudicated: Annotated[
        Path | None, typer.Option("--adjudicated", help="Sheet of settled labels; they go before the coders'")
    ] = None,
    ties: Annotated[
        str, typer.Option("--ties", help="Where coders are split: ask (for adjudication), exclude, either or first")
    ] = "ask",
) -> None:
    """Read filled sheets back: check every row, measure agreement, settle labels, write the gold file."""
    from framing.coded import gold_table, read_coded, settle, unsettled_table
    from framing.spreadsheets import harmless_id, write_csv

    if output.suffix.lower() != ".csv":
        raise InputError(f"--output {output}: expected a name ending in .csv.")
    if not output.parent.is_dir():
        raise InputError(f"--output {output}: there is no folder {output.parent}.")
    given = [*sheets, design / "drawn.csv", *([adjudicated] if adjudicated is not None else [])]
    if output.resolve() in [item.resolve() for item in given]:
        raise InputError(f"--output {output} is one of the files to read; name another.")
    book = open_codebook(codebook)
    coded = read_coded(sheets, design=design, codebook=book, adjudicated=adjudicated)
    settled = settle(coded, ties=ties)  # type: ignore[arg-type]  # checked there
    beside = output.with_suffix("")
    _show_rows(coded, beside)
    _show_reliability(coded, beside)
    counts = {name: int((settled.how == name).sum()) for name in dict.fromkeys(settled.how)}
    n, n_done = len(settled.how), int(settled.done.sum())
    ways = ", ".join(f"{how} {number}" for how, number in counts.items())
    _say(f"{n} passages drawn = {n_done} settled + {n - n_done} open: {ways}")
    open_ = unsettled_table(coded, settled)
    to_do = _free(output.parent, "to_adjudicate")
    if len(open_):
        open_["passage_id"] = [harmless_id(value) for value in open_["passage_id"]]
        _write(write_csv, open_, to_do, mark=True)
        _say(f"{to_do}: the {len(open_)} open passages with what each coder said")
    if not n_done:
        raise InputError(f"No passage is settled, so there is no gold file. Fill {to_do}, give it as --adjudicated.")
    _write(write_csv, gold_table(coded, settled), output)
    if len(open_):
        _say(
            f"WARNING: {len(open_)} drawn passages are not in {output}. Passages left open are not like the rest, so "
            "shares and agreement from the file are biased, and its inclusion probabilities are too high. Fill the "
            f"column frames of {to_do} and give it as --adjudicated{_other_way(ties, book)}."
        )
    facts = coded.design.facts
    _say("for corpus.yaml:")
    _say(
        f"gold:\n  file: {output.name}\n  codebook: {book.codebook}\n  coders: [{', '.join(_columns(coded))}]\n"
        f"  probability: inclusion_probability\n  stratum: stratum\n  unit: {facts.unit}\n"
        f"  sampling: >-\n    {facts.sentence}"
    )
    typer.echo(str(output))


def _classifier(book: Any, encoder: str, labels: Path | None, kept: Path | None) -> Any:
    if kept is None:
        return fitted(book, encoder=encoder, labels=labels, text_column="text")
    if labels is not None or encoder != "minilm":
        raise InputError("--classifier: it is used as it was kept; leave out --labels and --encoder.")
    from framing.saved import load_classifier

    with naming("--classifier"):
        return load_classifier(kept, book)


def _facts(
    corpus: Any, book: Any, drawn: Any, *, words: int, how: str, frame: str, coders: list[str], overlap: float
) -> Any:
    from framing import __version__
    from framing.design import DesignFacts, Stratum, rules_hash

    strata = drawn.strata[["stratum", "n_units", "n_passages", "n_drawn"]].to_dict("records")
    return DesignFacts(
        framing=__version__, corpus=corpus.config.corpus, corpus_hash=corpus.hash, codebook=book.codebook,
        codebook_version=book.version, codebook_hash=book.hash, rules_hash=rules_hash(book), passage_words=words,
        random_seed=drawn.random_seed, unit=drawn.unit, allocation=drawn.allocation,
        scores=how, frame=frame, size=int(drawn.strata["n_drawn"].sum()), n_passages_drawn=len(drawn.passages),
        n_passages=drawn.n_passages, n_documents=drawn.n_documents, coders=tuple(coders), overlap=overlap,
        strata=tuple(Stratum(**row) for row in strata),
    )  # fmt: skip


def _show_needed(passages: pd.DataFrame, scores: Any, wanted: dict[str, Any], *, zero_shot: bool) -> None:
    """Per frame the group or pair that needs most, and what that makes in all."""
    from framing.sample_size import labels_needed

    table = labels_needed(passages, scores=scores, **wanted)
    sizes = passages["outlet"].value_counts()
    for goal, part in table.groupby("goal", sort=False):
        what = f"an interval {wanted['wanted_width']:g} wide for each outlet"
        if goal == "difference":
            what = f"a difference of {wanted['wanted_difference']:g} between two outlets (power {wanted['power']:.0%})"
        typer.echo(f"Labelled passages that an outlet needs for {what}: the outlet or pair that needs most")
        typer.echo("frame                         share  labels alone  with classifier  design effect  of them with it")
        most = part.loc[part.groupby("frame", sort=False)["n_labels_gold_only"].idxmax()]
        for row in most.to_dict("records"):
            first = f"{row['frame']:<28}{row['share_a']:>7.1%}{row['n_labels_gold_only']:>14,}{row['n_labels']:>17,}"
            typer.echo(f"{first}{row['design_effect']:>15.2f}{row['n_with_frame']:>17.0f}")
        # as many for each outlet as the most demanding one needs, or all that it has
        alone, helped = (int(sizes.clip(upper=part[name].max()).sum()) for name in ("n_labels_gold_only", "n_labels"))
        typer.echo(f"for all of these in {len(sizes)} outlets: {alone:,} labels alone, {helped:,} with the classifier")
        typer.echo(f"({part['method'].iloc[0]})\n")
    if zero_shot:
        typer.echo("Zero-shot scores are no chances: plan with the labels alone; the classifier may save fewer.\n")


def _show_rows(coded: Any, beside: Path) -> None:
    from framing.spreadsheets import write_csv

    for row in coded.files.itertuples():
        _say(f"{row.file}: {row.n_rows} rows in = {row.n_kept} kept + {row.n_refused} refused")
    for row in coded.refused.head(20).itertuples():
        _say(f"refused: {row.file}, line {row.line}: {row.reason}")
    if len(coded.refused):
        path = beside.parent / f"{beside.name}.refused.csv"
        _write(write_csv, coded.refused, path, mark=True)
        _say(f"{path}: all {len(coded.refused)} refused rows")
    for coder, part in coded.missing.groupby("coder", sort=False):
        _say(f"{coder} has not coded {len(part)} of the passages given to {coder}")


def _show_reliability(coded: Any, beside: Path) -> None:
    """Agreement of the raw codings, before anything is settled."""
    from framing.cli.tables import measures_text, plain_text
    from framing.reliability import coder_confusions, coder_reliability
    from framing.spreadsheets import write_csv

    if len(coded.coders) < 2:
        _say("one coder: nothing can be said about reliability")
        return
    documents = coded.design.passages["document_id"].to_list()
    table = coder_reliability(coded.codings, frames=coded.codebook.frame_ids, documents=documents)
    path = beside.parent / f"{beside.name}.reliability.csv"
    _write(write_csv, table, path)
    typer.echo("Agreement among coders before anything was settled")
    typer.echo(measures_text(table))
    confusions = coder_confusions(coded.codings, frames=coded.codebook.frame_ids)
    if len(confusions):
        typer.echo("\nFrames that coders confuse")
        typer.echo(plain_text(confusions, rows=len(confusions)))
    typer.echo("")


def _free(folder: Path, stem: str) -> Path:
    """A name that is not taken: an earlier list may have been filled by hand."""
    number = 1
    while (found := folder / (f"{stem}.csv" if number == 1 else f"{stem}_{number}.csv")).exists():
        number += 1
    return found


def _columns(coded: Any) -> list[str]:
    from framing.coded import coder_column

    return [coder_column(name) for name in coded.coders]


def _other_way(ties: str, book: Any) -> str:
    if ties != "ask":
        return ""
    return ", or choose --ties either or first" if book.multi_label else ", or choose --ties first"


def _write(write: Any, table: pd.DataFrame, path: Path, **options: Any) -> None:
    try:
        write(table, path, **options)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


def _say(text: str) -> None:
    typer.echo(text, err=True)
