"""corpus.yaml is checked before a file is opened, and files are found where they may be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from framing.corpus.config import CorpusConfig, FilesRule, find_files, read_config
from framing.errors import InputError

GOOD = """\
corpus: sample
title: A sample
format: csv
files: ["*.csv"]
columns:
  text: [headline, body]
  outlet: {constant: The Beacon}
  published: {column: Date, format: "%m/%d/%Y"}
  document_id: id
perspectives:
  The Beacon: no
  24.kg: Central Asia
marks:
  - {date: 2025-07-04, label: A call}
"""


def config(folder: Path, text: str) -> CorpusConfig:
    (folder / "corpus.yaml").write_text(text, encoding="utf-8")
    return read_config(folder)


def test_columns_come_from_one_column_several_or_a_constant(tmp_path: Path) -> None:
    found = config(tmp_path, GOOD)
    assert found.columns["text"].columns == ("headline", "body")
    assert found.columns["outlet"].columns == ()
    assert found.columns["outlet"].constant == "The Beacon"
    assert found.columns["published"].columns == ("Date",)
    assert found.columns["published"].format == ("%m/%d/%Y",)
    assert found.columns["document_id"].columns == ("id",)
    assert found.perspectives == {"The Beacon": "no", "24.kg": "Central Asia"}
    assert [(mark.date, mark.label) for mark in found.marks] == [(date(2025, 7, 4), "A call")]
    assert (found.path, found.encoding, found.quoting, found.constructed) == (".", "utf-8", "minimal", False)


def test_several_date_formats_may_be_given(tmp_path: Path) -> None:
    found = config(tmp_path, GOOD.replace('"%m/%d/%Y"', '["%Y-%m-%d", "%d %B %Y"]'))
    assert found.columns["published"].format == ("%Y-%m-%d", "%d %B %Y")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: A sample\n", "", r"title is missing"),
        ("corpus: sample", "corpus: A Sample", r"corpus: .*got 'A Sample'"),
        ("format: csv", "format: docx", r"format: Input should be 'csv', 'tsv', .*got 'docx'"),
        ("format: csv", "formt: csv", r"unknown key formt \(known: files, path"),
        ('files: ["*.csv"]', "files: []", r"files is missing; say which files"),
        ('files: ["*.csv"]', "files: 7", r"files: expected a list, got 7; write \[7\]"),
        ("document_id: id", "author: by", r"columns: unknown column author \(known: text, outlet, published"),
        (
            "{constant: The Beacon}",
            "{constant: The Beacon, column: Site}",
            r"columns\.outlet: give a column name",
        ),
        ("{constant: The Beacon}", "[]", r"columns\.outlet: give a column name, a list of columns"),
        ("{constant: The Beacon}", "{konstant: x}", r"unknown key columns\.outlet\.konstant"),
        ("{constant: The Beacon}", "{constant: 7}", r"columns\.outlet\.constant: expected a text, got 7"),
        ("  outlet: {constant: The Beacon}\n", "", r"columns: outlet is missing; name its column or give"),
        ("  text: [headline, body]\n", "", r"columns: text is missing; name the column"),
        ("format: csv", "format: csv\nquoting: some", r"quoting: .*'minimal' or 'none', got 'some'"),
        ("%m/%d/%Y", "MM/DD/YYYY", r"published.*'MM/DD/YYYY' names no year; write for instance %d\.%m\.%Y"),
        ("format: csv", "format: csv\nconstructed: maybe", r"constructed: .*got 'maybe'"),
        ("2025-07-04", "4 July", r"marks\[1\]\.date: .*got '4 July'"),
        ("label: A call", "label: ''", r"marks\[1\]\.label: .*at least 1 character"),
        ("label: A call", f"label: {'x' * 61}", r"marks\[1\]\.label: .*at most 60 characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=r"corpus\.yaml: .*" + message):
        config(tmp_path, GOOD.replace(old, new))


LABELLED = (
    GOOD
    + """\
gold:
  file: coded.csv
  labels: codes
  codebook: great-power-crisis
  coders: [anna, ben]
  sampling: Every tenth.
