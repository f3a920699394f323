"""What files hold is told from them; what they leave open is a question and never a guess."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from framing.corpus import read_corpus
from framing.corpus.proposal.answers import Given
from framing.corpus.proposal.places import list_files, place_files
from framing.corpus.proposal.propose import propose_corpus
from framing.corpus.proposal.render import render_config
from framing.errors import InputError
from tests.corpus.test_parlamint import FILES

TEXT = "The council met on Tuesday and talked for hours about the ferry, the harbour and who will pay for both."


def write_csv(path: Path, rows: list[list[str]], **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    encoding = options.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, **options).writerows(rows)
    return path


def read_proposal(proposal, tmp_path: Path):
    """The corpus as the proposed corpus.yaml reads it."""
    folder = tmp_path / "read"
    folder.mkdir()
    (folder / "corpus.yaml").write_text(render_config(proposal, corpus="mine", title="Mine"), encoding="utf-8")
    return read_corpus(folder)


def test_a_table_is_read_as_it_is_proposed(tmp_path):
    rows = [
        ["headline", "body", "paper", "date"],
        *[[f"T{k}", f"{TEXT} {k}", "AB"[k % 2], f"{10 + k}.07.2025"] for k in range(6)],
    ]
    proposal = propose_corpus([write_csv(tmp_path / "a.csv", rows)])
    (source,) = proposal.sources
    assert source.columns == {
        "title": "headline", "text": "body", "outlet": "paper", "published": {"column": "date", "format": "%d.%m.%Y"},
    }  # fmt: skip
    assert proposal.questions == []
    corpus = read_proposal(proposal, tmp_path)
    assert corpus.documents["outlet"].to_list() == ["A", "B"] * 3
    assert corpus.documents["published"].dt.day.to_list() == [10, 11, 12, 13, 14, 15]


def test_an_open_order_is_settled_by_all_files_together_or_asked_for(tmp_path):
    header = ["text", "outlet", "date"]
    first = write_csv(tmp_path / "a.csv", [header, [TEXT, "A", "04/07/2025"]])
    (question,) = propose_corpus([first]).questions
    assert (question.column, question.choices) == ("published", ("%d/%m/%Y", "%m/%d/%Y"))
    second = write_csv(tmp_path / "b.csv", [header, [TEXT, "A", "31/07/2025"]])
    proposal = propose_corpus([first, second])
    assert proposal.questions == []
    assert proposal.sources[0].columns["published"] == {"column": "date", "format": "%d/%m/%Y"}
    assert (
        proposal.sources[0].remarks["published"].startswith("not sure: a.csv alone leaves the order of day and month")
    )
    given = propose_corpus([first], Given(date_formats=("%m/%d/%Y",)))
    assert read_proposal(given, tmp_path).documents["published"].dt.month.to_list() == [4]


def test_the_one_outlet_is_asked_for(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["text"], [TEXT]])
    (question,) = propose_corpus([path]).questions
    assert question.column == "outlet"
    proposal = propose_corpus([path], Given(outlet="The North Star"))
    assert proposal.questions == []
    assert read_proposal(proposal, tmp_path).documents["outlet"].to_list() == ["The North Star"]


@pytest.mark.parametrize("names", [("North Star", "South Post"), ("articles_1", "articles_2")])
def test_an_outlet_is_never_guessed_from_the_names_of_tables(tmp_path, names):
    rows = [["text", "date"], [TEXT, "2025-07-04"]]
    paths = [write_csv(tmp_path / f"{name}.csv", rows) for name in names]
    proposal = propose_corpus(paths)
    assert [(question.column, question.text) for question in proposal.questions] == [
        ("outlet", "no column names the outlet")
    ]
    assert [source.columns for source in proposal.sources] == [{"text": "text", "published": "date"}]


def test_single_files_are_given_their_outlets(tmp_path):
    bare, named = [["text", "date"], [TEXT, "04/07/2025"]], [["text", "paper", "date"], [TEXT, "C", "13/07/2025"]]
    paths = [write_csv(tmp_path / f"{name}.csv", bare) for name in ("one", "two", "x=1")]
    paths.append(write_csv(tmp_path / "three.csv", named))
    (question,) = propose_corpus(paths, Given(outlets={"one.csv": "A"}, date_formats=("%d/%m/%Y",))).questions
    assert question.column == "outlet"
    given = Given(outlet="B", outlets={"one": "A", "x=1.csv": "D"}, date_formats=("%d/%m/%Y",))
    proposal = propose_corpus(paths, given)
    assert proposal.questions == []
    documents = read_proposal(proposal, tmp_path).documents
    assert dict(zip(documents["file"], documents["outlet"], strict=True)) == {
        "one.csv": "A", "two.csv": "B", "x=1.csv": "D", "three.csv": "C",
    }  # fmt: skip
    whole = propose_corpus([paths[-1]], Given(outlets={"*.csv": "E"}))
    assert whole.sources[0].columns["outlet"] == {"constant": "E"}
    with pytest.raises(InputError, match=r"outlet: no file is called four\.csv\. The files are: one\.csv, two\.csv"):
        propose_corpus(paths, Given(outlets={"four.csv": "A"}))


def test_days_that_one_file_leaves_open_are_settled_though_outlets_set_files_apart(tmp_path):
    rows = {k: [["text", "date"], [TEXT, f"{k}/07/2025"]] for k in (4, 31)}
    paths = [write_csv(tmp_path / f"{k}.csv", rows[k], delimiter=";") for k in rows]
    proposal = propose_corpus(paths, Given(outlets={"4.csv": "A", "31.csv": "B"}))
    assert proposal.questions == []
    assert [source.columns["published"]["format"] for source in proposal.sources] == ["%d/%m/%Y"] * 2
    assert ["31.csv" in source.remarks for source in proposal.sources] == [False, True]


def test_columns_beyond_ours_are_named(tmp_path):
    rows = [["text", "outlet", "Ressort", "position", "", "Verfasser"], [TEXT, "A", "Politik", "7", "", "Li\u2028u"]]
    proposal = propose_corpus([write_csv(tmp_path / "a.csv", rows)])
    assert proposal.sources[0].carried == ["Ressort", "file_position", "Verfasser"]
    assert "\n# carried by their names: Ressort, file_position, Verfasser\n" in render_config(
        proposal, corpus="mine", title="M"
    )
    documents = read_proposal(proposal, tmp_path).documents
    assert documents.columns.to_list()[-3:] == ["Ressort", "file_position", "Verfasser"]
    (source,) = propose_corpus([tmp_path / "a.csv"], Given(columns={"text": ("text", "Ressort")})).sources
    assert source.carried == ["file_position", "Verfasser"]


def test_a_code_page_is_guessed_and_shown(tmp_path):
    rows = [
        ["Überschrift", "Volltext", "Zeitung"],
        *[["Größe", f"{TEXT} Müller sprach über Fähren.", "Küstenbote"]] * 3,
    ]
    path = write_csv(tmp_path / "a.csv", rows, encoding="cp1252")
    (source,) = propose_corpus([path]).sources
    assert source.options == {"kind": "csv", "encoding": "cp1252"}
    assert source.remarks["encoding"] == "a guess: it gives words such as Überschrift, Größe, Müller"
    assert source.columns == {"title": "Überschrift", "text": "Volltext", "outlet": "Zeitung"}


def test_several_kinds_are_several_sources(tmp_path):
    write_csv(tmp_path / "in" / "a.csv", [["text", "outlet"], [TEXT, "A"]])
    (tmp_path / "in" / "b.jsonl").write_text(json.dumps({"body": f"{TEXT} B", "paper": "B"}) + "\n")
    (tmp_path / "in" / "c.json").write_text(
        json.dumps({"response": {"docs": [{"content": f"{TEXT} C", "source": {"name": "C"}}]}, "tags": [{"x": 1}]})
    )
    (tmp_path / "in" / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "in" / ".DS_Store").write_bytes(b"x")
    proposal = propose_corpus(list_files([tmp_path / "in"]))
    assert [source.options for source in proposal.sources] == [
        {"kind": "csv"}, {"kind": "jsonl"}, {"kind": "json", "records": "response.docs"},
    ]  # fmt: skip
    assert [name for name, _ in proposal.left_aside] == ["notes.pdf"]
    assert read_proposal(proposal, tmp_path).documents["outlet"].to_list() == ["A", "B", "C"]


def test_texts_have_outlet_and_day_from_their_names(tmp_path):
    for name in ("north_2025-07-04", "north_2025-07-05", "south_2025-07-04", "south_2025-07-06"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.txt").write_text(f"{TEXT} {name}")
    proposal = propose_corpus(list_files([tmp_path / "in"]))
    corpus = read_proposal(proposal, tmp_path)
    assert corpus.documents["outlet"].to_list() == ["north", "north", "south", "south"]
    assert corpus.documents["published"].dt.day.to_list() == [4, 5, 4, 6]


def test_texts_have_their_outlet_from_folders(tmp_path):
    for folder in ("North Star", "South Post"):
        for number in range(4):
            (tmp_path / "in" / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / folder / f"piece {number}.txt").write_text(f"{TEXT} {folder} {number}")
    proposal = propose_corpus(list_files([tmp_path / "in"]))
    (source,) = proposal.sources
    assert source.columns["outlet"] == "folder"
    assert source.carried == []
    assert source.remarks["outlet"] == "from the folders: North Star, South Post"
    assert read_proposal(proposal, tmp_path).documents["outlet"].to_list() == ["North Star"] * 4 + ["South Post"] * 4


def test_cut_texts_and_doubtful_columns_are_remarked(tmp_path):
    rows = [
        ["content", "source", "date", "retrieved"],
        *[[f"{TEXT}… [+99 chars]", "A", f"2025-07-0{k}", "2025-08-01"] for k in (1, 2)],
    ]
    (source,) = propose_corpus([write_csv(tmp_path / "a.csv", rows)]).sources
    assert source.remarks == {"text": "2 texts are cut: they end in [+… chars]", "published": "also dates: retrieved"}


def test_columns_that_are_given_win_and_must_be_there(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["text", "lead", "outlet", "desk"], [TEXT, "Lead.", "A", "World"]])
    proposal = propose_corpus([path], Given(columns={"text": ("lead", "text"), "outlet": ("desk",)}))
    assert proposal.sources[0].columns == {"text": ["lead", "text"], "outlet": "desk"}
    with pytest.raises(
        InputError, match=r"outlet: no file has the column paper\. They have: text, lead, outlet, desk\."
    ):
        propose_corpus([path], Given(columns={"outlet": ("paper",)}))


def test_files_that_no_reader_reads_are_refused_with_reasons(tmp_path):
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf")
    with pytest.raises(
        InputError, match=r"None of the 1 file\(s\) can be read: .*old\.xls: .*save it as \.xlsx or \.csv"
    ):
        propose_corpus([tmp_path / "old.xls"])
    with pytest.raises(InputError, match=r"There is no file or folder .*nowhere"):
        list_files([tmp_path / "nowhere"])


# places and text of corpus.yaml


def test_files_of_one_name_do_not_overwrite_each_other(tmp_path):
    places = [
        tmp_path / "2024",
        tmp_path / "a" / "x.csv",
        tmp_path / "b" / "x.csv",
        tmp_path / "y.csv",
        tmp_path / "c" / "b" / "x.csv",
    ]
    for place in (tmp_path / "2024" / "x.csv", *places[1:]):
        write_csv(place, [["text"], [TEXT]])
    files = list_files(places)
    chosen = [str(place) for place in place_files(places, files).values()]
    assert chosen == ["2024/x.csv", "a/x.csv", "b/x.csv", "y.csv", "b-2/x.csv"]


def test_many_files_are_a_pattern_that_fits_no_other(tmp_path):
    for number in range(8):
        write_csv(tmp_path / "in" / f"a[{number}].csv", [["text", "outlet"], [f"{TEXT} {number}", "A"]])
    files = list_files([tmp_path / "in"])
    proposal = propose_corpus(files)
    places = place_files([tmp_path / "in"], files)
    assert 'files: ["in/*.csv"]\npath: data\n' in render_config(proposal, corpus="mine", title="M", places=places)
    write_csv(tmp_path / "in" / "z.csv", [["body", "site"], [TEXT, "Z"]])
    proposal = propose_corpus(list_files([tmp_path / "in"]))
    assert [len(source.files) for source in proposal.sources] == [8, 1]
    corpus = read_proposal(proposal, tmp_path)
    assert corpus.files["file"].to_list() == [*[f"a[{number}].csv" for number in range(8)], "z.csv"]


@pytest.mark.parametrize(
    "name", ["yes", "12", "a: b", "#x", "tab\tname", "line\nname", 'quo"te', "back\\slash", "é", "", "null"]
)
def test_every_name_of_a_column_comes_back_from_the_yaml(tmp_path, name):
    rows = [[name, "text"], ["A", TEXT]]
    proposal = propose_corpus(
        [write_csv(tmp_path / "a.csv", rows)],
        Given(columns={"outlet": (name.strip(),)} if name else {}, outlet="" if name else "A"),
    )
    assert read_proposal(proposal, tmp_path).documents["outlet"].to_list() == ["A"]


def test_a_table_without_a_header_gets_names(tmp_path):
    rows = [[f"a{k}", f"2025-07-{k + 1:02}", "AB"[k % 2], f"{TEXT} {k}"] for k in range(6)]
    path = write_csv(tmp_path / "a.tsv", rows, delimiter="\t")
    proposal = propose_corpus([path])
    (source,) = proposal.sources
    assert source.options == {"kind": "tsv", "header": ("column_1", "column_2", "column_3", "column_4")}
    assert source.columns == {"text": "column_4", "published": "column_2"}
    assert proposal.questions[0].text == "no column names the outlet; values repeat in column_3 (A, B)"
    corpus = read_proposal(propose_corpus([path], Given(columns={"outlet": ("column_3",)})), tmp_path)
    assert corpus.documents["line"].to_list() == [1, 2, 3, 4, 5, 6]
    assert corpus.documents["column_1"].to_list() == [f"a{k}" for k in range(6)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_lines_above_the_header_are_passed_over(tmp_path, ending):
    rows = [
        ["Export of 5 July", "", "", ""],
        ["Title", "Text", "Source", "Date"],
        *[["T", f"{TEXT} {k}", "A", "13.07.2025"] for k in range(3)],
    ]
    path = tmp_path / f"a.{ending}"
    if ending == "csv":
        write_csv(path, rows, delimiter=";")
    else:
        write_workbook(path, {"one": rows})
    proposal = propose_corpus([path])
    assert proposal.sources[0].columns == {
        "title": "Title", "text": "Text", "outlet": "Source", "published": {"column": "Date", "format": "%d.%m.%Y"},
    }  # fmt: skip
    corpus = read_proposal(proposal, tmp_path)
    assert (len(corpus.documents), len(corpus.quarantine)) == (3, 0)


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_sheets_that_are_alike_may_be_outlets(tmp_path):
    rows = [["Headline", "Body"], ["T", TEXT]]
    path = write_workbook(tmp_path / "a.xlsx", {"North Star": rows, "South Post": rows})
    (question,) = propose_corpus([path]).questions
    assert question.text == "no column names the outlet; the sheets are North Star, South Post"
    assert question.choices == ("sheet",)
    proposal = propose_corpus([path], Given(columns={"outlet": ("sheet",)}))
    (source,) = proposal.sources
    assert (source.options, source.columns["outlet"]) == ({"kind": "xlsx"}, "sheet")
    assert read_proposal(proposal, tmp_path).documents["outlet"].to_list() == ["North Star", "South Post"]


def test_a_sheet_without_texts_is_left_aside_by_its_name(tmp_path):
    sheets = {"Artikel": [["Headline", "Body", "Paper"], ["T", TEXT, "A"]], "Codes": [["code", "n"], ["x", "1"]]}
    proposal = propose_corpus([write_workbook(tmp_path / "a.xlsx", sheets)])
    assert proposal.left_aside == [("a.xlsx, sheet Codes", "no column holds texts")]
    assert [source.options["sheets"] for source in proposal.sources] == [("Artikel",)]


def test_folders_that_are_years_are_no_outlets(tmp_path):
    for folder in ("2024", "2025"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        for name in "abcd":
            (tmp_path / "in" / folder / f"{name}.txt").write_text(f"{TEXT} {folder} {name}")
    files = list_files([tmp_path / "in"])
    (question,) = propose_corpus(files).questions
    assert question.text.endswith("the folders are 2024, 2025")
    assert question.choices == ("folder",)
    assert propose_corpus(files, Given(columns={"outlet": ("folder",)})).sources[0].columns["outlet"] == "folder"


def test_sheets_that_differ_are_sources(tmp_path):
    sheets = {
        "North": [["Headline", "Body", "Paper"], ["T", TEXT, "North Star"]],
        "Süd": [["Titel", "Volltext", "Zeitung"], ["T", TEXT, "Südpost"]],
    }
    proposal = propose_corpus([write_workbook(tmp_path / "a.xlsx", sheets)])
    assert [source.options["sheets"] for source in proposal.sources] == [("North",), ("Süd",)]
    assert proposal.files == [tmp_path / "a.xlsx"]
    assert [source.names for source in proposal.sources] == [["a.xlsx, sheet North"], ["a.xlsx, sheet Süd"]]
    assert read_proposal(proposal, tmp_path).documents["outlet"].to_list() == ["North Star", "Südpost"]


def test_answers_are_for_the_files_that_leave_something_open(tmp_path):
    whole = write_csv(tmp_path / "a.csv", [["text", "outlet", "date"], [TEXT, "A", "13.07.2025"]])
    bare = write_csv(tmp_path / "b.csv", [["body", "day"], [f"{TEXT} B", "04/07/2025"]])
    proposal = propose_corpus([whole, bare], Given(outlet="B", date_formats=("%d/%m/%Y",)))
    assert [source.columns["outlet"] for source in proposal.sources] == ["outlet", {"constant": "B"}]
    documents = read_proposal(proposal, tmp_path).documents
    assert documents["published"].dt.strftime("%d.%m.").to_list() == ["13.07.", "04.07."]
    (alone,) = propose_corpus([whole], Given(outlet="B", date_formats=("%m.%d.%Y",))).sources
    assert alone.columns["outlet"] == {"constant": "B"}
    assert alone.columns["published"] == {"column": "date", "format": "%m.%d.%Y"}


def test_a_date_that_is_given_and_cannot_be_read_is_asked_for(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["text", "outlet", "issue"], [TEXT, "A", "no. 7"]])
    (question,) = propose_corpus([path], Given(columns={"published": ("issue",)})).questions
    assert question.text == "column issue: no known form reads its values, such as 'no. 7'"


def test_a_column_that_is_called_a_date_and_is_not_read_is_asked_for(tmp_path):
    rows = [["text", "outlet", "date"], *[[f"{TEXT} {k}", "A", str(1751600000000 + k)] for k in range(3)]]
    path = write_csv(tmp_path / "a.csv", rows)
    (question,) = propose_corpus([path]).questions
    assert question.column == "published"
    assert question.text.endswith("as milliseconds since 1970 it would be 2025-07-04 03:33; then give 'unix-ms'")
    (source,) = propose_corpus([path], Given(date_formats=("unix-ms",))).sources
    assert source.columns["published"] == {"column": "date", "format": "unix-ms"}
    proposal = propose_corpus([path], Given(columns={"published": ()}))
    assert proposal.questions == []
    assert read_proposal(proposal, tmp_path).documents["published"].isna().all()


def test_a_number_is_no_date_for_the_form_that_is_given(tmp_path):
    rows = [["text", "outlet", "n_words"], *[[f"{TEXT} {k}", "A", str(1751600000 + k)] for k in range(3)]]
    path = write_csv(tmp_path / "a.csv", rows)
    assert "published" not in propose_corpus([path], Given(date_formats=("unix",))).sources[0].columns
    given = Given(columns={"published": ("n_words",)}, date_formats=("unix",))
    assert propose_corpus([path], given).sources[0].columns["published"] == {"column": "n_words", "format": "unix"}


def test_one_of_several_columns_of_dates_is_asked_for(tmp_path):
    rows = [["text", "outlet", "x", "y"], *[[f"{TEXT} {k}", "A", f"2025-07-0{k}", f"2025-08-0{k}"] for k in (1, 2)]]
    path = write_csv(tmp_path / "a.csv", rows)
    (question,) = propose_corpus([path]).questions
    assert (question.column, question.text) == ("published", "several columns hold dates: x, y")
    assert propose_corpus([path], Given(columns={"published": ("y",)})).sources[0].columns["published"] == "y"


def test_dates_in_french_are_read(tmp_path):
    days = ["4 juillet 2025", "1er août 2025", "17 décembre 2025", ""]
    rows = [["Titre", "Texte", "Journal", "Date de parution"], *[["T", f"{TEXT} {day}", "A", day] for day in days]]
    path = write_csv(tmp_path / "a.tsv", rows, delimiter="\t", encoding="iso8859-15")
    proposal = propose_corpus([path])
    assert proposal.questions == []
    assert proposal.sources[0].columns["published"] == {"column": "Date de parution", "format": "%d %B %Y"}
    published = read_proposal(proposal, tmp_path).documents["published"]
    assert published.dt.strftime("%m-%d").fillna("").to_list() == ["07-04", "08-01", "12-17", ""]


def test_tables_without_texts_are_left_aside_where_others_have_them(tmp_path):
    articles = write_csv(tmp_path / "articles.csv", [["text", "outlet"], [TEXT, "A"]])
    folds = write_csv(tmp_path / "folds.csv", [["id", "fold"], ["1", "2"]])
    proposal = propose_corpus([articles, folds])
    assert [source.files for source in proposal.sources] == [[articles]]
    assert proposal.left_aside == [("folds.csv", "no column holds texts")]
    assert {question.column for question in propose_corpus([folds]).questions} == {"text", "outlet"}


def test_what_is_proposed_for_a_lone_table_is_not_lost_by_a_broken_one(tmp_path):
    articles = write_csv(tmp_path / "articles.csv", [["text", "outlet"], [TEXT, "A"]])
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no")
    proposal = propose_corpus([articles, tmp_path / "broken.xlsx"])
    assert [source.files for source in proposal.sources] == [[articles]]
    assert proposal.left_aside[0][0] == "broken.xlsx"
    assert "not a readable XLSX workbook" in proposal.left_aside[0][1]


def test_a_table_that_is_called_a_text_is_a_table(tmp_path):
    rows = [["text", "outlet", "date"], *[[f"{TEXT} {k}", "A", "2025-07-04"] for k in range(3)]]
    path = write_csv(tmp_path / "a.txt", rows, delimiter="\t", encoding="utf-16")
    proposal = propose_corpus([path])
    assert proposal.sources[0].options == {"kind": "csv"}
    assert len(read_proposal(proposal, tmp_path).documents) == 3


def test_a_table_of_refused_rows_says_why(tmp_path):
    (tmp_path / "a.csv").write_text("body;paper;date\nOne; two;A;04.07.2025\n")
    with pytest.raises(InputError, match=r"a\.csv: no row can be read in the format csv: line 2: 4 fields"):
        propose_corpus([tmp_path / "a.csv"])


def test_an_open_form_is_asked_for_beside_one_that_is_told(tmp_path):
    rows = [["text", "outlet", "date"], [TEXT, "A", "2025-07-04"], [TEXT, "A", "04.07.2025"]]
    path = write_csv(tmp_path / "a.csv", rows)
    (question,) = propose_corpus([path]).questions
    assert question.choices == ("%d.%m.%Y", "%m.%d.%Y")
    proposal = propose_corpus([path], Given(date_formats=("%d.%m.%Y",)))
    assert proposal.sources[0].columns["published"] == {"column": "date", "format": ["iso", "%d.%m.%Y"]}
    assert read_proposal(proposal, tmp_path).documents["published"].dt.month.to_list() == [7, 7]


def test_files_that_write_dates_in_other_orders_are_apart(tmp_path):
    header = ["text", "outlet", "date"]
    one = write_csv(tmp_path / "uk.csv", [header, [f"{TEXT} uk", "A", "13/07/2025"], [TEXT, "A", "04/07/2025"]])
    other = write_csv(tmp_path / "us.csv", [header, [f"{TEXT} us", "B", "07/13/2025"], [TEXT, "B", "07/04/2025"]])
    proposal = propose_corpus([one, other])
    assert [source.columns["published"]["format"] for source in proposal.sources] == ["%d/%m/%Y", "%m/%d/%Y"]
    documents = read_proposal(proposal, tmp_path).documents
    assert documents["published"].dt.strftime("%m-%d").to_list() == ["07-13", "07-04"] * 2
    third = write_csv(tmp_path / "xx.csv", [header, [f"{TEXT} xx", "C", "04/07/2025"]])
    assert [question.column for question in propose_corpus([one, other, third]).questions] == ["published"]


def test_sessions_of_parliaments_are_told_by_the_table_beside_them(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    files = list_files([folder])
    proposal = propose_corpus(files)
    (source,) = proposal.sources
    assert source.options == {"kind": "parlamint"}
    assert proposal.left_aside == []
    assert sorted(proposal.files) == sorted(files), "the table is copied with the texts"
    assert len(read_proposal(proposal, tmp_path).documents) == 3
