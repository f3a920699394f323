"""`framing encoder install`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.outcomes import refused


def test_encoder_install(framing):
    refused(framing("encoder", "install", "bert"), "mpnet and multilingual can be installed")
    ended = framing("encoder", "install", "minilm")
    assert (Path(ended.out.strip()) / "model.safetensors").is_file()
