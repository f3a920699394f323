"""Documents in parts: no more is read than the part that is asked for."""

from __future__ import annotations

import json

import pytest

from framing.corpus.file_rows import FileOptions
from framing.corpus.streams import PART_CHARACTERS, DocumentStream, TextSource
from framing.errors import InputError


def make_stream(path) -> DocumentStream:
    return DocumentStream(TextSource(path=path, options=FileOptions(), max_words=90))


def test_a_part_is_read_when_it_is_asked_for(tmp_path):
    path = tmp_path / "rows.jsonl"
    half = "word " * (PART_CHARACTERS // 10)
    path.write_text("".join(json.dumps({"text": f"{number} {half}"}) + "\n" for number in range(5)), encoding="utf-8")
    stream = make_stream(path)
    parts = stream.read()
    assert len(next(parts)) == 2, "two texts of half a part"
    assert len(stream._seen.lines) == 2
    assert [len(part) for part in parts] == [2, 1]
    outline, dates, kept = stream.close()
    assert outline.n_documents == (2, 2, 1)
    assert dates["line"].to_list() == [1, 2, 3, 4, 5]
    assert kept.all()


def test_refused_rows_are_counted_and_few_are_kept(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "War."}\n' + "{broken\n" * 50, encoding="utf-8")
    stream = make_stream(path)
    assert [len(part) for part in stream.read()] == [1]
    outline, _, _ = stream.close()
    assert outline.n_refused == 50
    assert [line for _, line, _ in outline.refused] == list(range(2, 22))


def test_another_content_or_another_way_of_reading_has_another_key(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "War."}\n', encoding="utf-8")
    source = TextSource(path=path, options=FileOptions(), max_words=90)
    keys = [source.describe(), TextSource(path=path, options=FileOptions(split=True), max_words=90).describe()]
    path.write_text('{"text": "Was."}\n', encoding="utf-8")
    keys.append(source.describe())
    assert len(set(keys)) == 3
    with pytest.raises(InputError, match="There is no file or folder"):
        TextSource(path=tmp_path / "none.csv", options=FileOptions(), max_words=90).describe()
