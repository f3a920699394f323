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

    outlet: str = Field(default="", description="name of the outlet; with export it may be left out")
    feed: Address | None = Field(default=None, description="address of a feed (RSS, Atom)")
    sitemap: Address | None = Field(default=None, description="address of a sitemap")
    export: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, description="file with a column of addresses, from Media Cloud, GDELT or the like"
    )
    match: str = Field(default="", description="take only addresses that contain this text")
    most: int = Field(default=500, ge=1, le=100_000, description="newest addresses taken in one run")

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

    sources: tuple[SourceRule, ...] = Field(
        min_length=1, description="lists of articles; each names one of feed, sitemap, export"
    )
    delay_seconds: float = Field(default=2.0, ge=0, le=3600, description="least seconds between requests to a host")
    agent: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,200}$")] = Field(
        default="framing (research; news corpora)", description="name given to servers; add an address of yours"
    )
    deadline_seconds: float = Field(default=30.0, gt=0, le=600, description="most seconds for one request")
    most_bytes: int = Field(default=5_000_000, ge=1000, le=100_000_000, description="larger pages are refused")
    attempts: int = Field(default=3, ge=1, le=10, description="tries for one address in a run")
