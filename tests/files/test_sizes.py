"""What is no size or age is refused, with the argument that it came from."""

from __future__ import annotations

import pytest

from framing.errors import InputError
from framing.files.sizes import format_size, parse_days, parse_size


@pytest.mark.parametrize(
    ("text", "n_bytes"),
    [
        ("20 GB", 20 * 10**9),
        ("500MB", 5 * 10**8),
        ("1.5 tb", 1_500_000_000_000),
        ("3 GiB", 3 * 2**30),
        ("7 B", 7),
        ("0", 0),
    ],
)
def test_sizes(text, n_bytes):
    assert parse_size(text) == n_bytes


@pytest.mark.parametrize("text", ["", "much", "-3 GB", "3 XB", "GB", "1 GB 2", "5", "1.5"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(InputError, match="LIMIT: expected a size such as 20 GB"):
        parse_size(text, argument="LIMIT")


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("12 W", 84), ("6m", 180), ("1y", 365), ("0", 0)])
def test_ages(text, days):
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["", "old", "-1d", "1.5d", "3h", "90"])
def test_what_is_no_age_is_refused(text):
    with pytest.raises(InputError, match="expected an age such as 90d"):
        parse_days(text)


def test_a_size_is_written_in_the_largest_unit():
    assert [format_size(n) for n in (0, 1000, 1_250_000, 12_500_000, 3 * 10**12)] == [
        "0 bytes", "1.0 KB", "1.2 MB", "12 MB", "3.0 TB",
    ]  # fmt: skip
