"""Report files: names of reports and notebooks that do not exist, and plans of this repository."""

from __future__ import annotations

import pytest

from framing.errors import InputError
from framing.reports.plan import read_plan


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
