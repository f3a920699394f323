"""Zero-shot agreement with labels: the sample's gold (an illustration) and PLOVER newswire (real).

python -m benchmarks.zero_shot [minilm] [mpnet]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRAMING_DATA", ROOT.parent / "shared" / "data"))


def evaluate(source: Path, codebook: str, column: str, encoder: str, text: str = "text") -> dict[str, str]:
    """Overall F1 and calibration error as `framing evaluate --json` prints them, with intervals, as text."""
    command = [sys.executable, "-m", "framing", "evaluate", str(source), "--codebook", f"seeds/{codebook}.yaml"]
    options = ["--label-column", column, "--text-column", text, "--encoder", encoder, "--json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True, cwd=ROOT)
    names = {("(macro)", "f1"): "macro", ("(micro)", "f1"): "micro", ("(all)", "calibration_error"): "calibration"}
    return {
        names[row["frame"], row["measure"]]: f"{row['estimate']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        for row in json.loads(done.stdout)["measures"]
        if (row["frame"], row["measure"]) in names
    }


def main(encoders: list[str]) -> None:
    sets = [("sample gold", ROOT / "corpora/deep-strike/gold.csv", "great-power-crisis", "frames", "text")]
    plover = DATA / "plover_zsp" / "plv_train.tsv"
    if plover.is_file():
        sets.append(("plover sentences", plover, "plover", "gold_root", "sentence"))
    for encoder in encoders:
        for title, source, codebook, column, text in sets:
            measures = evaluate(source, codebook, column, encoder, text)
            print(f"{title:<18}{encoder:<8} macro-F1 {measures['macro']}  micro-F1 {measures['micro']}  "
                  f"calibration error {measures['calibration']}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:] or ["minilm"])
