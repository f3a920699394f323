"""Several users in one project of Label Studio: only the coder's own annotations count as the coder's."""

from __future__ import annotations

import json

import pytest

from framing.coding.annotators import find_other_annotators
from framing.coding.coded import read_sheets
from framing.coding.filled_rows import FilledRow
from framing.coding.tool_files.label_studio import list_annotations
from tests.coding.coded_sheets import MANY, cells, many

CODERS = ("anna", "ben")


def find_others(annotators):
    rows = [FilledRow("tasks.json", 1, "anna", "p1", "Text.", (), annotator=name) for name in annotators]
    return {name: reason for (_, name), reason in find_other_annotators(rows, CODERS).items()}


@pytest.mark.parametrize(
    ("annotators", "refused"),
    [
        (["1", "1", ""], set()),
        ([""], set()),
        (["1", "ben@example.org"], {"ben@example.org"}),
        (["ben@example.org"], {"ben@example.org"}),
        (["Anna", "7", "8"], {"7", "8"}),
        (["anna.meyer@example.org", "7"], {"7"}),
        (["joanna@example.org", "ben@example.org"], {"ben@example.org"}),
        (["1", "2"], {"1", "2"}),
        (["1", "2", "ben"], {"1", "2", "ben"}),
        (["anna-ben@example.org", "ben"], {"ben"}),
    ],
)
def test_whose_annotations_count(annotators, refused):
    assert set(find_others(annotators)) == refused


def test_what_cannot_be_told_is_said_with_the_numbers():
    reasons = find_others(["1", "2", "1"])
    assert reasons["1"] == (
        "the tasks of anna were annotated by 1 (2), 2 (1), and it cannot be told who of them is anna; export the "
        "annotations of anna alone"
    )


@pytest.mark.parametrize("who", [2, "ben@example.org", {"id": 2, "email": "ben@example.org"}, {"username": "ben"}])
def test_annotations_of_another_user_are_refused(tmp_path, who):
    design = many(tmp_path)
    tasks = json.loads((design / "for_coders" / "anna.json").read_text(encoding="utf-8"))
    for number, task in enumerate(tasks):
        results = {name: {"from_name": "frames", "value": {"choices": [name]}} for name in ("war", "trade")}
        own = {"completed_by": {"id": 1, "email": "anna@example.org"}, "result": [results["war"]]}
        other = {"completed_by": who, "result": [results["trade"]]}
        task["annotations"] = [own, other] if number else [other]
    path = tmp_path / "project.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    coded = read_sheets([path], design=design, codebook=MANY)
    assert sorted(cells(coded.codings[0])) == ["-", *["war"] * 7]
    assert coded.files[["n_rows", "n_kept", "n_refused"]].to_numpy().tolist() == [[15, 7, 8]]
    assert coded.refused["reason"].str.fullmatch(r"annotated by .*, in tasks of anna").all()
    assert cells(coded.codings[1]) == ["-"] * 8


def test_a_skipped_task_is_not_coded():
    done = {"from_name": "frames", "value": {"choices": ["war"]}}
    skipped = {"data": {}, "annotations": [{"was_cancelled": True, "completed_by": 1, "result": [done]}]}
    assert list_annotations(skipped) == [("", (), (), "")]
    assert list_annotations({"annotator": 1, "frames": "war", "was_cancelled": True}) == [("1", (), (), "")]
