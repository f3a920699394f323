"""Collects the texts of code, scripts and notebooks for pybabel: `babel.cfg` names these functions.

A call within another is found too, which the extractor of Babel for Python leaves out.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import IO, Any

__all__ = ["extract_calls", "extract_notebook", "extract_script", "find_plurals", "find_texts"]

_TEXT = re.compile(r'(?<!\w)phrase\(\s*"([^"]+)"')
_PLURAL = re.compile(r'(?<!\w)phraseN\(\s*"([^"]+)",\s*"([^"]+)"')

Found = tuple[int, str | None, str | tuple[str, ...], list[str]]  # as pybabel wants it


def find_texts(script: str) -> list[str]:
    """Find the texts that a script of a page shows.

    Parameters
    ----------
    script : str
        JavaScript.

    Returns
    -------
    list of str
        First arguments of `phrase`.

    Examples
    --------
    >>> find_texts('el("p", { text: phrase("no date") })')
    ['no date']
    """
    return _TEXT.findall(script)


def find_plurals(script: str) -> list[tuple[str, str]]:
    """Find the texts of a script that are about a number of things.

    Parameters
    ----------
    script : str
        JavaScript.

    Returns
    -------
    list of (str, str)
        First two arguments of `phraseN`.

    Examples
    --------
    >>> find_plurals('phraseN("{n} row", "{n} rows", n)')
    [('{n} row', '{n} rows')]
    """
    return _PLURAL.findall(script)


def extract_script(stream: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Collect the texts of a script.

    Parameters
    ----------
    stream : file of bytes
        The script.
    keywords, comment_tags, options : object
        What pybabel gives each extractor; not used.

    Yields
    ------
    tuple
        Line, keyword, text or texts, comments.
    """
    for number, line in enumerate(stream.read().decode("utf-8").split("\n"), start=1):
        for text in find_texts(line):
            yield number, None, text, []
    stream.seek(0)
    for pair in find_plurals(stream.read().decode("utf-8")):
        yield 1, "phrase_n", pair, []


def extract_calls(stream: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Collect the texts of a Python module: the literals that are arguments of `phrase` and its kin.

    Parameters
    ----------
    stream : file of bytes
        The module.
    keywords, comment_tags, options : object
        What pybabel gives each extractor; of `keywords` only the names count.

    Yields
    ------
    tuple
        Line, keyword, text or texts, comments.
    """
    for node in ast.walk(ast.parse(stream.read())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in keywords:
            continue
        texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        n_texts = 2 if node.func.id in ("phrase_n", "phrase_in") else 1
        if len(texts) >= n_texts:
            yield node.lineno, node.func.id, tuple(texts[:n_texts]) if n_texts > 1 else texts[0], []


def extract_notebook(stream: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Collect the texts of a notebook: its cells of text, and the captions of what its cells show.

    Parameters
    ----------
    stream : file of bytes
        The notebook.
    keywords, comment_tags, options : object
        What pybabel gives each extractor; not used.

    Yields
    ------
    tuple
        Number of the cell, keyword, text, comments.
    """
    for number, cell in enumerate(json.load(stream)["cells"], start=1):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield number, None, source, []
        elif cell["cell_type"] == "code":
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.keyword) and node.arg == "caption" and isinstance(node.value, ast.Constant):
                    yield number, None, str(node.value.value), []
