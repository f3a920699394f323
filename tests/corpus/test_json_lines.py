"""JSON lines: every line is a row or refused; values as text, as in arrays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.records import Note, Row
from framing.errors import InputError
from tests.corpus.files import kept, read, refused, rows, write

OBJECTS = [
    {"text": "a", "source": {"id": None, "name": "The Post"}, "n": 1.0, "x": float("nan")},
    {"text": "b", "source": {"name": "Blatt"}, "n": 2.5, "x": float("inf")},
]


def test_keys_within_keys_and_missing_numbers(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "".join(json.dumps(item) + "\n" for item in OBJECTS))
    assert [item.values for item in kept(path, ("text", "source.name"))] == [
        {"text": "a", "source.id": "", "source.name": "The Post", "n": "1", "x": ""},
        {"text": "b", "source.name": "Blatt", "n": "2.5", "x": ""},
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_named_jsonl_is_read_and_said(tmp_path: Path, indent: int | None) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps(OBJECTS, indent=indent))
    notes: list[Note] = []
    assert [(item.line, item.values["text"]) for item in kept(path, ("text",), notes=notes)] == [(1, "a"), (2, "b")]
    assert notes == [Note("a.jsonl", "one JSON value over the whole file: read as JSON")]


def test_an_object_over_several_lines_names_its_arrays(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"articles": OBJECTS}, indent=1))
    with pytest.raises(InputError, match=r"expected an array of objects in the file\. Set `records:` to one of art"):
        rows(path, ("text",))
    assert len(kept(path, ("text",), records="articles")) == 2


def test_json_lines_named_json_are_read_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", "".join(json.dumps(item) + "\n" for item in OBJECTS) + "broken\n")
    notes: list[Note] = []
    assert [(item.line, item.values["text"]) for item in read(path, ("text",), notes=notes)] == [(1, "a"), (2, "b")]
    assert [line for line, _ in refused(path, ("text",))] == [3]
    assert notes == [Note("a.json", "one object a line: read as JSON lines")]


def test_lists_of_labels_and_of_paragraphs(tmp_path: Path) -> None:
    lines = [
        {"text": ["The ferry sailed at noon.", "Nobody was on it."], "outlet": ["The Post", "Blatt"]},
        {"text": ["a" * 81, "b"], "outlet": []},
        {"text": ["one", {"two": 2}], "outlet": "A"},
        {"text": [["one"]], "outlet": "A"},
    ]
    path = write(tmp_path / "a.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    assert [item.values for item in read(path)] == [
        {"text": "The ferry sailed at noon.\n\nNobody was on it.", "outlet": "The Post; Blatt"},
        {"text": "a" * 81 + "\n\nb", "outlet": ""},
    ]
    assert refused(path) == [(3, "text is not a plain value"), (4, "text is not a plain value")]


@pytest.mark.parametrize("needed", ["re\u0301sume\u0301", "R\u00e9sum\u00e9"])
def test_keys_that_differ_in_form_only_are_the_needed_ones(tmp_path: Path, needed: str) -> None:
    path = write(tmp_path / "a.jsonl", '{"r\u00e9sum\u00e9": "a"}\n')
    assert kept(path, (needed,))[0].values == {needed: "a"}


def test_broken_lines_are_refused_with_number_and_reason(tmp_path: Path) -> None:
    good, nested = '{"text": "a", "outlet": "A"}', '{"text": {"de": "c"}, "outlet": "C"}'
    content = f'{good}\n{{"text": "b", \n\n[1, 2]\n"word"\n{nested}\n'
    path = write(tmp_path / "a.jsonl", content)
    assert [item.line for item in rows(path) if isinstance(item, Row)] == [1]
    found = refused(path)
    assert [line for line, _ in found] == [2, 4, 5, 6]
    assert found[0][1].startswith("not valid JSON: ")
    assert [reason for _, reason in found[1:]] == [
        "not a JSON object",
        "not a JSON object",
        "text is not a plain value",
    ]


def test_depth_and_huge_numbers_are_refused(tmp_path: Path) -> None:
    deep = '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}"
    huge = '{"text": ' + "9" * 5000 + "}"
    path = write(tmp_path / "a.jsonl", f'{deep}\n{huge}\n{{"text": "a", "outlet": "A"}}\n')
    found = refused(path)
    assert [line for line, _ in found] == [1, 2]
    assert all(reason.startswith("not valid JSON: ") for _, reason in found)


def test_plain_values_become_text_and_null_becomes_empty(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": 7, "outlet": null}\n{"text": true, "extra": [1]}\n')
    assert [item.values for item in kept(path)] == [
        {"text": "7", "outlet": ""},
        {"text": "True", "outlet": "", "extra": "1"},
    ]


def test_a_key_that_no_line_has_is_a_missing_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "a"}\n{"body": "b"}\n')
    with pytest.raises(InputError, match=r"a\.jsonl lacks the column\(s\) outlet\. It has: body, text\."):
        rows(path)


def test_a_json_line_of_nine_megabytes_is_refused_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"text": "x" * 9_000_000}) + '\n{"text": "a", "outlet": "A"}\n')
    assert refused(path) == [(1, "a line longer than 8388608 characters")]
    assert [item.line for item in rows(path) if isinstance(item, Row)] == [2]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=20)))
def test_every_json_line_is_kept_or_refused(tmp_path_factory: pytest.TempPathFactory, junk: list[str]) -> None:
    first = '{"text": "a", "outlet": "A"}'
    path = write(tmp_path_factory.getbasetemp() / "junk.jsonl", "\n".join([first, *junk]))
    expected = [1, *(number for number, line in enumerate(junk, start=2) if line.strip())]
    assert [item.line for item in rows(path)] == expected


plain = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8)


@given(st.lists(st.fixed_dictionaries({"text": plain, "outlet": plain}), min_size=1, max_size=8), st.booleans())
def test_what_the_json_module_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[dict[str, object]], as_array: bool
) -> None:
    content = json.dumps(table) if as_array else "".join(json.dumps(item) + "\n" for item in table)
    path = write(tmp_path_factory.getbasetemp() / ("written.json" if as_array else "written.jsonl"), content)
    expected = [{key: "" if value is None else str(value) for key, value in item.items()} for item in table]
    assert [item.values for item in kept(path)] == expected


DOUBLED = [
    ('{"text": "a", "text": "b", "outlet": "A"}', "text"),
    ('{"text": "a", "outlet": "A", "o": {"x": 1, "x": 2}}', "x"),
    ('{"text": "a", "outlet": "A", "o": [{"x": 1, "x": 2}]}', "x"),
    ('{"text": "a", "outlet": "A", "o.x": 1, "o": {"x": 2}}', "o.x"),
]


@pytest.mark.parametrize(("content", "key"), DOUBLED)
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_key_that_occurs_twice_refuses_the_row(tmp_path: Path, content: str, key: str, form: str) -> None:
    good = '{"text": "c", "outlet": "A"}'
    whole = f"[{content}, {good}]" if form == "json" else f"{content}\n{good}\n"
    path = write(tmp_path / f"a.{form}", whole)
    assert refused(path) == [(1, f"the key {key} occurs twice")]
    assert [item.values["text"] for item in read(path)] == ["c"]
