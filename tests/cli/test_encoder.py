"""`framing encoder`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.outcomes import refused


def test_encoders_are_listed(framing, tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    lines = framing("encoder", "list").out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["minilm", "mpnet", "multilingual"]
    assert lines[0].startswith("minilm: all-MiniLM-L6-v2; reads en; /")
    assert lines[1] == "mpnet: all-mpnet-base-v2; reads en; not installed: framing encoder install mpnet"
    assert "; reads 95 languages; not installed: framing encoder install multilingual" in lines[2]
    rows = json.loads(framing("encoder", "list", "--json").out)
    assert [row["name"] for row in rows] == ["minilm", "mpnet", "multilingual"]
    assert rows[1]["folder"] == "", "it is not installed"
    assert "ru" in rows[2]["languages"]


def test_encoder_install(framing):
    refused(framing("encoder", "install", "bert"), "mpnet and multilingual can be installed")
    ended = framing("encoder", "install", "minilm")
    assert (Path(ended.out.strip()) / "model.safetensors").is_file()
