"""A project's places are found or named, and environment variables are changed for a while only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from framing.errors import InputError
from framing.project import cache_folder, changed_environment, corpus_folder, data_folder, named_file, project_root


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two corpora and two codebooks, the current folder being inside it."""
    for name in ("north", "south"):
        (tmp_path / "corpora" / name).mkdir(parents=True)
        (tmp_path / "corpora" / name / "corpus.yaml").write_text("corpus: x\n")
    (tmp_path / "corpora" / "unfinished").mkdir()
    (tmp_path / "seeds").mkdir()
    for name in ("one", "two"):
        (tmp_path / "seeds" / f"{name}.yaml").write_text("codebook: x\n")
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.delenv("FRAMING_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    return tmp_path


def test_the_project_is_the_nearest_folder_upwards(project: Path) -> None:
    assert project_root() == project.resolve()


def test_a_folder_that_was_laid_out_is_a_project_without_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git keeps no empty folders: a clone of a project may lack corpora/."""
    monkeypatch.delenv("FRAMING_PROJECT", raising=False)
    (tmp_path / ".framing").mkdir()
    (tmp_path / ".framing" / "project.json").write_text("{}")
    (tmp_path / "notes" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notes" / "deep")
    assert project_root() == tmp_path.resolve()


def test_the_variable_names_another_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    monkeypatch.setenv("FRAMING_PROJECT", str(other))
    assert project_root() == other.resolve()
    monkeypatch.setenv("FRAMING_PROJECT", str(other / "gone"))
    with pytest.raises(InputError, match=r"FRAMING_PROJECT names .*gone, which is not a folder"):
        project_root()


def test_outside_a_project_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRAMING_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"No project here: .*or set FRAMING_PROJECT"):
        project_root()


def test_files_and_corpora_are_found_by_name(project: Path) -> None:
    assert named_file("seeds", "one", ".yaml", kind="codebook") == project / "seeds" / "one.yaml"
    assert corpus_folder("north") == project / "corpora" / "north"


@pytest.mark.parametrize("name", ["three", "../seeds/one", "..", "", "-", "one.yaml", "öne", "one\n"])
def test_an_unknown_name_lists_the_files_there_are(project: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"There is no codebook .* in seeds/\. There are: one, two\."):
        named_file("seeds", name, ".yaml", kind="codebook")


@pytest.mark.parametrize("name", ["east", "unfinished", "../corpora/north", ".", "north/"])
def test_an_unknown_corpus_lists_the_corpora_there_are(project: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"There is no corpus .* in corpora/\. There are: north, south\."):
        corpus_folder(name)


def test_an_empty_folder_lists_none(project: Path) -> None:
    with pytest.raises(
        InputError, match=r"There is no report 'weekly' in reports/\. There are: none\. `framing init` lays out"
    ):
        named_file("reports", "weekly", ".yaml", kind="report")


def test_the_cache_folder_follows_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "c"))
    assert cache_folder() == tmp_path / "c"
    monkeypatch.delenv("FRAMING_CACHE")
    assert cache_folder().name == "framing"
    assert cache_folder().is_absolute()


def test_variables_are_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMING_ONE", "old")
    monkeypatch.delenv("FRAMING_TWO", raising=False)
    before = dict(os.environ)

    def change() -> None:
        with changed_environment(FRAMING_ONE="new", FRAMING_TWO="new"):
            assert (os.environ["FRAMING_ONE"], os.environ["FRAMING_TWO"]) == ("new", "new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert dict(os.environ) == before


def test_the_folder_of_the_data_is_the_one_that_its_variable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    for unset in ("", None):
        monkeypatch.setenv("FRAMING_DATA", "") if unset == "" else monkeypatch.delenv("FRAMING_DATA")
        assert data_folder() is None
