"""Languages that files state: codes and names, preferred to detection, with differences counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus import read_corpus
from framing.corpus.file_rows import FileOptions
from framing.corpus.stated_languages import StatedLanguages, read_language
from framing.corpus.streams import DocumentStream, TextSource

RUSSIAN = "Мост через реку вновь открыли в субботу после ремонта, сообщила мэр города."
ENGLISH = "The bridge over the river reopened on Saturday after repairs, the mayor said."
ROWS = f'text,by,lang\n"{RUSSIAN}",A,Russian\n"{ENGLISH}",A,de\n"{ENGLISH}",B,n/a\n"{RUSSIAN}",B,\n'


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("en", "en"), ("EN", "en"), (" en-GB ", "en"), ("zh_Hant_TW", "zh"), ("eng", "en"), ("ger", "de"),
        ("nb", "no"), ("iw", "he"), ("English", "en"), ("ukrainian", "uk"), ("Deutsch", "de"), ("русский", "ru"),
        ("中文", "zh"), ("Englisch", "en"), ("Chinesisch", "zh"), ("арабский", "ar"),
        ("немецкий язык", "de"), ("китайська", "zh"), ("allemand", "de"), ("英文", "en"), ("俄语", "ru"),
        ("法文", "fr"), ("inglés", "en"), ("und", ""), ("n/a", ""), ("", ""), ("the best", ""), ("qq", ""),
    ],
)  # fmt: skip
def test_codes_and_names_are_read(value: str, code: str) -> None:
    assert read_language(value) == code


@given(st.text(max_size=12))
def test_any_value_gives_a_code_or_nothing(value: str) -> None:
    code = read_language(value)
    assert code == "" or (2 <= len(code) <= 3 and code.islower())


def _write(folder: Path, more: str = "") -> Path:
    (folder / "a.csv").write_text(ROWS, encoding="utf-8")
    head = "corpus: a\ntitle: A\nsource: constructed\nlicence: none\nconstructed: true\nfiles: [a.csv]\nformat: csv\n"
    (folder / "corpus.yaml").write_text(f"{head}columns: {{text: text, outlet: by{more}}}\n", encoding="utf-8")
    return folder


def test_the_stated_language_is_taken_where_the_corpus_maps_it_and_differences_are_said(tmp_path: Path) -> None:
    corpus = read_corpus(_write(tmp_path, ", language: lang"))
    assert corpus.documents["language"].to_list() == ["ru", "de", "en", "ru"]
    assert [note.text for note in corpus.notes if note.file == "corpus.yaml"] == [
        "the language of 2 of 4 documents is the one that the file states; 1 of them seem to be in another (de by the "
        "file, en by its words 1); 1 values name no language ('n/a' 1), so that it is detected"
    ]


def test_without_a_mapped_column_languages_are_detected(tmp_path: Path) -> None:
    corpus = read_corpus(_write(tmp_path))
    assert corpus.documents["language"].to_list() == ["ru", "en", "en", "ru"]
    assert not [note for note in corpus.notes if note.file == "corpus.yaml"]


def test_parts_have_the_same_languages_and_note_as_the_whole(tmp_path: Path) -> None:
    folder = _write(tmp_path, ", language: lang")
    whole = read_corpus(folder)
    stream = DocumentStream(TextSource(path=folder, options=FileOptions(metadata="all"), max_words=90))
    parts = list(stream.read())
    assert [name for part in parts for name in part["language"]] == whole.documents["language"].to_list()
    assert [(note.file, note.text) for note in whole.notes] == list(stream.close()[0].notes)


def test_languages_that_no_detector_tells_apart_are_no_difference() -> None:
    stated = StatedLanguages()
    croatian = "Ministri su se u utorak dogovorili o otvaranju granice i novom sporazumu."
    assert stated.resolve([croatian, croatian], ["sr", "bs"]) == ["sr", "bs"]
    assert stated.describe() == "the language of 2 of 2 documents is the one that the file states"
    assert StatedLanguages().describe() == ""
