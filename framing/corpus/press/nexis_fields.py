"""Fields of an article of Nexis Uni: its head, its text, and the labels behind the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from framing.corpus.press.dates import begins_with_date
from framing.corpus.press.labels import is_copyright, read_count, read_label, split_page
from framing.corpus.press.word import Paragraph

__all__ = ["TAIL_WORDS", "has_foreign_labels", "is_end", "read_header", "read_tail", "read_text"]

_ENDS = {
    *("end of document", "ende des dokuments", "ende des dokumentes", "dokumentende", "fin du document"),
    *("fin del documento", "final del documento", "einde van document", "einde van het document"),
    *("fine del documento", "fim do documento", "конец документа", "文档结尾", "文件结尾", "文档结束"),
}
TAIL_WORDS = {
    *("classification", "klassifizierung", "clasificación", "classificatie", "classificazione", "классификация"),
    *("graphic", "grafik", "graphique", "gráfico", "分类"),
}
_URN = re.compile(r"urn:contentItem:([0-9A-Z-]+)")
# captions of the page, which say nothing about the article
_CAPTION = re.compile(
    r"(?:Link to (?:Image|PDF|Original Story)|Lien vers (?:l['’]image|le PDF)|Link zum (?:Bild|PDF)|"
    r"Enlace (?:a la imagen|al PDF))\s*$",
    re.IGNORECASE,
)


def is_end(paragraph: Paragraph) -> bool:
    """Check whether a paragraph is the line that ends an article.

    Parameters
    ----------
    paragraph : Paragraph
        A paragraph.

    Returns
    -------
    bool
        Whether it is.
    """
    return paragraph.text.strip().casefold() in _ENDS


def has_foreign_labels(paragraphs: Sequence[Paragraph]) -> bool:
    """Check whether the page writes its labels in another language than English.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        Paragraphs before the text.

    Returns
    -------
    bool
        Whether the labels of length or section are no English ones.
    """
    labels = [label for item in paragraphs for line in item.text.split("\n") if (label := read_label(line))]
    return any(label.field in ("words", "section") and not label.english for label in labels)


def read_header(paragraphs: Sequence[Paragraph], title: str) -> dict[str, str]:
    """Fields before the text: headline, outlet and date on lines of their own, then labels.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        Paragraphs before the text.
    title : str
        Headline as the cover lists it; empty where it is not known.

    Returns
    -------
    dict of str to str
        Fields.
    """
    lines = [
        (line, item.link)
        for item in paragraphs
        for line in (part.strip() for part in item.text.split("\n"))
        if line and not _CAPTION.match(line)
    ]
    dated = _find_date([line for line, _ in lines])
    labelled: dict[str, list[str]] = {}
    behind: list[str] = []
    last = ""
    for line, _ in lines[dated + 1 :] if dated >= 0 else []:
        label = read_label(line)
        if label:
            last = label.field
            labelled[last] = [label.value]
        elif is_copyright(line) and not last:
            labelled["copyright"] = [line]
        elif last:
            labelled[last].append(line)
        else:
            behind.append(line)
    values = {field: "\n".join(filter(None, parts)) for field, parts in labelled.items()}
    before = lines[: dated if dated >= 0 else 2]
    if dated >= 0:
        values["published"] = lines[dated][0]
        values["edition"] = "; ".join(filter(None, (values.get("edition", ""), *behind)))
    n_title = _count_title(before, title)
    values["outlet"] = before[-1][0] if len(before) > 1 else ""
    values.setdefault("title", " ".join(line for line, _ in before[:n_title]))
    group = " ".join(line for line, _ in before[n_title:-1])
    if group:  # such as the aggregator that carries a blog
        values["source_group"] = group
    values["words"] = read_count(values.get("words", ""))
    values["section"], values["page"] = split_page(values.get("section", ""))
    link = next((item.link for item in paragraphs if item.link and item.text.strip()), "")
    urn = _URN.search(unquote(link))
    return values | {"url": link, "document_id": urn[1] if urn else ""}


def _find_date(lines: Sequence[str]) -> int:
    """Place of the line of the date: behind headline and outlet, as a headline may begin with a date too."""
    dated = [i for i, line in enumerate(lines) if begins_with_date(line)]
    return next((i for i in dated if i >= 2), next((i for i in dated if i == 1), -1))


def _count_title(before: Sequence[tuple[str, str]], title: str) -> int:
    """Number of lines of the headline: those that the cover lists, or linked to the article; else all but the last."""
    if len(before) < 2:
        return len(before)
    wanted = "".join(title.split())
    for n in range(1, len(before)):
        if wanted and "".join("".join(line for line, _ in before[:n]).split()) == wanted:
            return n
    n_linked = next((i for i, (_, link) in enumerate(before) if not _URN.search(unquote(link))), len(before))
    return n_linked if 0 < n_linked < len(before) else len(before) - 1


def read_tail(paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    """Fields behind the text.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        Paragraphs behind the text.

    Returns
    -------
    dict of str to str
        Fields.
    """
    values: dict[str, list[str]] = {}
    last = ""
    for line in (line.strip() for item in paragraphs for line in item.text.split("\n")):
        label = read_label(line)
        if label:
            last = label.field
            values[last] = [label.value]
        elif line and last and line.casefold() not in _ENDS | TAIL_WORDS:
            values[last].append(line)
    header = ("title", "author", "section", "words")  # these stand before the text
    return {field: "\n".join(filter(None, lines)) for field, lines in values.items() if field not in header}


def read_text(lines: Sequence[str]) -> dict[str, str]:
    """Text of the body; an abstract before it is a field of its own.

    Parameters
    ----------
    lines : sequence of str
        Paragraphs of the body.

    Returns
    -------
    dict of str to str
        `text`, and `abstract` where there is one.
    """
    heads = [line.rstrip(":").strip() for line in lines]
    if "FULL TEXT" in heads:
        full = heads.index("FULL TEXT")
        start = heads.index("ABSTRACT") + 1 if "ABSTRACT" in heads[:full] else 0
        abstract = "\n\n".join(filter(None, lines[start:full]))
        return {"text": "\n\n".join(filter(None, lines[full + 1 :])), "abstract": abstract}
    return {"text": "\n\n".join(filter(None, lines))}
