"""Options that several commands share, one by one and as records, and what is wrong with them together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from framing.classify.supervision import Strength
from framing.corpus.rows import Texts, read_texts
from framing.errors import InputError
from framing.project import corpus_folder
from framing.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CodebookOption",
    "CorpusArgument",
    "EncoderOption",
    "LabelsOption",
    "LearningOptions",
    "OutputOption",
    "PathOption",
    "ReportOptions",
    "RowOptions",
    "TextOption",
    "WordsOption",
    "count_refused",
    "find_corpus",
    "names_in",
    "parse_assignments",
    "say",
]

DEFAULT_ENCODER = "minilm"

CodebookOption = Annotated[Path, typer.Option("--codebook", help="Codebook file, for instance seeds/plover.yaml")]
CorpusArgument = Annotated[
    str, typer.Argument(metavar="CORPUS", help="A corpus folder, or the name of one in corpora/")
]
OutputOption = Annotated[Path, typer.Option("--output", help="File to write: .csv, .jsonl or .parquet")]
TextOption = Annotated[str, typer.Option("--text-column", help="Column of INPUT that holds the text")]
WordsOption = Annotated[int, typer.Option("--words", help="Most words in a passage", min=10, max=400)]
LabelsOption = Annotated[
    Path | None, typer.Option("--labels", help="File with the text column and `frames` (;-separated) to learn from")
]
EncoderOption = Annotated[
    str, typer.Option("--encoder", help="minilm, mpnet, both as minilm+mpnet, a folder, or owner/name@revision")
]
PathOption = Annotated[str, typer.Option("--path", help="Folder of the corpus files (else FRAMING_DATA)")]


@dataclass(frozen=True, kw_only=True)
class RowOptions:
    """A corpus or a file, and how its rows become passages."""

    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="A corpus folder, or a file: csv, tsv, json, jsonl, parquet, xlsx, txt, html"),
    ]
    text_column: TextOption = "text"
    split: Annotated[bool, typer.Option("--split", help="Split each row into passages")] = False
    words: Annotated[int, typer.Option("--words", help="Most words in a passage when splitting", min=10, max=400)] = 90
    path: PathOption = ""

    @property
    def whole_documents(self) -> bool:
        """Whether the passages are those of whole documents, not rows as they came."""
        return self.split or self.source.is_dir()

    def read(self) -> Texts:
        """Passages, the documents that they are cut from, and the rows that were refused."""
        return read_texts(
            self.source, text_column=self.text_column, split=self.split, max_words=self.words, data_path=self.path
        )


@dataclass(frozen=True, kw_only=True)
class LearningOptions:
    """What scores passages, what it learns from, and what is asked of it."""

    labels: LabelsOption = None
    encoder: EncoderOption = DEFAULT_ENCODER
    strength: Annotated[
        str, typer.Option("--strength", help="auto, zero-shot, head or fine-tuned: how to learn from labels")
    ] = "auto"
    precision: Annotated[
        float | None, typer.Option("--precision", help="Abstain where fewer of those given a frame would carry it")
    ] = None
    recall: Annotated[
        float | None, typer.Option("--recall", help="Abstain where more of those with a frame would be missed")
    ] = None
    nli_model: Annotated[
        str, typer.Option("--nli-model", help="Score by NLI instead of seeds: a folder, or owner/name@revision")
    ] = ""

    @property
    def promises(self) -> list[str]:
        """The options of the measures that are to be promised."""
        asked = (("--precision", self.precision), ("--recall", self.recall))
        return [option for option, value in asked if value is not None]

    @property
    def is_default(self) -> bool:
        """Whether nothing but the encoder is chosen."""
        return self == LearningOptions(encoder=self.encoder)

    def check(self, *, learns: bool, remedy: str) -> None:
        """Refuse options that do not go together, by their names and before anything is read.

        Parameters
        ----------
        learns : bool
            Whether there are labels to learn from.
        remedy : str
            The options that would give some.

        Raises
        ------
        InputError
            An option has no such value, or asks for labels where there are none.
        """
        strengths = get_args(Strength)
        if self.strength not in strengths:
            raise InputError(f"--strength {self.strength}: choose {', '.join(strengths)}.")
        for option, share in (("--precision", self.precision), ("--recall", self.recall)):
            if share is not None and not 0 < share < 1:
                raise InputError(
                    f"{option} {share:g}: expected a share between 0 and 1 (exclusive), for instance 0.85."
                )
        if self.nli_model:
            return self._check_nli()
        if learns and self.strength == "zero-shot":
            raise InputError(f"--strength zero-shot does not learn from labels: leave it out, or leave out {remedy}.")
        if not learns and self.strength in ("head", "fine-tuned"):
            raise InputError(f"--strength {self.strength} learns from labels: give {remedy}.")
        if not learns and self.promises:
            raise InputError(f"{' and '.join(self.promises)} can only be promised on labels: give {remedy}.")
        return None

    def _check_nli(self) -> None:
        if self.labels is not None:
            raise InputError("--nli-model: NLI scoring does not learn; leave out --labels or --nli-model.")
        if self.strength != "auto" or self.promises:
            raise InputError(
                "--nli-model: NLI scoring has no strength and promises nothing; leave out --strength, --precision "
                "and --recall."
            )


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """A report, and the settings that are given over those of its file."""

    name: Annotated[str, typer.Argument(help="Report: a file reports/NAME.yaml")]
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value, over the file; may be repeated")] = None
    path: PathOption = ""

    @property
    def overrides(self) -> dict[str, Any]:
        """Values of the settings; raises `InputError` for one that there is not."""
        values = parse_assignments(self.set_ or [])
        return {**values, "data_path": self.path} if self.path else values


def say(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)


def count_refused(counts: str, refused: pd.DataFrame) -> str:
    """Show the first refused rows on standard error; returns `counts` with the number of them."""
    for row in refused.head(5).itertuples():
        say(f"refused: {row.file}, line {row.line}: {row.reason}")
    return f"{counts}, {len(refused)} rows refused"


def names_in(text: str) -> list[str]:
    """The names in a comma-separated list.

    >>> names_in("anna, ben,")
    ['anna', 'ben']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def find_corpus(source: str) -> Path:
    """The folder of a corpus that is named by its folder or by its name in corpora/.

    Raises
    ------
    InputError
        A bare name is neither a folder with a corpus.yaml nor in corpora/; the message lists those there are.
    """
    folder = Path(source)
    if (folder / "corpus.yaml").is_file() or folder.name != source:
        return folder
    return corpus_folder(source)


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Values of `key=value` strings, each read with the type that its setting has.

    >>> parse_assignments(["n_bootstrap=500", "encoder=minilm"])
    {'n_bootstrap': 500, 'encoder': 'minilm'}
    """
    values: dict[str, Any] = {}
    for item in assignments:
        key, equals, text = item.partition("=")
        if not equals:
            raise InputError(f"--set {item}: expected key=value, for instance --set n_bootstrap=500.")
        field = Settings.model_fields.get(key)
        if field is None:
            raise InputError(f"--set {item}: unknown setting {key} (known: {', '.join(Settings.model_fields)}).")
        kind = field.annotation
        if kind is bool:
            if text.lower() not in ("true", "false"):
                raise InputError(f"--set {item}: expected true or false for {key}, got {text!r}.")
            values[key] = text.lower() == "true"
            continue
        try:
            values[key] = kind(text) if kind in (int, float) else text
        except ValueError:
            raise InputError(f"--set {item}: expected a number for {key}, got {text!r}.") from None
    return values
