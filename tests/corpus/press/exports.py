"""Reading of export files in tests. All outlets, persons and texts in these tests are constructed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import strategies as st

from framing.corpus.press import read_press
from framing.corpus.records import Refused, Row

FIELDS = ("text", "title", "outlet", "published")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(content: str | bytes, kind: str, name: str = "export", encoding: str = "utf-8") -> list[Row | Refused]:
    source = content.encode() if isinstance(content, str) else content
    return list(read_press(io.BytesIO(source), name, kind, FIELDS, encoding))


def read_articles(content: str | bytes, kind: str) -> list[dict[str, str]]:
    """Values of the articles of a file of which nothing is refused."""
    items = read(content, kind)
    assert not [item for item in items if isinstance(item, Refused)]
    return [item.values for item in items if isinstance(item, Row)]


def reasons(content: str | bytes, kind: str, name: str = "export") -> list[str]:
    return [item.reason for item in read(content, kind, name) if isinstance(item, Refused)]


def read_sample(real_data: Path, name: str, kind: str) -> tuple[list[Row], list[Refused]]:
    """Rows and refused of one of the sample files, with every field of a document filled."""
    path = real_data / "exports" / name
    if not path.is_file():
        pytest.skip("the sample files are not beside the repository")
    items = read(path.read_bytes(), kind, name)
    rows = [item for item in items if isinstance(item, Row)]
    for row in rows:
        assert row.values["text"].strip()
        assert row.values["outlet"].strip()
        assert row.values["published"].strip()
    return rows, [item for item in items if isinstance(item, Refused)]


Part = str | tuple[str, str]  # a paragraph, or its bookmark and its text


def make_docx(parts: Sequence[Part], links: Sequence[str] = ()) -> bytes:
    """A .docx of paragraphs; one with a bookmark is a pair. The links belong to paragraphs that begin with `link:`."""
    body = []
    used = 0
    for number, part in enumerate(parts):
        bookmark, text = part if isinstance(part, tuple) else ("", part)
        mark = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark}"/>' if bookmark else ""
        run = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
        run = f"<w:r>{run}</w:r>"
        if text.startswith("link:"):
            run = f'<w:hyperlink r:id="rId{used}">{run.replace("link:", "")}</w:hyperlink>'
            used += 1
        body.append(f"<w:p>{mark}{run if text else ''}</w:p>")
    relations = "".join(
        f'<Relationship Id="rId{i}" Target="{escape(link)}" TargetMode="External"/>' for i, link in enumerate(links)
    )
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    files = {
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{r}"><w:body>{"".join(body)}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="x">{relations}</Relationships>',
    }
    return make_zip(files)


def make_zip(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@st.composite
def damaged(draw: st.DrawFn, parts: Sequence[Part]) -> list[Part]:
    """The parts of a file after it was cut, parts of it were deleted, or a block of them was doubled."""
    out = list(parts)
    for _ in range(draw(st.integers(1, 3))):
        if not out:
            break
        kind = draw(st.sampled_from(["cut", "delete", "double"]))
        start = draw(st.integers(0, len(out) - 1))
        if kind == "cut":
            out = out[: max(start, 1)]
        elif kind == "delete":
            del out[start : start + draw(st.integers(1, 3))]
        else:
            end = min(len(out), start + draw(st.integers(1, 12)))
            out = out[:end] + out[start:end] + out[end:]
    return out
