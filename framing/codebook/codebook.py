"""Codebooks: the frames, the rules for coding them, and the passages that anchor them."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from framing.codebook.cells import NOT_CODED, SEPARATORS, explain_unknown, fold_label
from framing.codebook.checks import check_whole
from framing.codebook.texts import LanguageCode, NamedLanguage, TaggedText
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate
from framing.tables import SHEET
from framing.texts import current_language

__all__ = ["Codebook", "Example", "Frame", "read_codebook"]

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _check_form(pattern: str, rule: str) -> AfterValidator:
    """Validator of a text that must match a pattern, with the rule in words."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"expected {rule}")
        return value

    return AfterValidator(check)


_FrameId = Annotated[
    str,
    _check_form(
        r"[a-z][a-z0-9_]*",
        "small letters a to z, digits and _, a letter first, such as way_out (the name may be in any script)",
    ),
]
_CodebookId = Annotated[
    str,
    _check_form(r"[a-z0-9]+(-[a-z0-9]+)*", "small letters a to z and digits, in parts joined by -, as in my-frames"),
]
_Version = Annotated[str, _check_form(r"\d+\.\d+\.\d+", "three numbers with dots between, such as 1.0.0")]


class Frame(BaseModel):
    """One frame: what it claims, how to code it, and the passages that carry it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _FrameId = Field(description="snake_case; keep it stable")
    name: _Text = Field(description="readable name")
    names: dict[LanguageCode, _Text] = Field(
        default_factory=dict, description="the name in other languages, which reports in them show: {de: …}"
    )
    definition: _Text = Field(description="what the frame claims, in a sentence or two")
    group: str = Field(default="", description="group of frames that it belongs to")
    include: tuple[_Text, ...] = Field(default=(), description="rules for coding it")
    exclude: tuple[_Text, ...] = Field(default=(), description="rules against, with the frame to use instead")
    hypotheses: tuple[_Text, ...] = Field(default=(), description="claims that a passage with it entails, for NLI")
    seeds: tuple[TaggedText, ...] = Field(
        description="passages that carry it, in the genre of the corpora; at least one. A passage in another language "
        "than the codebook's is written with the keys `text` and `language`"
    )
    counter_seeds: tuple[TaggedText, ...] = Field(
        default=(), description="passages that look like it and do not carry it; written as seeds are"
    )
    references: tuple[_Text, ...] = Field(default=(), description="citations")
    residual: bool = Field(default=False, description="true: a passage carries it only where it carries no other frame")

    @field_validator("id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        if value in SHEET:
            raise ValueError(
                f"{value} is a column of the sheets that coders fill ({', '.join(SHEET)}); take another id, such as "
                f"{value}_frame"
            )
        return value

    @field_validator("names")
    @classmethod
    def _check_names(cls, values: dict[str, str]) -> dict[str, str]:
        return {language: cls._check_name(value) for language, value in values.items()}

    @field_validator("name")
    @classmethod
    def _check_name(cls, value: str) -> str:
        if any(sign in value for sign in SEPARATORS):
            raise ValueError("a semicolon separates the frames of a label cell, so a name has none; write a comma")
        if fold_label(value) == NOT_CODED:
            raise ValueError(
                f"in a label cell {NOT_CODED} says that a coder has not coded the passage; take another name"
            )
        return value

    @model_validator(mode="after")
    def _check_seeds(self) -> Frame:
        if not self.seeds:
            raise ValueError(f"frame {self.id} has no seeds; give at least one passage that carries it")
        return self


class Example(BaseModel):
    """A passage as it comes, with each frame that it carries; it carries none of the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: _Text = Field(description="the passage")
    frames: tuple[str, ...] = Field(description="ids of all the frames that it carries; [] where there is none")
    language: NamedLanguage = Field(default="", description="its language, where not the codebook's")


