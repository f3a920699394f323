"""Problems of files of settings name the key, the line, and what to write."""

from __future__ import annotations

import datetime
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from framing.errors import InputError
from framing.files.strict_yaml import parse_yaml, validate


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    seeds: tuple[str, ...] = ()


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    plan: str
    corpus: str = "c"
    corpora: tuple[str, ...] = ()
    size: int = 1
    alert: bool = False
    unit: Literal["day", "week"] = "day"
    first: datetime.date | None = None
    names: dict[str, str] = {}
    parts: tuple[Part, ...] = ()
    best: Part | None = None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("corpus: [a, b]", "corpus: expected one value, got a list of 2 (a, b); a plan has one corpus, and "
         "several under corpora: (line 2)"),
        ("corpus: 2025", 'corpus: expected a text, got 2025; put it into quotation marks: "2025" (line 2)'),
        ("corpus: 1.10", 'corpus: expected a text, got 1.1; put it into quotation marks: "1.10" (line 2)'),
        ("corpus: 007", 'corpus: expected a text, got 7; put it into quotation marks: "007" (line 2)'),
        ("corpus: true", 'corpus: expected a text, got True; put it into quotation marks: "true" (line 2)'),
        ("corpus: 2025-07-04", 'expected a text, got 2025-07-04; put it into quotation marks: "2025-07-04" (line 2)'),
        ("corpus:", "corpus: expected a text, got None (nothing stands there) (line 2)"),
        ("corpora: a", "corpora: expected a list, got 'a'; write [a], or the items on lines of their own after -"),
        ("size: 'many'", "got 'many'; write a number, without quotation marks (line 2)"),
        ("alert: maybe", "got 'maybe'; write true or false, without quotation marks (line 2)"),
        ("unit: weeks", "unit: Input should be 'day' or 'week', got 'weeks'; the nearest is week (line 2)"),
        ("names: {20: Yes}", 'names.20: the key 20 is no text; put it into quotation marks: "20" (line 2)'),
        ("names:\n  A: b\n  2025-07-04: c", "names.2025-07-04: the key 2025-07-04 is no text"),
        ("names:\n  A: b\n  B: 3", "names.B: expected a text, got 3; put it into quotation marks: \"3\" (line 4)"),
        ("names: [a]", "names: expected keys with values, got a list; write them below it, each as key: "
         "value (line 2)"),
        ("corpos: c", "unknown key corpos (known: plan, corpus, corpora, size, alert, unit, first, names, parts, best; "
         "nearest: corpus) (line 2)"),
        ("Size: 3", "nearest: size) (line 2)"),
        ("parts:\n- name: a\n- name: b\n  sedes: [x]", "unknown key parts[2].sedes (nearest: seeds) (line 5)"),
        ("best: {naem: a}", "best.name is missing (line 2); unknown key best.naem (nearest: name) (line 2)"),
        ("parts:\n- name: a\n  seeds:\n  - fine\n  - He said: no", "parts[1].seeds[2]: expected a text, got the key(s) "
         'He said; a colon and a space make a key, so put the text into quotation marks: "He said: no" (line 6)'),
        ("colour: red", "known: plan, corpus, corpora, size, alert, unit, first, names, parts, best) (line 2)"),
    ],
)  # fmt: skip
def test_key_line_and_remedy(line, message):
    with pytest.raises(InputError) as caught:
        validate(Plan, parse_yaml(f"plan: p\n{line}\n", source="x.yaml"), source="x.yaml", kind="plan")
    assert message in str(caught.value)
    assert str(caught.value).startswith("x.yaml: ")


def test_the_words_of_yaml_1_1_are_texts():
    plan = validate(Plan, parse_yaml("plan: no\nnames: {on: off, Paper A: Yes}\nalert: no", source="x"), source="x")
    assert (plan.plan, plan.names, plan.alert) == ("no", {"on": "off", "Paper A": "Yes"}, False)


def test_values_that_are_from_no_file_have_no_lines():
    with pytest.raises(InputError, match=r"^run: size: .*got 'x'; write a number, without quotation marks\.$"):
        validate(Plan, {"plan": "p", "size": "x"}, source="run")
