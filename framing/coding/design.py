"""Files of a draw: `design.json` says what was drawn and how, `drawn.csv` has the passages with their chances."""

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
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.identity import file_sha256
from framing.files.spreadsheets import restored, write_csv
from framing.files.strict_yaml import validate
from framing.tables import DRAWN

__all__ = [
    "DESIGN_FILE",
    "DRAWN_FILE",
    "Design",
    "DesignFacts",
    "Stratum",
    "read_design",
    "read_facts",
    "rules_hash",
    "write_design",
]

DESIGN_FILE = "design.json"
DRAWN_FILE = "drawn.csv"  # has chances and strata, from which scores could be guessed: not for coders
_COUNT = Annotated[int, Field(ge=1)]
Coder = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


class Stratum(BaseModel):
    """A stratum and how many of its units were drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stratum: str
    n_units: _COUNT
    n_passages: _COUNT
    n_drawn: int = Field(ge=0)


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
    unit: Unit = Field(description="what was drawn")
    coded: Unit = Field(default="passage", description="what gets labels: passages, or documents as a whole")
    allocation: Literal["equal", "proportional", "neyman", "active"]
    scores: str = Field(description="what the scores were made by; empty: none")
    frame: str = Field(description="frame whose scores made the strata; empty: all")
    size: _COUNT = Field(description="units drawn")
    n_passages_drawn: _COUNT
    n_passages: _COUNT = Field(description="in the corpus")
    n_documents: _COUNT = Field(description="in the corpus")
    coders: tuple[Coder, ...]
    overlap: float = Field(ge=0, le=1, description="share of units that all coders code")
    blind: bool = Field(default=True, description="whether coders see neither outlet nor date")
    strata: tuple[Stratum, ...]
    round: _COUNT = Field(default=1, description="number of the round; later ones are drawn given those before")
    after: str = Field(default="", description="drawn_sha256 of the round before")
    sizes: tuple[_COUNT, ...] = Field(default=(), description="units of each round, where several were united")
    floor: float | None = Field(default=None, description="part of an active round that is drawn without scores")
    drawn_sha256: str = ""

    @property
    def sentence(self) -> str:
        """How the passages were drawn, for `sampling` in corpus.yaml and a methods section."""
        size = f"{self.size:,} passages of {self.n_passages:,} in {self.n_documents:,} documents"
        if self.coded == "document":
            size = f"{self.size:,} documents, each coded as a whole, of {self.n_documents:,}"
        elif self.unit == "document":
            drawn = f"{self.size:,} whole documents ({self.n_passages_drawn:,} passages)"
            size = f"{drawn} of {self.n_passages:,} in {self.n_documents:,} documents"
        if self.allocation == "active":
            return f"{size}, {self._rounds}; random_seed {self.random_seed}; draw {self.drawn_sha256[:16]}."
        divisions = "outlet, weeks and band of scores" if self.scores else "outlet and weeks"
        if self.unit == "document" and self.coded == "passage":
            divisions = "outlet"
        allocation = {
            "equal": "the same number for each outlet, Neyman allocation within it",
            "neyman": "Neyman allocation",
            "proportional": "proportional allocation",
        }[self.allocation]
        return (
            f"{size}, drawn at random without replacement "
            f"from {len(self.strata)} strata by {divisions} ({allocation}); "
            f"random_seed {self.random_seed}; draw {self.drawn_sha256[:16]}."
        )

    @property
    def _rounds(self) -> str:
        """How the rounds of an active draw were drawn."""
        chances = (
            "with known chances, which in active rounds grow with the error that the classifier is expected to make"
        )
        floor = f"{0.0 if self.floor is None else self.floor:.0%} of an active round is drawn at random within outlets"
        if len(self.sizes) < 2:
            return f"drawn without replacement in one active round, {chances.replace('in active rounds ', '')}; {floor}"
        sizes = f"{', '.join(f'{n:,}' for n in self.sizes[:-1])} and {self.sizes[-1]:,}"
        return f"drawn without replacement in {len(self.sizes)} rounds of {sizes}, {chances}; {floor}"


@dataclass(frozen=True)
class Design:
    """A draw as it was read.

    Attributes
    ----------
    facts : DesignFacts
        What was drawn and how.
    passages : DataFrame
        One row a drawn passage, columns `DRAWN`; `coders` are those to whom it was given.
    earlier : tuple of str
        `drawn_sha256` of rounds before the last, where several were united.
    """

    facts: DesignFacts
    passages: pd.DataFrame
    earlier: tuple[str, ...] = ()


def rules_hash(codebook: Codebook) -> str:
    """Hash of the rules that coders read; seeds may change without it.

    Parameters
    ----------
    codebook : Codebook
        Whose names, definitions, include and exclude rules count.

    Returns
    -------
    str
        sha256, in hexadecimal digits.
    """
    rules = [[frame.id, frame.name, frame.definition, frame.include, frame.exclude] for frame in codebook.frames]
    content = json.dumps([codebook.multi_label, codebook.description, rules], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def write_design(folder: Path, sample: Sample, facts: DesignFacts, assigned: dict[str, list[str]]) -> DesignFacts:
    """Write both files.

    Parameters
    ----------
    folder : Path
        Where to write.
    sample : Sample
        The draw.
    facts : DesignFacts
        What was drawn and how.
    assigned : dict of list of str
        Ids of the passages given to each coder.

    Returns
    -------
    DesignFacts
        `facts` with the hash of `drawn.csv`.
    """
    coders_by_passage: dict[str, list[str]] = {}
    for coder, passage_ids in assigned.items():
        for passage_id in passage_ids:
            coders_by_passage.setdefault(passage_id, []).append(coder)
    table = sample.passages.assign(
        coders=[";".join(coders_by_passage[passage_id]) for passage_id in sample.passages["passage_id"]],
        published=[f"{day:%Y-%m-%d}" if pd.notna(day) else "" for day in sample.passages["published"]],
    )
    table = table[list(DRAWN)].sort_values("passage_id")
    # every digit: the chances must add up
    table["inclusion_probability"] = [repr(float(chance)) for chance in table["inclusion_probability"]]
    write_csv(table, folder / DRAWN_FILE)
    facts = facts.model_copy(update={"drawn_sha256": file_sha256(folder / DRAWN_FILE)})
    text = json.dumps(facts.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / DESIGN_FILE).write_text(text + "\n", encoding="utf-8")
    return facts


def read_facts(folder: Path) -> DesignFacts:
    """Read how a draw was made.

    Parameters
    ----------
    folder : Path
        Folder that `framing sample` wrote.

    Returns
    -------
    DesignFacts
        Content of its `design.json`.

    Raises
    ------
    InputError
        Where the folder holds none, or another file of that name.
    """
    path = folder / DESIGN_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder} holds no design.json; give the folder that framing sample wrote.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected what framing sample wrote there.")
    return validate(DesignFacts, content, source=str(path))


def read_design(folder: Path, codebook: Codebook) -> Design:
    """Read a draw.

    Parameters
    ----------
    folder : Path
        Folder that `framing sample` wrote.
    codebook : Codebook
        Codebook that the sample was drawn for.

    Returns
    -------
    Design
        The draw.

    Raises
    ------
    InputError
        Where the folder holds no draw, its files were changed, or it was drawn for another codebook.
    """
    path, facts = folder / DESIGN_FILE, read_facts(folder)
    if facts.codebook != codebook.codebook or facts.rules_hash != rules_hash(codebook):
        raise InputError(
            f"{path}: the coders had the codebook {facts.codebook} {facts.codebook_version} with other frames or rules "
            f"than {codebook.codebook} {codebook.version}. Give the codebook as they had it."
        )
    drawn_path = folder / DRAWN_FILE
    if not drawn_path.is_file():
        raise InputError(f"{folder} holds no {DRAWN_FILE}; give the folder that framing sample wrote.")
    if file_sha256(drawn_path) != facts.drawn_sha256:
        raise InputError(
            f"{drawn_path} is not the file that design.json speaks of: it was changed or saved anew. Take the one that "
            "framing sample wrote."
        )
    rows = []
    for row in read_rows(drawn_path, kind="csv", needed=DRAWN):
        if isinstance(row, Refused):
            raise InputError(f"{drawn_path}, line {row.line}: {row.reason}.")
        rows.append({name: restored(row.values[name]) for name in DRAWN})
    passages = pd.DataFrame(rows, columns=list(DRAWN))
    passages["inclusion_probability"] = passages["inclusion_probability"].astype(float)
    return Design(facts, passages)
