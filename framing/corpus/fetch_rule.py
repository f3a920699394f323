"""`fetch:` of corpus.yaml: the lists of new articles of each outlet, and the limits of their requests."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

__all__ = ["FetchRule", "SourceRule"]

_Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$", max_length=2000)]


class SourceRule(BaseModel):
    """One list of articles of an outlet: a feed, a sitemap, or an exported file of addresses.

    Attributes
    ----------
    outlet : str
        Name of the outlet. With an `export` it may be empty: the column of outlets in the file is read.
    feed, sitemap : str or None
        Address of the list.
    export : str or None
        Name of the file, in the folder of the corpus.
    match : str
        Only addresses that contain this text are taken.
    most : int
        Most addresses requested in one run: the latest of a feed or sitemap, the first of an export. The rest comes in
        the next runs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    outlet: str = Field(default="", description="name of the outlet; with export it may be left out")
    feed: _Address | None = Field(default=None, description="address of a feed (RSS, Atom, JSON Feed)")
    sitemap: _Address | None = Field(default=None, description="address of a sitemap")
    export: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, description="file of addresses, from Media Cloud, GDELT, NewsAPI or the like"
    )
    match: str = Field(default="", description="take only addresses that contain this text")
    most: int = Field(
        default=500,
        ge=1,
        le=100_000,
        description="most addresses requested in one run; the rest comes in the next ones",
    )

    @model_validator(mode="after")
    def _check_list(self) -> SourceRule:
        if sum(item is not None for item in (self.feed, self.sitemap, self.export)) != 1:
            raise ValueError("give one of feed, sitemap, export")
        if not self.outlet.strip() and self.export is None:
            raise ValueError("outlet is missing")
        return self

    @property
    def name(self) -> str:
        """Name of the source in the summary of a run: the address or file of its list."""
        return str(self.feed or self.sitemap or self.export)


class FetchRule(BaseModel):
    """Sources of new articles, and the limits of requests.

    Attributes
    ----------
    sources : tuple of SourceRule
        Lists of articles.
    delay_seconds : float
        Least time between two requests to one host; a longer Crawl-delay of its robots.txt is obeyed.
    agent : str
        Name of the program in its requests; add an address at which you can be reached.
    deadline_seconds : float
        Most time for one request and its whole answer.
    most_bytes : int
        Most bytes of one unpacked page; larger pages are refused.
    attempts : int
        Tries for one address in one run.
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
