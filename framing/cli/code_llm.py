"""`framing code DESIGN --coder llm:NAME`: a language model codes the drawn passages, as one more coder."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import typer

from framing.classify.llm import LlmScorer
from framing.cli.codebooks import open_codebook
from framing.cli.llm_options import LlmOptions, record_path, say_record, write_record
from framing.cli.options import say
from framing.code_screen.draws import find_codebook
from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED
from framing.coding.design import Design, read_design, read_facts
from framing.coding.labels import format_cells
from framing.defaults import LLM_PREFIX
from framing.files.spreadsheets import harmless_id, write_csv_output
from framing.tables import SHEET

__all__ = ["code_by_model"]

_FOLDER = "coded"  # of the design


def code_by_model(design: Path, name: str, llm: LlmOptions, *, codebook: Path | None) -> None:
    """Ask a language model about all drawn passages, and write its labels as a filled sheet.

    Parameters
    ----------
    design : Path
        Folder that `framing sample` wrote.
    name : str
        Name of the model.
    llm : LlmOptions
        How it is asked, and what that may cost.
    codebook : Path or None
        Codebook of the draw; None: that of its name in seeds/.

    Raises
    ------
    InputError
        If the folder holds no draw, or nothing was approved.
    """
    facts = read_facts(design)
    book = (find_codebook(facts) if codebook is None else open_codebook(codebook)).with_unit(facts.coded)
    draw = read_design(design, book)
    scorer = llm.open_scorer(book, name)
    texts = draw.passages["text"].to_list()
    scores = scorer.predict_proba(texts, progress="coding")
    table = _make_sheet(draw, book, scorer, scores)
    output = design / _FOLDER / f"llm-{re.sub(r'[^A-Za-z0-9._-]+', '-', name)}.csv"
    output.parent.mkdir(exist_ok=True)
    write_csv_output(table, output)
    write_record(scorer, output)
    n_failed = int(np.isnan(scores).any(axis=1).sum())
    say(f"{len(texts):,} {book.unit}s drawn = {len(texts) - n_failed:,} coded + {n_failed:,} without an answer")
    say_record(scorer, n_texts=len(texts), n_failed=n_failed, what=f"{book.unit}s")
    say(f"{record_path(output)}: the model, its versions, the prompts and what was asked")
    say("give the sheet to framing gold beside those of people: it shows agreement, and takes no label of it as gold")
    typer.echo(str(output))


def _make_sheet(draw: Design, book: Codebook, scorer: LlmScorer, scores: np.ndarray) -> pd.DataFrame:
    """The filled sheet, one row a drawn passage; what has no answer is not coded, with the reason as a note."""
    is_missing = np.isnan(scores).any(axis=1)
    labels = np.where(scorer.decide_scores(np.nan_to_num(scores)) == "present", 1.0, 0.0)
    labels[is_missing] = np.nan
    texts = draw.passages["text"].to_list()
    table = pd.DataFrame(
        {
            "coder": LLM_PREFIX + scorer.model_.name,
            "place": np.arange(1, len(texts) + 1),
            "passage_id": [harmless_id(value) for value in draw.passages["passage_id"]],
            "text": texts,
            "frames": format_cells(labels, book),
            "notes": [scorer.failures_.get(text, "") for text in texts],
        }
    )
    assert (table.loc[is_missing, "frames"] == NOT_CODED).all()
    return table[list(SHEET)]
