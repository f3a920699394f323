"""Leads of documents."""

from __future__ import annotations

from framing.stories.similarity import make_lead


def test_the_lead_leaves_out_a_title_that_the_text_repeats():
    assert make_lead("Pier closed", "Pier closed: all of it", words=3) == "Pier closed\nall of it"
    assert make_lead("", "one two three four", words=3) == "one two three"
    assert make_lead(None, "one") == "one"
