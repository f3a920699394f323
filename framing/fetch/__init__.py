"""Which articles are new at the outlets that a corpus names? Each is requested politely, within limits, and once."""

from framing.fetch.fetching import FetchResult, fetch_corpus

__all__ = ["FetchResult", "fetch_corpus"]
