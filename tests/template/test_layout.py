"""A project is laid out, and what its owner did is never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framing.errors import InputError
from framing.template import lay_out_project
from framing.template.content import read_template

OLD = {"seeds/a.yaml": b"a 1\n", "seeds/b.yaml": b"b 1\n", "notebooks/n.ipynb": b"n 1\n", ".gitignore": b"cache/\n"}
NEW = {**OLD, "seeds/a.yaml": b"a 2\n", "seeds/b.yaml": b"b 2\n", "seeds/c.yaml": b"c 2\n"}


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    layout = lay_out_project(folder, template=OLD)
    assert layout.is_new
    assert layout.written == list(OLD)
    return folder


def test_a_new_project_has_all_files_and_folders(laid_out: Path) -> None:
    assert {name: (laid_out / name).read_bytes() for name in OLD} == OLD
    assert all((laid_out / name).is_dir() for name in ("corpora", "seeds", "reports", "notebooks"))


def test_a_second_time_nothing_happens(laid_out: Path) -> None:
    before = {path: path.read_bytes() for path in laid_out.rglob("*") if path.is_file()}
    layout = lay_out_project(laid_out, template=OLD)
    assert not layout.is_new
    assert (layout.written, layout.updated, layout.kept, layout.beside, layout.absent) == ([], [], [], {}, [])
    assert {path: path.read_bytes() for path in laid_out.rglob("*") if path.is_file()} == before


def test_files_that_the_owner_left_alone_are_updated(laid_out: Path) -> None:
    layout = lay_out_project(laid_out, template=NEW)
    assert layout.updated == ["seeds/a.yaml", "seeds/b.yaml"]
    assert layout.written == ["seeds/c.yaml"]
    assert {name: (laid_out / name).read_bytes() for name in NEW} == NEW


def test_a_changed_file_is_kept_and_the_new_version_lies_beside_it(laid_out: Path) -> None:
    (laid_out / "seeds" / "a.yaml").write_bytes(b"mine\n")
    (laid_out / "notebooks" / "n.ipynb").write_bytes(b"my notes\n")
    layout = lay_out_project(laid_out, template=NEW)
    assert layout.beside == {"seeds/a.yaml": "a.yaml.new"}
    assert layout.kept == ["notebooks/n.ipynb"]  # there is no new version of it
    assert (laid_out / "seeds" / "a.yaml").read_bytes() == b"mine\n"
    assert (laid_out / "seeds" / "a.yaml.new").read_bytes() == b"a 2\n"
    assert (laid_out / "notebooks" / "n.ipynb").read_bytes() == b"my notes\n"
    (laid_out / "seeds" / "a.yaml.new").unlink()
    layout = lay_out_project(laid_out, template=NEW)
    assert layout.beside == {}, "a version is offered once"
    assert not (laid_out / "seeds" / "a.yaml.new").exists()


def test_the_version_beside_is_replaced_by_the_next_unless_the_owner_works_on_it(laid_out: Path) -> None:
    (laid_out / "seeds" / "a.yaml").write_bytes(b"mine\n")
    lay_out_project(laid_out, template=NEW)
    lay_out_project(laid_out, template={**NEW, "seeds/a.yaml": b"a 3\n"})
    assert (laid_out / "seeds" / "a.yaml.new").read_bytes() == b"a 3\n"
    (laid_out / "seeds" / "a.yaml.new").write_bytes(b"half merged\n")
    layout = lay_out_project(laid_out, template={**NEW, "seeds/a.yaml": b"a 4\n"})
    assert layout.beside == {"seeds/a.yaml": "a.yaml.new-2"}
    assert (laid_out / "seeds" / "a.yaml.new").read_bytes() == b"half merged\n"
    assert (laid_out / "seeds" / "a.yaml.new-2").read_bytes() == b"a 4\n"


def test_a_file_that_takes_over_the_new_version_is_the_owners_no_more(laid_out: Path) -> None:
    (laid_out / "seeds" / "a.yaml").write_bytes(b"mine\n")
    lay_out_project(laid_out, template=NEW)
    (laid_out / "seeds" / "a.yaml.new").replace(laid_out / "seeds" / "a.yaml")
    assert lay_out_project(laid_out, template={**NEW, "seeds/a.yaml": b"a 3\n"}).updated == ["seeds/a.yaml"]


def test_a_deleted_file_stays_away_until_it_is_asked_for(laid_out: Path) -> None:
    (laid_out / "seeds" / "b.yaml").unlink()
    for template in (OLD, NEW, NEW):
        assert lay_out_project(laid_out, template=template).absent == ["seeds/b.yaml"]
        assert not (laid_out / "seeds" / "b.yaml").exists()
    assert lay_out_project(laid_out, template=NEW, restore=True).written == ["seeds/b.yaml"]
    assert (laid_out / "seeds" / "b.yaml").read_bytes() == b"b 2\n"


def test_a_link_in_the_place_of_a_file_is_the_owners(laid_out: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared.yaml"
    shared.write_bytes(OLD["seeds/a.yaml"])
    (laid_out / "seeds" / "a.yaml").unlink()
    (laid_out / "seeds" / "a.yaml").symlink_to(shared)
    assert lay_out_project(laid_out, template=NEW).beside == {"seeds/a.yaml": "a.yaml.new"}
    assert (laid_out / "seeds" / "a.yaml").is_symlink()
    assert shared.read_bytes() == OLD["seeds/a.yaml"]


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(InputError, match=r"is no project and not empty: it holds thesis\.docx\. .*nothing was changed"):
        lay_out_project(tmp_path, template=OLD)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(InputError, match=r"thesis\.docx is a file; expected a new or empty folder"):
        lay_out_project(tmp_path / "thesis.docx", template=OLD)


def test_a_folder_of_hidden_files_is_empty_and_they_are_kept(tmp_path: Path) -> None:
    """A repository that was made first, with its own .gitignore."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_bytes(b"mine/\n")
    layout = lay_out_project(tmp_path, template=OLD)
    assert layout.beside == {".gitignore": ".gitignore.new"}
    assert (tmp_path / ".gitignore").read_bytes() == b"mine/\n"
    assert (tmp_path / "seeds" / "a.yaml").read_bytes() == b"a 1\n"


