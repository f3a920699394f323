"""What changed since the run that a report replaces: documents, shares, stories, codebook, model, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from framing.analysis.analysis import Analysis
from framing.estimates.arrivals import compare_arrivals, measure_drift
from framing.reports.publish import read_record
from framing.texts import phrase, phrase_later

__all__ = ["DOCUMENT_IDS_FILE", "SINCE_FILE", "Since", "compare_runs", "write_document_ids"]

SINCE_FILE = "since.json"
DOCUMENT_IDS_FILE = "documents.txt"
_MOST_OF_VALUES = 60  # characters of the values of a setting before and now that are shown
_MAX_LISTED = 8  # rows of a kind that are listed; counts are of all
_INPUT_NAMES = {  # hashes of run.json that decisions depend on, in words
    "codebook": phrase_later("the codebook"),
    "encoder": phrase_later("the encoder"),
    "gold": phrase_later("the human labels"),
    "code": phrase_later("the program"),
}
_WITHOUT_EFFECT = {  # settings that change no decision
    "data_path",
    "n_bootstrap",
    "min_documents",
    "level",
    "period",
    "compare_by",
    "cluster",
    "target",
    "weights",
    "hypotheses",
    "within",
    "formula",
    "threshold_varied",
    "agenda_items",
    "fragility_top",
    "encoders_varied",
    "top_passages",
    "language",
}

_LATER_SETTINGS: dict[str, Any] = {
    "corpora": [],
    "where": {},
}  # in runs made before there were these settings


@dataclass(frozen=True)
class Since:
    """Differences between a run and the run before it.

    Attributes
    ----------
    before : str
        When the run before was made; empty if there was none.
    changed : list of str
        Inputs that differ, in words.
    comparable : bool
        Whether shares of the two runs can be compared: no input differs.
    n_new, n_gone : int
        Number of documents that are new, and of those that are no longer there.
    n_stories : int
        Number of new stories.
    stories : list of str
        Labels of the first new stories.
    moved : list of dict
        Rows of `compare_arrivals` in which new and earlier documents differ.
    drifted : list of str
        Names of frames whose scores are distributed otherwise among the new documents.
    n_tested : int
        Number of shares that were tested jointly.
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
        """Content of since.json."""
        return asdict(self)


def write_document_ids(analysis: Analysis, work: Path) -> None:
    """Write the ids of the documents into the report, for the next run.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report.
    work : Path
        Folder of the report in the making.
    """
    ids = analysis.documents["document_id"].astype(str)
    (work / DOCUMENT_IDS_FILE).write_text("".join(f"{name}\n" for name in ids), encoding="utf-8")


def compare_runs(target: Path, work: Path, analysis: Analysis, facts: dict[str, Any]) -> Since:
    """Compare a report in the making with the report that it replaces.

    Parameters
    ----------
    target : Path
        Folder of the report that it replaces.
    work : Path
        Folder of the report in the making, with its tables.
    analysis : Analysis
        Analysis of the report in the making.
    facts : dict of str to Any
        Content of its run.json.

    Returns
    -------
    Since
        The differences; the default record if there is no earlier report.

    Notes
    -----
    Shares are compared only if codebook, model, labels and settings are the same. A difference is then one between new
    and earlier documents, and it is tested as that.
    """
    before, earlier_ids = read_record(target / "run.json"), _read_document_ids(target)
    if not before or earlier_ids is None:
        return Since()
    ids = set(analysis.documents["document_id"].astype(str))
    changed = _list_changed_inputs(before, facts)
    n_new = len(ids - earlier_ids)
    stories = _list_new_stories(target, work)
    shared: dict[str, Any] = {
        "before": str(before.get("made", "")),
        "changed": changed,
        "n_new": n_new,
        "n_gone": len(earlier_ids - ids),
        "n_stories": len(stories),
        "stories": stories[:_MAX_LISTED],
    }
    if changed or not n_new:
        return Since(**shared, comparable=not changed)
    return Since(**shared, **_compare_documents(analysis, earlier_ids))


def _compare_documents(analysis: Analysis, earlier_ids: set[str]) -> dict[str, Any]:
    """`moved`, `drifted` and `n_tested`: new documents against earlier ones."""
    settings, names = analysis.settings, analysis.codebook.names
    arrivals = compare_arrivals(
        analysis.classified,
        earlier_ids,
        by=settings.compare_by,
        level=settings.level,
        n_bootstrap=settings.n_bootstrap,
        min_documents=settings.min_documents,
        random_seed=settings.random_seed,
    )
    moved = arrivals.loc[arrivals["differs"].astype(bool), ["group", "frame", "estimate", "low", "high"]]
    rows = moved.head(_MAX_LISTED).to_dict("records")
    drift = measure_drift(analysis.classified, earlier_ids, level=settings.level)
    return {
        "moved": [{**{str(key): value for key, value in row.items()}, "name": names[row["frame"]]} for row in rows],
        "drifted": [names[frame] for frame in drift.loc[drift["differs"].astype(bool), "frame"]],
        "n_tested": len(arrivals),
    }


def _list_changed_inputs(before: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    old, new = before.get("hashes", {}), facts["hashes"]
    inputs = [phrase(words) for key, words in _INPUT_NAMES.items() if old.get(key) != new.get(key)]
    then, now = before.get("settings", {}), facts["settings"]
    then = {**_LATER_SETTINGS, **then}
    keys = sorted(key for key in now if key not in _WITHOUT_EFFECT and then.get(key) != now[key])
    return inputs + [_describe_setting(key, then, now) for key in keys]


def _describe_setting(key: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """A setting that is another now; its values where they are short."""
    if key not in then:
        return phrase("the setting {key}, which is new", key=key)
    before, after = str(then[key]), str(now[key])
    if len(before + after) > _MOST_OF_VALUES:
        return phrase("the setting {key}", key=key)
    return phrase("the setting {key} ({before} before, {after} now)", key=key, before=before, after=after)


def _list_new_stories(target: Path, work: Path) -> list[str]:
    """Labels of stories of the new run that the earlier run does not have."""
    paths = [folder / "tables" / "stories.parquet" for folder in (target, work)]
    if not all(path.is_file() for path in paths):
        return []
    then, now = (pd.read_parquet(path) for path in paths)
    if not {"story_id", "story_label"} <= set(then.columns) & set(now.columns):
        return []
    return now.loc[~now["story_id"].isin(then["story_id"]), "story_label"].astype(str).tolist()


def _read_document_ids(target: Path) -> set[str] | None:
    """Ids of the documents of a published report; None if it does not hold them."""
    try:
        return set((target / DOCUMENT_IDS_FILE).read_text(encoding="utf-8").splitlines())
    except OSError:
        return None
