"""`framing export`: what is wrong is said in a paragraph."""

from __future__ import annotations

from tests.cli.outcomes import refused


def test_a_report_that_was_not_made_is_named(framing, project):
    refused(framing("export", "sample", "--to", "docx"), r"There is no finished report 'sample' in reports")


def test_an_unknown_form_lists_the_forms(framing, project):
    refused(framing("export", "sample", "--to", "odt"), r"--to: expected docx, latex, csv, methods, got 'odt'")
