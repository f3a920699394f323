"""`framing report`: what is wrong is said before anything runs."""

from __future__ import annotations

import pytest

from framing.reports.publish import lock_report
from tests.cli.outcomes import refused


@pytest.fixture
def nothing_runs(monkeypatch) -> None:
    """Neither the corpus is classified nor a kernel started."""

    def refuse(*_args, **_options):
        raise AssertionError("something was run")

    monkeypatch.setattr("framing.reports.build.open_analysis", refuse)
    monkeypatch.setattr("framing.reports.build.run_notebooks", refuse)


def test_unknown_report_lists_the_reports(framing, project, nothing_runs):
    (project / "reports" / "other.yaml").write_text("report: other\n")
    refused(framing("report", "nosuch"), r"There is no report 'nosuch' in reports/\. There are: other, sample\.")


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("colour=red", r"--set colour=red: unknown setting colour \(known: corpus, corpora, codebook, .*random_seed"),
        ("n_bootstrap", r"--set n_bootstrap: expected key=value"),
        ("n_bootstrap=many", r"expected a number for n_bootstrap, got 'many'"),
        ("n_bootstrap=10", r"n_bootstrap: Input should be greater than or equal to 200, got 10"),
        ("level=95", r"level: .*less than 1"),
        ("period=year", r"period: Input should be 'day', 'week' or 'month', got 'year'"),
        ("corpus=../../etc", r"corpus: "),
        ("encoder=", r"encoder: "),
    ],
)
def test_report_with_a_bad_setting_runs_nothing(framing, project, nothing_runs, assignment, expected):
    refused(framing("report", "sample", "--set", assignment), expected)
    assert [path.name for path in (project / "reports").iterdir()] == ["sample.yaml"]


def test_report_file_with_a_bad_parameter_runs_nothing(framing, project, nothing_runs):
    plan = project / "reports" / "sample.yaml"
    plan.write_text(plan.read_text().replace("period: week", "periode: week"))
    refused(framing("report", "sample"), r"Settings: unknown setting periode \(known: corpus, corpora, codebook")
    plan.write_text(plan.read_text().replace("periode: week", "period: year"))
    refused(framing("report", "sample"), r"period: Input should be 'day', 'week' or 'month'")


@pytest.mark.slow
def test_report_that_another_run_makes_is_locked(framing, project, nothing_runs):
    with lock_report(project / "reports" / "sample"):
        refused(framing("report", "sample"), "Another run is making the report sample; wait for it", code=75)
