"""`framing codebook test`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from framing.classify.auto_encoder import choose_encoder
from framing.classify.classifier import FrameClassifier
from framing.classify.codebook_tests import CodebookTests, judge_answers, run_jobs
from framing.classify.codebook_tests_plan import BEHAVIOURS, Job, Kind, ProbePlan, plan_tests
from framing.classify.fitted import fit_on_codebook
from framing.classify.llm import LlmScorer
from framing.classify.nli import NliScorer
from framing.classify.scorer import Scorer
from framing.classify.work import Work
from framing.cli.codebooks import open_codebook
from framing.cli.learning_options import LearningOptions
from framing.cli.llm_options import LlmOptions, ScorerOption, read_scorer, say_record
from framing.cli.options import DEFAULT_ENCODER, EncoderOption, TextOption, say
from framing.cli.tables import format_plain
from framing.codebook import Codebook
from framing.corpus.rows import read_passages
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import InputError
from framing.files.spreadsheets import write_csv_output
from framing.files.whole import check_not_read, check_output
from framing.llm.costs import add_forecasts

__all__ = ["run_tests"]

_SHOWN = 12  # passages that did not pass that are printed
_WIDTH = 90  # characters of a passage that are printed


def run_tests(
    file: Annotated[Path, typer.Argument(help="Codebook file")],
    llm: LlmOptions,
    scorer: ScorerOption = "seeds",
    nli_model: Annotated[
        str, typer.Option("--nli-model", help="For scorer nli: a folder, or owner/name@revision")
    ] = "",
    encoder: EncoderOption = DEFAULT_ENCODER,
    passages: Annotated[
        Path | None, typer.Option("--passages", help="File of your own passages for tests that compare two answers")
    ] = None,
    text_column: TextOption = "text",
    per_frame: Annotated[
        int, typer.Option("--per-frame", help="Seeds, counter-seeds and examples of a frame asked about", min=1)
    ] = 4,
    output: Annotated[Path | None, typer.Option("--output", help="Write all passages that did not pass: .csv")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Test whether a scorer obeys a codebook: definitions, examples, rules, order and names of frames."""
    if output is not None:
        check_output(output)
        if output.suffix.lower() != ".csv":
            raise InputError(f"--output {output}: expected a name ending in .csv.")
        check_not_read(output, [file, passages])
    model = read_scorer(scorer, LearningOptions(encoder=encoder, nli_model=nli_model), llm)
    book = open_codebook(file)
    others = read_passages(passages, text_column=text_column)[0]["text"].to_list() if passages is not None else []
    kind: Kind = "nli" if nli_model else "seeds"
    if model:
        kind = "llm one by one" if llm.llm_mode == "one" else "llm"
    plan = plan_tests(book, kind, per_frame=per_frame, others=others)
    if model:
        results = _test_model(plan, llm, model)
    elif nli_model:
        results = judge_answers(
            plan, run_jobs(plan, lambda job: NliScorer(job.codebook, nli_model, store=default_store()).fit())
        )
    else:
        results = _test_seeds(plan, encoder)
    _show(results, book, plan, scorer or kind, as_json=as_json)
    if output is not None:
        write_csv_output(results.failures, output, mark=True)
        say(f"{output}: all {len(results.failures)} passages that did not pass")


def _test_seeds(plan: ProbePlan, encoder: str) -> CodebookTests:
    """Results of the classifier that learns from the codebook alone."""
    choice = choose_encoder(encoder, Work.of_codebook(plan.codebook))
    if choice.sentence:
        say(choice.sentence)
    opened = open_encoder(choice.name, store=default_store())

    def open_scorer(job: Job) -> Scorer:
        return fit_on_codebook(FrameClassifier(job.codebook, opened, strength="zero-shot"))

    return judge_answers(plan, run_jobs(plan, open_scorer))


def _test_model(plan: ProbePlan, llm: LlmOptions, name: str) -> CodebookTests:
    """Results of a language model; the questions of all tests are told and approved together."""
    first = llm.open_scorer(plan.codebook, name)
    model = first.model_
    scorers: dict[str, LlmScorer] = {}
    for job in plan.jobs:
        scorers[job.name] = LlmScorer(
            job.codebook, model, mode=first.mode, redaction=first.redaction, repeat=job.repeat
        ).fit()
    model.announce(add_forecasts([scorers[job.name].forecast(job.texts) for job in plan.jobs], model.prices))
    results = judge_answers(plan, run_jobs(plan, lambda job: scorers[job.name]))
    n_texts = sum(len(job.texts) for job in plan.jobs)
    n_failed = sum(len(scorer.failures_) for scorer in scorers.values())
    say_record(scorers["original"], n_texts=n_texts, n_failed=n_failed, what="passages, each time that they are asked")
    return results


def _show(results: CodebookTests, book: Codebook, plan: ProbePlan, scorer: str, *, as_json: bool) -> None:
    """Print a row a test, and the first passages that did not pass."""
    summary, failures = results.summary, results.failures
    if as_json:
        facts = {"codebook": book.codebook, "codebook_hash": book.hash, "scorer": scorer}
        tables = {"tests": summary, "failures": failures}
        facts |= {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        typer.echo(json.dumps(facts, indent=1, ensure_ascii=False))
        return
    typer.echo(f"{book.codebook} {book.version}, scorer {scorer}: exploratory, no label was used")
    for row in summary.itertuples(index=False):
        typer.echo(f"{row.test:<26}{_describe_row(row)}\n{'':<26}{BEHAVIOURS[str(row.test)]}")
    if len(failures):
        typer.echo(f"\nPassages that did not pass: {len(failures)}")
        shown = failures.assign(text=[_cut(text) for text in failures["text"]])
        typer.echo(format_plain(_take_turns(shown), rows=_SHOWN))


def _describe_row(row: object) -> str:
    """Share, interval and number of a test, or why there is none."""
    n, method, estimate = getattr(row, "n", 0), getattr(row, "method", ""), getattr(row, "estimate", float("nan"))
    if not n:
        return str(method)
    low, high = getattr(row, "low", 0.0), getattr(row, "high", 0.0)
    if getattr(row, "test", "") == "generic against specific":
        return f"{estimate:+.2f} ({low:+.2f} to {high:+.2f}), {n} passages"
    return f"{estimate:.2f} ({low:.2f} to {high:.2f}), {getattr(row, 'passed', 0)} of {n} passed"


def _take_turns(failures: pd.DataFrame) -> pd.DataFrame:
    """The failures with those of each test in turn, so that the first rows show all kinds."""
    turn = failures.groupby("test", sort=False).cumcount()
    return failures.assign(_turn=turn).sort_values("_turn", kind="stable").drop(columns="_turn")


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[:_WIDTH] + " …"
