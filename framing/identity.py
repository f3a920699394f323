"""What made the numbers: the package's own source and the versions of the libraries beneath it."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["code_hash", "library_versions", "source_hash"]

_LATER = {  # what comes after classification
    "__init__.py", "charts.py", "chart_style.py", "validity.py", "validity_charts.py", "evaluate.py", "measures.py",
    "error_differences.py", "compare.py", "prevalence.py", "shares.py", "correction.py", "decompose.py", "trends.py",
    "changes.py", "summaries.py", "fragility.py", "seed_influence.py", "comparison_charts.py",
    "cooccurrence.py", "language_charts.py", "vocabulary.py", "words.py", "strata.py", "sampling.py", "sample_size.py",
    "analysis_stories.py", "analysis_voices.py", "design.py", "coding_sheet.py", "filled_sheets.py", "coded.py",
    "agreement.py", "validity_prose.py", "gold_check.py", "duplicates.py", "stories.py", "story_ids.py",
    "story_pins.py", "story_coverage.py", "story_charts.py", "linkage.py", "aligned.py", "voice_charts.py",
    "voice_shares.py", "arrivals.py", "side_by_side.py", "side_by_side_data.py", "sources.py",
}  # fmt: skip
_LIBRARIES = (
    "framing", "numpy", "pandas", "scikit-learn", "scipy", "torch", "transformers", "sentence-transformers",
    "sentencex", "py3langid", "altair", "papermill",
)  # fmt: skip


def library_versions() -> dict[str, str]:
    """Version of each library that numbers may depend on."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def code_hash() -> str:
    """sha256 of the package's source, so that kept tables never outlive the code that made them."""
    home = Path(__file__).parent
    content = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        if not {"reports", "cli", "voice", "fetch"} & set(path.relative_to(home).parts) and path.name not in _LATER:
            content.update(path.read_bytes())
    return content.hexdigest()


def source_hash(*names: str) -> str:
    """sha256 of the source of modules and packages of `framing`, named without it.

    >>> source_hash("errors") == source_hash("errors") != source_hash("errors", "tables")
    True
    """
    home = Path(__file__).parent
    content = hashlib.sha256()
    for name in names:
        folder = home / name
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [home / f"{name}.py"]:
            content.update(path.read_bytes())
    return content.hexdigest()
