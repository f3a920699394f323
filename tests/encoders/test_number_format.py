"""The number format of a model: chosen by processor and probe, once for each model."""

from __future__ import annotations

import pytest

from framing.encoders.number_format import choose_dtype


@pytest.fixture(autouse=True)
def processor(tmp_path, monkeypatch):
    """One that multiplies bfloat16 itself, and an empty cache."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("framing.encoders.number_format.has_bfloat16", lambda: True)


@pytest.mark.parametrize(("agrees", "dtype"), [(True, "bfloat16"), (False, "float32")])
def test_a_model_is_probed_once(agrees, dtype):
    probes = []

    def probe() -> bool:
        probes.append(1)
        return agrees

    assert choose_dtype("one", agrees=probe) == choose_dtype("one", agrees=probe) == dtype
    assert len(probes) == 1
    assert choose_dtype("other", agrees=lambda: not agrees) != dtype
    assert choose_dtype("one", agrees=lambda: not agrees) == dtype


def test_a_processor_without_bfloat16_needs_no_probe(monkeypatch):
    monkeypatch.setattr("framing.encoders.number_format.has_bfloat16", lambda: False)
    assert choose_dtype("one", agrees=lambda: pytest.fail("probed")) == "float32"
