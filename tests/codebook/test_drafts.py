"""Drafts of codebooks are read back as they are, and what a person has to write is told from what is written."""

from __future__ import annotations

from framing.codebook import read_codebook
from framing.codebook.drafts import format_codebook, is_placeholder, raise_minor
from tests.tiny import WAR, codebook, frame


def test_a_codebook_is_read_back_as_it_was(tmp_path, root):
    path = tmp_path / "book.yaml"
    for book in (codebook(), read_codebook(root / "seeds" / "policy-frames.yaml")):
        path.write_text(format_codebook(book), encoding="utf-8")
        assert read_codebook(path) == book


def test_placeholders_are_told():
    book = codebook(frame("war", WAR, include=["FILL IN: a rule", "Attacks."]), multi_label=True)
    assert [is_placeholder(text) for text in book.frames[0].include] == [True, False]
    assert not is_placeholder(book.frames[0].definition)


def test_the_next_version_keeps_the_meaning():
    assert [raise_minor(version) for version in ("1.0.0", "2.9.4")] == ["1.1.0", "2.10.0"]
