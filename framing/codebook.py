"""Read, hash and compare codebooks: the frames, their rules, and the passages that anchor them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate

__all__ = ["Codebook", "Frame", "compare_codebooks", "read_codebook"]

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Frame(BaseModel):
    """One category: what it claims, how to code it, and the passages that carry it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")] = Field(
        description="snake_case; keep it stable"
    )
    name: _Text = Field(description="readable name")
    definition: _Text = Field(description="what the frame claims, in a sentence or two")
    group: str = Field(default="", description="group of frames that it belongs to")
    include: tuple[_Text, ...] = Field(default=(), description="rules for coding it")
    exclude: tuple[_Text, ...] = Field(default=(), description="rules against, with the frame to use instead")
    hypotheses: tuple[_Text, ...] = Field(default=(), description="claims that a passage with it entails, for NLI")
    seeds: tuple[_Text, ...] = Field(description="passages that carry it, in the genre of the corpora; at least one")
    counter_seeds: tuple[_Text, ...] = Field(default=(), description="passages that look like it and do not carry it")
    references: tuple[_Text, ...] = Field(default=(), description="citations")

    @model_validator(mode="after")
    def _has_seeds(self) -> Frame:
        if not self.seeds:
            raise ValueError(f"frame {self.id} has no seeds; give at least one passage that carries it")
        return self


class Codebook(BaseModel):
    """Frames of one instrument. `multi_label` false means exactly one frame a passage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    codebook: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] = Field(
        description="id, kebab-case"
    )
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = Field(
        description="semantic version: a change of meaning is a new major"
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = Field(
        default="en", description="language of the seeds"
    )
    multi_label: bool = Field(default=True, description="true: a passage may carry several frames; false: exactly one")
    description: _Text = Field(description="what is coded, the unit, the source in the literature")
    references: tuple[_Text, ...] = Field(default=(), description="citations")
    frames: tuple[Frame, ...] = Field(description="the frames, two or more")

    @model_validator(mode="after")
    def _distinct(self) -> Codebook:
        if len(self.frames) < 2:
            raise ValueError("a codebook needs at least two frames")
        seen: dict[str, str] = {}
        for frame in self.frames:
            for label in {frame.id.lower(), frame.name.lower()}:
                if label in seen:
                    raise ValueError(f"frame {frame.id}: the id or name {label!r} is already used by {seen[label]}")
                seen[label] = frame.id
        passages: dict[str, str] = {}
        for frame in self.frames:
            for text in (*frame.seeds, *frame.counter_seeds):
                key = " ".join(text.lower().split())
                if key in passages:
                    raise ValueError(f"frame {frame.id}: the passage {text!r} already stands under {passages[key]}")
                passages[key] = frame.id
        return self

    @property
    def frame_ids(self) -> list[str]:
        """Ids in the codebook's order."""
        return [frame.id for frame in self.frames]

    @property
    def names(self) -> dict[str, str]:
        """Frame id to readable name."""
        return {frame.id: frame.name for frame in self.frames}

    @cached_property
    def hash(self) -> str:
        """sha256 of the parsed content: comments, order of keys and line breaks do not matter."""
        parsed = self.model_dump(mode="json")
        for frame in parsed["frames"]:
            if not frame["hypotheses"]:  # a later key: codebooks that do not use it keep the hash they had
                del frame["hypotheses"]
        content = json.dumps(parsed, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def resolve(self, labels: Iterable[str], *, source: str) -> list[str]:
        """Frame ids of human labels given by id or name, letter case ignored.

        Parameters
        ----------
        labels : iterable of str
            Frames by id or name.
        source : str
            Where the labels are from, named in errors.

        Returns
        -------
        list of str
            Ids of the frames, in the same order.

        Raises
        ------
        InputError
            Lists the labels that the codebook lacks.
        """
        known = {label.lower(): frame.id for frame in self.frames for label in (frame.id, frame.name)}
        labels = [label.strip() for label in labels]
        unknown = sorted({label for label in labels if label.lower() not in known})
        if unknown:
            raise InputError(
                f"{source}: the codebook {self.codebook} has no frame(s) {', '.join(map(repr, unknown))}. "
                f"Its frames: {', '.join(self.frame_ids)}."
            )
        return [known[label.lower()] for label in labels]


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook.

    Parameters
    ----------
    path : str or Path
        YAML file.

    Returns
    -------
    Codebook
        The codebook, checked.

    Raises
    ------
    InputError
        Names the file and every problem.
    """
    path = Path(path)
    return validate(Codebook, read_yaml(path), source=str(path))


def compare_codebooks(old: Codebook, new: Codebook) -> pd.DataFrame:
    """List the changes between two versions of a codebook.

    Parameters
    ----------
    old : Codebook
        The earlier version.
    new : Codebook
        The later version.

    Returns
    -------
    DataFrame
        Columns `frame, part, change, text`, one row a change.
    """
    rows: list[tuple[str, str, str, str]] = []
    before = {frame.id: frame for frame in old.frames}
    after = {frame.id: frame for frame in new.frames}
    rows += [(name, "frame", "removed", before[name].name) for name in before if name not in after]
    rows += [(name, "frame", "added", after[name].name) for name in after if name not in before]
    for name in before.keys() & after.keys():
        for part in ("name", "definition", "group"):
            was, now = getattr(before[name], part), getattr(after[name], part)
            if was != now:
                rows.append((name, part, "changed", f"{was} -> {now}"))
        for part in ("include", "exclude", "hypotheses", "seeds", "counter_seeds"):
            was, now = set(getattr(before[name], part)), set(getattr(after[name], part))
            rows += [(name, part, "removed", text) for text in sorted(was - now)]
            rows += [(name, part, "added", text) for text in sorted(now - was)]
    return pd.DataFrame(sorted(rows), columns=["frame", "part", "change", "text"])
