"""Codebooks are read strictly, hashed by content, resolved by id or name and compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.codebook import Codebook, compare_codebooks, read_codebook
from framing.errors import InputError
from framing.tables import SHEET
from framing.texts import in_language

TEXT = """\
codebook: two-frames
version: 1.0.0
language: en
multi_label: true
description: Two frames of a quarrel.
frames:
  - id: blame
    name: Blame
    definition: Somebody is at fault.
    seeds: [The minister is to blame for the delay., Fault lies with the builders.]
    counter_seeds: [The fault line runs below the city.]
  - id: way_out
    name: A way out
    group: remedy
    definition: A remedy is named.
    include: [Proposals of any kind.]
    seeds: [Talks should begin at once.]
"""


def book(text: str, folder: Path) -> Codebook:
    path = folder / "book.yaml"
    path.write_text(text, encoding="utf-8")
    return read_codebook(path)


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    return book(TEXT, tmp_path)


def test_a_codebook_is_read_in_its_order(codebook: Codebook) -> None:
    assert codebook.frame_ids == ["blame", "way_out"]
    assert codebook.names == {"blame": "Blame", "way_out": "A way out"}
    assert codebook.frames[0].seeds == (
        "The minister is to blame for the delay.",
        "Fault lies with the builders.",
    )
    assert codebook.frames[0].counter_seeds == ("The fault line runs below the city.",)
    assert (codebook.frames[0].group, codebook.frames[1].group) == ("", "remedy")


def test_the_hash_ignores_comments_order_of_keys_and_folding(codebook: Codebook, tmp_path: Path) -> None:
    rewritten = (
        TEXT.replace("codebook: two-frames\nversion: 1.0.0\n", "# a comment\nversion: 1.0.0\ncodebook: two-frames\n")
        .replace("description: Two frames of a quarrel.", "description: >-\n  Two frames\n  of a quarrel.")
        .replace("    definition: A remedy is named.\n    include:", "    include:")
        .replace("[Proposals of any kind.]", "[Proposals of any kind.]\n    definition: A remedy is named.")
    )
    assert rewritten != TEXT
    assert book(rewritten, tmp_path).hash == codebook.hash
    assert len(codebook.hash) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1.0.0", "version: 1.0.1"),
        ("multi_label: true", "multi_label: false"),
        ("Talks should begin at once.", "Talks should begin at last."),
        ("group: remedy", "group: cure"),
        ("counter_seeds: [The fault line runs below the city.]", "counter_seeds: []"),
    ],
)
def test_the_hash_changes_with_the_content(codebook: Codebook, tmp_path: Path, old: str, new: str) -> None:
    assert book(TEXT.replace(old, new), tmp_path).hash != codebook.hash


def test_the_hash_depends_on_the_order_of_frames(codebook: Codebook, tmp_path: Path) -> None:
    head, first, second = TEXT.partition("  - id: blame")[0], *TEXT.split("  - id: ")[1:]
    assert book(f"{head}  - id: {second}  - id: {first}", tmp_path).hash != codebook.hash


def test_the_hash_without_hypotheses_is_the_one_from_before_they_existed(codebook: Codebook, tmp_path: Path) -> None:
    assert codebook.hash == "7061b257905d2f2af78215ab450f953143cdb2ff6c24d5ae60796d54a0976b18"
    empty = TEXT.replace("    group: remedy", "    group: remedy\n    hypotheses: []")
    assert book(empty, tmp_path).hash == codebook.hash


def test_hypotheses_are_read_hashed_and_compared(codebook: Codebook, tmp_path: Path) -> None:
    used, other = (
        book(TEXT.replace("group: remedy", f"group: remedy\n    hypotheses: [{claim}]"), tmp_path)
        for claim in ("Somebody offers a remedy.", "A remedy is named.")
    )
    assert [frame.hypotheses for frame in used.frames] == [(), ("Somebody offers a remedy.",)]
    assert len({codebook.hash, used.hash, other.hash}) == 3
    assert [tuple(row) for row in compare_codebooks(codebook, used).itertuples(index=False)] == [
        ("way_out", "hypotheses", "added", "Somebody offers a remedy.")
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "version: 1.0.0",
            "version: 1.0",
            r"version: expected a text, got 1\.0; put it into quotation marks: \"1\.0\" \(line 2\)",
        ),
        ("version: 1.0.0", "version: one", r"version: .*got 'one'"),
        ("codebook: two-frames", "codebook: Two Frames", r"codebook: .*got 'Two Frames'"),
        ("language: en", "language: English", r"language: .*got 'English'"),
        ("multi_label: true", "multi_label: perhaps", r"multi_label: .*got 'perhaps'"),
        ("multi_label: true", "multilabel: true", r"unknown key multilabel \(known: codebook, version"),
        ("description: Two frames of a quarrel.", "description: ''", r"description: .*at least 1 character"),
        ("    definition: A remedy is named.\n", "", r"frames\[2\]\.definition is missing"),
        ("group: remedy", "hypotheses: [' ']", r"frames\[2\]\.hypotheses\[1\]: .*at least 1 character"),
        ("group: remedy", "grupo: remedy", r"unknown key frames\[2\]\.grupo \(nearest: group\)"),
        ("id: way_out", "id: way-out", r"frames\[2\]\.id: .*got 'way-out'"),
        ("id: way_out", "id: blame", r"frame blame: the id or name 'blame' is already used by blame"),
        ("name: A way out", "name: BLAME", r"frame way_out: the id or name 'blame' is already used by blame"),
        (
            "[Talks should begin at once.]",
            "[]",
            r"frames\[2\]: frame way_out has no seeds; give at least one",
        ),
        ("    seeds: [Talks should begin at once.]\n", "", r"frames\[2\]\.seeds is missing"),
        ("Talks should begin at once.", "' '", r"frames\[2\]\.seeds\[1\]: .*at least 1 character"),
        ("[Talks should begin at once.]", "Talks should begin.", r"frames\[2\]\.seeds: expected a list, got"),
        (
            "Talks should begin at once.",
            "fault  lies with the Builders.",
            r"frame way_out: the passage 'fault  lies with the Builders\.' already stands under blame",
        ),
        (
            "Talks should begin at once.",
            "The fault line runs below the city.",
            r"frame way_out: the passage .* already stands under blame",
        ),
    ],
)
def test_what_is_wrong_is_named_with_file_and_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError, match=r"book\.yaml: .*" + message):
        book(TEXT.replace(old, new), tmp_path)


def test_a_frame_may_be_called_no(tmp_path: Path) -> None:
    assert book(TEXT.replace("id: way_out", "id: no"), tmp_path).frame_ids == ["blame", "no"]


def test_a_codebook_may_have_one_frame_that_a_passage_carries_or_not(tmp_path: Path) -> None:
    single = TEXT[: TEXT.index("  - id: way_out")]
    assert book(single, tmp_path).frame_ids == ["blame"]
    with pytest.raises(InputError, match=r"exactly one of two frames or more, and there is only blame"):
        book(single.replace("multi_label: true", "multi_label: false"), tmp_path)
    with pytest.raises(InputError, match=r"a codebook needs at least one frame"):
        book(f"{TEXT[: TEXT.index('frames:')]}frames: []", tmp_path)


@pytest.mark.parametrize("column", SHEET)
def test_no_frame_is_a_column_of_the_sheets(tmp_path: Path, column: str) -> None:
    with pytest.raises(InputError, match=rf"frames\[2\]\.id: {column} is a column of the sheets .* {column}_frame"):
        book(TEXT.replace("id: way_out", f"id: {column}"), tmp_path)


@pytest.mark.parametrize("frame_id", ["outlet", "frame", "score", "event", "stratum", "unit", "gold", "weight"])
def test_a_frame_may_be_called_like_a_column_of_other_tables(tmp_path: Path, frame_id: str) -> None:
    assert book(TEXT.replace("id: way_out", f"id: {frame_id}"), tmp_path).frame_ids == ["blame", frame_id]


@pytest.mark.parametrize("sign", [";", "；", "\u037e", "؛"])
def test_a_name_has_no_semicolon(tmp_path: Path, sign: str) -> None:
    with pytest.raises(InputError, match=r"frames\[2\]\.name: a semicolon separates the frames of a label cell"):
        book(TEXT.replace("name: A way out", f"name: A way{sign} out"), tmp_path)


def test_the_words_of_label_cells_are_no_frames(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"name: in a label cell not coded says that a coder has not coded"):
        book(TEXT.replace("name: A way out", "name: Not  Coded"), tmp_path)
    for old, new in (("id: way_out", "id: none"), ("name: A way out", "name: None")):
        named = TEXT.replace(old, new)
        with pytest.raises(InputError, match=r"in a label cell none says that a passage has no frame"):
            book(named, tmp_path)
        assert len(book(named.replace("multi_label: true", "multi_label: false"), tmp_path).frames) == 2


def test_labels_resolve_by_id_or_name_whatever_the_case(codebook: Codebook) -> None:
    labels = ["BLAME", "a\xa0way  out", " Way_Out ", "\ufeffblame"]
    assert codebook.resolve(labels, source="gold.csv") == ["blame", "way_out", "way_out", "blame"]
    assert codebook.resolve([], source="gold.csv") == []


def test_unknown_labels_are_all_listed_once(codebook: Codebook) -> None:
    with pytest.raises(InputError) as caught:
        codebook.resolve(["hope", "blame", "fear", "hope", ""], source="gold.csv")
    assert str(caught.value) == (
        "gold.csv: the codebook two-frames has no frame(s) '', 'fear', 'hope'. Its frames: blame, way_out."
    )


def test_a_codebook_does_not_differ_from_itself(codebook: Codebook) -> None:
    found = compare_codebooks(codebook, codebook)
    assert found.empty
    assert list(found.columns) == ["frame", "part", "change", "text"]


def test_a_codebook_is_of_passages_unless_it_says_otherwise(codebook: Codebook, tmp_path: Path) -> None:
    named = book(TEXT + "unit: passage\n", tmp_path)
    assert (codebook.unit, named.unit) == ("passage", "passage")
    assert named.hash == codebook.hash == "7061b257905d2f2af78215ab450f953143cdb2ff6c24d5ae60796d54a0976b18"
    with pytest.raises(InputError, match=r"unit: .*got 'article'"):
        book(TEXT + "unit: article\n", tmp_path)


def test_the_unit_is_hashed_and_compared_and_an_override_is_what_the_file_would_be(
    codebook: Codebook, tmp_path: Path
) -> None:
    whole = book(TEXT + "unit: document\n", tmp_path)
    assert whole.hash != codebook.hash
    assert codebook.with_unit("document") == whole
    assert codebook.with_unit("document").hash == whole.hash
    assert whole.with_unit("passage").hash == codebook.hash
    assert codebook.with_unit("") is codebook
    assert whole.with_unit("") is whole
    assert compare_codebooks(codebook, whole).to_dict("records") == [
        {"frame": "", "part": "unit", "change": "changed", "text": "passage -> document"}
    ]


def test_every_change_between_two_versions_is_one_row(codebook: Codebook, tmp_path: Path) -> None:
    new = (
        TEXT.replace("name: Blame", "name: Guilt")
        .replace("Fault lies with the builders.", "Fault lies with the owners.")
        .replace("id: way_out", "id: remedy")
    )
    found = compare_codebooks(codebook, book(new, tmp_path))
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        ("blame", "name", "changed", "Blame -> Guilt"),
        ("blame", "seeds", "added", "Fault lies with the owners."),
        ("blame", "seeds", "removed", "Fault lies with the builders."),
        ("remedy", "frame", "added", "A way out"),
        ("way_out", "frame", "removed", "A way out"),
    ]


frame_ids = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(lambda name: name not in (*SHEET, "none"))


@given(st.lists(frame_ids, unique=True, min_size=2))
def test_every_id_resolves_to_itself_in_any_case(ids: list[str]) -> None:
    frames = [{"id": item, "name": f"Name of {item}", "definition": "d", "seeds": [f"Seed {item}"]} for item in ids]
    found = Codebook.model_validate({"codebook": "made", "version": "1.0.0", "description": "d", "frames": frames})
    assert found.resolve([item.upper() for item in ids], source="x") == ids
    assert found.resolve(found.names.values(), source="x") == ids


def test_a_codebook_is_shown_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert repr(read_codebook(path)) == "Codebook(codebook='two-frames', version='1.0.0', n_frames=2)"


# passages as they come, each with all of its frames

EXAMPLES = """\
examples:
  - text: The minister blamed the builders, and asked for talks.
    frames: [blame, way_out]
  - text: The bridge opens on Friday.
    frames: []
