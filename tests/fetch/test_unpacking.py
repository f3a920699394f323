"""Packed content is unpacked within its limit, whole or as far as it goes."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.fetch.addresses import RefusedError
from framing.fetch.unpacking import decode_body, unpack

TEXT = bytes(range(256)) * 2000


def raw_deflate(content: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(content) + stream.flush()


@given(st.binary(max_size=200_000), st.integers(0, 2))
def test_whatever_was_packed_comes_back(content, n_times):
    packed = content
    for _ in range(n_times):
        packed = gzip.compress(packed)
    if n_times == 0 and content.startswith(b"\x1f\x8b"):
        return
    assert unpack(packed, 200_000) == (content, True)


def test_several_members_and_zeros_behind_them_are_one_file():
    assert unpack(gzip.compress(TEXT) + gzip.compress(b"end") + b"\x00" * 9, 10**6) == (TEXT + b"end", True)


def test_a_file_that_breaks_off_is_unpacked_as_far_as_it_goes():
    packed = gzip.compress(TEXT, compresslevel=0)
    content, is_whole = unpack(packed[: len(packed) // 2], 10**6)
    assert not is_whole
    assert TEXT.startswith(content)
    assert len(content) > len(TEXT) // 3
    assert unpack(gzip.compress(TEXT)[:-2], 10**6) == (TEXT, False)  # its checksum is cut


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (gzip.compress(b" " * 10_000_000), "more than 1000000 bytes unpacked"),
        (gzip.compress(gzip.compress(gzip.compress(b" " * 50_000_000))), "more than 1000000 bytes unpacked"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x")))), "packed more than 3 times"),
        (gzip.compress(b"") * 10_001, "a gzip file of more than 10000 parts"),
        (b"\x1f\x8b\x08\x00\x00", "not a whole gzip file"),
        (b"\x1f\x8bnot packed at all", "not a whole gzip file"),
    ],
    ids=["bomb", "bomb in a bomb", "packed four times", "ten thousand parts", "cut head", "no head"],
)
def test_bombs_and_what_is_not_packed_are_refused(packed, reason):
    with pytest.raises(RefusedError, match=reason):
        unpack(packed, 1_000_000)


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ("", TEXT), ("identity", TEXT), ("gzip", gzip.compress(TEXT)), ("X-GZIP", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)), ("deflate", raw_deflate(TEXT)),
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT))), ("deflate,gzip", gzip.compress(zlib.compress(TEXT))),
    ],
)  # fmt: skip
def test_the_codings_of_an_answer_are_undone(codings, body):
    assert decode_body(body, codings, len(TEXT)) == TEXT


@pytest.mark.parametrize(
    ("codings", "body", "reason"),
    [
        ("gzip", b"plain text", "not packed as gzip"),
        ("gzip", gzip.compress(TEXT)[:-20], "the body breaks off"),
        ("gzip", gzip.compress(b" " * 60_000_000), "more than 512000 bytes unpacked"),
        ("gzip, gzip", gzip.compress(gzip.compress(b" " * 60_000_000)), "more than 512000 bytes unpacked"),
        ("gzip" + ", gzip" * 3, gzip.compress(TEXT), "packed more than 3 times"),
        ("br", TEXT, "packed as br, which was not asked for"),
    ],
)
def test_wrong_codings_are_refused(codings, body, reason):
    with pytest.raises(RefusedError, match=reason):
        decode_body(body, codings, len(TEXT))
