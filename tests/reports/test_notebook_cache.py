"""Executed notebooks are used again for equal inputs, for no others, and never when they are damaged."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from framing.analysis.analysis import handed_over, open_analysis
from framing.files.damage import CacheWarning
from framing.reports import notebook_cache
from framing.reports.execution import find_executed, run_notebooks
from framing.reports.inputs import Inputs
from framing.reports.kernels import open_kernels
from framing.reports.notebook_cache import NotebookCache
from framing.reports.notebooks import read_notebook
from framing.reports.passage_links import write_groups
from framing.settings import Settings
from tests.analysis.project import enter_project, write_project
from tests.damage import DAMAGES
from tests.reports.report_files import read_files, write_notebook
from tests.tiny import SPORT, TRADE, WAR

SETTINGS = {"corpus": "a", "level": 0.95, "period": "week", "encoders_varied": ""}


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    return write_notebook(tmp_path / "one.ipynb", "corpus = 'a'\nlevel = 0.95", "import framing")


def make_cache(*, linked=True, contents=None, notebook="1", **settings):
    found = {"code": "c", "varied": {}, **(contents or {})}
    return NotebookCache(Inputs({}, {**SETTINGS, **settings}, {"one": notebook}, found), linked)


@pytest.fixture
def kept(path, tmp_path):
    """An entry whose kernel read `level` alone."""
    shown = tmp_path / "shown"
    for name in ("tables/shares.csv", "charts/shares.svg"):
        (shown / name).parent.mkdir(parents=True)
        (shown / name).write_text(name)
    make_cache().keep(path, read_notebook(path), shown, reads={"corpus", "level"}, until=None)
    return shown


def find(cache, path, tmp_path):
    into = tmp_path / "into"
    into.mkdir(exist_ok=True)
    found = cache.find(path, into)
    return read_files(into) if found is not None else None


def test_it_is_found_while_what_it_read_is_the_same(kept, path, tmp_path):
    assert find(make_cache(), path, tmp_path) == read_files(kept)
    assert find(make_cache(period="month"), path, tmp_path) == read_files(kept)


@pytest.mark.parametrize(
    "changed",
    [
        {"level": 0.9},
        {"notebook": "2"},
        {"linked": False},
        {"contents": {"code": "d"}},
        {"contents": {"corpora": "more"}},
    ],
)
def test_it_is_not_found_when_anything_that_it_depends_on_is_another(kept, path, tmp_path, changed):
    assert find(make_cache(**changed), path, tmp_path) is None
    assert find(make_cache(), path, tmp_path) is not None, "the entry stays for when it changes back"


def test_models_that_fragility_tries_count_for_who_reads_them(kept, path, tmp_path):
    installed = {"varied": {"mpnet": "f"}}
    assert find(make_cache(contents=installed), path, tmp_path) is not None
    make_cache(notebook="3").keep(path, read_notebook(path), kept, reads={"encoders_varied"}, until=None)
    assert find(make_cache(notebook="3"), path, tmp_path) is not None
    assert find(make_cache(notebook="3", contents=installed), path, tmp_path) is None


def test_who_read_everything_depends_on_everything(kept, path, tmp_path):
    make_cache(notebook="3").keep(path, read_notebook(path), kept, reads=None, until=None)
    assert find(make_cache(notebook="3"), path, tmp_path) is not None
    assert find(make_cache(notebook="3", period="month"), path, tmp_path) is None


def test_a_setting_that_a_cell_names_counts_though_the_record_lacks_it(kept, path, tmp_path):
    write_notebook(path, "corpus = 'a'\nlevel = 0.95", "import framing", "period")
    make_cache(notebook="3").keep(path, read_notebook(path), kept, reads={"level"}, until=None)
    assert find(make_cache(notebook="3", period="month"), path, tmp_path) is None


def test_it_ends_on_the_day_on_which_its_outputs_would_be_others(kept, path, tmp_path):
    today = datetime.now(UTC).date()
    for until, is_found in ((today + timedelta(days=1), True), (today, False), (date(2020, 1, 1), False)):
        make_cache(notebook="3").keep(path, read_notebook(path), kept, reads={"level"}, until=until)
        assert (find(make_cache(notebook="3"), path, tmp_path) is not None) == is_found


@pytest.mark.parametrize("name", ["entry.json", "executed.ipynb", "tables/shares.csv", "charts/shares.svg"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_removed_with_a_warning(kept, path, tmp_path, damage, name):
    (home,) = notebook_cache._find_home().glob("*/*")
    damage(home / name)
    with pytest.warns(CacheWarning, match=rf"The executed notebook one in {home} is damaged: .*It is removed, and"):
        assert find(make_cache(), path, tmp_path) is None
    assert read_files(tmp_path / "into") == {}, "nothing of it is left in the report"
    assert not home.exists()
    make_cache().keep(path, read_notebook(path), kept, reads={"corpus", "level"}, until=None)
    assert find(make_cache(), path, tmp_path) == read_files(kept)


@pytest.mark.parametrize("parent", [False, True])
def test_a_file_where_an_entry_would_be_makes_room(kept, path, tmp_path, parent):
    (home,) = notebook_cache._find_home().glob("*/*")
    place = home.parent if parent else home
    shutil.rmtree(place)
    place.write_text("a file")
    with pytest.warns(CacheWarning, match="The executed notebook one .* is damaged"):
        assert find(make_cache(), path, tmp_path) is None
    make_cache().keep(path, read_notebook(path), kept, reads={"corpus", "level"}, until=None)
    assert find(make_cache(), path, tmp_path) is not None


def test_no_flipped_bit_changes_how_long_an_entry_is_valid(path, tmp_path):
    shown, today = tmp_path / "shown", datetime.now(UTC).date()
    shown.mkdir()
    make_cache().keep(path, read_notebook(path), shown, reads={"level"}, until=today)
    (entry,) = notebook_cache._find_home().glob("*/*/entry.json")
    entry.write_text(entry.read_text().replace(today.isoformat(), f"{today.year + 1}{today.isoformat()[4:]}"))
    with pytest.warns(CacheWarning, match=r"entry\.json is not what was stored"):
        assert find(make_cache(), path, tmp_path) is None


def test_the_folder_of_a_writer_at_work_stays(kept, path, tmp_path):
    (home,) = notebook_cache._find_home().glob("*/*")
    work = home.with_name(f".{home.name}.making-x")
    work.mkdir()
    assert find(make_cache(notebook="1"), path, tmp_path) == read_files(kept)
    shutil.rmtree(home)
    assert find(make_cache(), path, tmp_path) is None
    assert work.is_dir()


def test_what_a_run_stored_goes_where_its_inputs_changed_meanwhile(kept, path, tmp_path):
    cache = make_cache(notebook="3")
    cache.keep(path, read_notebook(path), kept, reads={"level"}, until=None)
    cache.forget()
    assert find(make_cache(notebook="3"), path, tmp_path) is None
    assert find(make_cache(), path, tmp_path) is not None, "the entries of other runs stay"


def test_the_entries_used_longest_ago_are_removed(kept, path, tmp_path, monkeypatch):
    monkeypatch.setattr(notebook_cache, "_MOST_ENTRIES", 2)
    for level in (0.8, 0.9):
        make_cache(level=level).keep(path, read_notebook(path), kept, reads={"level"}, until=None)
    entries = {place: place.stat().st_mtime for place in notebook_cache._find_home().glob("*/*/entry.json")}
    assert len(entries) == 3
    assert find(make_cache(), path, tmp_path) is not None  # the oldest is used
    make_cache().prune()
    assert [find(make_cache(level=level), path, tmp_path) is not None for level in (0.95, 0.8, 0.9)] in (
        [True, False, True],
        [True, True, False],  # on a disk with a coarse clock
    )


@pytest.mark.kernel
def test_notebooks_run_in_copies_of_one_process_and_only_those_whose_setting_changed_run_again(tmp_path, monkeypatch):
    """Two that can be used again run at once in a clean state; one that reads a file runs alone, after them, always."""
    rows = [{"text": text, "outlet": outlet} for outlet, text in (("A", WAR[0]), ("B", TRADE[0]), ("C", SPORT[0]))]
    write_project(tmp_path, rows)
    enter_project(tmp_path, monkeypatch)
    settings = Settings(corpus="small", codebook="tiny")
    analysis = open_analysis(settings)
    head, start = (
        "corpus = 'a'\ncodebook = 'b'",
        "import framing\nsettings = framing.Settings.from_parameters(globals())",
    )
    table = "framing.show(framing.open_analysis(settings).files.assign(level=settings.{0}), '{0}')"
    paths = [
        write_notebook(tmp_path / f"{name}.ipynb", head, f"{start}\n{table.format(name)}")
        for name in ("level", "top_passages")
    ]
    reader = (
        "import os\nfrom pathlib import Path\nfolder = Path(os.environ['FRAMING_REPORT_OUTPUT'])\n"
        "sorted(item.name for item in folder.glob('tables/*.csv'))"
    )
    paths.append(write_notebook(tmp_path / "reader.ipynb", head, reader))

    def run(folder, **changed):
        given = Settings(**{**settings.model_dump(), **changed})
        inputs = Inputs({}, given.model_dump(mode="json"), {path.stem: "1" for path in paths}, {"varied": {}})
        folder.mkdir()
        write_groups(analysis, folder)
        found = find_executed(paths, folder, NotebookCache(inputs, True))
        reused = list(found.reused)
        with open_kernels(prepare=bool(found.missing)) as kernels:
            cells = run_notebooks(
                found, given, kernels, variables=handed_over(analysis), until=None, n_bytes=0, say=lambda _: None
            )
        return reused, cells, read_files(folder)

    reused, cells, first = run(tmp_path / "first")
    assert reused == []
    assert cells[2].cells[-1].outputs[0]["data"]["text/plain"] == "['level.csv', 'top_passages.csv']"
    reused, _, second = run(tmp_path / "second", top_passages=7)
    assert reused == ["level"]
    assert {name for name in first if first[name] != second[name]} == {
        "tables/top_passages.csv",
        "tables/top_passages.parquet",
    }
