"""A report stays as it is while nothing that it depends on has changed, and its files are those that were made."""

from __future__ import annotations

import json
import shutil
from datetime import date
from types import SimpleNamespace

import pytest

from framing.errors import LockedError
from framing.operations.due import run_due
from framing.reports import build
from framing.reports.index import list_reports
from framing.reports.inputs import find_inputs
from framing.reports.plan import read_plan
from framing.reports.publish import lock_report
from framing.reports.run import make_report
from framing.reports.unchanged import find_checked, find_unchanged, write_manifest
from tests.reports.hostile_project import build_project
from tests.reports.report_files import read_files

MADE = "2026-11-30T10:00:00+00:00"


@pytest.fixture
def own_project(tmp_path, root, monkeypatch):
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    return build_project(tmp_path, root)


def find_key(**settings):
    plan = read_plan("hostile")
    return find_inputs(plan, plan.settings({"encoder": "minilm", **settings})).key  # what auto stands for here


def publish(project, key=None, **options):
    """A finished report with few files, as of the present inputs."""
    folder = project / "reports" / "hostile"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tables").mkdir(parents=True)
    (folder / "index.html").write_text("page")
    (folder / "run.json").write_text(json.dumps({"made": MADE, "title": "Hostile", "settings": {"encoder": "minilm"}}))
    (folder / "tables" / "shares.csv").write_text("frame,share\n")
    write_manifest(folder, key or find_key(), **options)
    return folder


@pytest.fixture
def counted(monkeypatch):
    """How often a report was made; making one does nothing."""
    made = []
    monkeypatch.setattr(build, "publish_report", lambda *_, **options: made.append(options["again"]))
    return made


def test_an_unchanged_report_stays_to_the_byte_and_says_so(own_project, counted):
    folder, said = publish(own_project), []
    before = read_files(folder)
    assert make_report("hostile", say=said.append) == folder / "index.html"
    assert (read_files(folder), counted) == (before, [])
    assert said == ["Nothing has changed since 2026-11-30 10:00 UTC; the report stays as it is."]
    assert (own_project / "reports" / "index.html").is_file()
    make_report("hostile", again=True)
    assert counted == [True]


def test_a_better_encoder_that_is_installed_makes_the_report_again_and_says_so(own_project, monkeypatch):
    monkeypatch.setattr("framing.reports.inputs.find_model", lambda name: SimpleNamespace(fingerprint=name))
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: ["minilm"])
    made, said = [], []
    monkeypatch.setattr(build, "publish_report", lambda _, settings, *__, **___: made.append(settings.encoder))
    publish(own_project)
    make_report("hostile", say=said.append)
    assert made == [], "nothing has changed"
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: ["minilm", "mpnet"])
    make_report("hostile", say=said.append)
    assert made == ["mpnet"]
    assert said[1].startswith("encoder mpnet: the best installed for English; about ")
    assert said[1].endswith(". The report that is there was made with minilm")


def add_document(project):
    path = project / "corpora" / "hostile" / "articles.jsonl"
    path.write_text(path.read_text() + path.read_text().splitlines()[0].replace("Number 0", "Number 99") + "\n")


def append(name, text="\n"):
    def change(project):
        path = project / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


@pytest.mark.parametrize(
    "change",
    [
        add_document,
        append("corpora/hostile/corpus.yaml"),
        append("seeds/great-power-crisis.yaml", "\n# a note\n"),
        append("notebooks/02_frames.ipynb"),
        append("reports/hostile.yaml", "question: Why?\n"),
        lambda project: (project / "corpora" / "hostile" / "stories.yaml").write_text("together: []\n"),
        lambda project: (project / "reports" / "hostile" / "tables" / "shares.csv").write_text("frame,shale\n"),
        lambda project: (project / "reports" / "hostile" / "tables" / "shares.csv").unlink(),
        lambda project: (project / "reports" / "hostile" / "manifest.json").write_text("{"),
    ],
)
def test_what_a_report_depends_on_and_its_files_are_noticed(own_project, counted, change):
    publish(own_project)
    change(own_project)
    make_report("hostile")
    assert counted == [False]


def test_settings_the_program_and_variables_are_noticed_and_schedules_are_not(own_project, monkeypatch):
    key = find_key()
    append("reports/hostile.yaml", "schedule: 0 6 * * 1\nkeep: 3\n")(own_project)
    assert find_key() == key
    assert len({key, find_key(level=0.9), find_key(where={"outlet": ["x"]})}) == 3
    monkeypatch.setenv("FRAMING_BACKEND_OF_TOMORROW", "other")
    changed = find_key()
    monkeypatch.setattr("framing.reports.inputs.package_hash", lambda **_: "another program")
    assert len({key, changed, find_key()}) == 3


@pytest.mark.parametrize(
    "name", ["TZ", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE", "MKL_CBWR", "OMP_NUM_THREADS", "ATEN_CPU_CAPABILITY"]
)
def test_variables_of_libraries_that_change_numbers_are_noticed(own_project, monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    key = find_key()
    monkeypatch.setenv(name, "other")
    assert find_key() != key


def test_a_report_with_dates_to_come_holds_until_they_are_no_more_in_question(own_project):
    key = find_key()
    folder = publish(own_project, key, until=date(2026, 12, 5))
    assert find_unchanged(folder, key, today=date(2026, 12, 4)) == MADE
    assert find_unchanged(folder, key, today=date(2026, 12, 5)) == ""


def test_a_file_that_changes_while_a_report_is_made_leaves_no_key(own_project, monkeypatch):
    def build_while_changing(run, work, **_):
        add_document(own_project)
        (work / "index.html").write_text("page")
        (work / "run.json").write_text(json.dumps({"made": MADE}))

    monkeypatch.setattr(build, "build_report", build_while_changing)
    folder = make_report("hostile").parent
    assert json.loads((folder / "manifest.json").read_text())["key"] == ""
    assert find_unchanged(folder, find_key()) == ""


def test_an_unchanged_report_is_refused_while_another_run_makes_it(own_project, counted):
    folder = publish(own_project)
    with lock_report(folder):
        from tests.reports.test_run import in_thread

        with pytest.raises(LockedError):
            in_thread(lambda: make_report("hostile"))


def test_a_scheduled_run_that_changes_nothing_is_a_success_and_ends_the_trouble(own_project, counted):
    append("reports/hostile.yaml", "schedule: 0 6 * * 1\n")(own_project)
    publish(own_project)
    state = own_project / "reports" / ".hostile.due.json"
    state.write_text(json.dumps({"slot": "2026-11-30T06:00:00+00:00", "at": MADE, "message": "no room"}))
    assert list_reports(own_project / "reports")[0]["trouble"]
    outcomes = run_due(make=lambda plan: make_report(plan.report) and None)
    assert ([item.result for item in outcomes], counted) == (["made"], [])
    listed = list_reports(own_project / "reports")[0]
    assert (listed["trouble"], listed["made"]) == ("", MADE)
    assert find_checked(own_project / "reports" / "hostile") > MADE
