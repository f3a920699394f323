"""`fetch:` of corpus.yaml: where new articles of each outlet are listed, and how politely they are asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

__all__ = ["FetchRule", "SourceRule"]

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$", max_length=2000)]


class SourceRule(BaseModel):
    """One list of an outlet's articles: a feed (RSS or Atom), a sitemap, or an exported file with a column of URLs.

    Attributes
    ----------
    outlet : name of the outlet; with an `export` it may be left out, and the file's column of outlets is read.
    match : only URLs that contain this text. `most` : newest URLs taken in one run, in the order listed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    outlet: str = ""
    feed: Address | None = None
    sitemap: Address | None = None
    export: Annotated[str, StringConstraints(min_length=1)] | None = None
    match: str = ""
    most: int = Field(default=500, ge=1, le=100_000)

    @model_validator(mode="after")
    def _one(self) -> SourceRule:
        if sum(item is not None for item in (self.feed, self.sitemap, self.export)) != 1:
            raise ValueError("give one of feed, sitemap, export")
        if not self.outlet.strip() and self.export is None:
            raise ValueError("outlet is missing")
        return self

    @property
    def name(self) -> str:
        """What the source is called in the summary of a run."""
        return str(self.feed or self.sitemap or self.export)


class FetchRule(BaseModel):
    """Sources, and the manners of fetching.

    Attributes
    ----------
    delay_seconds : least time between two requests to one host; a longer Crawl-delay of its robots.txt is kept to.
    agent : how the program names itself to servers; add an address at which you can be reached.
    deadline_seconds : most time for one request, its answer read whole.
    most_bytes : of one page, unpacked; more is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: tuple[SourceRule, ...] = Field(min_length=1)
    delay_seconds: float = Field(default=2.0, ge=0, le=3600)
    agent: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,200}$")] = "framing (research; news corpora)"
    deadline_seconds: float = Field(default=30.0, gt=0, le=600)
    most_bytes: int = Field(default=5_000_000, ge=1000, le=100_000_000)
    attempts: int = Field(default=3, ge=1, le=10)
