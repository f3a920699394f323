"""Options of language models that score or code, the forecast that is approved, and the record beside an output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

import typer

from framing.classify.llm import LlmScorer
from framing.classify.llm_record import describe_language_model, list_remarks
from framing.cli.coded_rows import MODEL_RECORD
from framing.cli.learning_options import LearningOptions
from framing.cli.options import say
from framing.codebook import Codebook
from framing.defaults import LLM_PREFIX
from framing.errors import InputError
from framing.files.whole import write_whole
from framing.llm.answers import AnswerStore, answers_file
from framing.llm.costs import Forecast, read_prices
from framing.llm.model import LanguageModel
from framing.llm.prompts import Mode
from framing.llm.redaction import read_redaction

__all__ = [
    "LlmOptions",
    "ScorerOption",
    "approve",
    "read_model_name",
    "read_scorer",
    "record_path",
    "say_record",
    "write_record",
]

ScorerOption = Annotated[
    str, typer.Option("--scorer", help="seeds, nli (with --nli-model), or llm:NAME, a model at FRAMING_LLM_URL")
]
_SCORERS = ("seeds", "nli")


@dataclass(frozen=True, kw_only=True)
class LlmOptions:
    """How a language model is asked, and what that may cost."""

    llm_mode: Annotated[
        str,
        typer.Option(
            "--llm-mode", help="all: all frames in one question; one: a question a frame, which gives chances"
        ),
    ] = "all"
    max_cost: Annotated[
        float | None,
        typer.Option("--max-cost", help="Send nothing if the forecast, and no more than, costs this", min=0),
    ] = None
    price_in: Annotated[
        float | None,
        typer.Option("--price-in", help="Price of a million tokens sent (else FRAMING_LLM_PRICE_IN)", min=0),
    ] = None
    price_out: Annotated[
        float | None,
        typer.Option("--price-out", help="Price of a million tokens received (else FRAMING_LLM_PRICE_OUT)", min=0),
    ] = None
    redact: Annotated[
        Path | None, typer.Option("--redact", help="File of patterns, one a line, replaced in texts before sending")
    ] = None
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking, once the forecast is printed")] = False

    def check_unused(self, option: str) -> None:
        """Check that none of the options is given where no language model is asked.

        Parameters
        ----------
        option : str
            The option that would name one.

        Raises
        ------
        InputError
            If one is given.
        """
        if self != LlmOptions():
            raise InputError(
                f"--llm-mode, --max-cost, --price-in, --price-out, --redact and --yes are for {option} llm:NAME."
            )

    def open_model(self, name: str) -> LanguageModel:
        """Open a model whose questions are told and approved before they are sent.

        Parameters
        ----------
        name : str
            Name of the model, as the server knows it.

        Returns
        -------
        LanguageModel
            Not asked anything yet.
        """
        return LanguageModel(
            name,
            prices=read_prices(self.price_in, self.price_out),
            max_cost=self.max_cost,
            store=AnswerStore(answers_file()),
            approve=lambda forecast, model: approve(forecast, model, yes=self.yes),
        )

    def open_scorer(self, codebook: Codebook, name: str, *, repeat: int = 0) -> LlmScorer:
        """Open a language model as a scorer.

        Parameters
        ----------
        codebook : Codebook
            Its frames are asked for.
        name : str
            Name of the model.
        repeat : int, default 0
            As of `LlmScorer`.

        Returns
        -------
        LlmScorer
            Fitted.

        Raises
        ------
        InputError
            For a mode that there is not, or that the codebook does not allow, and a file of patterns that is none.
        """
        if self.llm_mode not in ("all", "one"):
            raise InputError(f"--llm-mode {self.llm_mode}: choose all or one.")
        redaction = read_redaction(self.redact) if self.redact is not None else None
        model = self.open_model(name)
        if model.endpoint.is_in_clear:
            say("warning: FRAMING_LLM_URL begins with http://, so key and texts travel unencrypted; https:// is safe")
        mode = cast(Mode, self.llm_mode)
        return LlmScorer(codebook, model, mode=mode, redaction=redaction, repeat=repeat).fit()


def read_model_name(value: str, option: str) -> str:
    """Read the name of a language model where other names may stand, too.

    Parameters
    ----------
    value : str
        Value of the option.
    option : str
        The option, for the message.

    Returns
    -------
    str
        Name of the model, as the server knows it; empty for other names.

    Raises
    ------
    InputError
        Where nothing stands behind the colon.

    Examples
    --------
    >>> read_model_name("llm:qwen2.5:7b", "--coder"), read_model_name("anna", "--coder")
    ('qwen2.5:7b', '')
    """
    name = value.removeprefix(LLM_PREFIX).strip() if value.startswith(LLM_PREFIX) else ""
    if value.startswith(LLM_PREFIX) and not name:
        raise InputError(f"{option} {value}: name the model behind the colon, as in llm:qwen2.5:7b.")
    return name


def read_scorer(scorer: str, learning: LearningOptions, llm: LlmOptions) -> str:
    """Read the option of the scorer, and refuse options that do not go with it.

    Parameters
    ----------
    scorer : str
        Value of `--scorer`; empty: what the other options say.
    learning : LearningOptions
        Options of scorers that learn, and of NLI.
    llm : LlmOptions
        Options of language models.

    Returns
    -------
    str
        Name of the language model; empty for other scorers.

    Raises
    ------
    InputError
        For another scorer, or options of one beside another.
    """
    if name := read_model_name(scorer, "--scorer"):
        if not learning.is_default:
            raise InputError(
                f"--scorer {scorer}: a language model learns from no labels and promises nothing; leave out --labels, "
                "--nli-model, --strength, --search-tuning, --threshold-for, --precision and --recall."
            )
        return name
    if scorer not in ("", *_SCORERS):
        raise InputError(f"--scorer {scorer}: choose seeds, nli or llm:NAME.")
    llm.check_unused("--scorer")
    if (scorer == "nli") != bool(learning.nli_model) and scorer:
        raise InputError("--scorer nli and --nli-model MODEL go together; --scorer seeds needs neither.")
    return ""


def approve(forecast: Forecast, model: str, *, yes: bool) -> None:
    """Print what asking would take, and ask whether to go on.

    Parameters
    ----------
    forecast : Forecast
        What it would take.
    model : str
        Name of the model.
    yes : bool
        Whether the answer is known.

    Raises
    ------
    InputError
        If the answer is no, or nobody can be asked.
    """
    say(forecast.describe(model))
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError("Nothing was sent: add --yes to send it without being asked.")
    if not typer.confirm("The texts go to the server that FRAMING_LLM_URL names. Send?", err=True):
        raise InputError("Nothing was sent.")


def record_path(output: Path) -> Path:
    """Name the file of the record beside an output.

    Parameters
    ----------
    output : Path
        The output.

    Returns
    -------
    Path
        The same name with the ending `.llm.json`.

    Examples
    --------
    >>> record_path(Path("scores.csv")).name
    'scores.llm.json'
    """
    return output.with_suffix(MODEL_RECORD)


def write_record(scorer: LlmScorer, output: Path) -> None:
    """Write which model was asked with which prompts, beside an output.

    Parameters
    ----------
    scorer : LlmScorer
        After it scored.
    output : Path
        The output.
    """
    facts = describe_language_model(scorer)
    assert facts is not None  # it is a language model
    codebook = {"codebook": scorer.codebook.codebook, "codebook_version": scorer.codebook.version}
    content = {**codebook, "codebook_hash": scorer.codebook.hash, **facts.model_dump(mode="json")}
    write_whole(record_path(output), (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def say_record(scorer: LlmScorer, *, n_texts: int, n_failed: int, what: str) -> None:
    """Print what a language model was asked, on standard error.

    Parameters
    ----------
    scorer : LlmScorer
        After it scored.
    n_texts, n_failed : int
        Texts, and those without a score.
    what : str
        What they are, a plural.
    """
    facts = describe_language_model(scorer)
    assert facts is not None  # it is a language model
    _say_all(list_remarks(facts, n_texts=n_texts, n_failed=n_failed, what=what))


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
