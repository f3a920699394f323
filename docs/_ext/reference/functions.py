"""Public functions and classes, grouped by what they are for; their text is their docstring, set by autodoc."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

from pydantic import BaseModel

import framing
from reference.markdown import table

__all__ = ["function_pages", "groups"]

# Until the package groups its names itself, they are grouped here; a name in no group is listed under _REST.
_GROUPS: dict[str, tuple[str, ...]] = {
    "Read corpora and codebooks": (
        "read_corpus", "Corpus", "split_passages", "read_codebook", "Codebook", "compare_codebooks",
    ),
    "Find frames": (
        "FrameClassifier", "NliScorer", "SentenceEncoder", "encode_passages", "save_classifier", "load_classifier",
    ),
    "Open an analysis": ("Settings", "open_analysis", "Analysis", "classify_passages"),
    "Estimate and compare shares": (
        "estimate_prevalence", "compare_groups", "rank_groups", "add_strata", "decompose_differences",
        "measure_fragility", "enough_labels",
    ),
    "Follow shares over time": ("add_period", "compare_trends", "find_changes"),
    "Look at words and pairs of frames": ("distinctive_words", "passages_with_words", "count_pairs"),
    "Find stories and copies": (
        "find_stories", "mark_stories", "read_pins", "pins_of", "summarise_stories", "count_coverage",
        "find_duplicates", "mark_duplicates", "count_with_and_without", "reprint_chains", "align_passages",
        "find_omissions", "contrast_pairs",
    ),
    "Find who speaks": (
        "mark_voices", "voice_segments", "add_voices", "count_voices", "frame_shares_by_voice", "who_speaks",
    ),
    "Code a sample by hand": ("draw_sample", "labels_needed", "read_coded"),
    "Compare with human labels": ("evaluate_decisions", "open_validity", "Validity"),
    "Count and look up": (
        "summarise_outlets", "count_by_period", "count_by_language", "count_refused", "count_labels", "widest_frames",
        "top_passages", "one_per_frame", "borderline_passages", "passages_behind",
    ),
    "Draw and show": (
        "show", "charts", "story_charts", "voice_charts", "render_side_by_side", "passages_link",
    ),
    "Errors": ("FramingError", "InputError"),
}  # fmt: skip
_REST = "Other names"


def groups() -> dict[str, list[str]]:
    """Names of `framing.__all__` by what they are for, each exactly once."""
    given = getattr(framing, "GROUPS", _GROUPS)
    public = set(framing.__all__)
    grouped = {title: [name for name in names if name in public] for title, names in given.items()}
    rest = sorted(public - {name for names in grouped.values() for name in names})
    return {title: names for title, names in {**grouped, _REST: rest}.items() if names}


def function_pages() -> dict[str, str]:
    """A page a group, and `functions`, which lists all names with their first line."""
    parts = ["# Functions\n\nWhat `import framing` offers, grouped by what it is for.\n"]
    entries, pages = [], {}
    for title, names in groups().items():
        page = "functions_" + "_".join(title.lower().split())
        entries.append(page)
        rows = [[f"{{py:obj}}`~framing.{name}`", _first_line(getattr(framing, name))] for name in names]
        parts.append(f"## {title}\n\n{table(['Name', 'What it does'], rows)}\n")
        pages[page] = f"# {title}\n\n" + "\n".join(_entry(name, getattr(framing, name)) for name in names)
    parts.append("```{toctree}\n:hidden:\n\n" + "\n".join(entries) + "\n```\n")
    return {"functions": "\n".join(parts), **pages}


def _entry(name: str, value: Any) -> str:
    if isinstance(value, ModuleType):
        drawn = "".join(_directive("autofunction", f"framing.{name}.{item}") for item in value.__all__)
        return f"## framing.{name}\n\n```{{py:module}} framing.{name}\n```\n\n{inspect.getdoc(value)}\n\n{drawn}"
    if not inspect.isclass(value):
        return _directive("autofunction", f"framing.{name}")
    if issubclass(value, Exception):
        return _directive("autoclass", f"framing.{name}")
    members = [
        item for item, member in vars(value).items()
        if not item.startswith("_") and (callable(member) or isinstance(member, property)) and inspect.getdoc(member)
    ]  # fmt: skip
    signature = "(**values)" if issubclass(value, BaseModel) else ""
    return _directive("autoclass", f"framing.{name}{signature}", members=", ".join(members))


def _directive(kind: str, target: str, **options: str) -> str:
    lines = "".join(f"   :{key}: {value}\n" for key, value in options.items() if value)
    return f"```{{eval-rst}}\n.. {kind}:: {target}\n{lines}```\n\n"


def _first_line(value: Any) -> str:
    return " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split())
