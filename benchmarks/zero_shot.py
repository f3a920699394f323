"""Zero-shot agreement with labels: the sample's gold (an illustration), PLOVER newswire, whole articles (both real).

python -m benchmarks.zero_shot [minilm] [mpnet]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRAMING_DATA", ROOT.parent / "shared" / "data"))


def evaluate(source: Path, codebook: Path, encoder: str, *options: str) -> dict[str, Any]:
    """What `framing evaluate --json` prints."""
    command = [sys.executable, "-m", "framing", "evaluate", str(source), "--codebook", str(codebook)]
    chosen = ["--encoder", encoder, *options, "--json"]
    done = subprocess.run([*command, *chosen], capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def format_measure(found: dict[str, Any], frame: str, measure: str) -> str:
    """A measure with its interval, as text."""
    [row] = [row for row in found["measures"] if (row["frame"], row["measure"]) == (frame, measure)]
    return f"{row['estimate']:.3f} ({row['low']:.3f} to {row['high']:.3f})"


def main(encoders: list[str]) -> None:
    books = ROOT / "seeds"
    sample = ROOT / "corpora" / "deep-strike" / "gold.csv"
    sets = [("sample gold", sample, books / "great-power-crisis.yaml", "frames", "text")]
    plover = DATA / "plover_zsp" / "plv_train.tsv"
    if plover.is_file():
        sets.append(("plover sentences", plover, books / "plover.yaml", "gold_root", "sentence"))
    folder = tempfile.TemporaryDirectory()
    articles = DATA / "semeval2023_frames" / "train.jsonl"
    if articles.is_file():
        english = Path(folder.name) / "english.jsonl"
        lines = articles.read_text(encoding="utf-8").splitlines(keepends=True)
        english.write_text("".join(line for line in lines if json.loads(line)["lang"] == "en"), encoding="utf-8")
        sets.append(("whole articles", english, books / "policy-frames.yaml", "frames", "text"))
    for encoder in encoders:
        for title, source, codebook, column, text in sets:
            found = evaluate(source, codebook, encoder, "--label-column", column, "--text-column", text)
            macro, micro = (format_measure(found, frame, "f1") for frame in ("(macro)", "(micro)"))
            marks = ", ".join(f"{name} {format_measure(found, '(micro)', name)}" for name in ("precision", "recall"))
            error = format_measure(found, "(all)", "calibration_error")
            print(
                f"{title:<18}{encoder:<8} macro-F1 {macro}  micro-F1 {micro}  calibration error {error}  {marks}",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:] or ["minilm"])
