"""Damaged exports in all languages of the pages: no document is lost without a word, and none is mixed with another."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.records import Refused, Row
from framing.errors import InputError
from tests.corpus.press import writers
from tests.corpus.press.exports import Part, make_docx, read
from tests.corpus.press.test_factiva import encode
from tests.corpus.press.test_nexis import rtf as nexis_rtf

N = 3
LANGUAGES = tuple(writers.WORDS)


def join(parts: Sequence[Part]) -> bytes:
    return "\n".join(map(str, parts)).encode()


def rtf(parts: Sequence[Part]) -> bytes:
    lines = ("\\page" if part == "\f" else f"{encode(str(part))}\\par" for part in parts)
    return ("{\\rtf1\\ansi\\ansicpg1252 " + "\n".join(lines) + "}").encode()


def count_nexis(lines: list[str]) -> int:
    """Articles that an export of Nexis Uni names: on its cover, or by their ends."""
    covers = [words.documents.format(n=N) for words in writers.WORDS.values()]
    ends = [words.end for words in writers.WORDS.values()]
    return max(N * any(line.strip() in covers for line in lines), sum(line.strip() in ends for line in lines))


def count_legacy(lines: list[str]) -> int:
    heads = {words.head.format(i=i, n=N) for words in writers.WORDS.values() for i in range(1, N + 1)}
    return max(
        N * any(f"Selected Items: 1-{N}" in line for line in lines), sum(line.strip() in heads for line in lines)
    )


def count_pattern(pattern: str, lines: list[str]) -> int:
    return len(set(re.findall(pattern, "\n".join(lines))))


@dataclass(frozen=True)
class Export:
    """A format: its parts in a language, the file of parts, and how many articles the parts declare."""

    kind: str
    write: Callable[[str, int], Sequence[Part]]
    encode: Callable[[Sequence[Part]], bytes]
    count: Callable[[list[str]], int]
    languages: tuple[str, ...] = LANGUAGES


ACCESSION = r"(?m)(?:Document|Dokument|Documento|Документ|文件) (HARBRP\w{19})(?:</[a-z]+>)*$"
EUROPRESSE = r"(?:Numéro de document|Document number) : (?=.*?(\d+)(?:<|$))"
EXPORTS = {
    "nexis docx": Export("nexis", writers.nexis_parts, make_docx, count_nexis),
    "nexis rtf": Export("nexis", writers.nexis_parts, nexis_rtf, count_nexis, ("en", "fr", "de", "es")),
    "nexis txt": Export("nexis", writers.nexis_lines, join, count_legacy),
    "nexis html": Export("nexis", writers.nexis_html, join, lambda lines: sum("<DOCFULL>" in line for line in lines)),
    "factiva html": Export(
        "factiva", partial(writers.factiva_html, indexed=True), join, partial(count_pattern, ACCESSION)
    ),
    "factiva display": Export(
        "factiva", partial(writers.factiva_html, indexed=False), join, partial(count_pattern, ACCESSION)
    ),
    "factiva rtf": Export(
        "factiva", partial(writers.factiva_paragraphs, indexed=True), rtf, partial(count_pattern, ACCESSION)
    ),
    "factiva rtf display": Export(
        "factiva", partial(writers.factiva_paragraphs, indexed=False), rtf, partial(count_pattern, ACCESSION)
    ),
    "factiva xml": Export(
        "factiva", writers.factiva_xml, join, lambda lines: N * any(f'count="{N}"' in line for line in lines)
    ),
    "proquest": Export(
        "proquest",
        writers.proquest_lines,
        join,
        partial(count_pattern, r"(?m)^(?:ProQuest|ID|Идент)[^:\n]{0,50}: (9\d{8})$"),
    ),
    "europresse": Export(
        "europresse",
        partial(writers.europresse_lines, old=False),
        join,
        partial(count_pattern, EUROPRESSE),
        ("fr", "en"),
    ),
    "europresse old": Export(
        "europresse",
        partial(writers.europresse_lines, old=True),
        join,
        partial(count_pattern, EUROPRESSE),
        ("fr", "en"),
    ),
}
CASES = [
    pytest.param(name, language, id=f"{name} {language}") for name in EXPORTS for language in EXPORTS[name].languages
]


def texts_of(parts: Sequence[Part]) -> list[str]:
    return [part[1] if isinstance(part, tuple) else part for part in parts]


def check_mixing(items: list[Row | Refused]) -> None:
    """No article has the text of another one, neither alone nor beside its own."""
    for item in items:
        if isinstance(item, Row):
            marks = set(re.findall(r"mark (\d+)", item.values["text"]))
            assert len(marks) <= 1, item
            title = re.search(r"Ferry (\d+)", item.values["title"])
            assert not title or not marks or title[1] in marks, item


@pytest.mark.slow
@pytest.mark.parametrize(("name", "language"), CASES)
def test_whole_export(name: str, language: str) -> None:
    export = EXPORTS[name]
    parts = export.write(language, N)
    assert export.count(texts_of(parts)) == N
    items = read(export.encode(parts), export.kind)
    assert [item.reason for item in items if isinstance(item, Refused)] == []
    rows = [item.values for item in items if isinstance(item, Row)]
    assert len(rows) == N
    for i, row in enumerate(rows, start=1):
        assert row["title"] == f"Ferry {i}"
        assert row["outlet"] in ("The Harbour Post", "Le Port")
        assert row["published"][:10] == "2022-03-04"
        assert row["text"].split("\n\n") == [f"{writers.WORDS[language].text} mark {i}", "She sails on."]
        assert row["words"] in ("355", "1355") or export.kind in ("proquest", "europresse")
        assert row["author"] == "Ada Constructed" or row["author"] == "Constructed, Ada" or export.kind != "nexis"
        assert (row["section"], row["page"]) == ("NEWS", "3") or export.kind != "nexis"


@st.composite
def mutations(draw: st.DrawFn, parts: Sequence[Part], *, most: int) -> list[Part]:
    """The parts after some were dropped, doubled, cut off or stripped of marks, or the file was cut or joined."""
    out = list(parts)
    for _ in range(draw(st.integers(1, most))):
        if not out:
            break
        i = draw(st.integers(0, len(out) - 1))
        mark, text = out[i] if isinstance(out[i], tuple) else ("", str(out[i]))
        kind = draw(st.sampled_from(["drop", "double", "cut", "mark", "end", "join"]))
        if kind == "drop":
            del out[i]
        elif kind == "double":
            out.insert(i, out[i])
        elif kind == "cut":
            text = text[: draw(st.integers(0, len(text)))]
            out[i] = (mark, text) if mark else text
        elif kind == "mark":
            out[i] = re.sub(r"[:<>\"_{}\\]", "", text)
        elif kind == "end":
            out = out[: i + 1]
        else:
            out = out + out[i:]
    return out


@pytest.mark.slow
@pytest.mark.parametrize("name", list(EXPORTS))
@given(data=st.data())
def test_damage_loses_nothing_without_a_word(name: str, data: st.DataObject) -> None:
    export = EXPORTS[name]
    language = data.draw(st.sampled_from(export.languages))
    parts = data.draw(mutations(export.write(language, N), most=4))
    try:
        items = read(export.encode(parts), export.kind)
    except InputError:
        return
    declared = export.count(texts_of(parts))
    assert len(items) >= max(1, declared)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(EXPORTS))
@given(data=st.data())
def test_one_damage_mixes_no_articles(name: str, data: st.DataObject) -> None:
    export = EXPORTS[name]
    language = data.draw(st.sampled_from(export.languages))
    parts = data.draw(mutations(export.write(language, N), most=1))
    items = read(export.encode(parts), export.kind)
    check_mixing(items)
    marks = set(re.findall(r"mark (\d)", "\n".join(texts_of(parts))))
    assert len(items) >= len(marks)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(EXPORTS))
@given(data=st.data())
def test_flipped_bytes_end_with_rows_or_a_reason(name: str, data: st.DataObject) -> None:
    export = EXPORTS[name]
    content = bytearray(export.encode(export.write(data.draw(st.sampled_from(export.languages)), N)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    try:
        items = read(bytes(content[:end]), export.kind)
    except InputError:
        return
    assert items


@pytest.mark.slow
@pytest.mark.parametrize("name", list(EXPORTS))
def test_time_grows_with_the_size_of_the_file(name: str) -> None:
    export = EXPORTS[name]

    def measure(n: int) -> float:
        content = export.encode(export.write("en", n))
        begun = time.process_time()
        assert len(read(content, export.kind)) == n
        return time.process_time() - begun

    measure(50)  # the parser of dates is loaded
    assert measure(800) < 10 * measure(200) + 0.2