"""
)


def test_human_labels_are_a_file_and_its_columns(tmp_path: Path) -> None:
    assert config(tmp_path, GOOD).gold is None
    found = config(tmp_path, LABELLED).gold
    assert found is not None
    assert (found.file, found.text, found.labels) == ("coded.csv", "text", "codes")
    assert (found.codebook, found.coders, found.sampling) == ("great-power-crisis", ("anna", "ben"), "Every tenth.")
    short = config(tmp_path, GOOD + "gold: {file: coded.csv}\n").gold
    assert short is not None
    assert (short.text, short.labels, short.codebook, short.coders, short.sampling) == ("text", "frames", "", (), "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  file: coded.csv\n", "", r"gold\.file is missing"),
        ("file: coded.csv", "file: ''", r"gold\.file: .*at least 1 character"),
        ("labels: codes", "label: codes", r"unknown key gold\.label \(nearest: labels\)"),
        ("coders: [anna, ben]", "coders: anna", r"gold\.coders: expected a list, got 'anna'; write \[anna\]"),
        ("labels: codes", "labels: [a, b]", r"gold\.labels: expected one value, got a list of 2"),
    ],
)
def test_what_is_wrong_with_the_labels_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in LABELLED
    with pytest.raises(InputError, match=r"corpus\.yaml: .*" + message):
        config(tmp_path, LABELLED.replace(old, new))


@pytest.mark.parametrize("form", ["txt", "html"])
def test_folders_of_text_need_no_text_column(tmp_path: Path, form: str) -> None:
    text = GOOD.replace("format: csv", f"format: {form}").replace("  text: [headline, body]\n", "")
    assert "text" not in config(tmp_path, text).columns


def test_an_absent_folder_or_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no corpus folder .*gone\."):
        read_config(tmp_path / "gone")
    with pytest.raises(InputError, match=r"There is no file .*corpus\.yaml"):
        read_config(tmp_path)


# where the files are


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    """A corpus with a file beside it, and two data folders, one with the path below it."""
    found = {}
    for name in ("own", "flat", "nested/part"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text(f"text,outlet\n{name},A\n")
        found[name] = folder / "a.csv"
    return found


def sample(*files: str, path: str = ".") -> FilesRule:
    columns = {"text": "text", "outlet": "outlet"}
    return FilesRule.model_validate({"format": "csv", "files": files, "path": path, "columns": columns})


def test_files_lie_beside_the_corpus_unless_told_otherwise(
    tmp_path: Path, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    assert find_files(sample("*.csv"), own, corpus="sample") == [places["own"]]
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path / "flat"))
    assert find_files(sample("*.csv"), own, corpus="sample") == [places["flat"]]
    assert find_files(sample("*.csv", path="part"), own, corpus="sample") == [places["flat"]]
    assert find_files(sample("*.csv", path="part"), own, corpus="sample", data_path=str(tmp_path / "nested")) == [
        places["nested/part"]
    ]
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path / "nowhere"))
    assert find_files(sample("*.csv"), own, corpus="sample") == [places["own"]]


def test_files_of_all_patterns_come_once_and_sorted(tmp_path: Path) -> None:
    for name in ("b/2.csv", "b/1.csv", "a.csv", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.csv").mkdir()
    found = find_files(sample("*.csv", "**/*.csv", "b/1.csv"), tmp_path, corpus="sample")
    assert [str(item.relative_to(tmp_path)) for item in found] == ["a.csv", "b/1.csv", "b/2.csv"]


def test_no_file_names_the_places_looked_at(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(InputError, match="Give the folder of the data, or set FRAMING_DATA to it") as caught:
        find_files(sample("*.csv", "x.tsv", path="sub"), tmp_path, corpus="sample", data_path=str(data))
    places = f"{data}/sub or {data}"  # not beside corpus.yaml: a wrong folder must not pass unseen
    assert f"data_path: corpus sample: no file matches *.csv, x.tsv in {places}." in str(caught.value)


def test_a_mistyped_pattern_is_answered_with_what_the_folder_holds(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"articles_{number}.csv").write_text("x")
    with pytest.raises(InputError, match=r"mend `files:` in corpus\.yaml\. .* holds articles_0\.csv, .* and 1 more\."):
        find_files(sample("article.csv"), tmp_path, corpus="sample")


@pytest.mark.parametrize("pattern", ["../*.csv", "a/../../b.csv", "..", "/etc/passwd", "/tmp/*.csv"])
def test_patterns_stay_below_the_folder(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(InputError, match=r"files: '.*' must be a pattern below the corpus folder, without '\.\.'"):
        find_files(sample(pattern), tmp_path, corpus="sample")


@pytest.mark.parametrize("pattern", ["", ".", "a/**b"])
def test_what_is_no_pattern_is_named(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(InputError, match=r"files: '.*' is no pattern of files; write for instance \*\.csv"):
        find_files(sample(pattern), tmp_path, corpus="sample")


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("x")
    inside = tmp_path / "corpus"
    inside.mkdir()
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(InputError, match=r"no file matches \*\.csv"):
        find_files(sample("*.csv"), inside, corpus="sample")
    (inside / "own.csv").write_text("x")
    assert [item.name for item in find_files(sample("*.csv"), inside, corpus="sample")] == ["own.csv"]


def test_a_pattern_that_matches_nothing_is_named_beside_others_that_match(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "b.csv").write_text("x")
    expected = r"no file matches c\.csv, 2024/\*\.csv in .*Mend `files:` in corpus\.yaml.* holds a\.csv, b\.csv\."
    with pytest.raises(InputError, match=expected):
        find_files(sample("a.csv", "c.csv", "2024/*.csv", "b.csv"), tmp_path, corpus="sample")


@pytest.mark.parametrize("pattern", ["a[1].csv", "in [2]/*.csv", "in [2]/b[3].csv"])
def test_brackets_in_a_name_that_exists_are_plain_characters(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "in [2]").mkdir()
    for name in ("a[1].csv", "a1.csv", "in [2]/b[3].csv"):
        (tmp_path / name).write_text("x")
    expected = "a[1].csv" if pattern.startswith("a") else "b[3].csv"
    assert [path.name for path in find_files(sample(pattern), tmp_path, corpus="sample")] == [expected]


def test_brackets_are_a_choice_of_characters_where_no_such_name_exists(tmp_path: Path) -> None:
    for name in ("a1.csv", "a2.csv", "a3.csv"):
        (tmp_path / name).write_text("x")
    found = find_files(sample("a[12].csv"), tmp_path, corpus="sample")
    assert [path.name for path in found] == ["a1.csv", "a2.csv"]


def test_hidden_files_match_only_where_the_pattern_names_the_dot(tmp_path: Path) -> None:
    for name in ("a.csv", ".hidden.csv", ".git/b.csv", "in/.ipynb_checkpoints/c.csv", "in/d.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    def find(pattern: str) -> list[str]:
        found = find_files(sample(pattern), tmp_path, corpus="sample")
        return [str(path.relative_to(tmp_path)) for path in found]

    assert find("**/*.csv") == ["a.csv", "in/d.csv"]
    assert find("./*.csv") == ["a.csv"]
    assert find(".*.csv") == [".hidden.csv"]
    assert find(".git/*.csv") == [".git/b.csv"]
