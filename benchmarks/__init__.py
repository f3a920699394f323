"""Figures of speed and accuracy: `make bench`, or one of them with `python -m benchmarks.<name>`."""
