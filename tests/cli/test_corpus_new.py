"""`framing corpus new`: a corpus and a report from files, shown first and written on yes."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from framing.corpus import read_corpus
from framing.project import corpus_folder
from framing.reports.plan import read_plan
from tests.cli.outcomes import refused

TEXT = "The council met on Tuesday and talked for hours about the ferry, the harbour and who will pay for both."


@pytest.fixture
def mine(framing, tmp_path, monkeypatch) -> Path:
    """A project of one's own, the current folder being inside it; files lie beside it."""
    monkeypatch.delenv("FRAMING_PROJECT")
    assert framing("init", tmp_path / "mine", "--empty").code == 0
    monkeypatch.chdir(tmp_path / "mine" / "notebooks")
    return tmp_path / "mine"


@pytest.fixture
def articles(tmp_path) -> Path:
    path = tmp_path / "articles.csv"
    rows = [f'T{k},{"AB"[k % 2]},2025-07-{1 + k:02},"{TEXT} {k}"' for k in range(20)]
    path.write_text("\n".join(["title,outlet,date,text", *rows, "T,A,soon,x"]) + "\n", encoding="utf-8")
    return path


def test_without_yes_it_is_shown_and_nothing_is_written(framing, mine, articles):
    ended = framing("corpus", "new", "ferry", articles)
    assert ended.code == 0, ended.err
    assert "published: date  " in ended.out
    assert "21 rows in = 20 kept + 1 refused" in ended.out
    assert "outlets: A 10, B 10" in ended.out
    assert "refused: articles.csv, line 22: the date 'soon' is not of the form ISO 8601" in ended.err
    assert ended.err.endswith("nothing was written: add --yes to write it\n")
    assert list((mine / "corpora").iterdir()) == []
    assert list((mine / "reports").iterdir()) == []


def test_a_codebook_may_be_given_by_its_file(framing, mine, articles, tmp_path):
    file = mine / "seeds" / "entman.yaml"
    ended = framing("corpus", "new", "ferry", articles, "--yes", "--codebook", file)
    assert ended.code == 0, ended.err
    assert read_plan("ferry").codebook == "entman"
    other = tmp_path / "elsewhere.yaml"
    other.write_bytes(file.read_bytes())
    ended = framing("corpus", "new", "boat", articles, "--yes", "--codebook", other)
    assert ended.code == 2
    assert "copy it there, and name elsewhere" in ended.err
    assert not (mine / "corpora" / "boat").exists()


def test_with_yes_corpus_and_report_are_written_and_work(framing, mine, articles):
    ended = framing("corpus", "new", "ferry", articles, "--yes", "--title", "Ferry: the dispute")
    assert ended.code == 0, ended.err
    assert ended.out.endswith("framing report ferry\n")
    assert (mine / "corpora" / "ferry" / "data" / "articles.csv").read_bytes() == articles.read_bytes()
    articles.unlink()
    corpus = read_corpus(corpus_folder("ferry"))
    assert (len(corpus.documents), len(corpus.quarantine)) == (20, 1)
    plan = read_plan("ferry")
    assert (plan.title, plan.corpus, plan.codebook) == ("Ferry: the dispute", "ferry", "generic-news")
    assert plan.notebooks == (
        "01_corpora", "02_frames", "03_outlets", "04_time", "07_words", "08_stories", "09_voices",
    )  # fmt: skip
    assert plan.settings({}).period == "day"
    assert framing("corpus", "check", "ferry").code == 0


def test_nothing_is_overwritten(framing, mine, articles):
    assert framing("corpus", "new", "ferry", articles, "--yes").code == 0
    refused(framing("corpus", "new", "ferry", articles, "--yes"), r"corpora/ferry exists and is not overwritten")
    (mine / "reports" / "other.yaml").write_text("mine")
    refused(framing("corpus", "new", "other", articles, "--yes"), r"other\.yaml exists and is not overwritten")
    assert not (mine / "corpora" / "other").exists()
    refused(framing("corpus", "new", "Ö/..", articles, "--yes"), r"NAME: 'Ö/\.\.': expected small letters")


def test_what_is_open_is_asked_for_even_with_yes(framing, mine, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"text,date\n{TEXT.replace(',', '')},04/07/2025\n")
    ended = framing("corpus", "new", "ferry", path, "--yes")
    assert ended.code == 2
    assert "outlet: no column names the outlet; give the name of the one outlet: --outlet '=NAME'" in ended.err
    assert "--date-format '%d/%m/%Y' or --date-format '%m/%d/%Y'" in ended.err
    assert list((mine / "corpora").iterdir()) == []
    ended = framing("corpus", "new", "ferry", path, "--yes", "--outlet", "=North Star", "--date-format", "%d/%m/%Y")
    assert ended.code == 0, ended.err
    documents = read_corpus(corpus_folder("ferry")).documents
    assert documents["outlet"].to_list() == ["North Star"]
    assert documents["published"].dt.month.to_list() == [7]
    plan = (mine / "reports" / "ferry.yaml").read_text()
    assert "notebooks: [01_corpora, 02_frames, 09_voices]\n" in plan
    assert "# left out: 03_outlets: needs two outlets with 5 documents each, there are 0\n" in plan


