"""The number formats that a processor names."""

from __future__ import annotations

import pytest

from framing.encoders.number_format import has_bfloat16


@pytest.mark.parametrize(
    ("features", "has"),
    [("flags : fpu avx512_bf16 sse", True), ("flags : amx_bf16 amx_tile", True), ("flags : avx512f bf16", False)],
)
def test_bfloat16_is_among_the_features(monkeypatch, tmp_path, features, has):
    (tmp_path / "cpuinfo").write_text(f"processor : 0\n{features}\n\nprocessor : 1\n")
    monkeypatch.setattr("framing.files.machine._PROCESSOR", tmp_path / "cpuinfo")
    assert has_bfloat16() is has


def test_a_system_that_names_no_features_has_none(monkeypatch, tmp_path):
    monkeypatch.setattr("framing.files.machine._PROCESSOR", tmp_path / "none")
    assert has_bfloat16() is False
