"""Every figure, one after another: `make bench`."""

from __future__ import annotations

from benchmarks import speed, zero_shot

if __name__ == "__main__":
    zero_shot.main(["minilm"])
    speed.main()