def test_the_outlet_of_each_file_is_asked_for_and_given(framing, mine, tmp_path):
    header, text = "text,date,section\n", TEXT.replace(",", "")
    files = [tmp_path / f"{name}.csv" for name in ("north", "south")]
    for path in files:
        rows = [f"{text} {path.stem} {k},2025-07-{k + 1:02},World\n" for k in range(12)]
        path.write_text("".join([header, *rows, f"{text} {path.stem},,World\n"]))
    ended = framing("corpus", "new", "ferry", *files, "--yes")
    assert ended.code == 2
    assert "outlet (north.csv, south.csv): no column names the outlet; " in ended.err
    assert ended.err.endswith("the outlet of each file: --outlet 'north.csv=NAME' --outlet 'south.csv=NAME'.\n")
    assert list((mine / "corpora").iterdir()) == []
    ended = framing("corpus", "new", "ferry", *files, "--yes", "--outlet", "north.csv=North Star", "--outlet", "=Post")
    assert ended.code == 0, ended.err
    assert "outlets: North Star 13, Post 13" in ended.out
    assert "days of north.csv: 2025-07-01 to 2025-07-12; 1 of 13 document(s) without a date\n" in ended.out
    assert ended.out.count("# carried by their names: section\n") == 2
    shown = ended.out[ended.out.index("published file") :]
    assert [shown.count(f"{path.name} ") for path in files] == [5, 5]
    assert read_corpus(corpus_folder("ferry")).documents["outlet"].value_counts().to_dict() == {
        "North Star": 13, "Post": 13,
    }  # fmt: skip


def test_the_first_rows_are_of_every_sheet(framing, mine, tmp_path):
    book = Workbook()
    book.remove(book.active)
    for title in ("North", "South", "West"):
        sheet = book.create_sheet(title)
        sheet.append(["Headline", "Text", "Date"])
        for k in range(12):
            sheet.append([f"{title} {k}", f"{TEXT} {title} {k}", f"2025-07-{k + 1:02}"])
    book.save(tmp_path / "a.xlsx")
    ended = framing("corpus", "new", "ferry", tmp_path / "a.xlsx")
    assert ended.code == 2
    assert "the sheets are North, South, West; " in ended.err
    assert "its column: --outlet sheet." in ended.err
    ended = framing("corpus", "new", "ferry", tmp_path / "a.xlsx", "--outlet", "sheet")
    assert ended.code == 0, ended.err
    shown = ended.out[ended.out.index("published ") :]
    assert [f"{title} {k}" in shown for title, k in (("North", 3), ("South", 2), ("West", 2), ("West", 3))] == [
        True, True, True, False,
    ]  # fmt: skip


def test_the_first_rows_are_of_single_files_spread_over_the_folders(framing, mine, tmp_path):
    for folder in ("North", "South"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        for k in range(20):
            (tmp_path / "in" / folder / f"piece {k:02}.txt").write_text(f"{TEXT} {folder} {k}")
    table = tmp_path / "z.csv"
    table.write_text(f'text,outlet\n"{TEXT} 1",Z\n"{TEXT} 2",Z\n')
    ended = framing("corpus", "new", "ferry", tmp_path / "in", table)
    shown = ended.out[ended.out.index("published ") : ended.out.index("outlets: ")]
    assert [shown.count(outlet) for outlet in ("North", "South", "z.csv")] == [5, 3, 2]
    assert "none of 2 document(s) has a date" in ended.out


def test_dates_that_are_not_read_are_asked_for_or_left_out(framing, mine, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'text,outlet,date\n"{TEXT}",A,week 3\n')
    ended = framing("corpus", "new", "ferry", path, "--yes")
    assert ended.code == 2
    assert "--date-format FORM, name their column: --published COLUMN, or go on without: --published none." in ended.err
    ended = framing("corpus", "new", "ferry", path, "--yes", "--published", "none")
    assert ended.code == 0, ended.err
    assert "days of a.csv: none of 1 document(s) has a date" in ended.out


def test_a_wrong_column_names_its_option(framing, mine, articles):
    ended = framing("corpus", "new", "ferry", articles, "--outlet", "paper")
    assert ended.code == 2
    assert "--outlet: no file has the column paper. They have: title, outlet, date, text." in ended.err
    refused(framing("corpus", "new", "ferry", articles, "--outlet", "a", "--outlet", "b"), r"expected one column")
    refused(framing("corpus", "new", "ferry", articles, "--outlet", "="), r"--outlet: expected a name behind =")
    refused(framing("corpus", "new", "ferry", articles, "--outlet", "b.csv=B"), r"--outlet: no file is called b\.csv")


def test_a_wrong_form_of_dates_names_its_option(framing, mine, articles):
    ended = framing("corpus", "new", "ferry", articles, "--date-format", "DD.MM.YYYY")
    refused(ended, r"--date-format: 'DD\.MM\.YYYY' names no year")


def test_files_may_stay_where_they_are(framing, mine, articles):
    assert framing("corpus", "new", "ferry", articles, "--yes", "--in-place").code == 0
    assert [path.name for path in (mine / "corpora" / "ferry").iterdir()] == ["corpus.yaml"]
    assert len(read_corpus(corpus_folder("ferry")).documents) == 20


def test_files_that_lie_in_the_folder_of_the_corpus_stay_there(framing, mine, articles):
    folder = mine / "corpora" / "ferry"
    folder.mkdir()
    articles.rename(folder / "articles.csv")
    assert framing("corpus", "new", "ferry", folder, "--yes").code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["articles.csv", "corpus.yaml"]
    assert len(read_corpus(corpus_folder("ferry")).documents) == 20
    refused(framing("corpus", "new", "ferry", folder, "--yes"), r"corpus\.yaml exists and is not overwritten")


def test_a_terminal_is_asked(framing, mine, articles, monkeypatch):
    answers = iter([False, True])
    monkeypatch.setattr("framing.cli.corpus_new._is_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda _: next(answers))
    assert framing("corpus", "new", "ferry", articles).code == 0
    assert not (mine / "corpora" / "ferry").exists()
    assert framing("corpus", "new", "ferry", articles).code == 0
    assert (mine / "corpora" / "ferry" / "corpus.yaml").is_file()
