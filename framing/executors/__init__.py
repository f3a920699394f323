"""Where parts of a computation run: in this process, or on the workers of a Dask scheduler."""
