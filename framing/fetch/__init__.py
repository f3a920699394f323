"""New articles of the outlets that a corpus names: asked for politely, within limits, never twice."""

from framing.fetch.fetching import Fetched, fetch_corpus

__all__ = ["Fetched", "fetch_corpus"]
