from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus import corpus_fingerprint, read_corpus
from framing.errors import InputError
from tests.corpus.conftest import CorpusMaker
from tests.corpus.files import kept, refused, rows, write

ARTICLES = [
    {
        "source": {"id": None, "name": "The Harbour Post"},
        "title": "Ferry",
        "content": "The ferry sailed.",
        "tags": ["a", 1],
    },
    {"source": {"name": "Hafenblatt"}, "title": "Fähre", "content": "Die Fähre fährt.", "extra": [{"b": 1}]},
]


def test_array_with_nested_keys(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps(ARTICLES))
    first, second = kept(path, needed=("source.name", "content"))
    assert first.values == {
        "source.id": "",
        "source.name": "The Harbour Post",
        "title": "Ferry",
        "content": "The ferry sailed.",
        "tags": "a; 1",
    }
    assert (first.line, second.line) == (1, 2)
    assert (second.values["source.name"], second.values["extra"]) == ("Hafenblatt", '[{"b": 1}]')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.json", json.dumps(ARTICLES, ensure_ascii=False).encode(encoding))
    assert kept(path, needed=("content",))[1].values["content"] == "Die Fähre fährt."


def test_array_under_a_key(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps({"status": "ok", "data": {"articles": ARTICLES}}))
    assert len(kept(path, needed=("content",), records="data.articles")) == 2


@pytest.mark.parametrize(
    ("content", "records", "message"),
    [
        ('{"status": "ok", "articles": []}', "", "Set `records:` to one of articles"),
        ("[]", "articles", "expected an array of objects under articles"),
        ("[1, 2", "", "not valid JSON"),
        ("[" * 100_000, "", "not valid JSON"),
        ('[{"b": 1}]', "", "lacks the column"),
    ],
)
def test_file_without_the_array(tmp_path: Path, content: str, records: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows(write(tmp_path / "a.json", content), needed=("text",), records=records)


def test_a_file_with_a_single_object_is_one_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps(ARTICLES[0], indent=1))
    assert kept(path, needed=("source.name", "content"))[0].values["content"] == "The ferry sailed."


def test_items_that_are_no_objects_are_refused(tmp_path: Path) -> None:
    deep = "x"
    for _ in range(60):
        deep = {"a": deep}  # type: ignore[assignment]
    path = write(tmp_path / "a.json", json.dumps([{"text": "a"}, 3, deep]))
    assert refused(path, needed=("text",)) == [(2, "not a JSON object"), (3, "an object nested more than 50 deep")]


def test_corpus_of_a_news_interface(make_corpus: CorpusMaker) -> None:
    columns = "columns:\n  text: content\n  outlet: source.name\n  title: title\n"
    folder = make_corpus(
        {"a.json": json.dumps({"articles": ARTICLES})}, form="json", columns=columns, more="records: articles\n"
    )
    corpus = read_corpus(folder)
    assert corpus.documents["outlet"].tolist() == ["The Harbour Post", "Hafenblatt"]
    assert corpus.hash == corpus_fingerprint(folder)


CHANNEL = {
    "name": "Harbour news",
    "type": "public_channel",
    "id": 77,
    "messages": [
        {"id": 1, "type": "service", "date": "2025-07-01T10:00:00", "action": "create_channel"},
        {
            "id": 2,
            "type": "message",
            "date": "2025-07-01T12:20:00",
            "date_unixtime": "1751361600",
            "from": "Harbour news",
            "text": ["The ferry ", {"type": "bold", "text": "sailed"}, "."],
        },
        {"id": 3, "type": "message", "date": "2025-07-01T12:30:00", "from": "Ada", "photo": "a.jpg", "text": ""},
        {"id": 4, "type": "message", "date": "2025-07-01T12:40:00", "from": "Ada", "text": "She sails on."},
    ],
}


@pytest.mark.parametrize("content", [CHANNEL, {"about": "", "chats": {"list": [CHANNEL]}}])
def test_telegram(make_corpus: CorpusMaker, content: dict[str, object]) -> None:
    corpus = read_corpus(make_corpus({"result.json": json.dumps(content)}, form="telegram", columns=""))
    assert corpus.documents["text"].tolist() == ["The ferry sailed.", "She sails on."]
    assert corpus.documents["document_id"].tolist() == ["77/2", "77/4"]
    # 1751361600 s are 2025-07-01 09:20 in UTC; the second message has no such number
    assert corpus.documents["published"].astype(str).tolist() == ["2025-07-01 09:20:00", "2025-07-01 12:40:00"]
    assert set(corpus.documents["outlet"]) == {"Harbour news"}
    assert corpus.quarantine["reason"].tolist() == ["not a message: create_channel", "a message without a text (photo)"]


@pytest.mark.parametrize("content", ["[]", "{}", '{"chats": {"list": 3}}', '{"chats": 3, "messages": 1}'])
def test_file_that_is_no_export_of_telegram(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "a.json", content)
    if content.endswith("1}"):
        assert rows(path, needed=("text",), kind="telegram") == []
        return
    with pytest.raises(InputError, match="expected an export of Telegram"):
        rows(path, needed=("text",), kind="telegram")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "type", "text", "messages", "from"]), inner)
    ),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=5))
def test_each_message_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, messages: list[object]) -> None:
    path = write(tmp_path_factory.mktemp("t") / "a.json", json.dumps({"name": "n", "messages": messages}))
    assert len(rows(path, needed=(), kind="telegram")) == len(messages)


def test_records_under_a_key_that_occurs_twice_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '{"articles": [{"text": "a", "outlet": "A"}], "articles": []}')
    with pytest.raises(InputError, match=r"a\.json: the key articles occurs twice"):
        rows(path, records="articles")


def test_an_object_of_records_by_id_is_answered_with_a_remedy(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '{"n1": {"text": "a", "outlet": "A"}, "n2": {"text": "b", "outlet": "A"}}')
    with pytest.raises(InputError, match=r"an object for each of 2 keys \(n1, n2\): write these as an array"):
        rows(path)


def test_a_message_of_telegram_in_which_a_key_occurs_twice_is_refused(tmp_path: Path) -> None:
    head = '{"name": "Canal", "id": 7, "messages": ['
    doubled = '{"id": 1, "type": "message", "text": "a", "text": "b"}'
    path = write(tmp_path / "result.json", f'{head}{doubled}, {{"id": 2, "type": "message", "text": "c"}}]}}')
    assert refused(path, ("text",), kind="telegram") == [(1, "the key text occurs twice")]
