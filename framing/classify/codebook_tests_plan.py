"""What is asked in tests of a codebook: its own passages, under codebooks that say the same in another way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framing.classify.codebook_variants import (
    NONSENSE,
    exclude_nonsense,
    hold_out,
    name_generically,
    reverse_frames,
    swap_names,
)
from framing.codebook import Codebook

__all__ = ["BEHAVIOURS", "NOT_APPLICABLE", "Job", "Kind", "OwnPassage", "ProbePlan", "add_nonsense", "plan_tests"]

Kind = Literal["seeds", "nli", "llm", "llm one by one"]
Bools = NDArray[np.bool_]

BEHAVIOURS = {
    "legal answers": "Is each answer one that the codebook allows?",
    "definitions": "Is a frame's definition given the frame?",
    "seeds and examples": "Are the codebook's own passages given their frames?",
    "counter-seeds": "Are counter-seeds denied the frame that they look like?",
    "exclusion rules": "Is a rule against a frame obeyed where a passage breaks it, and only there?",
    "order of frames": "Is the answer the same with the frames in the opposite order?",
    "generic names": "Is the answer the same if the frames are called label_1, label_2 and so on?",
    "swapped names": "Do answers follow the definitions if frames change names?",
    "generic against specific": "Are as many own passages right with generic names as with telling ones (difference)?",
    "asked twice": "Is the answer the same the second time?",
}
_NO_NAMES = "this scorer reads no names"
NOT_APPLICABLE: dict[str, dict[str, str]] = {
    "seeds": {
        "legal answers": "this scorer scores the codebook's frames and can say nothing else",
        "definitions": "the definitions are among what this scorer learned from",
        "exclusion rules": "this scorer reads no rules against frames; it learns from counter-seeds",
        "generic names": _NO_NAMES,
        "swapped names": _NO_NAMES,
        "generic against specific": _NO_NAMES,
    },
    "nli": {
        "legal answers": "this scorer scores the codebook's frames and can say nothing else",
        "exclusion rules": "this scorer reads hypotheses, or definitions, and no rules",
        "generic names": _NO_NAMES,
        "swapped names": _NO_NAMES,
        "generic against specific": _NO_NAMES,
    },
    "llm": {},
    "llm one by one": {"order of frames": "each frame is asked for by itself, so that there is no order"},
}


@dataclass(frozen=True)
class Job:
    """Texts to be decided by one codebook.

    Attributes
    ----------
    name : str
        What the codebook is, beside the original.
    codebook : Codebook
        The codebook.
    texts : tuple of str
        The texts.
    repeat : int
        Number of the repetition.
    """

    name: str
    codebook: Codebook
    texts: tuple[str, ...]
    repeat: int = 0


@dataclass(frozen=True)
class OwnPassage:
    """A passage of the codebook, and what that says of it.

    Attributes
    ----------
    text : str
        The passage.
    frame : str
        Frame that it stands under; of an example all of its frames.
    kind : {"seed", "counter-seed", "example"}
        What it is.
    place : int
        Its place among those of its frame.
    expected, known : ndarray of bool, shape (K,)
        Whether it carries each frame, and whether the codebook says so.
    """

    text: str
    frame: str
    kind: Literal["seed", "counter-seed", "example"]
    place: int
    expected: Bools
    known: Bools


@dataclass(frozen=True)
class ProbePlan:
    """What is asked, and of which scorer.

    Attributes
    ----------
    codebook : Codebook
        The codebook that is tested.
    kind : str
        Kind of the scorer.
    own : tuple
        Passages of the codebook.
    others : tuple of str
        Further passages, of which the codebook says nothing.
    jobs : tuple of Job
        Texts and codebooks.
    """

    codebook: Codebook
    kind: Kind
    own: tuple[OwnPassage, ...]
    others: tuple[str, ...]
    jobs: tuple[Job, ...]


def plan_tests(codebook: Codebook, kind: Kind, *, per_frame: int = 4, others: Sequence[str] = ()) -> ProbePlan:
    """Plan the tests of a scorer.

    Parameters
    ----------
    codebook : Codebook
        The codebook.
    kind : {"seeds", "nli", "llm", "llm one by one"}
        What scores.
    per_frame : int, default 4
        Seeds, counter-seeds and examples of a frame that are asked about, spread over those that there are.
    others : sequence of str, default ()
        Further passages for tests that compare two answers.

    Returns
    -------
    ProbePlan
        With all texts that will be asked about.
    """
    own = tuple(_list_own(codebook, per_frame))
    if kind == "seeds":  # a frame keeps its only seed when halves are left out
        single = {frame.id for frame in codebook.frames if len(frame.seeds) < 2}
        own = tuple(item for item in own if item.kind != "seed" or item.frame not in single)
    texts = tuple(dict.fromkeys([*(item.text for item in own), *others]))
    wanted = [name for name in BEHAVIOURS if name not in NOT_APPLICABLE[kind]]
    first = texts + (tuple(frame.definition for frame in codebook.frames) if "definitions" in wanted else ())
    jobs = [Job("original", codebook, tuple(dict.fromkeys(first))), Job("again", codebook, texts, repeat=1)]
    if kind == "seeds":
        jobs += [
            Job(f"half {half}", hold_out(codebook, half), tuple(item.text for item in own if item.place % 2 == half))
            for half in (0, 1)
        ]
    if "order of frames" in wanted and len(codebook.frames) > 1:
        jobs.append(Job("reversed", reverse_frames(codebook), texts))
    if "generic names" in wanted:
        jobs.append(Job("generic", name_generically(codebook), texts))
    if "swapped names" in wanted and len(codebook.frames) > 1:
        jobs.append(Job("swapped", swap_names(codebook), tuple(dict.fromkeys(item.text for item in own))))
    if "exclusion rules" in wanted:
        seeds = tuple(item.text for item in own if item.kind == "seed")
        jobs.append(Job("nonsense", codebook, tuple(map(add_nonsense, seeds))))
        jobs.append(Job("rule", exclude_nonsense(codebook), seeds + tuple(map(add_nonsense, seeds))))
    return ProbePlan(codebook, kind, own, tuple(others), tuple(job for job in jobs if job.texts))


def _list_own(codebook: Codebook, per_frame: int) -> Iterator[OwnPassage]:
    """Passages of the codebook, spread over those of each frame."""
    k = len(codebook.frames)
    for column, frame in enumerate(codebook.frames):
        alone = np.arange(k) == column
        known = np.ones(k, dtype=bool) if not codebook.multi_label else alone
        for place in _spread(len(frame.seeds), per_frame):
            yield OwnPassage(frame.seeds[place], frame.id, "seed", place, alone, known)
        for place in _spread(len(frame.counter_seeds), per_frame):
            nothing = np.zeros(k, dtype=bool)
            yield OwnPassage(frame.counter_seeds[place], frame.id, "counter-seed", place, nothing, alone)
    for place in _spread(len(codebook.examples), per_frame * k):
        example = codebook.examples[place]
        carried = np.isin(codebook.frame_ids, example.frames)
        yield OwnPassage(example.text, ";".join(example.frames), "example", place, carried, np.ones(k, dtype=bool))


def _spread(n: int, most: int) -> list[int]:
    """At most so many of n places, evenly spread."""
    return sorted({int(place) for place in np.linspace(0, n - 1, min(n, most))}) if n else []


def add_nonsense(text: str) -> str:
    """Add a sentence that the rule against nonsense is about.

    Parameters
    ----------
    text : str
        A passage.

    Returns
    -------
    str
        With the sentence at its end.

    Examples
    --------
    >>> add_nonsense("Talks began.")
    'Talks began. An elephant was seen nearby.'
    """
    return f"{text} {NONSENSE}"
