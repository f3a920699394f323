"""The store: every version of an article once, requests with their tries, the corpus file of the latest versions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from framing.errors import InputError, LockedError
from framing.fetch.store import Article, open_store

FIRST = Article("https://paper.example/1", "Paper", "2026-03-03", "One", "Text one.", "a" * 64, "2026-03-04T00:00:00")


def lines(path: Path) -> list[tuple[str, int, str]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["url"], row["version"], row["text"]) for row in rows]


def test_an_article_is_stored_once_and_a_changed_one_as_a_new_version(tmp_path):
    changed = replace(FIRST, text="Text two.", sha256="b" * 64)
    with open_store(tmp_path) as store:
        assert [store.add_article(item) for item in (FIRST, FIRST, changed, changed)] == [
            "new", "known", "version", "known",
        ]  # fmt: skip
        assert store.write_corpus() == 1
    assert lines(tmp_path / "fetched.jsonl") == [(FIRST.url, 2, "Text two.")]
    assert lines(tmp_path / "fetched_earlier.jsonl") == [(FIRST.url, 1, "Text one.")]


def test_the_same_text_is_stored_once_for_an_outlet_and_again_for_another(tmp_path):
    elsewhere = replace(FIRST, url="https://paper.example/2")
    with open_store(tmp_path) as store:
        assert store.add_article(FIRST) == "new"
        assert store.add_article(elsewhere) == "double"
        assert store.add_article(replace(elsewhere, outlet="Other")) == "new"
        assert store.write_corpus() == 2


def test_articles_stand_in_the_order_in_which_they_were_first_fetched(tmp_path):
    others = [replace(FIRST, url=f"https://paper.example/{n}", sha256=str(n) * 64) for n in (3, 2)]
    with open_store(tmp_path) as store:
        for item in (*others, FIRST, replace(others[0], text="Changed.", sha256="c" * 64)):
            store.add_article(item)
        store.write_corpus()
    assert [(url[-1], version) for url, version, _ in lines(tmp_path / "fetched.jsonl")] == [
        ("3", 2),
        ("2", 1),
        ("1", 1),
    ]


def test_tries_are_counted_until_an_article_comes(tmp_path):
    def note(reason: str) -> None:
        store.note_request(FIRST.url, url=FIRST.url, etag='"1"', modified="", reason=reason, fetched="now")

    with open_store(tmp_path) as store:
        assert store.find_request(FIRST.url) is None
        tries = []
        for reason in ("HTTP 500", "HTTP 404", "", "HTTP 500"):
            note(reason)
            request = store.find_request(FIRST.url)
            assert request is not None
            assert request["reason"] == reason
            tries.append(request["tries"])
        assert tries == [1, 2, 0, 1]


def test_a_corpus_without_articles_is_an_empty_file(tmp_path):
    with open_store(tmp_path) as store:
        assert store.write_corpus() == 0
    assert (tmp_path / "fetched.jsonl").read_bytes() == b""
    assert not (tmp_path / "fetched_earlier.jsonl").exists()


def test_a_store_is_open_once(tmp_path):
    with open_store(tmp_path), pytest.raises(LockedError, match="Another run is fetching for"), open_store(tmp_path):
        pass


def test_a_store_that_is_none_is_not_written_over(tmp_path):
    (tmp_path / "fetched.sqlite").write_bytes(b"something else entirely, and long enough to be no header" * 20)
    with pytest.raises(InputError, match="not a store of this program, or damaged"), open_store(tmp_path):
        pass
    assert (tmp_path / "fetched.sqlite").read_bytes().startswith(b"something else")
