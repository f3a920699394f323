"""Codebooks: the frames, the rules for coding them, and the passages that anchor them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate

__all__ = ["Codebook", "Frame", "compare_codebooks", "read_codebook"]

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Frame(BaseModel):
    """One frame: what it claims, how to code it, and the passages that carry it."""

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
    def _check_seeds(self) -> Frame:
        if not self.seeds:
            raise ValueError(f"frame {self.id} has no seeds; give at least one passage that carries it")
        return self


class Codebook(BaseModel):
    """The frames of one instrument; the description of each key is in the reference of files."""

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
    def _check_distinct(self) -> Codebook:
        if len(self.frames) < 2:
            raise ValueError("a codebook needs at least two frames")
        frame_of_label: dict[str, str] = {}
        frame_of_passage: dict[str, str] = {}
        for frame in self.frames:
            for label in {frame.id.lower(), frame.name.lower()}:
                if label in frame_of_label:
                    other = frame_of_label[label]
                    raise ValueError(f"frame {frame.id}: the id or name {label!r} is already used by {other}")
                frame_of_label[label] = frame.id
        for frame in self.frames:
            for text in (*frame.seeds, *frame.counter_seeds):
                passage = " ".join(text.lower().split())
                if passage in frame_of_passage:
                    other = frame_of_passage[passage]
                    raise ValueError(f"frame {frame.id}: the passage {text!r} already stands under {other}")
                frame_of_passage[passage] = frame.id
        return self

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Id, version and number of frames: all of a codebook is pages long."""
        return [("codebook", self.codebook), ("version", self.version), ("n_frames", len(self.frames))]

    @property
    def frame_ids(self) -> list[str]:
        """Ids of the frames, in the order of the codebook."""
        return [frame.id for frame in self.frames]

    @property
    def names(self) -> dict[str, str]:
        """Readable names by the ids of the frames."""
        return {frame.id: frame.name for frame in self.frames}

    @cached_property
    def hash(self) -> str:
        """The sha256 of the parsed content: comments, order of keys and line breaks do not matter."""
        parsed = self.model_dump(mode="json")
        for frame in parsed["frames"]:
            if not frame["hypotheses"]:  # a later key: the hash of a codebook without it stays as it was before
                del frame["hypotheses"]
        content = json.dumps(parsed, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def resolve(self, labels: Iterable[str], *, source: str) -> list[str]:
        """Find the frames of human labels, which are ids or names; letter case does not matter.

        Parameters
        ----------
        labels : iterable of str
            Frames by id or name.
        source : str
            Name of their file in errors.

        Returns
        -------
        list of str
            Ids of the frames, in the same order.

        Raises
        ------
        InputError
            Lists the labels that the codebook lacks.
        """
        frame_of_label = {label.lower(): frame.id for frame in self.frames for label in (frame.id, frame.name)}
        labels = [label.strip() for label in labels]
        unknown = sorted({label for label in labels if label.lower() not in frame_of_label})
        if unknown:
            raise InputError(
                f"{source}: the codebook {self.codebook} has no frame(s) {', '.join(map(repr, unknown))}. "
                f"Its frames: {', '.join(self.frame_ids)}."
            )
        return [frame_of_label[label.lower()] for label in labels]


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
    old_frames = {frame.id: frame for frame in old.frames}
    new_frames = {frame.id: frame for frame in new.frames}
    rows = [(key, "frame", "removed", frame.name) for key, frame in old_frames.items() if key not in new_frames]
    rows += [(key, "frame", "added", frame.name) for key, frame in new_frames.items() if key not in old_frames]
    for key in old_frames.keys() & new_frames.keys():
        rows += [(key, *change) for change in _compare_frames(old_frames[key], new_frames[key])]
    return pd.DataFrame(sorted(rows), columns=["frame", "part", "change", "text"])


def _compare_frames(old: Frame, new: Frame) -> list[tuple[str, str, str]]:
    """Part, kind of change and text of each difference between two versions of a frame."""
    changes = [
        (part, "changed", f"{getattr(old, part)} -> {getattr(new, part)}")
        for part in ("name", "definition", "group")
        if getattr(old, part) != getattr(new, part)
    ]
    for part in ("include", "exclude", "hypotheses", "seeds", "counter_seeds"):
        old_texts, new_texts = set(getattr(old, part)), set(getattr(new, part))
        changes += [(part, "removed", text) for text in old_texts - new_texts]
        changes += [(part, "added", text) for text in new_texts - old_texts]
    return changes