class Codebook(BaseModel):
    """The frames of one instrument; the description of each key is in the reference of files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    codebook: _CodebookId = Field(description="id, kebab-case")
    version: _Version = Field(description="semantic version: a change of meaning is a new major")
    language: LanguageCode = Field(
        default="en", description="language of the definitions, and of each passage that names none"
    )
    multi_label: bool = Field(default=True, description="true: a passage may carry several frames; false: exactly one")
    unit: Unit = Field(default="passage", description="what is coded and counted: passage, or document as a whole")
    description: _Text = Field(description="what is coded, the unit, the source in the literature")
    references: tuple[_Text, ...] = Field(default=(), description="citations")
    frames: tuple[Frame, ...] = Field(description="the frames; with multi_label: false two or more")
    examples: tuple[Example, ...] = Field(default=(), description="passages as they come, each with all of its frames")

    @model_validator(mode="after")
    def _check_whole(self) -> Codebook:
        check_whole(self)
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
        """Readable names by the ids of the frames, in the language of this process where a frame has one in it."""
        return {frame.id: frame.names.get(current_language(), frame.name) for frame in self.frames}

    @property
    def residual(self) -> int | None:
        """Place of the frame that a passage carries only where it carries no other; None where no frame is so."""
        return next((place for place, frame in enumerate(self.frames) if frame.residual), None)

    @cached_property
    def frame_of_label(self) -> dict[str, str]:
        """Ids of the frames by their ids and names, as `fold_label` writes them."""
        return {fold_label(label): frame.id for frame in self.frames for label in (frame.id, frame.name)}

    def count_languages(self) -> dict[str, int]:
        """Count seeds, counter-seeds and examples by language.

        Returns
        -------
        dict of str to int
            Number of passages by code of the language, the codebook's own first, then from the most.
        """
        named = [
            getattr(text, "language", "") for frame in self.frames for text in (*frame.seeds, *frame.counter_seeds)
        ]
        counts = Counter(language or self.language for language in (*named, *(item.language for item in self.examples)))
        ordered = sorted(counts, key=lambda language: (language != self.language, -counts[language], language))
        return {language: counts[language] for language in ordered}

    @cached_property
    def hash(self) -> str:
        """The sha256 of the parsed content: comments, order of keys and line breaks do not matter."""
        parsed = self.model_dump(mode="json")
        for frame in parsed["frames"]:
            del frame["names"]  # a translation changes no score
            if not frame["hypotheses"]:  # a later key: the hash of a codebook without it stays as it was before
                del frame["hypotheses"]
            if not frame["residual"]:
                del frame["residual"]
        for example in parsed["examples"]:
            if not example["language"]:
                del example["language"]
        if not parsed["examples"]:
            del parsed["examples"]
        if parsed["unit"] == "passage":
            del parsed["unit"]
        content = json.dumps(parsed, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def with_unit(self, unit: Unit | Literal[""]) -> Codebook:
        """Take the same frames for another unit of analysis.

        Parameters
        ----------
        unit : {"", "passage", "document"}
            The unit; empty: the codebook's own.

        Returns
        -------
        Codebook
            One with that unit; its hash is the one that it would have if its file named the unit.
        """
        return self if unit in ("", self.unit) else self.with_values(unit=unit)

    def with_values(self, **values: Any) -> Codebook:
        """Take other values for some keys; the whole is checked anew, by `ValidationError`.

        Parameters
        ----------
        **values : Any
            Values by key of the codebook's file.

        Returns
        -------
        Codebook
            One with these values.
        """
        return Codebook(**{**{name: getattr(self, name) for name in Codebook.model_fields}, **values})

    def resolve(self, labels: Iterable[str], *, source: str) -> list[str]:
        """Find the frames of human labels, which are ids or names; letter case and kinds of spaces do not matter.

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
        written = [label.strip() for label in labels]
        unknown = sorted({label for label in written if fold_label(label) not in self.frame_of_label})
        if unknown:
            hints = " ".join(filter(None, (explain_unknown(label, self.frame_of_label) for label in unknown)))
            raise InputError(
                f"{source}: the codebook {self.codebook} has no frame(s) {', '.join(map(repr, unknown))}. "
                f"Its frames: {', '.join(self.frame_ids)}.{' ' * bool(hints)}{hints}"
            )
        return [self.frame_of_label[fold_label(label)] for label in written]


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
    return validate(Codebook, read_yaml(path), source=str(path), kind="codebook")
