"""What changed since the run that a report replaces: documents, shares, stories, codebook, model, settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.reports.publish import read_record

if TYPE_CHECKING:
    from framing.analysis.analysis import Analysis

__all__ = ["FILE", "IDS", "Since", "compare_runs", "keep_ids"]

FILE, IDS = "since.json", "documents.txt"
_MOST = 8  # rows of a kind that are named; the counts are of all
_CALLED = {
    "codebook": "the codebook", "encoder": "the encoder", "gold": "the human labels", "code": "the program",
}  # fmt: skip
_QUIET = {"data_path", "n_bootstrap", "min_documents", "level", "period", "compare_by"}  # do not change any decision


@dataclass(frozen=True)
class Since:
    """Differences from the run made `before`; empty `before`: there was none.

    Attributes
    ----------
    changed : inputs that are not what they were, in words; where there are any, shares are `comparable` to nothing.
    n_new, n_gone : documents. `stories` : labels of stories that were not there (`n_stories` of them).
    moved : rows of `framing.estimates.arrivals.compare_arrivals` that differ. `drifted` : frames whose scores drift.
    """

    before: str = ""
    changed: list[str] = field(default_factory=list)
    comparable: bool = True
    n_new: int = 0
    n_gone: int = 0
    n_stories: int = 0
    stories: list[str] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    drifted: list[str] = field(default_factory=list)
    n_tested: int = 0

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


def keep_ids(analysis: Analysis, work: Path) -> None:
    """Leave the ids of the documents in the report, for the next run."""
    ids = analysis.documents["document_id"].astype(str)
    (work / IDS).write_text("".join(f"{name}\n" for name in ids), encoding="utf-8")


def compare_runs(target: Path, work: Path, analysis: Analysis, facts: dict[str, Any]) -> Since:
    """What is other in the report in `work`, about to be published, than in the one at `target`.

    Shares are compared only where codebook, model, labels and settings are the same: then a difference is one of new
    documents against earlier ones, and tested as that.
    """
    before, earlier = read_record(target / "run.json"), _ids(target)
    if not before or earlier is None:
        return Since()
    now = set(analysis.documents["document_id"].astype(str))
    changed = _changed(before, facts)
    n_new, n_gone = len(now - earlier), len(earlier - now)
    new_stories = _new_stories(target, work)
    shared: dict[str, Any] = {
        "before": str(before.get("made", "")), "changed": changed, "n_new": n_new, "n_gone": n_gone,
        "n_stories": len(new_stories), "stories": new_stories[:_MOST],
    }  # fmt: skip
    if changed or not n_new:
        return Since(**shared, comparable=not changed)
    from framing.estimates.arrivals import compare_arrivals, measure_drift

    settings = analysis.settings
    arrivals = compare_arrivals(
        analysis.classified, earlier, by=settings.compare_by, level=settings.level, n_bootstrap=settings.n_bootstrap,
        min_documents=settings.min_documents, random_seed=settings.random_seed,
    )  # fmt: skip
    drift = measure_drift(analysis.classified, earlier, level=settings.level)
    names = analysis.codebook.names
    moved = arrivals[arrivals["differs"].astype(bool)].head(_MOST)
    rows: list[dict[str, Any]] = [
        {**{str(key): value for key, value in row.items()}, "name": names[row["frame"]]}
        for row in moved[["group", "frame", "estimate", "low", "high"]].to_dict("records")
    ]
    drifted = [names[frame] for frame in drift.loc[drift["differs"].astype(bool), "frame"]]
    return Since(**shared, moved=rows, drifted=drifted, n_tested=len(arrivals))


def _changed(before: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    old, new = before.get("hashes", {}), facts["hashes"]
    found = [words for key, words in _CALLED.items() if old.get(key) != new.get(key)]
    then, now = before.get("settings", {}), facts["settings"]
    settings = sorted(key for key in now if key not in _QUIET and then.get(key) != now[key])
    return found + [f"the setting {key} ({then.get(key, 'not there')} before, {now[key]} now)" for key in settings]


def _new_stories(target: Path, work: Path) -> list[str]:
    tables = [folder / "tables" / "stories.parquet" for folder in (target, work)]
    if not all(path.is_file() for path in tables):
        return []
    then, now = (pd.read_parquet(path) for path in tables)
    if not {"story_id", "story_label"} <= set(then.columns) & set(now.columns):
        return []
    return now.loc[~now["story_id"].isin(then["story_id"]), "story_label"].astype(str).tolist()


def _ids(target: Path) -> set[str] | None:
    try:
        return set((target / IDS).read_text(encoding="utf-8").splitlines())
    except OSError:
        return None