def test_a_project_that_was_laid_out_halfway_is_laid_out_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import framing.template.layout as layout_module

    written = layout_module.write_whole

    def fail(path: Path, content: bytes) -> None:
        if path.name == "b.yaml":
            raise OSError(28, "No space left on device", str(path))
        written(path, content)

    monkeypatch.setattr(layout_module, "write_whole", fail)
    with pytest.raises(InputError, match=r"b\.yaml cannot be written: No space left on device"):
        lay_out_project(tmp_path / "mine", template=OLD)
    monkeypatch.undo()
    assert lay_out_project(tmp_path / "mine", template=OLD).written == list(OLD)[1:]
    assert lay_out_project(tmp_path / "mine", template=NEW).updated == ["seeds/a.yaml", "seeds/b.yaml"]


def test_a_damaged_record_is_not_guessed_at(laid_out: Path) -> None:
    marker = laid_out / ".framing" / "project.json"
    marker.write_text("{half")
    with pytest.raises(InputError, match=r"project\.json cannot be read: .*Bring it back from your history"):
        lay_out_project(laid_out, template=NEW)
    marker.write_text(json.dumps({"format": 2, "files": {}}))
    with pytest.raises(InputError, match="not of the form that this version writes"):
        lay_out_project(laid_out, template=NEW)
    assert (laid_out / "seeds" / "a.yaml").read_bytes() == b"a 1\n"


def test_without_the_sample_a_project_stays_without_it(tmp_path: Path) -> None:
    lay_out_project(tmp_path, sample=False)
    assert list((tmp_path / "corpora").iterdir()) == []
    assert not (tmp_path / "reports" / "sample.yaml").exists()
    assert lay_out_project(tmp_path).written == []
    written = lay_out_project(tmp_path, sample=True).written
    assert "corpora/deep-strike/corpus.yaml" in written
    assert "reports/sample.yaml" in written


def test_the_template_is_what_the_repository_has(root: Path) -> None:
    content = read_template()
    for folder, pattern in [("notebooks", "*.ipynb"), ("seeds", "*.yaml"), ("corpora/deep-strike", "*")]:
        there = {path.relative_to(root).as_posix() for path in (root / folder).glob(pattern)}
        assert there == {name for name in content if name.startswith(f"{folder}/")}
    assert content["reports/sample.yaml"] == (root / "reports" / "sample.yaml").read_bytes()
    assert "README.md" in content
    assert b"data/" in content[".gitignore"]
