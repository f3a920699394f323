"""What the tests of the side-by-side page in a browser share."""

from __future__ import annotations

import shutil

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
FOLLOW = """link => new Promise((done) => {
  if (link === (location.hash || "#")) return done();
  addEventListener("hashchange", () => done(), { once: true });
  location.hash = link;
})"""


def count(page) -> str:
    return page.inner_text("#count")


def follow(page, link: str) -> None:
    """As a click on a link to the page that is already open, once the page has followed it."""
    page.evaluate(FOLLOW, "#" + link.partition("#")[2])


def shown(page) -> set[str]:
    return {name.removeprefix("p-") for name in page.eval_on_selector_all(".passage[id]", "all => all.map(x => x.id)")}
