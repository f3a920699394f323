"""Files of passages in, human labels in, classified table out."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.codebook import Codebook
from framing.corpus.rows import read_passages, read_texts
from framing.errors import InputError
from framing.tables import QUARANTINE

EIGHT = "This is a sentence of exactly eight words."


def codebook(*, multi_label: bool = True) -> Codebook:
    frames = [
        {"id": name, "name": label, "definition": "d", "seeds": [f"A seed of {name}."]}
        for name, label in (("blame", "Blame"), ("way_out", "A way out"), ("cost", "Cost"))
    ]
    return Codebook.model_validate(
        {
            "codebook": "three",
            "version": "1.0.0",
            "description": "d",
            "multi_label": multi_label,
            "frames": frames,
        }
    )


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


# passages in


def test_a_row_is_a_passage_and_keeps_what_the_file_says(tmp_path: Path) -> None:
    content = (
        "passage_id,document_id,outlet,perspective,published,text\n"
        "p1,007,NA,no,2025-07-05, One.\n"
        "p2,007,NA,no,2025-07-05T23:30:00-05:00,Two.\n"
    )
    found, refused = read_passages(write(tmp_path / "rows.csv", content))
    assert refused.empty
    assert found["passage_id"].to_list() == ["p1", "p2"]
    assert found["document_id"].to_list() == ["007", "007"]
    assert found["group"].to_list() == ["007", "007"]
    assert found["outlet"].to_list() == ["NA", "NA"]
    assert found["perspective"].to_list() == ["no", "no"]
    assert found["text"].to_list() == ["One.", "Two."]
    assert found["corpus"].to_list() == ["rows", "rows"]
    assert found["published"].to_list() == [pd.Timestamp("2025-07-05"), pd.Timestamp("2025-07-06 04:30")]


def test_ids_are_made_where_the_file_has_none(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", "text\nSame.\nSame.\nOther.\n")
    found, _ = read_passages(path)
    assert found["passage_id"].is_unique
    assert found["document_id"].is_unique
    assert found["group"].to_list() == found["document_id"].to_list()
    assert found["outlet"].to_list() == ["", "", ""]
    assert found["published"].isna().all()
    pd.testing.assert_frame_equal(found, read_passages(path)[0])


def test_the_text_column_may_have_another_name(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.tsv", "headline\tlabel\ttext\nOne.\ta;b\tignored\n")
    found, _ = read_passages(path, text_column="headline", extra=["label"])
    assert found["text"].to_list() == ["One."]
    assert found["label"].to_list() == ["a;b"]


def test_rows_are_passages_or_refused(tmp_path: Path) -> None:
    lines = [
        '{"text": "One."}',
        "{broken",
        '{"text": " "}',
        '{"text": "Half \\ud83d."}',
        '{"text": "Two.", "outlet": "A"}',
    ]
    found, refused = read_passages(write(tmp_path / "rows.jsonl", "\n".join(lines)))
    assert found["text"].to_list() == ["One.", "Two."]
    assert list(refused.columns) == list(QUARANTINE)
    assert refused["line"].to_list() == [2, 3, 4]
    assert refused["reason"].str.partition(":")[0].to_list() == [
        "not valid JSON",
        "no text",
        "a lone surrogate",
    ]


@pytest.mark.parametrize("written", ["", "now", "today", "12:30", "5", "soon", "2025-13-01", "9999-12-31T23:00-10:00"])
def test_what_is_no_date_becomes_none(tmp_path: Path, written: str) -> None:
    found, _ = read_passages(write(tmp_path / "rows.csv", f"text,published\nOne.,{written}\nTwo.,2025-07-05\n"))
    assert pd.isna(found["published"][0])
    assert found["published"][1] == pd.Timestamp("2025-07-05")


def test_documents_may_be_split_into_passages(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", f"document_id,outlet,text\nd1,A,{' '.join([EIGHT] * 4)}\nd2,B,Short one.\n")
    found, _ = read_passages(path, split=True, max_words=16)
    assert found["document_id"].to_list() == ["d1", "d1", "d2"]
    assert found["n_words"].to_list() == [16, 16, 2]
    assert found["group"].to_list() == ["d1", "d1", "d2"]
    assert read_passages(path)[0]["text"].str.split().str.len().to_list() == [32, 2]


def test_a_corpus_folder_is_split_into_passages(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", f"site,body\nA,{' '.join([EIGHT] * 4)}\n,Nobody's.\n")
    config = "corpus: sample\ntitle: t\nformat: csv\nfiles: [a.csv]\ncolumns: {text: body, outlet: site}\n"
    write(tmp_path / "corpus.yaml", config)
    found, refused = read_passages(tmp_path, max_words=16)
    assert found["n_words"].to_list() == [16, 16]
    assert found["group"].nunique() == 1
    assert refused[["line", "reason"]].to_numpy().tolist() == [[3, "no outlet"]]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file or folder .*gone\.csv\."):
        read_passages(tmp_path / "gone.csv")
    with pytest.raises(InputError, match=r"expected a file ending in \.csv"):
        read_passages(write(tmp_path / "a.docx", "x"))
    with pytest.raises(InputError, match=r"a\.csv lacks the column\(s\) text, label\. It has: body\."):
        read_passages(write(tmp_path / "a.csv", "body\nx\n"), extra=["label"])
    with pytest.raises(InputError, match=r"a\.txt lacks the column\(s\) body\. It has: text, file"):
        read_passages(write(tmp_path / "a.txt", "x"), text_column="body")
    with pytest.raises(InputError, match=r"b\.csv holds no row with text in the column text; 2 were refused\."):
        read_passages(write(tmp_path / "b.csv", "text,x\n,1\n,2\n"))


def test_a_passage_id_that_occurs_a_second_time_is_refused(tmp_path: Path) -> None:
    content = "passage_id,document_id,text\np1,d,One.\np1,d,Two.\n,d,Three.\n,d,Four.\np2,d,Five.\n p1 ,d,Six.\n"
    found, refused = read_passages(write(tmp_path / "rows.csv", content))
    assert found["text"].to_list() == ["One.", "Three.", "Four.", "Five."]
    assert [(row.line, row.reason) for row in refused.itertuples()] == [
        (3, "the passage_id 'p1' occurs a second time"),
        (7, "the passage_id 'p1' occurs a second time"),
    ]


def test_a_document_that_occurs_a_second_time_is_refused_where_rows_are_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", "document_id,passage_id,text\nd,p,One here.\nd,p,Two.\ne,p,Three.\n")
    read = read_texts(path, split=True, metadata="all")
    assert read.passages["text"].to_list() == ["One here.", "Three."]
    assert read.refused["reason"].to_list() == ["the document_id 'd' occurs a second time"]
    assert read.passages["file_passage_id"].to_list() == ["p", "p"]


CARRIED = (
    "body,outlet,title,section,speaker,score,file_score,text,published,\n"
    "The first text.,A,On it,World,Miller,7,8,Other,2025-07-04,x\nThe second text.,B,,=1+1,,,,,,\n"
)


@pytest.mark.parametrize("split", [True, False])
def test_columns_beyond_ours_are_carried_by_their_names(tmp_path: Path, split: bool) -> None:
    path = write(tmp_path / "rows.csv", CARRIED)
    found = read_texts(path, text_column="body", split=split, metadata="all").passages
    assert found["text"].to_list() == ["The first text.", "The second text."]
    assert found["section"].to_list() == ["World", "=1+1"]
    assert found["title"].to_list() == ["On it", ""]
    assert found["file_speaker"].to_list() == ["Miller", ""]
    assert found["speaker"].to_list() == ["", ""]
    assert found["file_score"].to_list() == ["8", ""]
    assert found["file_file_score"].to_list() == ["7", ""]
    assert found["file_text"].to_list() == ["Other", ""]
    assert "" not in found.columns


def test_some_columns_or_none_are_carried_where_that_is_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", CARRIED)
    some = read_texts(path, text_column="body", metadata=["section", "speaker"]).passages
    assert [name for name in some if name in ("section", "title", "file_speaker", "file_text")] == [
        "section",
        "file_speaker",
    ]
    assert "section" not in read_texts(path, text_column="body").passages
    with pytest.raises(InputError, match=r"lacks the column\(s\) desk"):
        read_texts(path, text_column="body", metadata=["desk"])


def test_columns_of_a_corpus_are_carried_as_its_file_says(tmp_path: Path) -> None:
    config = "corpus: sample\ntitle: t\nformat: csv\nfiles: [a.csv]\ncolumns: {text: text, outlet: outlet}\n"
    write(tmp_path / "corpus.yaml", config)
    write(tmp_path / "a.csv", "text,outlet,section,desk\nOne here.,A,World,X\n")
    assert read_texts(tmp_path, metadata="all").passages[["section", "desk"]].to_numpy().tolist() == [["World", "X"]]
    assert "desk" not in read_texts(tmp_path, metadata=["section"]).passages
    assert "section" not in read_passages(tmp_path)[0]
    with pytest.raises(InputError, match=r"carries no column\(s\) place\. It carries: section, desk\."):
        read_texts(tmp_path, metadata=["place"])


def test_dates_are_not_guessed_and_those_left_empty_are_listed(tmp_path: Path) -> None:
    dates = ["04.07.2025", "13.07.2025", "2025", "", "2025-07-04", "4 juillet 2025"]
    path = write(tmp_path / "rows.csv", "text,published\n" + "".join(f"A text.,{day}\n" for day in dates))
    read = read_texts(path)
    assert read.passages["published"].dt.strftime("%d %m").fillna("").to_list() == ["", "", "", "", "04 07", ""]
    assert read.undated.to_numpy().tolist() == [["rows.csv", line, dates[line - 2]] for line in (2, 3, 4, 7)]
    read = read_texts(path, date_formats=["%d.%m.%Y", "iso"])
    assert read.passages["published"].dt.strftime("%d %m").fillna("").to_list() == [
        "04 07", "13 07", "", "", "04 07", "",
    ]  # fmt: skip
    assert read.undated["line"].to_list() == [4, 7]


@pytest.mark.parametrize("split", [True, False])
def test_passages_are_slices_of_the_documents_that_were_read(tmp_path, split):
    text = "One two three four five six seven eight nine ten.\n\n \tEleven twelve thirteen fourteen fifteen sixteen."
    path = write(tmp_path / "rows.jsonl", json.dumps({"text": text, "document_id": "d1"}))
    passages, documents, refused = read_texts(path, split=split, max_words=10)[:3]
    assert len(refused) == 0
    assert documents["document_id"].to_list() == ["d1"]
    whole = documents["text"][0]
    assert len(passages) == (2 if split else 1)
    assert [whole[a:b] for a, b in zip(passages["start"], passages["end"], strict=True)] == passages["text"].to_list()


def test_where_the_column_of_the_text_is_missing_the_argument_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "body\nx\n")
    with pytest.raises(
        InputError, match=r"text_column: .*a\.csv lacks .* Name the one that holds the text\."
    ) as caught:
        read_passages(file)
    assert caught.value.argument == "text_column"
    with pytest.raises(InputError, match=r"lacks the column\(s\) label") as caught:
        read_passages(file, text_column="body", extra=["label"])
    assert caught.value.argument == ""
