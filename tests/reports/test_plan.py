"""Report files: names of reports and notebooks that do not exist, and plans of this repository."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.cli.report_options import parse_assignments
from framing.errors import InputError
from framing.reports.plan import read_plan
from framing.reports.planned import plan_run
from framing.reports.run import make_report


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


def test_a_hypothesis_about_an_unknown_frame_is_refused_with_the_frames_of_the_codebook(in_project):
    plan = read_plan("hostile")
    frame = plan_run(plan, plan.settings({})).codebook.frame_ids[0]
    with pytest.raises(InputError, match=rf"no frame 'nosuch'\. There are: {frame}, .*--set hypotheses=\[\]"):
        plan_run(plan, plan.settings({"hypotheses": [{"frame": "nosuch", "groups": ["A", "rest"]}]}))


def test_a_hypothesis_about_an_unknown_group_is_refused_before_a_kernel_starts(in_project, monkeypatch):
    plan = read_plan("hostile")
    frame = plan_run(plan, plan.settings({})).codebook.frame_ids[0]
    wrong = {"frame": frame, "groups": ["Daily.Dot[0]", "The Times"], "expect": "more"}
    started = []
    monkeypatch.setattr("framing.reports.build.run_notebooks", lambda *_, **__: started.append(1))
    with pytest.raises(InputError, match=r"no outlet 'The Times'\. There are: .*Daily.*--set hypotheses=\[\]"):
        make_report("hostile", overrides={"hypotheses": [wrong]})
    assert started == []
    planned = plan_run(plan, plan.settings({"hypotheses": [wrong]}))
    documents = pd.DataFrame({"outlet": ["Daily.Dot[0]", "The Times", None, " "]})
    planned.check_documents(documents)
    with pytest.raises(InputError, match=r"no outlet 'Daily\.Dot\[0\]'\. There are: 2024;"):
        planned.check_documents(pd.DataFrame({"outlet": [2024]}))
    assert plan.settings(parse_assignments(["hypotheses=[]"])).hypotheses == ()


def test_voices_are_left_out_of_a_report_on_documents_with_the_reason(in_project):
    plan = read_plan("hostile").model_copy(update={"notebooks": ("01_corpora", "09_voices")})
    run = plan_run(plan, plan.settings({}))
    assert ("09_voices" in run.names, run.remarks) == (True, ())
    whole = plan_run(plan, plan.settings({"unit": "document"}))
    assert whole.codebook.unit == "document"
    assert whole.names == [name for name in run.names if name != "09_voices"]
    assert whole.remarks[0].startswith("Voices are not shown: ")
    voices = plan.model_copy(update={"notebooks": ("09_voices",)})
    if "05_validity" not in run.names:
        with pytest.raises(InputError, match="Report hostile: Voices are not shown"):
            plan_run(voices, voices.settings({"unit": "document"}))
