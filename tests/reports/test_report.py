"""The report through its real door: whole, escaped, reproducible, and never half made."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import nbformat
import pandas as pd
import pytest

from framing.errors import InputError, LockedError, RunError
from framing.reports import run
from framing.reports.plan import read_plan
from framing.reports.publish import lock_report, stage, swap_in
from framing.reports.run import check_parameters, make_report
from framing.settings import Settings
from framing.tables import CONTRASTS, SHARES


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_report_holds_everything_it_links_to(made):
    page = (made / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="((?:tables|charts)/[^"]+)"', page)
    assert len(links) > 20
    assert [link for link in links if not (made / link).is_file()] == []
    assert page.count("<img") == len(list((made / "charts").glob("*.svg")))
    facts = json.loads((made / "run.json").read_text(encoding="utf-8"))
    assert facts["counts"]["rows_read"] == 49
    assert facts["counts"]["rows_kept"] + facts["counts"]["rows_refused"] == 49
    assert facts["counts"]["rows_refused"] == 1
    assert set(facts["hashes"]) == {"corpus", "codebook", "encoder", "gold", "code"}
    assert sorted(path.name for path in (made / "tables").iterdir()) == facts["tables"]


def test_tables_have_the_columns_of_the_contract(made):
    shares = pd.read_parquet(made / "tables" / "shares.parquet")
    assert list(shares.columns) == ["outlet", *SHARES]
    assert ((shares["low"] <= shares["estimate"]) & (shares["estimate"] <= shares["high"])).all()
    contrasts = pd.read_parquet(made / "tables" / "contrasts.parquet")
    assert list(contrasts.columns) == list(CONTRASTS)
    refused = pd.read_parquet(made / "tables" / "refused_rows.parquet")
    assert refused["line"].to_list() == [4]


def test_page_has_no_script_and_no_remote_address(made):
    page = (made / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"<[^>]+\son\w+\s*=", page)
    assert not re.search(r'(?:src|href)="(?!#|tables/|charts/|run\.json|side_by_side\.html|data:image/svg)', page)
    assert "default-src 'none'" in page
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in page


def test_constructed_and_exploratory_are_said(made):
    page = (made / "index.html").read_text(encoding="utf-8")
    assert "Constructed corpus." in page
    assert "Exploratory." in page


def test_formula_cells_are_neutralised_in_csv_only(made):
    csv = pd.read_csv(made / "tables" / "shares.csv", dtype=str, keep_default_na=False)
    parquet = pd.read_parquet(made / "tables" / "shares.parquet")
    assert "'=cmd|'/c calc'!A1" in set(csv["outlet"])
    assert "=cmd|'/c calc'!A1" in set(parquet["outlet"])


def test_second_run_gives_the_same_tables(made, in_project):
    before = {name: data for name, data in snapshot(made).items() if name.startswith(("tables/", "charts/"))}
    again = make_report("hostile").parent
    after = {name: data for name, data in snapshot(again).items() if name.startswith(("tables/", "charts/"))}
    assert after == before


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"n_bootstrap": 3}, "n_bootstrap: Input should be greater than or equal to 200, got 3"),
        ({"nonsense": 1}, "unknown setting nonsense"),
        ({"corpus": "../hostile"}, "corpus: String should match pattern"),
        ({"corpus": "absent"}, "There is no corpus 'absent'.*hostile"),
        ({"period": "year"}, "period: Input should be 'day', 'week' or 'month'"),
        ({"encoder": "no-such-model"}, "There is no encoder 'no-such-model'"),
        ({"codebook": "absent"}, "There is no codebook 'absent'.*plover"),
    ],
)
def test_bad_settings_start_no_kernel(made, in_project, monkeypatch, overrides, message):
    monkeypatch.setattr(run, "run_notebook", lambda *_: pytest.fail("a kernel was started"))
    before = snapshot(made)
    with pytest.raises(InputError, match=message):
        make_report("hostile", overrides=overrides)
    assert snapshot(made) == before


def test_unknown_report_lists_those_there(in_project):
    with pytest.raises(InputError, match=r"There is no report 'nosuch' in reports/\. There are: hostile"):
        read_plan("nosuch")


def test_plan_names_missing_notebooks(in_project):
    path = in_project / "reports" / "odd.yaml"
    path.write_text(
        "report: odd\ntitle: Odd\ncorpus: hostile\ncodebook: plover\nnotebooks: [99_nothing]\n", encoding="utf-8"
    )
    try:
        with pytest.raises(InputError, match=r"no notebook '99_nothing'.*01_corpora"):
            read_plan("odd")
    finally:
        path.unlink()


def notebook_of(tmp_path: Path, *cells: tuple[str, list[str]]) -> Path:
    notebook = nbformat.v4.new_notebook()
    for source, tags in cells:
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = tags
        notebook.cells.append(cell)
    path = tmp_path / "test.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("colour = 1", "may only set settings, one a line; not colour"),
        ("import os", "not other code"),
        ("corpus = (", "not Python"),
    ],
)
def test_parameters_cell_sets_settings_only(tmp_path, source, message):
    path = notebook_of(tmp_path, (source, ["parameters"]))
    with pytest.raises(InputError, match=message):
        check_parameters(path, Settings(corpus="a", codebook="b"))


def test_notebook_needs_one_parameters_cell(tmp_path):
    path = notebook_of(tmp_path, ("1", []))
    with pytest.raises(InputError, match="expected one cell tagged 'parameters', found 0"):
        check_parameters(path, Settings(corpus="a", codebook="b"))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("raise ValueError('bad cell')", "failed: bad cell.*earlier report stays"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "earlier report stays"),
    ],
)
def test_failing_notebook_leaves_the_earlier_report(made, in_project, tmp_path, source, message):
    cells = [("corpus = 'x'", ["parameters"]), (source, [])]
    broken = in_project / "notebooks" / "98_broken.ipynb"
    notebook_of(tmp_path, *cells).rename(broken)
    plan = in_project / "reports" / "hostile.yaml"
    original = plan.read_text(encoding="utf-8")
    before = snapshot(made)
    try:
        plan.write_text(re.sub(r"notebooks: .*", "notebooks: [98_broken]", original), encoding="utf-8")
        with pytest.raises(RunError, match=message):
            make_report("hostile")
    finally:
        plan.write_text(original, encoding="utf-8")
        broken.unlink()
    assert snapshot(made) == before
    assert list((in_project / "reports").glob(".hostile.making-*")) == []


def test_second_run_at_once_is_refused(made, in_project):
    with lock_report(made), pytest.raises(LockedError, match="Another run is making the report hostile"):
        in_thread(lambda: make_report("hostile"))


def in_thread(call):
    """Run in another thread, as the lock is re-entrant within one; what it raises is raised here."""
    raised: list[BaseException] = []

    def body() -> None:
        try:
            call()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def test_killed_swap_is_mended_by_the_next_run(tmp_path):
    """Killed between the two renames: the earlier report lies beside its place and comes back."""
    target = tmp_path / "weekly"
    old = tmp_path / ".weekly.old-1"
    old.mkdir()
    (old / "index.html").write_text("earlier", encoding="utf-8")
    (tmp_path / ".weekly.making-xyz").mkdir()
    with stage(target):
        assert (target / "index.html").read_text(encoding="utf-8") == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["weekly"]


def test_incomplete_report_is_not_published(tmp_path):
    target = tmp_path / "weekly"
    with stage(target) as work:
        (work / "index.html").write_text("x", encoding="utf-8")
        with pytest.raises(RunError, match=r"run\.json is missing"):
            swap_in(work, target)
    assert not target.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or sys.platform == "win32", reason="POSIX signals")
def test_interrupted_staging_leaves_nothing(tmp_path):
    code = (
        "import sys, signal\nfrom pathlib import Path\nfrom framing.reports.publish import stage\n"
        "with stage(Path(sys.argv[1])) as work:\n    (work / 'index.html').write_text('half')\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n    signal.raise_signal(signal.SIGINT)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "weekly")], capture_output=True, timeout=60)
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_sample_plan_is_valid(root, monkeypatch):
    monkeypatch.setenv("FRAMING_PROJECT", str(root))
    for path in sorted((root / "reports").glob("*.yaml")):
        plan = read_plan(path.stem)
        settings = plan.settings({})
        for notebook in plan.notebook_paths():
            check_parameters(notebook, settings)


def test_environment_of_the_caller_is_left_alone(made):
    assert "FRAMING_REPORT_OUTPUT" not in os.environ


INTERRUPTED = """
import signal
get_ipython().kernel.comm_manager.register_target("end", lambda *_: signal.raise_signal(signal.SIGINT))
"""


@pytest.mark.parametrize(
    ("arguments", "logged"),
    [(["--IPKernelApp.log_level=40"], "[IPKernelApp] ERROR | KeyboardInterrupt"), (run.KERNEL_ARGUMENTS, "")],
)
def test_a_kernel_that_is_interrupted_at_work_logs_nothing(tmp_path, arguments, logged):
    """As when it is told to end: the interrupt comes while it handles a message. With the level before, it logged."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    with (tmp_path / "stderr").open("wb") as stream:
        manager.start_kernel(extra_arguments=arguments, stderr=stream)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=120)
            client.execute(INTERRUPTED, reply=True, timeout=120)
            content = {"comm_id": "1", "target_name": "end", "data": {}}
            client.shell_channel.send(client.session.msg("comm_open", content))
            client.execute("", reply=True, timeout=120)  # handled after the message before it
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    found = (tmp_path / "stderr").read_text(encoding="utf-8")
    assert (logged in found) if logged else (found == "")


def test_frames_in_tables_lead_to_their_passages_on_the_side_by_side_page(made):
    """The page holds what the tables count, and the link of a share names its frame and outlet."""
    page = (made / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<td><a href="(side_by_side\.html#[^"]+)">', page))
    assert len(links) > 30
    shares = pd.read_parquet(made / "tables" / "shares.parquet")
    row = shares[shares["estimate"] > 0].iloc[0]
    assert f"frame={row['frame']}&amp;outlet={quote(row['outlet'], safe='')}" in " ".join(links)
    sides = (made / "side_by_side.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', sides, re.DOTALL)[1])
    assert len(data["documents"]["title"]) == 48
    assert not (made / ".groups.json").exists()