"""


def test_examples_carry_all_of_their_frames_or_none(tmp_path: Path) -> None:
    found = book(TEXT + EXAMPLES, tmp_path).examples
    assert [item.frames for item in found] == [("blame", "way_out"), ()]
    assert found[1].text == "The bridge opens on Friday."


def test_a_codebook_without_examples_keeps_its_hash(codebook: Codebook, tmp_path: Path) -> None:
    assert book(TEXT + "examples: []\n", tmp_path).hash == codebook.hash
    assert book(TEXT + EXAMPLES, tmp_path).hash != codebook.hash


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[blame, way_out]",
            "[blame, wayout]",
            r"'wayout'; the ids: blame, way_out. Is way_out meant by 'wayout'\? \(line \d+\)\.$",
        ),
        ("[blame, way_out]", "[Blame]", r"examples\[1\].frames\[1\]: no frame has the id 'Blame'"),
        ("[blame, way_out]", "[blame, blame]", r"examples\[1\].frames: a frame stands there twice"),
        (
            "The bridge opens on Friday.",
            "talks should  begin at once.",
            r"examples\[2\].text: the passage .* under way_out",
        ),
        (
            "The bridge opens on Friday.",
            "The minister blamed the builders, and asked for talks.",
            r"examples\[2\].text: the passage .* as example 1",
        ),
        ("frames: []", "frames: [], weight: 2", "weight|expected"),
        ("    frames: []\n", "", "frames"),
    ],
)
def test_wrong_examples_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in EXAMPLES
    with pytest.raises(InputError, match=said):
        book(TEXT + EXAMPLES.replace(old, new), tmp_path)


def test_each_unknown_frame_of_examples_is_named_once_with_its_first_line(tmp_path: Path) -> None:
    more = "".join(f"  - text: Passage {number}.\n    frames: [blame, gone]\n" for number in range(8))
    with pytest.raises(InputError) as caught:
        book(TEXT + "examples:\n  - {text: One., frames: [lost]}\n" + more, tmp_path)
    n_before = TEXT.count("\n")
    assert str(caught.value).endswith(
        f": examples[1].frames[1]: no frame has the id 'lost' (line {n_before + 2}); "
        "examples[2].frames[2]: no frame has the id 'gone', which 8 examples have: 2, 3, 4, 5, 6 and 3 more; "
        f"the ids: blame, way_out (line {n_before + 4})."
    )


def test_a_passage_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    twice = EXAMPLES.replace("The bridge opens on Friday.", "talks should  begin at once.")
    line = (TEXT + twice).splitlines().index("  - text: talks should  begin at once.") + 1
    with pytest.raises(InputError, match=rf"under way_out \(line {line}\)\.$"):
        book(TEXT + twice, tmp_path)


def test_an_example_has_exactly_one_frame_where_each_passage_has_one(tmp_path: Path) -> None:
    single = TEXT.replace("multi_label: true", "multi_label: false")
    with pytest.raises(InputError, match=r"examples\[1\].frames: the example has 2 frames; with multi_label: false"):
        book(single + EXAMPLES, tmp_path)
    one = EXAMPLES.replace("[blame, way_out]", "[blame]").replace("frames: []", "frames: [way_out]")
    assert len(book(single + one, tmp_path).examples) == 2


def test_changes_of_examples_are_listed_with_their_frames(tmp_path: Path) -> None:
    old = book(TEXT + EXAMPLES, tmp_path)
    changed = EXAMPLES.replace("[blame, way_out]", "[blame]").replace("opens on Friday", "opens on Sunday")
    found = compare_codebooks(old, book(TEXT + changed, tmp_path))
    assert found.to_dict("split")["data"] == [
        ["blame; way_out -> blame", "examples", "changed", "The minister blamed the builders, and asked for talks."],
        ["none", "examples", "added", "The bridge opens on Sunday."],
        ["none", "examples", "removed", "The bridge opens on Friday."],
    ]


def test_a_frame_for_the_rest(tmp_path: Path) -> None:
    rest = TEXT.replace("id: way_out", "id: way_out\n    residual: true")
    found = book(rest, tmp_path)
    assert found.residual == 1
    assert book(TEXT, tmp_path).residual is None
    changes = compare_codebooks(book(TEXT, tmp_path), found)
    assert changes.to_numpy().tolist() == [["way_out", "residual", "changed", "False -> True"]]
    assert found.hash != book(TEXT, tmp_path).hash
    assert (
        book(TEXT.replace("id: way_out", "id: way_out\n    residual: false"), tmp_path).hash
        == book(TEXT, tmp_path).hash
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("id: blame", "id: blame\n    residual: true")], "one frame at most is residual; blame, way_out are"),
        ([("multi_label: true", "multi_label: false")], "residual says .* needs several frames and multi_label: true"),
    ],
)
def test_a_frame_for_the_rest_must_be_one(tmp_path: Path, changes: list[tuple[str, str]], said: str) -> None:
    text = TEXT.replace("id: way_out", "id: way_out\n    residual: true")
    for old, new in changes:
        text = text.replace(old, new)
    with pytest.raises(InputError, match=said):
        book(text, tmp_path)


def test_no_example_has_the_frame_for_the_rest_beside_others(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"examples\[1\].frames: way_out is residual and stands beside other frames"):
        book(TEXT.replace("id: way_out", "id: way_out\n    residual: true") + EXAMPLES, tmp_path)


# names in other languages


def test_names_are_in_the_language_of_the_reader_where_there_is_one(tmp_path: Path, codebook: Codebook) -> None:
    told = book(TEXT.replace("    name: Blame\n", "    name: Blame\n    names: {de: Schuld, zh: 归咎}\n"), tmp_path)
    with in_language("de"):
        assert told.names == {"blame": "Schuld", "way_out": "A way out"}
    assert told.names == codebook.names
    assert told.hash == codebook.hash
    assert told.resolve(["Blame"], source="labels") == ["blame"]


def test_a_name_in_another_language_has_no_semicolon(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a semicolon separates the frames of a label cell"):
        book(TEXT.replace("    name: Blame\n", "    name: Blame\n    names: {de: 'Schuld; Sühne'}\n"), tmp_path)
