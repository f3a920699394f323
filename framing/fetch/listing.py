"""Lists of articles on the web: what they have in common, and which kind a list is."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from framing.corpus.web_pages import decode_page
from framing.fetch.addresses import RefusedError
from framing.fetch.unpacking import unpack

__all__ = ["MAX_LIST_BYTES", "ListedArticle", "Listing", "Part", "clean_title", "read_list", "resolve"]

MAX_LIST_BYTES = 50_000_000  # what sitemaps.org allows
_HEAD = 20_000  # characters in which the first element of a list stands
_DECLARATION = re.compile(r"<\?xml[^>]*>")  # its encoding is no longer that of the characters
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_FIRST_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|bdi|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|li|mark|nobr|ol|p|q|s|small|span|strike|strong|"
    r"sub|sup|time|tt|u|ul|wbr)(?:\s[^<>]{0,2000})?/?>",
    re.I,
)
_BREAK = re.compile(r"</?(?:br|div|h[1-6]|li|p)\b", re.I)
_TEXT_ADDRESS = re.compile(r"https?://\S+$", re.I)
_MAX_DECODED = 3  # times that the entities of a title were written


@dataclass(frozen=True)
class ListedArticle:
    """One entry of a list.

    Attributes
    ----------
    url : str
        Address of the article.
    title, outlet : str
        Title and outlet; empty where the list does not give them.
    published : str
        Day of publication (`2026-03-03`) that the list states; empty where it states none.
    seen : str
        Day on which the makers of the list saw the article; empty where they do not say.
    changed : str
        Day of the last change, by which entries are ordered; it is no day of publication.
    """

    url: str
    title: str = ""
    published: str = ""
    outlet: str = ""
    seen: str = ""
    changed: str = ""

    @property
    def latest(self) -> str:
        """The day by which entries are ordered, the latest first; empty where the list gives none."""
        return self.published or self.seen or self.changed


@dataclass(frozen=True)
class Part:
    """A list that another one names.

    Attributes
    ----------
    url : str
        Address.
    changed : str
        Moment of its last change as the other list writes it; empty where it does not.
    """

    url: str
    changed: str = ""


@dataclass
class Listing:
    """What a list holds.

    Attributes
    ----------
    articles : list of ListedArticle
        Its entries.
    parts : list of Part
        Lists that it names.
    notes : list of str
        What is to be known of it: that it is empty, or breaks off.
    refused : list of tuple
        Place and reason of each entry that could not be read.
    is_whole : bool
        False where it breaks off.
    """

    articles: list[ListedArticle] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    is_whole: bool = True

    def note_cut(self, why: str) -> None:
        """Note that the list could not be read to its end.

        Parameters
        ----------
        why : str
            What stands in the way.
        """
        self.is_whole = False
        n_read = len(self.articles) + len(self.parts)
        self.notes.append(f"the list cannot be read to its end ({why}); entries that are read: {n_read}")


def read_list(body: bytes, url: str, declared: str = "") -> Listing:
    """Read a list of articles, whichever kind it is: RSS, Atom, JSON Feed, sitemap, its index, or a text of addresses.

    Parameters
    ----------
    body : bytes
        Content, gzipped or plain.
    url : str
        Address of the list, against which relative addresses are resolved.
    declared : str, default ""
        Character encoding that the server names.

    Returns
    -------
    Listing
        Entries as far as the list can be read.

    Raises
    ------
    RefusedError
        If it is no list, or unpacks to more than 50 MB.
    """
    from framing.fetch.feeds import read_feed, read_json_feed
    from framing.fetch.sitemaps import read_sitemap

    content, is_whole = unpack(body, MAX_LIST_BYTES)
    text = _DECLARATION.sub("", decode_page(content, declared=declared).lstrip("\ufeff \t\r\n"), count=1)
    head = text[:_HEAD].lstrip()
    found = _FIRST_ELEMENT.search(_COMMENT.sub("", head))
    element = found[1].lower() if found else ""
    if head.startswith("{"):
        listing = read_json_feed(text, url)
    elif _TEXT_ADDRESS.match(head.split("\n", 1)[0].strip()):
        listing = _read_addresses(text, is_whole=is_whole)
    elif element in ("urlset", "sitemapindex"):
        listing = read_sitemap(text, url)
    elif element in ("rss", "feed", "rdf", "channel"):
        listing = read_feed(text, url)
    elif element:
        kind = "a web page" if element in ("html", "body", "head") else f"a file that begins with <{element[:40]}>"
        raise RefusedError(f"not a feed or sitemap but {kind}")
    else:
        raise RefusedError("not a feed or sitemap" if head else "not a feed or sitemap: it is empty")
    if not is_whole and listing.is_whole:
        listing.note_cut("its gzip file is not whole")
    if not listing.articles and not listing.parts:
        listing.notes.append("the list is empty")
    return listing


def resolve(base: str, address: str) -> str:
    """Resolve an address of a list.

    Parameters
    ----------
    base : str
        Address against which it is resolved.
    address : str
        Absolute or relative address.

    Returns
    -------
    str
        The absolute address; as it was where it cannot be resolved.

    Examples
    --------
    >>> resolve("https://paper.example/news/feed.xml", " a.html "), resolve("https://paper.example/x", "//o.example/a")
    ('https://paper.example/news/a.html', 'https://o.example/a')
    """
    address = address.strip()
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def clean_title(text: str) -> str:
    """Plain text of a title in which markup, or entities written twice, may stand.

    Parameters
    ----------
    text : str
        Title as the list has it.

    Returns
    -------
    str
        The title on one line.

    Examples
    --------
    >>> clean_title("<b>Breaking:</b> Ministers &amp; generals<br>meet"), clean_title("Caf&amp;eacute; 5 < 6")
    ('Breaking: Ministers & generals meet', 'Café 5 < 6')
    """
    for _ in range(_MAX_DECODED):
        plain = _MARKUP.sub(lambda tag: " " if _BREAK.match(tag[0]) else "", text)
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity[0]), plain)
        if decoded == text:
            break
        text = decoded
    return " ".join(text.replace("\x00", "").split())


def _read_addresses(text: str, *, is_whole: bool) -> Listing:
    """A text with an address a line, one of the forms of sitemaps."""
    lines = text.splitlines(keepends=True)
    if lines and not is_whole and not lines[-1].endswith("\n"):
        lines.pop()  # the address on it may go on
    addresses = [line.strip() for line in lines if line.strip()]
    listing = Listing([ListedArticle(address) for address in addresses if _TEXT_ADDRESS.match(address)])
    if n_others := len(addresses) - len(listing.articles):
        listing.notes.append(f"lines that are no addresses: {n_others}")
    return listing
