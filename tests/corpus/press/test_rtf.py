from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.press.contents import UnreadableError
from framing.corpus.press.rtf import read_rtf


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"{\\rtf1 one\\par two\\line three}", "one\ntwo\nthree"),
        (b"{\\rtf1 F\\'e4hre \\'80\\'85}", "Fähre €…"),
        (b"{\\rtf1 \\uc1\\u8212?x\\u-10179?\\u-8704?}", "—x😀"),
        (b"{\\rtf1 \\uc2\\u8212\\'81\\'5cx}", "—x"),
        (b"{\\rtf1 \\uc0\\u8212 x}", "—x"),
        (b"{\\rtf1{\\uc0\\u65 B}\\u67?D}", "ABCD"),
        (b"{\\rtf1\\ansicpg1251 \\'cf\\'ee\\'f0\\'f2}", "Порт"),
        (b"{\\rtf1\\ansicpg936 \\'b8\\'db}", "港"),
        (b"{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\unknown hidden}{\\header Page 1}x}", "x"),
        (b'{\\rtf1{\\field{\\*\\fldinst HYPERLINK "a"}{\\fldrslt shown}}}', "shown"),
        (b"{\\rtf1{\\pict\\bin4 }}{\\x}y}", "y"),
        (b"{\\rtf1{\\*\\bkmkstart Body_1}{\\*\\bkmkend Body_1}Body}", "\x01Body_1\x02Body"),
        (b"{\\rtf1 a\\~b\\_c\\{d\\}\\\\}", "a\xa0b-c{d}\\"),
        (b"{\\rtf1 HD\\cell Ferry\\cell\\row\\page x}", "HD\x07\nFerry\x07\n\n\x0cx"),
        (b"{\\rtf1 a\r\nb}", "ab"),
    ],
)
def test_text(source: bytes, text: str) -> None:
    assert read_rtf(source) == text


@given(
    st.lists(st.sampled_from([b"{", b"}", b"\\u8212?", b"\\'e4", b"\\bin9", b"\\*", b"\\", b"a", b"\\uc9", b"\\par"]))
)
def test_any_order_of_tokens_ends(tokens: list[bytes]) -> None:
    assert isinstance(read_rtf(b"{\\rtf1" + b"".join(tokens)), str)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(UnreadableError, match="nests"):
        read_rtf(b"{\\rtf1" + b"{" * 2000)
