"""`framing stories`: the table, the counts, pins beside the corpus, earlier ids, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.tables import STORIES
from tests.storied import documents
from tests.tiny import WordEncoder


@pytest.fixture(autouse=True)
def _words(monkeypatch):
    for module in ("stories.find", "stories.translations", "cli.stories"):
        monkeypatch.setattr(f"framing.{module}.resolve_encoder", lambda encoder: WordEncoder())


@pytest.fixture
def corpus(tmp_path) -> Path:
    table = documents()
    copy = {**table.iloc[0], "document_id": "copy", "outlet": "Marsh Times"}
    table = pd.concat([table, pd.DataFrame([copy])])
    table["published"] = table["published"].dt.strftime("%Y-%m-%d")
    folder = tmp_path / "small"
    folder.mkdir()
    table.to_json(folder / "texts.jsonl", orient="records", lines=True)
    config = {
        "corpus": "small", "title": "Small", "source": "Written for tests", "licence": "CC0", "constructed": True,
        "files": ["texts.jsonl"], "format": "jsonl",
        "columns": {name: name for name in ("document_id", "outlet", "published", "title", "text")},
    }  # fmt: skip
    (folder / "corpus.yaml").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_one_row_a_document_and_the_counts_on_standard_error(framing, corpus, tmp_path, ending):
    output = tmp_path / f"stories.{ending}"
    ended = framing("stories", corpus, "--output", output)
    assert ended.code == 0, ended.err
    assert ended.out.strip() == str(output)
    assert "25 documents, 4 stories, 4 of them of several outlets; 1 duplicates in 1 groups" in ended.err
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "jsonl": lambda path: pd.read_json(path, lines=True)}
    table = read[ending](output)
    assert table.columns.to_list() == [*STORIES, "duplicate_of", "translation_of"]
    assert len(table) == 25
    assert table["story_label"].notna().all()


def test_stories_that_rest_on_headlines_are_counted_and_named(framing, corpus, tmp_path):
    output = tmp_path / "stories.csv"
    ended = framing("stories", corpus, "--output", output)
    assert "headlines" not in ended.err
    texts = corpus / "texts.jsonl"
    table = pd.read_json(texts, lines=True)
    short = table["document_id"].str.startswith(("ferry", "snow")) | (table["document_id"] == "copy")
    table.loc[short, "text"] = table.loc[short, "title"] = table.loc[short, "text"].str.split().str[:8].str.join(" ")
    table.to_json(texts, orient="records", lines=True)
    ended = framing("stories", corpus, "--output", output)
    read = pd.read_csv(output)
    assert set(read.loc[short, "support"]) == {"headline only"}
    assert set(read.loc[~short, "support"]) == {"text"}
    assert "2 of 4 stories of several documents rest on headlines alone (column support)" in ended.err


def test_an_existing_output_is_replaced_and_used_only_where_it_is_named(framing, corpus, tmp_path):
    output = tmp_path / "stories.csv"
    framing("stories", corpus, "--output", output)
    first = pd.read_csv(output)
    renamed = first.assign(story_id="mine-" + first["story_id"])
    renamed.to_csv(output, index=False)
    ended = framing("stories", corpus, "--output", output)
    assert "its story ids are not used" in ended.err
    assert pd.read_csv(output).equals(first)
    renamed.to_csv(output, index=False)
    ended = framing("stories", corpus, "--output", output, "--previous", output)
    assert "not used" not in ended.err
    assert pd.read_csv(output)["story_id"].to_list() == renamed["story_id"].to_list()


def test_pins_beside_the_corpus_are_used_and_others_where_named(framing, corpus, tmp_path):
    output = tmp_path / "stories.csv"
    (corpus / "stories.yaml").write_text("together: [[ferry-b0, flood-b0]]\n", encoding="utf-8")
    ended = framing("stories", corpus, "--output", output)
    assert f"pins of {corpus / 'stories.yaml'}" in ended.err
    story = pd.read_csv(output).set_index("document_id")["story_id"]
    assert story["ferry-b0"] == story["flood-b0"]
    other = tmp_path / "other.yaml"
    other.write_text("apart: [[ferry-b0, ferry-h0]]\n", encoding="utf-8")
    framing("stories", corpus, "--output", output, "--pins", other)
    story = pd.read_csv(output).set_index("document_id")["story_id"]
    assert story["ferry-b0"] != story["flood-b0"]
    assert story["ferry-b0"] != story["ferry-h0"]


def test_what_is_wrong_is_said_in_one_paragraph(framing, corpus, tmp_path):
    output = tmp_path / "stories.csv"
    for arguments, message in (
        (["--output", tmp_path / "x.txt"], "expected a name ending in .csv"),
        (["--output", output, "--previous", tmp_path / "none.csv"], "there is no such file"),
        (["--output", output, "--pins", tmp_path / "none.yaml"], "There is no file"),
    ):
        ended = framing("stories", corpus, *arguments)
        assert ended.code == 2
        assert message in ended.err
    ended = framing("stories", "nowhere", "--output", output)
    assert ended.code == 2
    assert "There is no corpus 'nowhere'" in ended.err
    pins = tmp_path / "pins.yaml"
    pins.write_text("apart:\n  - [ferry-b0, lost]\n", encoding="utf-8")
    ended = framing("stories", corpus, "--output", output, "--pins", pins)
    assert ended.code == 2
    assert f"{pins}, line 2: there is no document lost" in ended.err
    assert not output.exists()
