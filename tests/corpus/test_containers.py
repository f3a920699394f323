"""Streams of plain and packed files: limits, damage, encodings."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus import containers
from framing.corpus.containers import OVERLONG, limit_lines, open_streams, read_lines
from framing.errors import InputError
from tests.corpus.files import refused

CONTENT = b"text,outlet\nGuten Tag,A\n" * 50


def contents(path: Path, *, seekable: bool = False) -> dict[str, bytes]:
    return {name: stream.read() for name, stream in open_streams(path, seekable=seekable)}


def lines(content: bytes, encoding: str = "utf-8") -> list[str]:
    return list(read_lines(io.BytesIO(content), name="a.csv", encoding=encoding))


def pack(path: Path, members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("seekable", [False, True])
def test_plain_gzip_and_zip_give_the_same_bytes(tmp_path: Path, seekable: bool) -> None:
    (tmp_path / "a.csv").write_bytes(CONTENT)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CONTENT))
    pack(tmp_path / "a.zip", [("a.csv", CONTENT)])
    assert contents(tmp_path / "a.csv", seekable=seekable) == {"a.csv": CONTENT}
    assert contents(tmp_path / "a.csv.gz", seekable=seekable) == {"a.csv.gz": CONTENT}
    assert contents(tmp_path / "a.zip", seekable=seekable) == {"a.zip/a.csv": CONTENT}


def test_compressed_content_can_be_made_seekable(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(CONTENT))
    for _, stream in open_streams(tmp_path / "a.gz", seekable=True):
        assert stream.seek(-5, io.SEEK_END) == len(CONTENT) - 5
        assert stream.read() == CONTENT[-5:]


def test_zip_members_come_sorted_without_folders_and_resource_forks(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", [("b/2.txt", b"2"), ("__MACOSX/._1.txt", b"x"), ("b/", b""), ("a/1.txt", b"1")])
    assert list(contents(path).items()) == [("a.zip/a/1.txt", b"1"), ("a.zip/b/2.txt", b"2")]


def test_names_that_leave_the_zip_write_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "inner" / "deep"
    folder.mkdir(parents=True)
    path = pack(folder / "a.zip", [("../../escaped.txt", b"x"), ("/absolute.txt", b"y")])
    assert sorted(contents(path, seekable=True).values()) == [b"x", b"y"]
    assert [item for item in tmp_path.rglob("*") if item.is_file()] == [path]


@pytest.mark.parametrize("lost", [1, 9, 25, 45])
def test_a_gzip_that_breaks_off_is_named(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(CONTENT)[:-lost])
    with pytest.raises(InputError, match=r"cut\.csv\.gz is damaged: .*Compress it again"):
        contents(path)


def test_a_gzip_with_a_wrong_checksum_is_named(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(CONTENT))
    packed[-6] ^= 0xFF
    path = tmp_path / "sum.csv.gz"
    path.write_bytes(packed)
    with pytest.raises(InputError, match=r"sum\.csv\.gz is damaged: CRC check failed"):
        contents(path)


def test_a_file_that_only_claims_to_be_packed_is_named(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "a.zip"):
        (tmp_path / name).write_bytes(CONTENT)
    with pytest.raises(InputError, match=r"a\.csv\.gz is damaged: Not a gzipped file"):
        contents(tmp_path / "a.csv.gz")
    with pytest.raises(InputError, match=r"a\.zip cannot be unpacked: File is not a zip file"):
        contents(tmp_path / "a.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_member_damaged_in_the_middle_is_named(tmp_path: Path, method: int) -> None:
    noise = bytes((number * 7919 + number // 7) % 251 for number in range(4000))
    path = pack(tmp_path / "a.zip", [("a.csv", noise)], method)
    raw = bytearray(path.read_bytes())
    middle = raw.index(b"a.csv") + 200
    raw[middle : middle + 40] = bytes(value ^ 0x5A for value in raw[middle : middle + 40])
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"a\.zip/a\.csv is damaged: "):
        contents(path)


def test_a_zip_with_a_password_is_named(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", [("a.csv", CONTENT)])
    raw = bytearray(path.read_bytes())
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(header) + offset] |= 1
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"a\.zip cannot be unpacked: .*encrypted"):
        contents(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.csv cannot be read: No such file"):
        contents(tmp_path / "absent.csv")


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip"])
def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED_BYTES", 1_000_000)
    for size, fits in ((1_000_000, True), (1_000_001, False)):
        path = tmp_path / name
        if name.endswith(".gz"):
            path.write_bytes(gzip.compress(bytes(size)))
        else:
            pack(path, [("a.csv", bytes(size))])
        if fits:
            assert sum(map(len, contents(path).values())) == size
        else:
            with pytest.raises(InputError, match=r"unpacks to more than .* GiB; refused"):
                contents(path)


@given(st.binary(max_size=200), st.sampled_from(["any.gz", "any.zip"]))
def test_any_bytes_are_read_or_named(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    found: object
    try:
        found = contents(path)
    except InputError as error:
        found = error
    assert isinstance(found, dict) or name in str(found)


@given(st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_zip_with_bytes_changed_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    path = pack(tmp_path_factory.getbasetemp() / "changed.zip", [("größe.csv", CONTENT)])
    raw = bytearray(path.read_bytes())
    for place, value in changes:
        raw[place % len(raw)] = value
    path.write_bytes(raw)
    found: object
    try:
        found = contents(path)
    except InputError as error:
        found = error
    assert isinstance(found, dict) or "changed.zip" in str(found)


# lines


@pytest.mark.parametrize("encoding", ["utf-8", "UTF_8", "utf8"])
@pytest.mark.parametrize("written_as", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_dropped_and_utf_16_is_told_by_it(encoding: str, written_as: str) -> None:
    assert lines("text\nGröße €\n".encode(written_as), encoding) == ["text\n", "Größe €\n"]


def test_big_endian_utf_16_is_told_by_its_mark() -> None:
    assert lines(codecs.BOM_UTF16_BE + "a\nö".encode("utf-16-be")) == ["a\n", "ö"]


def test_line_ends_stay_as_they_are() -> None:
    assert lines(b"a\r\nb\rc\nd") == ["a\r\n", "b\r", "c\n", "d"]
    assert lines(b"") == []


def test_latin_1_is_refused_with_the_line_and_an_encoding_that_fits() -> None:
    text = "Über die Größe der Brücke stritten die Räte schon früher, und müßige Gespräche änderten nichts.\n"
    content = text.encode("latin-1")
    with pytest.raises(
        InputError, match=r"a\.csv, near its beginning: byte 0xdc is not utf-8\. .*set `encoding: "
    ) as caught:
        lines(content)
    found = re.search(r"It looks like (\S+) ", str(caught.value))
    assert found is not None
    assert content.decode(found.group(1)) == text
    assert lines(content, found.group(1)) == [text]


def test_the_line_before_a_wrong_byte_is_counted() -> None:
    good = ("x" * 99 + "\n").encode() * 1000
    with pytest.raises(InputError, match=r"a\.csv, after line (\d+): byte 0xfc") as caught:
        lines(good + "für\n".encode("latin-1"))
    after = re.search(r"after line (\d+)", str(caught.value))
    assert after is not None
    assert 800 <= int(after.group(1)) <= 1000


@pytest.mark.parametrize("encoding", ["klingon", "base64", "a\0b"])
def test_an_unknown_encoding_is_named(encoding: str) -> None:
    with pytest.raises(InputError, match=r"encoding: Python knows no encoding .*try utf-8 or cp1252"):
        lines(b"a\n", encoding)


@pytest.mark.parametrize("written_as", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "utf-32"])
def test_utf_16_and_utf_32_are_told_with_and_without_a_mark(written_as: str, declared: str) -> None:
    assert lines("text,outlet\nМосква,Б\n".encode(written_as), declared) == ["text,outlet\n", "Москва,Б\n"]


def test_single_empty_bytes_do_not_make_utf_16() -> None:
    assert lines(b"text,outlet\na\x00b,A\n") == ["text,outlet\n", "a\x00b,A\n"]
    assert lines(b"\x00" + b" " * 33) == ["\x00" + " " * 33]


def test_marks_within_a_file_put_together_are_left_out() -> None:
    part = "text,outlet\n“a”,A\n".encode("utf-8-sig")
    assert lines(part + part) == ["text,outlet\n", "“a”,A\n"] * 2


@pytest.mark.parametrize("declared", ["cp1252", "latin-1", "cp1251"])
def test_utf_8_under_another_declared_encoding_is_named(declared: str) -> None:
    with pytest.raises(InputError, match=rf"a\.csv is UTF-8, but `encoding: {declared}` is set: leave `encoding:` out"):
        lines("text\nfür\n".encode(), declared)
    assert lines("text\nfür\n".encode("utf-8-sig"), declared) == ["text\n", "für\n"]


def test_a_line_of_nine_megabytes_is_skipped_alone() -> None:
    content = b"first\n" + b"x" * 9_000_000 + b"\nlast\n"
    assert lines(content) == ["first\n", OVERLONG + "\n", "last\n"]


@given(st.lists(st.integers(0, 40), max_size=8), st.booleans())
def test_exactly_the_lines_beyond_the_limit_are_marked(lengths: list[int], closed: bool) -> None:
    text = "\n".join("x" * length for length in lengths) + ("\n" if closed else "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(containers, "MAX_LINE_CHARACTERS", 16)
        found = list(limit_lines(io.StringIO(text, newline="")))
    fits = [len(line) < 16 or (len(line) == 16 and line.endswith("\n")) for line in text.splitlines(keepends=True)]
    expected = zip(text.splitlines(keepends=True), fits, strict=True)
    assert found == [line if short else OVERLONG + "\n" for line, short in expected]


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=200),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_decoded_lines_put_together_are_the_text(text: str, encoding: str) -> None:
    expected = re.sub("(?<=[\r\n])\ufeff+", "", "x" + text)
    assert "".join(lines(("x" + text).encode(encoding))) == expected


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "utf-16", "ascii", "cp1252", "shift_jis", "utf-7"]))
def test_any_bytes_decode_or_are_named(content: bytes, encoding: str) -> None:
    found: object
    try:
        found = lines(content, encoding)
    except InputError as error:
        found = error
    assert isinstance(found, list) or str(found).startswith("a.csv")


@pytest.mark.parametrize("inner", ["in.csv.zip", "in.csv.gz", "in.zip"])
def test_an_archive_in_an_archive_is_to_be_unpacked(tmp_path: Path, inner: str) -> None:
    content = io.BytesIO()
    if inner.endswith(".gz"):
        content.write(gzip.compress(b"text,outlet\na,A\n"))
    else:
        with zipfile.ZipFile(content, "w") as packed:
            packed.writestr("in.csv", "text,outlet\na,A\n")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as outer:
        outer.writestr(inner, content.getvalue())
        outer.writestr("b.csv", "text,outlet\nb,B\n")
        outer.writestr("c.csv", "text,outlet\nc,B\n")
    ((_, reason),) = refused(tmp_path / "a.zip", kind="csv")
    assert "within another: unpack the outer one" in reason
