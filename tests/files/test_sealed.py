"""Sealed files: any program reads them, and a bit that changes is found wherever it is."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from framing.files.damage import DamageError
from framing.files.sealed import read_sealed, write_sealed

TABLE = pd.DataFrame({"text": ["framing-sha256:" + "0" * 64, "War."], "score": [0.25, 0.5]})


@pytest.fixture
def sealed(tmp_path):
    path = tmp_path / "table.parquet"
    write_sealed(path, pa.Table.from_pandas(TABLE, preserve_index=False), {"n": 2, "name": "é"})
    return path


def test_what_was_written_is_read(sealed):
    pd.testing.assert_frame_equal(pd.read_parquet(sealed), TABLE)
    read = read_sealed(sealed)
    assert read.facts == {"n": 2, "name": "é"}
    pd.testing.assert_frame_equal(pd.read_parquet(read.open(), columns=["score"]), TABLE[["score"]])


def test_each_bit_counts(sealed):
    content = sealed.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        sealed.write_bytes(changed)
        with pytest.raises(DamageError, match=r"table\.parquet is not as it was written"):
            read_sealed(sealed)


@pytest.mark.parametrize("n_bytes", [0, 1, 40, 500])
def test_a_file_cut_short_is_damaged(sealed, n_bytes):
    sealed.write_bytes(sealed.read_bytes()[:n_bytes])
    with pytest.raises(DamageError, match="not as it was written"):
        read_sealed(sealed)


def test_no_file_and_a_folder_are_damage(sealed):
    sealed.unlink()
    with pytest.raises(DamageError, match=r"table\.parquet cannot be read: No such file"):
        read_sealed(sealed)
    sealed.mkdir()
    with pytest.raises(DamageError, match=r"table\.parquet cannot be read: Is a directory"):
        read_sealed(sealed)
