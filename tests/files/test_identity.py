"""The hash of the code covers what it names, wholly, and all that shapes kept numbers is named."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import PackageNotFoundError
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from framing.analysis.analysis import SHAPES_ANALYSIS
from framing.files.identity import code_hash, library_versions


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `specimen` with a module, a package that has a data file, and a package below that."""
    home = tmp_path / "specimen"
    for name in (
        "__init__.py",
        "one.py",
        "two/__init__.py",
        "two/part.py",
        "two/words.txt",
        "two/deep/leaf.py",
        "late.py",
    ):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "specimen", raising=False)  # that of another test
    monkeypatch.syspath_prepend(str(tmp_path))
    return home


def hashed(*parts: str) -> str:
    return code_hash(parts, package="specimen")


@pytest.mark.parametrize("name", ["one.py", "two/__init__.py", "two/part.py", "two/words.txt", "two/deep/leaf.py"])
def test_every_file_of_a_part_counts(package: Path, name: str) -> None:
    before = hashed("one", "two")
    assert len(before) == 64
    (package / name).write_text("changed", encoding="utf-8")
    assert hashed("one", "two") != before


def test_what_is_not_named_does_not_count(package: Path) -> None:
    before = hashed("two", "one")
    (package / "late.py").write_text("changed", encoding="utf-8")
    (package / "__init__.py").write_text("changed", encoding="utf-8")
    (package / "two" / "__pycache__").mkdir()
    (package / "two" / "__pycache__" / "part.cpython-311.pyc").write_bytes(b"\x00")
    assert hashed("two", "one") == hashed("one", "two", "one") == before
    assert hashed("two") != before


def test_a_new_or_renamed_file_counts(package: Path) -> None:
    before = hashed("two")
    (package / "two" / "part.py").rename(package / "two" / "piece.py")
    renamed = hashed("two")
    assert renamed != before
    (package / "two" / "more.py").write_text("", encoding="utf-8")
    assert hashed("two") not in (before, renamed)


def test_text_cannot_move_from_one_file_to_the_next_unseen(package: Path) -> None:
    before = hashed("two")
    (package / "two" / "part.py").write_text("", encoding="utf-8")
    (package / "two" / "words.txt").write_text("# two/part.py\n# two/words.txt\n", encoding="utf-8")
    assert hashed("two") != before


def test_a_part_of_a_package_can_be_named(package: Path) -> None:
    before = hashed("two.deep")
    (package / "two" / "part.py").write_text("changed", encoding="utf-8")
    assert hashed("two.deep") == before
    (package / "two" / "deep" / "leaf.py").write_text("changed", encoding="utf-8")
    assert hashed("two.deep") != before


@pytest.mark.parametrize("part", ["three", "one.py", "two.words", "", "..", "two/part", "/etc"])
def test_an_unknown_part_is_refused(package: Path, part: str) -> None:
    with pytest.raises(ValueError, match="no module or package specimen"):
        hashed("one", part)


def test_the_libraries_that_compute_count_where_they_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> str:
        if name == "onnxruntime":
            raise PackageNotFoundError(name)
        return f"1 of {name}"

    monkeypatch.setattr("framing.files.identity.version", find)
    versions = library_versions()
    assert versions["openvino"] == "1 of openvino"
    assert "onnxruntime" not in versions
    monkeypatch.setattr("framing.files.identity.version", lambda name: "2")
    assert library_versions()["onnxruntime"] == "2"


# what shapes the numbers of the package itself


def source_of(module: str) -> Traversable | None:
    *above, last = module.split(".")
    folder = files("framing").joinpath(*above)
    for place in (folder / f"{last}.py", folder / last / "__init__.py"):
        if place.is_file():
            return place
    return None


def imported_by(module: str) -> set[str]:
    """Modules of the package that the source of one names in an import, wherever in the file it stands."""
    source = source_of(module)
    assert source is not None, module
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        names = [item.name for item in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: a relative import, which this test does not follow"
            names = [str(node.module), *(f"{node.module}.{name}" for name in names)]
        found |= {name.removeprefix("framing.") for name in names if name.startswith("framing.")}
    return {name for name in found if source_of(name) is not None}


def all_imported_by(module: str) -> set[str]:
    """The module, and those that it imports, directly or through others, with the packages that they are in."""
    known: set[str] = set()
    waiting = {module}
    while waiting:
        name = waiting.pop()
        known.add(name)
        above = {name.rpartition(".")[0]} - {""}
        waiting |= (imported_by(name) | above) - known
    return known


def is_covered(module: str, parts: tuple[str, ...]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def test_imports_are_followed() -> None:
    found = all_imported_by("analysis.analysis")
    assert {"analysis.prepare", "corpus", "corpus.formats", "classify.anchors", "errors"} <= found
    assert not {"cli", "reports", "charts", "voice"} & found


@pytest.mark.parametrize(
    ("module", "further"),
    [
        ("analysis.analysis", ()),
        ("analysis.fragility", ("validation",)),
        ("analysis.discovered", ("discovery",)),
        ("analysis.stories", ("stories",)),
        ("analysis.voices", ("voice",)),
        ("analysis.voice_spans", ("voice",)),
    ],
)
def test_all_that_tables_of_the_cache_are_made_by_is_in_their_key(module: str, further: tuple[str, ...]) -> None:
    # texts are told where they are shown: none is in a table of the cache, as tests/analysis/test_language.py shows
    parts = (*SHAPES_ANALYSIS, *further, "texts")
    assert sorted(name for name in all_imported_by(module) if not is_covered(name, parts)) == []


def test_nothing_is_in_a_key_without_need() -> None:
    found = all_imported_by("analysis.fragility")
    unused = [part for part in SHAPES_ANALYSIS if not any(is_covered(name, (part,)) for name in found)]
    assert unused == ["data"]  # files that are read, not imported
