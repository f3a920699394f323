"""A report as PDF, printed by a Chromium on this machine; nothing is loaded from a network."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from framing.errors import InputError, RunError
from framing.files.whole import whole_file
from framing.project import project_root

__all__ = ["print_report"]

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_FOOTER = (
    "<div style='font-size:8px;width:100%;text-align:center'>"
    "<span class=pageNumber></span> / <span class=totalPages></span></div>"
)


def print_report(name: str, output: Path | None = None) -> Path:
    """Print a report as PDF.

    Parameters
    ----------
    name : str
        Name of a report in reports/.
    output : Path or None, default None
        File to write; by default reports/NAME.pdf, which later runs of the report do not touch.

    Returns
    -------
    Path
        The PDF.

    Raises
    ------
    InputError
        If the report, the extra `pdf` (playwright) or a Chromium or Chrome is missing. The environment variable
        FRAMING_CHROMIUM names the browser; without it the usual names are looked up.
    RunError
        If printing fails.
    """
    page = project_root() / "reports" / name / "index.html"
    if not page.is_file():
        raise InputError(f"There is no report {name!r} in reports/; make it first: framing report {name}.")
    target = output or page.parent.with_name(f"{name}.pdf")
    if not target.parent.is_dir():
        raise InputError(f"{target.parent} is no folder.", argument="output")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise InputError("A PDF needs playwright: pip install 'framing[pdf]'.") from None
    program = os.environ.get("FRAMING_CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise InputError("A PDF needs Chromium or Chrome on this machine; name it with FRAMING_CHROMIUM.")
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # as root Chromium has no sandbox to use
    try:
        with whole_file(target) as work, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=flags)
            try:
                tab = browser.new_context(offline=True, java_script_enabled=False).new_page()
                tab.goto(page.as_uri())
                tab.pdf(
                    path=work,
                    format="A4",
                    print_background=True,
                    display_header_footer=True,
                    header_template="<span></span>",
                    footer_template=_FOOTER,
                    margin={"top": "14mm", "bottom": "16mm", "left": "12mm", "right": "12mm"},
                )
            finally:
                browser.close()
    except Error as error:
        raise RunError(f"{program} could not print the report: {str(error).splitlines()[0]}") from None
    return target
