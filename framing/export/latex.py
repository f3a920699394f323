"""LaTeX of tables (booktabs, longtable) and of a codebook; every special character is escaped."""

from __future__ import annotations

import re

import pandas as pd

from framing.codebook import Codebook

__all__ = ["escape_latex", "write_codebook_latex", "write_table_latex"]

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": "'", "−": r"$-$", "–": "--", "—": "---", "×": r"$\times$",
    "≥": r"$\geq$", "≤": r"$\leq$", "α": r"$\alpha$", "…": r"\dots{}", "’": "'", "‘": "`", "“": "``", "”": "''",
    "\N{NO-BREAK SPACE}": "~",
}  # fmt: skip
_BREAK = re.compile(r"\s*[\r\n]+\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONG = 30  # rows from which a table may break over pages


def escape_latex(text: str) -> str:
    """Escape text for LaTeX.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        LaTeX that sets the text; line breaks become spaces, and control characters are left out.

    Examples
    --------
    >>> print(escape_latex("50% of R&D_x {a} #1 \\\\cmd ~^"))
    50\\% of R\\&D\\_x \\{a\\} \\#1 \\textbackslash{}cmd \\textasciitilde{}\\textasciicircum{}
    """
    flat = _CONTROL.sub("", _BREAK.sub(" ", text).replace("\t", " "))
    return "".join(_ESCAPES.get(character, character) for character in flat)


def write_table_latex(table: pd.DataFrame, *, name: str, caption: str) -> str:
    """Write a table of text as LaTeX.

    Parameters
    ----------
    table : DataFrame
        Text.
    name : str
        Name of the table, for its label.
    caption : str
        Caption, not escaped yet.

    Returns
    -------
    str
        A `table` with booktabs rules; a `longtable` if it has many rows. Both need the packages booktabs, longtable and
        array.
    """
    long = len(table) > _LONG
    width = 0.94 / max(1, len(table.columns))
    columns = "".join(f">{{\\raggedright\\arraybackslash}}p{{{width:.3f}\\linewidth}}" for _ in table.columns)
    head = " & ".join(escape_latex(str(column)) for column in table.columns) + r" \\"
    # a row that starts with a bracket would be read as the length of the line break before it
    body = [
        " & ".join(f"{{}}{escape_latex(str(cell))}" for cell in row) + r" \\" for row in table.itertuples(index=False)
    ]
    heading = f"\\caption{{{escape_latex(caption)}}}\\label{{tab:{name.replace('_', '-')}}}"
    if long:
        lines = [
            f"\\begin{{longtable}}{{@{{}}{columns}@{{}}}}", heading + r"\\", r"\toprule", head, r"\midrule",
            r"\endfirsthead", r"\toprule", head, r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot", *body,
            r"\end{longtable}",
        ]  # fmt: skip
    else:
        lines = [
            r"\begin{table}[tb]", r"\centering\small", heading, f"\\begin{{tabular}}{{@{{}}{columns}@{{}}}}",
            r"\toprule", head, r"\midrule", *body, r"\bottomrule", r"\end{tabular}", r"\end{table}",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def write_codebook_latex(codebook: Codebook) -> str:
    """Write a codebook as an appendix in LaTeX.

    Parameters
    ----------
    codebook : Codebook
        The codebook.

    Returns
    -------
    str
        A section, with a subsection a frame: definition, rules for and against, and the number of seed passages.
    """
    lines = [f"\\section{{Codebook {escape_latex(codebook.codebook)}, version {escape_latex(codebook.version)}}}"]
    lines += [escape_latex(codebook.description), ""]
    for frame in codebook.frames:
        lines += [f"\\subsection{{{escape_latex(frame.name)}}}", escape_latex(frame.definition), ""]
        for title, rules in (("Include", frame.include), ("Exclude", frame.exclude)):
            if rules:
                items = "\n".join(f"\\item {{}}{escape_latex(rule)}" for rule in rules)
                lines += [f"\\paragraph{{{title}}}", "\\begin{itemize}", items, "\\end{itemize}"]
        lines += [f"Seed passages: {len(frame.seeds)}.", ""]
    if codebook.references:
        lines += ["\\paragraph{References of the codebook}", *map(escape_latex, codebook.references)]
    return "\n".join(lines) + "\n"
