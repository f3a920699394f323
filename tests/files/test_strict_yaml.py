"""YAML is read as plain values; whatever could surprise is refused with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from framing.errors import InputError
from framing.files.strict_yaml import parse_yaml, read_yaml, validate


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    parts: tuple[Inner, ...] = ()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("NO", "NO"),
        ("1:30", "1:30"),
        ("012", 12),
        ("0o14", 12),
        ("true", True),
        ("~", None),
        ('"007"', "007"),
        ("! plain", "plain"),
    ],
)
def test_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    found = parse_yaml(f"key: {written}", source="x.yaml")["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", r"x\.yaml, line 3: found duplicate key \"a\""),
        ("top:\n  a: 1\n  a: 2\n", r"x\.yaml, line 3: found duplicate key \"a\""),
        ("top: {a: 1, a: 2}\n", r"line 1: found duplicate key"),
        ("a: 1\nb: &mark 2\n", r"x\.yaml, line 2: anchors and aliases .* are not allowed"),
        ("a: 1\nb: *mark\n", r"x\.yaml, line 2: anchors and aliases"),
        ("a: 1\nb: &mark {c: 1}\n", r"line 2: anchors and aliases"),
        ("a:\n  - !!python/object/apply:os.system [ls]\n", r"line 2: the tag .*os\.system is not allowed"),
        ("a: !!str 5\n", r"line 1: the tag .* is not allowed; only plain values"),
        ("a: !include other.yaml\n", r"line 1: the tag !include is not allowed"),
        ("%YAML 1.1\n---\na: no\n", r"only YAML 1\.2 is read"),
        ("%YAML 1.3\n---\na: no\n", r"x\.yaml is not valid YAML 1\.2"),
        ("a: 1\n---\nb: 2\n", r"line 2: but found another document"),
        ("a: [1, 2\nb: 3\n", r"x\.yaml, line 2: "),
        ("a:\n\t- 1\n", r"line 2: the line is indented with a tab; YAML takes spaces"),
        ("- a\n- b\n", r"x\.yaml: expected a mapping of keys to values"),
        ("", r"x\.yaml: expected a mapping"),
        ("just words", r"x\.yaml: expected a mapping"),
        ("a: \x07\n", r"is not valid YAML 1\.2: unacceptable character"),
        ("a: 2025-13-45\n", r"is not valid YAML 1\.2: month must be in 1\.\.12"),
        ("a: " + "[" * 21 + "]" * 21, r"line 1: nested more than 20 levels deep"),
        ("[" * 50_000, r"nested more than 20 levels deep"),
        ("a: " + "9" * 5000, r"Exceeds the limit"),
    ],
)
def test_what_could_surprise_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_yaml(text, source="x.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("b: 1\ntitle: Kiev: two papers\n", 'line 2: a colon and a space within a text: .*, title: "Kiev: two papers"'),
        ("title: “Kiev: two papers”\n", 'line 1: .* title: "Kiev: two papers"'),
        ('a: He said "no": never\n', "line 1: .*quotation marks, a: 'He said \"no\": never'"),
        ("- The minister\n  spoke of it: nothing\n", "line 2: .*the text of line 1, but has a colon"),
        ("a: 1\ntitle:T\nb: 2\n", "line 2: a space is missing after the colon: title: T"),
        ("title：T\nb: 2\n", "line 1: after title stands a wide colon"),
        ("title:T\n", r"expected a mapping .* A colon and a space come after each key: title: …"),
        ("a: @x\n", 'line 1: a text that begins with @ is put into quotation marks: a: "@x"'),
        ("a: `x`\n", "begins with ` is put into quotation marks"),
        ("a: %d\n", "begins with % is put into quotation marks"),
        ("a: *.csv\n", r"line 1: anchors .* or put a text that begins with them into quotation marks"),
        ('a: "No", he said\n', "line 1: a text goes on after its closing quotation mark.*: a: '\"No\", he said'"),
        ("a: [Applause] He said\n", 'a text goes on after its closing bracket.*: a: "\\[Applause\\] He said"'),
        ("a: 'It's done'\n", "an apostrophe is written twice"),
        ("a: - b\n", "the items of a list stand on lines of their own"),
        ("a:\n  b: 1\n c: 2\n", "line 3: the indentation does not fit"),
        ("a: [1, 2\nb: 3\n", "line 2: a list or mapping in brackets is not closed before this line"),
        ('a: "C:\\data"\n', r"within double quotation marks \\ begins an escape"),
        (
            "files: [“*.csv”]\n",
            r'line 1: curly quotation marks do not enclose a value: write "\*\.csv", or "“\*\.csv”"',
        ),
        ("a: 1\n‘b’: 2\n", 'line 2: curly quotation marks .* write "b"'),
        ("a:\n  - 1\n\xa0\xa0b: 2\n", "line 3: there is a no-break space before 'b'"),
        ("a: 1\nb: x\x0by\n", r"unacceptable character #x000b.* \(line 2\)"),
    ],
)
def test_what_a_writer_meant_is_said_with_the_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"(?s)x\.yaml.*{message}"):
        parse_yaml(text, source="x.yaml")


@pytest.mark.parametrize(
    "text",
    ["“We will win,” she said.", "“We will win.”", "“A” and “B”", "«Известия»", "“Peace is when they all go home”"],
)
def test_quotations_are_texts(text: str) -> None:
    assert parse_yaml(f"seeds:\n  - {text}\n", source="x.yaml") == {"seeds": [text]}


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: größe\r\nb:\r\n  - c\r\n".encode())
    assert read_yaml(path) == {"a": "größe", "b": ["c"]}


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(InputError, match=r"bomb\.yaml, line 1: anchors and aliases"):
        parse_yaml("\n".join(levels), source="bomb.yaml")


def test_read_yaml_drops_the_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: größe\n".encode())
    assert read_yaml(path) == {"a": "größe"}


def test_read_yaml_names_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*absent\.yaml"):
        read_yaml(tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="is a folder; expected a YAML file"):
        read_yaml(tmp_path)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: größe\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.yaml is not UTF-8 \(byte 5\)\. Save it as UTF-8.* line 1\."):
        read_yaml(latin)
    wide = tmp_path / "wide.yaml"
    wide.write_bytes("a: 1\n".encode("utf-16"))
    with pytest.raises(InputError, match=r"wide\.yaml is not UTF-8 .* looks like UTF-16"):
        read_yaml(wide)
    big = tmp_path / "big.yaml"
    big.write_text("# " + "x" * 4_000_000)
    with pytest.raises(InputError, match=r"has 4000002 bytes; a file of settings has at most 4000000"):
        read_yaml(big)


def test_validate_lists_every_problem_with_its_place() -> None:
    values = {"name": "n", "parts": [{"size": 1}, {"size": "two"}, {}], "colour": "red"}
    with pytest.raises(InputError) as caught:
        validate(Outer, values, source="x.yaml")
    message = str(caught.value)
    assert message.startswith("x.yaml: ")
    assert "parts[2].size: Input should be a valid integer" in message
    assert "got 'two'" in message
    assert "parts[3].size is missing" in message
    assert "unknown key colour (known: name, parts)" in message


def test_validate_names_a_nested_unknown_key_by_its_place() -> None:
    with pytest.raises(InputError, match=r"unknown key parts\[1\]\.weight"):
        validate(Outer, {"name": "n", "parts": [{"size": 1, "weight": 2}]}, source="x.yaml")


@pytest.mark.parametrize("text", ["1: x\nname: n", "? [a]\n: b\nname: n"])
def test_keys_that_are_no_names_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"x\.yaml: .*(is no text; put it into quotation marks|unknown key)"):
        validate(Outer, parse_yaml(text, source="x.yaml"), source="x.yaml")


@given(st.text(alphabet=st.sampled_from("ab: -?[]{}&*!|>'\"%@`#,\n\t.~0129<=é\u2028_/\\x"), max_size=60))
def test_any_text_gives_a_mapping_or_an_input_error(text: str) -> None:
    found: object
    try:
        found = parse_yaml(text, source="x.yaml")
    except InputError as error:
        found = error
    assert isinstance(found, dict) or str(found).startswith("x.yaml")


@given(st.binary(max_size=80))
def test_any_bytes_give_a_mapping_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    found: object
    try:
        found = read_yaml(path)
    except InputError as error:
        found = error
    assert isinstance(found, dict) or "any.yaml" in str(found)


words = st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(words, plain, max_size=5))
def test_json_is_yaml_and_comes_back_unchanged(values: dict[str, Any]) -> None:
    assert parse_yaml(json.dumps(values, ensure_ascii=False), source="x") == values


def test_a_missing_file_is_answered_with_those_of_its_folder(tmp_path: Path) -> None:
    for name in ("great-powers.yaml", "entman.yaml"):
        (tmp_path / name).write_text("a: b")
    with pytest.raises(InputError, match=r"great-power\.yaml\. In .* there are: entman\.yaml, great-powers\.yaml\."):
        read_yaml(tmp_path / "great-power.yaml")


def test_a_mapping_that_is_changed_does_not_change_the_next():
    first = parse_yaml("a: {b: [1]}", source="x")
    first["a"]["b"].append(2)
    assert parse_yaml("a: {b: [1]}", source="x") == {"a": {"b": [1]}}
