"""What an analysis knows about how its numbers came about: hashes, counts and versions, as run.json keeps them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["AnalysisFacts", "Counts", "EncoderFacts", "Hashes", "LabelFacts"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hashes(_Record):
    """sha256 of each input.

    Attributes
    ----------
    corpus : str
        Of the files and the settings that shape the documents.
    codebook : str
        Of the parsed codebook.
    encoder : str
        Fingerprint of the model that scores: the encoder, or the NLI model.
    gold : str
        Of the file of human labels; empty without one.
    code : str
        Of the package's source.
    """

    corpus: str
    codebook: str
    encoder: str
    gold: str
    code: str


class EncoderFacts(_Record):
    """Name of the model that scored, and its number format."""

    name: str
    dtype: str


class LabelFacts(_Record):
    """The human labels of an analysis.

    Attributes
    ----------
    file : str
        Name of their file; empty without labels.
    passages, refused : int
        Labelled passages, and rows that could not be read.
    learned_from : bool
        Whether the classifier learned from them.
    tuned_in : str
        Number format in which the encoder was tuned; empty where it was not.
    correction : str
        In words, whether shares are corrected with them, or why not.
    """

    file: str
    passages: int
    refused: int
    learned_from: bool
    tuned_in: str
    correction: str


class Counts(_Record):
    """Rows read are rows kept and rows refused; documents are split into passages."""

    rows_read: int
    rows_kept: int
    rows_refused: int
    documents: int
    passages: int


class AnalysisFacts(_Record):
    """Everything that says what made the numbers of an analysis.

    Attributes
    ----------
    hashes : Hashes
        Of the inputs.
    encoder : EncoderFacts
        The model.
    method : str
        In words, how passages were scored.
    threshold : float or None
        Score from which a frame is present; None for a codebook with one frame a passage.
    labels : LabelFacts
        The human labels.
    counts : Counts
        Rows, documents and passages.
    versions : dict of str to str
        Of the libraries.
    """

    hashes: Hashes
    encoder: EncoderFacts
    method: str
    threshold: float | None
    labels: LabelFacts
    counts: Counts
    versions: dict[str, str]
