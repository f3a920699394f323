"""What a paper has to cite: software by its version, estimators by the words of the methods that a run used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

__all__ = ["CODERS", "Reference", "cite_methods", "cite_software", "write_bibtex"]


class Reference(NamedTuple):
    """A source.

    Attributes
    ----------
    key : str
        Key in the bibliography.
    kind : str
        Type of the entry of BibTeX.
    author, year, title, place : str
        Author, year, title, and journal, publisher or address.
    """

    key: str
    kind: str
    author: str
    year: str
    title: str
    place: str

    @property
    def text(self) -> str:
        """The source as a line of a list of references."""
        names = self.author.replace(" and ", "; ").replace("{", "").replace("}", "")
        return f"{names}{f' ({self.year})' if self.year else ''}. {self.title}. {self.place}."


CODERS = Reference(
    "krippendorff2018", "book", "Krippendorff, Klaus", "2018",
    "Content Analysis: An Introduction to Its Methodology", "4th ed., Sage",
)  # fmt: skip
# fmt: off
_ESTIMATORS: dict[str, tuple[Reference, ...]] = {  # by a word of the column `method`
    "corrected with labelled passages": (
        Reference("egami2023", "inproceedings",
                  "Egami, Naoki and Hinck, Musashi and Stewart, Brandon M. and Wei, Hanying", "2023",
                  "Using Imperfect Surrogates for Downstream Inference: Design-based Supervised Learning for "
                  "Social Science Applications of Large Language Models", "Advances in Neural Information Processing "
                  "Systems 36"),
        Reference("sarndal1992", "book", "Särndal, Carl-Erik and Swensson, Bengt and Wretman, Jan", "1992",
                  "Model Assisted Survey Sampling", "Springer"),
        Reference("angelopoulos2023", "misc",
                  "Angelopoulos, Anastasios N. and Duchi, John C. and Zrnic, Tijana", "2023",
                  "PPI++: Efficient Prediction-Powered Inference", "arXiv:2311.01453"),
    ),
    "score interval": (
        Reference("wilson1927", "article", "Wilson, Edwin B.", "1927",
                  "Probable Inference, the Law of Succession, and Statistical Inference",
                  "Journal of the American Statistical Association 22"),
    ),
    "max-t": (
        Reference("westfall1993", "book", "Westfall, Peter H. and Young, S. Stanley", "1993",
                  "Resampling-Based Multiple Testing", "Wiley"),
    ),
    "Kitagawa": (
        Reference("kitagawa1955", "article", "Kitagawa, Evelyn M.", "1955",
                  "Components of a Difference Between Two Rates", "Journal of the American Statistical Association 50"),
        Reference("oaxaca1973", "article", "Oaxaca, Ronald", "1973",
                  "Male-Female Wage Differentials in Urban Labor Markets", "International Economic Review 14"),
        Reference("blinder1973", "article", "Blinder, Alan S.", "1973",
                  "Wage Discrimination: Reduced Form and Structural Estimates", "Journal of Human Resources 8"),
    ),
    "log-odds": (
        Reference("monroe2008", "article", "Monroe, Burt L. and Colaresi, Michael P. and Quinn, Kevin M.", "2008",
                  "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the Content of Political "
                  "Conflict", "Political Analysis 16(4)"),
    ),
    "q_value": (
        Reference("benjamini1995", "article", "Benjamini, Yoav and Hochberg, Yosef", "1995",
                  "Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple Testing",
                  "Journal of the Royal Statistical Society B 57"),
    ),
    "rank": (
        Reference("mogstad2024", "article",
                  "Mogstad, Magne and Romano, Joseph P. and Shaikh, Azeem M. and Wilhelm, Daniel", "2024",
                  "Inference for Ranks with Applications to Mobility across Neighbourhoods and Academic "
                  "Achievement across Countries", "Review of Economic Studies 91"),
    ),
}
# fmt: on
_SOFTWARE = {  # package: author, title
    "framing": ("{The framing authors}", "framing: multi-perspective framing analysis of news corpora"),
    "numpy": ("{The NumPy developers}", "NumPy"),
    "pandas": ("{The pandas developers}", "pandas"),
    "scikit-learn": ("{The scikit-learn developers}", "scikit-learn"),
    "scipy": ("{The SciPy developers}", "SciPy"),
    "torch": ("{The PyTorch developers}", "PyTorch"),
    "transformers": ("{The Hugging Face team}", "Transformers"),
    "sentence-transformers": ("{The Sentence Transformers developers}", "Sentence Transformers"),
    "openvino": ("{The OpenVINO developers}", "OpenVINO"),
    "onnxruntime": ("{The ONNX Runtime developers}", "ONNX Runtime"),
    "sentencex": ("{The Wikimedia language team}", "sentencex"),
    "py3langid": ("{The py3langid developers}", "py3langid"),
    "altair": ("{The Altair developers}", "Vega-Altair"),
    "papermill": ("{The nteract contributors}", "papermill"),
}


def cite_methods(words: Iterable[str]) -> list[Reference]:
    """List the sources of the estimators that are named.

    Parameters
    ----------
    words : iterable of str
        Texts of the column `method`, and names of columns and tables that stand for a method.

    Returns
    -------
    list of Reference
        Each once.

    Examples
    --------
    >>> [source.key for source in cite_methods(["corrected; score interval over documents"])]
    ['wilson1927']
    """
    text = "\n".join(words)
    return [source for word, sources in _ESTIMATORS.items() if word in text for source in sources]


def cite_software(versions: Mapping[str, str]) -> list[Reference]:
    """List the software of a run.

    Parameters
    ----------
    versions : mapping of str to str
        Version of each package.

    Returns
    -------
    list of Reference
        One a package.
    """
    found = []
    for package, version in versions.items():
        author, title = _SOFTWARE.get(package, ("", package))
        key = f"software-{package}"
        found.append(Reference(key, "misc", author, "", f"{title}, version {version}", "Computer software"))
    return found


def write_bibtex(references: Iterable[Reference]) -> str:
    """Write references as BibTeX.

    Parameters
    ----------
    references : iterable of Reference
        The sources.

    Returns
    -------
    str
        Content of a .bib file, UTF-8.
    """
    places = {"article": "journal", "inproceedings": "booktitle", "book": "publisher", "misc": "howpublished"}
    entries = []
    for source in references:
        fields = {
            "author": source.author, "year": source.year, "title": f"{{{source.title}}}",
            places[source.kind]: source.place,
        }  # fmt: skip
        lines = [f"  {key} = {{{_escape(value)}}}," for key, value in fields.items() if value]
        entries.append("\n".join([f"@{source.kind}{{{source.key},", *lines, "}"]))
    return "\n\n".join(entries) + "\n"


def _escape(text: str) -> str:
    return text.replace("\\", "").replace("&", r"\&").replace("%", r"\%").replace("_", r"\_").replace("#", r"\#")
