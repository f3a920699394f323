"""The report through its real door: whole, escaped, reproducible, and never half made."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import threading

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError, LockedError, RunError
from framing.reports import build
from framing.reports.plan import read_plan
from framing.reports.planned import plan_run
from framing.reports.publish import lock_report
from framing.reports.run import make_report
from framing.tables import CONTRASTS, SHARES
from tests.reports.report_files import read_files, write_notebook


def test_report_holds_everything_it_links_to(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="((?:tables|charts)/[^"]+)"', page)
    assert len(links) > 20
    assert "tables/passages.parquet" in links
    assert [link for link in links if not (report_folder / link).is_file()] == []
    assert page.count('class="marks"') == len(list((report_folder / "charts").glob("*.svg")))
    specs = {path.name.removesuffix(".vl.json") for path in (report_folder / "charts").glob("*.vl.json")}
    assert specs == {path.stem for path in (report_folder / "charts").glob("*.svg")}
    facts = json.loads((report_folder / "run.json").read_text(encoding="utf-8"))
    assert facts["counts"]["rows_read"] == 49
    assert facts["counts"]["rows_kept"] + facts["counts"]["rows_refused"] == 49
    assert facts["counts"]["rows_refused"] == 1
    assert set(facts["hashes"]) == {"corpus", "codebook", "encoder", "gold", "code"}
    assert facts["languages"]["codebook"] == ["en"]
    counted = sum(row["n_passages"] for row in facts["languages"]["by_outlet"])
    assert counted == facts["counts"]["passages"]
    assert sorted(path.name for path in (report_folder / "tables").iterdir()) == facts["tables"]


def test_tables_have_the_columns_of_the_contract(report_folder):
    shares = pd.read_parquet(report_folder / "tables" / "shares.parquet")
    assert list(shares.columns) == ["outlet", *SHARES]
    assert ((shares["low"] <= shares["estimate"]) & (shares["estimate"] <= shares["high"])).all()
    contrasts = pd.read_parquet(report_folder / "tables" / "contrasts.parquet")
    assert list(contrasts.columns) == list(CONTRASTS)
    refused = pd.read_parquet(report_folder / "tables" / "refused_rows.parquet")
    assert refused["line"].to_list() == [4]


def test_page_has_no_script_but_ours_and_no_remote_address(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = ["'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'" for text in scripts]
    assert page.count("<script") == len(scripts) == 1
    assert f"script-src {' '.join(hashes)};" in page
    assert "unsafe-eval" not in page
    assert not re.search(r"<[^>]+\son\w+\s*=", page)
    assert not re.search(r'(?:src|href)="(?!#|tables/|charts/|run\.json|side_by_side\.html)', page)
    assert "default-src 'none'" in page
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in page


def test_the_page_says_why_its_units_are_no_events(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    about = page[page.index("On what the numbers rest") :]
    assert "<b>Independent units.</b> Intervals and tests take stories for independent, not documents" in about
    assert "Documents of which the corpus names no event stand " in about


def test_the_findings_stand_before_all_else(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    body = page[page.index("<main") :]
    assert body.index('<section id="findings"') < body.index("<h1") < body.index("<table")
    assert re.search(r'<ul class="findings">\s*<li>', body)
    assert body.index("Exploratory.") < body.index('class="findings"') < body.index('id="differences"')
    assert "clear of noise" not in re.search(r'<ul class="findings">.*?</ul>', body, re.DOTALL)[0], "nobody coded it"
    assert (report_folder / "charts" / "findings.svg").is_file()


def test_every_table_and_chart_that_notebooks_show_is_in_the_page_once(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    facts = json.loads((report_folder / "run.json").read_text(encoding="utf-8"))
    for kind, names in (("table", facts["tables"]), ("chart", facts["charts"])):
        stems = {name.rpartition(".")[0].removesuffix(".vl") for name in names} - {"passages"}
        assert {name: page.count(f'id="{kind}-{name}"') for name in stems} == dict.fromkeys(stems, 1)


def test_passages_are_written_with_all_that_is_known(report_folder):
    table = pd.read_parquet(report_folder / "tables" / "passages.parquet")
    facts = json.loads((report_folder / "run.json").read_text(encoding="utf-8"))
    assert len(table) == facts["counts"]["passages"]
    assert {"passage_id", "document_id", "outlet", "published", "title", "text", "story_id", "voice"} <= set(
        table.columns
    )
    assert table["score_escalation_risk"].between(0, 1).all()
    assert set(table["decision_escalation_risk"]) <= {"present", "absent", "abstain"}
    assert table["story_id"].notna().all()
    assert not [name for name in table.columns if name.startswith("gold_")], "nobody coded it"


def test_the_record_names_the_encoder_that_auto_stood_for(report_folder, in_project):
    assert read_plan("hostile").settings({}).encoder == "auto"
    facts = json.loads((report_folder / "run.json").read_text(encoding="utf-8"))
    assert (facts["settings"]["encoder"], facts["encoder"]["name"]) == ("minilm", "minilm")


def test_constructed_and_exploratory_are_said(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    assert "Constructed corpus." in page
    assert "Exploratory." in page


def test_formula_cells_are_neutralised_in_csv_only(report_folder):
    csv = pd.read_csv(report_folder / "tables" / "shares.csv", dtype=str, keep_default_na=False)
    parquet = pd.read_parquet(report_folder / "tables" / "shares.parquet")
    assert "'=cmd|'/c calc'!A1" in set(csv["outlet"])
    assert "=cmd|'/c calc'!A1" in set(parquet["outlet"])


def test_second_run_gives_the_same_tables(report_folder, in_project):
    before = {name: data for name, data in read_files(report_folder).items() if name.startswith(("tables/", "charts/"))}
    again = make_report("hostile", again=True).parent
    after = {name: data for name, data in read_files(again).items() if name.startswith(("tables/", "charts/"))}
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
def test_bad_settings_start_no_kernel(report_folder, in_project, monkeypatch, overrides, message):
    monkeypatch.setattr(build, "run_notebooks", lambda *_, **__: pytest.fail("a kernel was started"))
    before = read_files(report_folder)
    with pytest.raises(InputError, match=message):
        make_report("hostile", overrides=overrides)
    assert read_files(report_folder) == before


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("raise ValueError('bad cell')", "failed: bad cell.*earlier report stays"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "earlier report stays"),
    ],
)
def test_failing_notebook_leaves_the_earlier_report(report_folder, in_project, source, message):
    broken = write_notebook(in_project / "notebooks" / "98_broken.ipynb", "corpus = 'x'", source)
    plan = in_project / "reports" / "hostile.yaml"
    original = plan.read_text(encoding="utf-8")
    before = read_files(report_folder)
    try:
        plan.write_text(re.sub(r"notebooks: .*", "notebooks: [98_broken]", original), encoding="utf-8")
        with pytest.raises(RunError, match=message):
            make_report("hostile")
    finally:
        plan.write_text(original, encoding="utf-8")
        broken.unlink()
    assert read_files(report_folder) == before
    assert list((in_project / "reports").glob(".hostile.making-*")) == []


def test_second_run_at_once_is_refused(report_folder, in_project):
    with lock_report(report_folder), pytest.raises(LockedError, match="Another run is making the report hostile"):
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


def test_environment_of_the_caller_is_left_alone(report_folder):
    assert "FRAMING_REPORT_OUTPUT" not in os.environ


def test_too_many_comparisons_are_refused_with_the_number_and_the_remedy(in_project):
    plan = read_plan("hostile")
    planned = plan_run(plan, plan.settings({"min_documents": 2}))
    n_frames = len(planned.codebook.frame_ids)
    largest = [20 - number // 50 for number in range(900)]  # documents of each outlet, 20 to 3
    documents = pd.DataFrame({"outlet": np.repeat([f"outlet {number:03}" for number in range(900)], largest)})
    with pytest.raises(InputError) as caught:
        planned.check_comparisons(documents)
    message = str(caught.value)
    assert f"{900 * 899 // 2 * n_frames:,} comparisons" in message
    least = int(re.search(r"Set min_documents to (\d+)", message)[1])
    changed = plan_run(plan, plan.settings({"min_documents": least}))
    changed.check_comparisons(documents)
    with pytest.raises(InputError):
        plan_run(plan, plan.settings({"min_documents": least - 1})).check_comparisons(documents)
