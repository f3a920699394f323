"""A draw on disk: `design.json`, what was drawn and how, and `drawn.csv`, the passages with their chances."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from framing.codebook import Codebook
from framing.coding.sampling import Sample
from framing.corpus.formats import Refused, read_rows
from framing.errors import InputError
from framing.files.spreadsheets import restored, write_csv
from framing.files.strict_yaml import validate
from framing.tables import DRAWN

__all__ = ["NOT_BLIND", "Design", "DesignFacts", "Stratum", "read_design", "rules_hash", "write_design"]

NOT_BLIND = "drawn.csv"  # tells chances and strata, from which scores could be guessed: not for coders
_COUNT = Annotated[int, Field(ge=1)]
Coder = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


class Stratum(BaseModel):
    """A stratum and how many of its units were drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stratum: str
    n_units: _COUNT
    n_passages: _COUNT
    n_drawn: _COUNT


class DesignFacts(BaseModel):
    """Content of `design.json`: what is needed to draw the same again, and to know what was drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    framing: str = Field(description="version that drew")
    corpus: str
    corpus_hash: str
    codebook: str
    codebook_version: str
    codebook_hash: str
    rules_hash: str = Field(description="of what coders are shown: names, definitions, include and exclude rules")
    passage_words: _COUNT
    random_seed: int
    unit: Literal["passage", "document"]
    allocation: Literal["equal", "proportional", "neyman"]
    scores: str = Field(description="what the scores were made by; empty: none")
    frame: str = Field(description="frame whose scores made the strata; empty: all")
    size: _COUNT = Field(description="units drawn")
    n_passages_drawn: _COUNT
    n_passages: _COUNT = Field(description="in the corpus")
    n_documents: _COUNT = Field(description="in the corpus")
    coders: tuple[Coder, ...]
    overlap: float = Field(ge=0, le=1, description="share of units that all coders code")
    strata: tuple[Stratum, ...]
    drawn_sha256: str = ""

    @property
    def sentence(self) -> str:
        """How the passages were drawn, for `sampling` in corpus.yaml and a methods section."""
        size = f"{self.size:,} passages"
        if self.unit == "document":
            size = f"{self.size:,} whole documents ({self.n_passages_drawn:,} passages)"
        by = "outlet" if self.unit == "document" else "outlet, weeks and band of scores" * bool(self.scores) or (
            "outlet and weeks"
        )  # fmt: skip
        how = {
            "equal": "the same number for each outlet, Neyman allocation within it",
            "neyman": "Neyman allocation",
            "proportional": "proportional allocation",
        }[self.allocation]
        return (
            f"{size} of {self.n_passages:,} in {self.n_documents:,} documents, drawn at random without replacement "
            f"from {len(self.strata)} strata by {by} ({how}); "
            f"random_seed {self.random_seed}; draw {self.drawn_sha256[:16]}."
        )


@dataclass(frozen=True)
class Design:
    """`facts`, and `passages`: columns `DRAWN`, one row a drawn passage; `coders` are those it went to."""

    facts: DesignFacts
    passages: pd.DataFrame


def rules_hash(codebook: Codebook) -> str:
    """sha256 of what coders are shown; seeds may change without it."""
    shown = [[frame.id, frame.name, frame.definition, frame.include, frame.exclude] for frame in codebook.frames]
    content = json.dumps([codebook.multi_label, codebook.description, shown], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def write_design(folder: Path, sample: Sample, facts: DesignFacts, assigned: dict[str, list[str]]) -> DesignFacts:
    """Write both files; the facts with the hash of `drawn.csv`. `assigned`: passage ids given to each coder."""
    given: dict[str, list[str]] = {}
    for coder, ids in assigned.items():
        for passage in ids:
            given.setdefault(passage, []).append(coder)
    table = sample.passages.assign(
        coders=[";".join(given[passage]) for passage in sample.passages["passage_id"]],
        published=[f"{when:%Y-%m-%d}" if pd.notna(when) else "" for when in sample.passages["published"]],
    )[list(DRAWN)].sort_values("passage_id")  # fmt: skip
    # every digit: the chances must add up
    table["inclusion_probability"] = [repr(float(chance)) for chance in table["inclusion_probability"]]
    write_csv(table, folder / NOT_BLIND)
    facts = facts.model_copy(update={"drawn_sha256": _sha256(folder / NOT_BLIND)})
    text = json.dumps(facts.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / "design.json").write_text(text + "\n", encoding="utf-8")
    return facts


def read_design(folder: Path, codebook: Codebook) -> Design:
    """The draw that `framing sample` left in `folder`.

    Raises `InputError` where it is none, was changed, or was drawn for another codebook.
    """
    path = folder / "design.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder} holds no design.json; give the folder that framing sample wrote.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected what framing sample wrote there.")
    facts = validate(DesignFacts, content, source=str(path))
    if facts.codebook != codebook.codebook or facts.rules_hash != rules_hash(codebook):
        raise InputError(
            f"{path}: the coders had the codebook {facts.codebook} {facts.codebook_version} with other frames or rules "
            f"than {codebook.codebook} {codebook.version}. Give the codebook as they had it."
        )
    drawn = folder / NOT_BLIND
    if not drawn.is_file():
        raise InputError(f"{folder} holds no {NOT_BLIND}; give the folder that framing sample wrote.")
    if _sha256(drawn) != facts.drawn_sha256:
        raise InputError(
            f"{drawn} is not the file that design.json speaks of: it was changed or saved anew. Take the one that "
            "framing sample wrote."
        )
    rows = []
    for item in read_rows(drawn, kind="csv", needed=DRAWN):
        if isinstance(item, Refused):
            raise InputError(f"{drawn}, line {item.line}: {item.reason}.")
        rows.append({name: restored(item.values[name]) for name in DRAWN})
    passages = pd.DataFrame(rows, columns=list(DRAWN))
    passages["inclusion_probability"] = passages["inclusion_probability"].astype(float)
    return Design(facts, passages)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
