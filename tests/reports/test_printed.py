"""A report as PDF, by the real browser."""

from __future__ import annotations

import shutil

import pytest

from framing.errors import InputError
from framing.reports.printed import print_report


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here")
def test_a_report_becomes_a_pdf_of_several_pages(in_project, report_folder, tmp_path):
    path = print_report("hostile", tmp_path / "out.pdf")
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") > 3
    assert [item.name for item in tmp_path.iterdir()] == ["out.pdf"], "nothing half made is left"


def test_what_is_missing_is_said(in_project, report_folder, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="There is no report 'never' in reports/; make it first: framing report never"):
        print_report("never")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("FRAMING_CHROMIUM", raising=False)
    with pytest.raises(InputError, match="name it with FRAMING_CHROMIUM"):
        print_report("hostile", tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []
