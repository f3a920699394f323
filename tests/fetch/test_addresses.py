"""Addresses: one form for each page, and none that leads elsewhere than it seems to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.fetch.addresses import RefusedError, is_public, name_host, normalise_url


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://paper.example/a?utm_source=feed&fbclid=x#top", "https://paper.example/a"),
        ("HTTP://PAPER.example.:80/A", "http://paper.example/A"),
        ("https://paper.example:8443/a", "https://paper.example:8443/a"),
        ("https://paper.example/view?20250704", "https://paper.example/view?20250704"),
        (
            "https://paper.example/?gallery=5&source=7&cid=3&ref=9",
            "https://paper.example/?cid=3&gallery=5&ref=9&source=7",
        ),
        ("https://paper.example/a//b/./c/../d", "https://paper.example/a//b/d"),
        ("https://газета.рф/я?я=1", "https://xn--80aahjj1e.xn--p1ai/%D1%8F?%D1%8F=1"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://paper.example", "https://paper.example/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
    ],
)
def test_an_address_has_one_form(url, normal):
    assert normalise_url(url) == normal
    assert normalise_url(normal) == normal


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://paper.example/a", "not an http address"),
        ("//paper.example/a", "not an http address"),
        ("http:/paper.example/a", "not an http address"),
        ("javascript:alert(1)", "not an http address"),
        ("https://paper.example/a b", "not an http address"),
        ("https://paper.example/a\tb", "not an http address"),
        ("https://p.example/" + "a" * 2000, "not an http address: too long"),
        ("http://", "not an http address"),
        ("http://../", "not an http address"),
        ("http://[::1", "not an http address"),
        ("http://paper.example:99999/", "not an http address"),
        ("http://paper.example:x/", "not an http address"),
        ("http://paper.example\\@127.0.0.1/", "not an http address"),
        ("http://paper.example@127.0.0.1/", "a user name"),
        ("http://user:pass@paper.example/", "a user name"),
        ("http://p\u0430per.example/", "mixes scripts"),
        ("http://xn--pper-43d.example/", "mixes scripts"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url, reason):
    with pytest.raises(RefusedError, match=reason):
        normalise_url(url)
    assert name_host(url) == ""


@given(st.text(max_size=80) | st.text(max_size=60).map("http://".__add__))
def test_any_text_is_normal_after_one_step_or_refused(text):
    try:
        normal = normalise_url(text)
    except RefusedError:
        return
    assert normalise_url(normal) == normal
    assert normal.isascii()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f::1", True), ("10.0.0.1", False), ("127.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True), ("2002:7f00:1::1", False), ("2002:a9fe:a9fe::", False),
    ],
)  # fmt: skip
def test_an_address_within_another_counts_too(address, public):
    assert is_public(address) is public
