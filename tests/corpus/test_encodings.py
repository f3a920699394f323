"""Encodings: the one that bytes look like is the one that they were written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.code_pages import guess_encoding
from framing.corpus.encodings import decode_bytes, find_encoding
from framing.corpus.formats import read_rows
from framing.corpus.records import Note, Row
from framing.errors import InputError

TEXTS = {
    "de": "Über die Größe der Brücke stritten die Räte schon früher, und müßige Gespräche änderten nichts.",
    "fr": "Le ministre a été prié de répondre « sans délai » à la lettre du maire de l’île.",
    "en": "The mayor said “no ferry” on Friday – it’s over.",
    "pl": "Radni spotkali się w środę, żeby omówić nową przeprawę; łącznie pięć godzin, mówią źródła.",
    "cs": "Radní se sešli v úterý, aby projednali nový přívoz. Starosta řekl, že jednání budou pokračovat.",
    "hu": "A képviselők kedden a fővárosban találkoztak, hogy megvitassák az új kompot.",
    "tr": "Başkan salı günü yeni vapuru görüşmek üzere meclisi topladı, dışarıda yağmur yağıyordu.",
    "ru": "Депутаты встретились в среду, чтобы обсудить новый паром. Мэр заявил, что «всё» решено.",
    "uk": "Депутати зустрілися в середу, щоб обговорити новий пором. Мер заявив, що їхні перемовини тривають.",
    "el": "Οι σύμβουλοι συναντήθηκαν την Τρίτη για να συζητήσουν το νέο πορθμείο.",
    "he": "חברי המועצה נפגשו ביום שלישי כדי לדון במעבורת החדשה.",
    "ar": "اجتمع أعضاء المجلس يوم الثلاثاء لمناقشة العبارة الجديدة.",
    "zh": "市议员周二开会，讨论新的渡轮。市长表示谈判将继续。",
    "ja": "議員たちは火曜日に集まり、新しい渡し船について話し合った。",
}


@pytest.mark.parametrize(
    ("language", "page"),
    [
        ("de", "cp1252"),
        ("de", "mac-roman"),
        ("fr", "cp1252"),
        ("en", "cp1252"),
        ("en", "mac-roman"),
        ("pl", "cp1250"),
        ("pl", "iso8859-2"),
        ("cs", "cp1250"),
        ("hu", "cp1250"),
        ("tr", "cp1254"),
        ("ru", "cp1251"),
        ("ru", "koi8-r"),
        ("ru", "cp866"),
        ("uk", "cp1251"),
        ("el", "cp1253"),
        ("he", "cp1255"),
        ("ar", "cp1256"),
        ("zh", "gb18030"),
        ("ja", "shift_jis"),
    ],
)
def test_the_likely_encoding_is_the_one_it_was_written_in(language: str, page: str) -> None:
    text = TEXTS[language]
    content = text.encode(page, "ignore")
    with pytest.raises(
        InputError, match=r"a\.json, near its beginning: byte .*It looks like .*set `encoding: "
    ) as caught:
        decode_bytes(content, "utf-8", "a.json")
    likely = str(caught.value).partition("set `encoding: ")[2].partition("`")[0]
    assert content.decode(likely) == content.decode(page)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_utf_8_is_read_as_what_was_written(text: str) -> None:
    assert decode_bytes(("text,outlet\n" + text).encode(), "utf-8", "a.csv") == "text,outlet\n" + text


@given(st.binary(max_size=80), st.sampled_from(["utf-8", "cp1252", "utf-16", "gb18030"]))
def test_any_beginning_has_an_encoding_or_is_named(start: bytes, declared: str) -> None:
    problem = told = ""
    try:
        told = find_encoding(start, declared, "a.csv")
    except InputError as error:
        problem = str(error)
    assert problem.startswith("a.csv is UTF-8") or told.partition("-")[0] in ("utf", "cp1252", "gb18030")


def test_a_file_of_two_encodings_is_told_from_one_of_another() -> None:
    content = "Größe\n".encode() + "Größe\n".encode("cp1252")
    with pytest.raises(InputError, match=r"a\.csv, after line 1: byte 0xf6 is not utf-8, but text before it is: th"):
        decode_bytes(content, "utf-8", "a.csv")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Die Überfahrt kostet mehr; Zoë Müller und Sofía Muñoz schließen das Büro von Søren Åkesson.", "cp1252"),
        ("The mayor spoke with Søren Åkesson, Zoë Müller and Señora Muñoz à la carte.", "cp1252"),
        ("Rozmawiał z panią Müller, z Ondřejem Dvořákiem i z Gézą Szőke o łodzi.", "cp1250"),
    ],
)
def test_names_of_other_languages_do_not_change_the_code_page(text: str, page: str) -> None:
    guessed = guess_encoding(text.encode(page))
    assert text.encode(page).decode(guessed) == text


LATIN = "\u201cNo\u201d \u2013 it\u2019s over\u2026"


@pytest.mark.parametrize("encoding", ["latin-1", "iso8859-1", "ISO-8859-15"])
@pytest.mark.parametrize("form", ["csv", "jsonl", "json"])
def test_windows_bytes_in_a_latin_file_are_read_as_windows_characters(tmp_path: Path, encoding: str, form: str) -> None:
    row = f'{{"text": "{LATIN} \u00e9", "outlet": "A"}}\n'
    content = {"csv": f"text,outlet\n{LATIN} \u00e9,A\n", "jsonl": row, "json": f"[{row}]"}[form]
    path = tmp_path / f"a.{form}"
    path.write_bytes(content.encode("cp1252"))
    notes: list[Note] = []
    (found,) = read_rows(path, kind=form, needed=("text", "outlet"), encoding=encoding, notes=notes)
    assert isinstance(found, Row)
    assert found.values["text"] == f"{LATIN} \u00e9"
    assert f"read as {encoding}, with bytes 0x80 to 0x9f as in cp1252 (“ ” ’ – …)" in [note.text for note in notes]


def test_a_latin_file_without_windows_bytes_has_no_note(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,outlet\ncaf\u00e9,A\n".encode("latin-1"))
    notes: list[Note] = []
    list(read_rows(path, kind="csv", needed=("text", "outlet"), encoding="latin-1", notes=notes))
    assert notes == []
