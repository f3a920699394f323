"""Options of `framing sample --active` and `--next`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, get_args

import typer

from framing.cli.options import split_names
from framing.coding.chances import FLOOR
from framing.coding.settle import Ties
from framing.errors import InputError
from framing.estimates.correction import Target

__all__ = ["RoundOptions"]


@dataclass(frozen=True, kw_only=True)
class RoundOptions:
    """Rounds of a draw that learns."""

    active: Annotated[
        bool, typer.Option("--active", help="First of several rounds: chances grow with what a label teaches")
    ] = False
    next_round: Annotated[
        bool, typer.Option("--next", help="CORPUS is a draw: read its coded sheets, learn, draw the next round")
    ] = False
    floor: Annotated[
        float, typer.Option("--floor", help="Part of a round that is drawn at random, without scores", max=1)
    ] = FLOOR
    coded_sheets: Annotated[
        list[Path] | None,
        typer.Option("--sheet", help="Filled sheet of any round (may be repeated; else those in coded/ of each round)"),
    ] = None
    adjudicated: Annotated[Path | None, typer.Option("--adjudicated", help="Sheet of adjudicated labels")] = None
    ties: Annotated[
        str, typer.Option("--ties", help="If coders are split: ask (leave out), exclude, either or first")
    ] = "ask"
    width: Annotated[
        float | None, typer.Option("--width", help="Wanted width of intervals: says how many labels are left")
    ] = None
    contrast: Annotated[
        str, typer.Option("--contrast", help="Two outlets, comma-separated, whose difference matters")
    ] = ""
    target: Annotated[str, typer.Option("--target", help="What shares are about, as in reports: process or corpus")] = (
        "process"
    )
    corpus: Annotated[
        str, typer.Option("--corpus", help="With --next: the corpus folder (else the one of that name in corpora/)")
    ] = ""

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two outlets of the contrast."""
        if not self.contrast:
            return None
        names = split_names(self.contrast)
        if len(names) != 2 or names[0] == names[1]:
            raise InputError(f"--contrast: expected two outlets, comma-separated, got {self.contrast!r}.")
        return names[0], names[1]

    def check(self) -> None:
        """Raise `InputError` for options out of range, and for those that need another."""
        if self.active and self.next_round:
            raise InputError("--active draws a first round and --next a later one; give one of them.")
        if not 0 < self.floor <= 1:
            raise InputError(f"--floor: expected a share above 0 and at most 1, got {self.floor:g}.")
        if self.width is not None and not 0 < self.width < 1:
            raise InputError(f"--width: expected a number between 0 and 1, got {self.width:g}.")
        if self.ties not in get_args(Ties):
            raise InputError(f"--ties: expected one of {', '.join(get_args(Ties))}, got {self.ties!r}.")
        if self.target not in get_args(Target):
            raise InputError(f"--target: expected one of {', '.join(get_args(Target))}, got {self.target!r}.")
        plain = RoundOptions()
        given = {
            "--sheet": self.coded_sheets,
            "--adjudicated": self.adjudicated,
            "--ties": self.ties != plain.ties,
            "--width": self.width,
            "--contrast": self.pair,  # which checks it
            "--target": self.target != plain.target,
            "--corpus": self.corpus,
        }
        if (wrong := [option for option, value in given.items() if value]) and not self.next_round:
            raise InputError(f"{', '.join(wrong)}: of use with --next alone, which reads labels; leave it out.")
        if self.floor != plain.floor and not (self.active or self.next_round):
            raise InputError("--floor: of use with --active and --next alone; leave it out.")
