"""Options that several commands share, and what they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CodebookOption",
    "EncoderOption",
    "LabelsOption",
    "NliOption",
    "PathOption",
    "PrecisionOption",
    "RecallOption",
    "StrengthOption",
    "TextOption",
    "check_learning",
    "fitted",
    "naming",
    "open_codebook",
    "refusals",
    "tell",
]

CodebookOption = Annotated[Path, typer.Option("--codebook", help="Codebook file, for instance seeds/plover.yaml")]
TextOption = Annotated[str, typer.Option("--text-column", help="Column of INPUT that holds the text")]
LabelsOption = Annotated[
    Path | None, typer.Option("--labels", help="File with the text column and `frames` (;-separated) to learn from")
]
EncoderOption = Annotated[
    str, typer.Option("--encoder", help="minilm, mpnet, both as minilm+mpnet, a folder, or owner/name@revision")
]
PathOption = Annotated[str, typer.Option("--path", help="Folder of the corpus files (else FRAMING_DATA)")]
StrengthOption = Annotated[
    str, typer.Option("--strength", help="auto, zero-shot, head or fine-tuned: how to learn from labels")
]
PrecisionOption = Annotated[
    float | None, typer.Option("--precision", help="Abstain where fewer of those given a frame would carry it")
]
RecallOption = Annotated[
    float | None, typer.Option("--recall", help="Abstain where more of those with a frame would be missed")
]
NliOption = Annotated[
    str, typer.Option("--nli-model", help="Score by NLI instead of seeds: a folder, or owner/name@revision")
]


_STRENGTHS = ("auto", "zero-shot", "head", "fine-tuned")


def tell(text: str) -> None:
    """A line on standard error."""
    typer.echo(text, err=True)


def check_learning(
    *, learns: bool, remedy: str, strength: str, precision: float | None, recall: float | None, nli_model: str = ""
) -> None:
    """Refuse options on learning that do not go together, by their names and before anything is read.

    `learns`: whether there are labels; `remedy`: which options would give some.
    """
    if strength not in _STRENGTHS:
        raise InputError(f"--strength {strength}: choose {', '.join(_STRENGTHS)}.")
    for option, value in (("--precision", precision), ("--recall", recall)):
        if value is not None and not 0 < value < 1:
            raise InputError(f"{option} {value:g}: expected a share between 0 and 1 (exclusive), for instance 0.85.")
    if nli_model:
        return  # has its own messages
    asked = [name for name, value in (("--precision", precision), ("--recall", recall)) if value is not None]
    if learns and strength == "zero-shot":
        raise InputError(f"--strength zero-shot does not learn from labels: leave it out, or leave out {remedy}.")
    if not learns and strength in ("head", "fine-tuned"):
        raise InputError(f"--strength {strength} learns from labels: give {remedy}.")
    if not learns and asked:
        raise InputError(f"{' and '.join(asked)} can only be promised on labels: give {remedy}.")


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Put the name of an option before what is wrong with its value."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{option} {error}") from None


def open_codebook(file: Path) -> Any:
    from framing.codebook import read_codebook
    from framing.settings import named_file

    if not file.suffix and not file.exists() and file.name == str(file):  # the name of one in seeds/
        return read_codebook(named_file("seeds", file.name, ".yaml", kind="codebook"))
    return read_codebook(file)


def fitted(
    book: Any,
    *,
    encoder: str,
    labels: Path | None,
    text_column: str,
    strength: str = "auto",
    precision: float | None = None,
    recall: float | None = None,
    nli_model: str = "",
) -> Any:
    """The classifier that the options ask for, learned from the labels where there are some."""
    from framing.encode import default_store, open_encoder

    if nli_model:
        if labels is not None:
            raise InputError("--nli-model: NLI scoring does not learn; leave out --labels or --nli-model.")
        if strength != "auto" or precision is not None or recall is not None:
            raise InputError(
                "--nli-model: NLI scoring has no strength and promises nothing; leave out --strength, --precision "
                "and --recall."
            )
        from framing.nli import NliScorer

        return NliScorer(book, nli_model, store=default_store()).fit()
    from framing.classify import FrameClassifier

    classifier = FrameClassifier(
        book,
        open_encoder(encoder, store=default_store()),
        strength=strength,  # type: ignore[arg-type]  # checked by fit
        precision=precision,
        recall=recall,
    )
    if labels is None:
        return classifier.fit()
    from framing.classified_files import gold_of, passages_of

    passages, refused = passages_of(labels, text_column=text_column, extra=["frames"])
    gold = gold_of(passages, "frames", book, source=str(labels))
    if not gold.any():
        raise InputError(f"{labels}: no row carries a frame in the column frames, so there is nothing to learn.")
    typer.echo(refusals(f"{labels}: {len(passages)} rows to learn from", refused), err=True)
    classifier.fit(
        passages["text"].to_list(), gold, groups=passages["group"].to_list(), progress="fine-tuning", say=tell
    )
    return classifier


def refusals(kept: str, refused: pd.DataFrame) -> str:
    """Show the first refused rows; the line that counts them."""
    for row in refused.head(5).itertuples():
        typer.echo(f"refused: {row.file}, line {row.line}: {row.reason}", err=True)
    return f"{kept}, {len(refused)} rows refused"
