"""Provenance of an analysis for run.json: hashes of its inputs, counts of rows, and versions of libraries."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from framing.classify.llm_record import LanguageModelFacts
from framing.classify.scorer import Scorer
from framing.defaults import Unit
from framing.encoders.statistics import EncoderStatistics
from framing.settings import Settings

__all__ = ["AnalysisFacts", "Counts", "EncoderFacts", "Hashes", "LabelFacts", "describe_encoder", "describe_method"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hashes(_Record):
    """Hashes (SHA-256) of the inputs.

    Attributes
    ----------
    corpus : str
        Hash of the files and of the keys of corpus.yaml that shape the documents.
    codebook : str
        Hash of the parsed codebook.
    encoder : str
        Fingerprint of the model that scores: the encoder, or the NLI model.
    gold : str
        Hash of the file of human labels; empty without one.
    code : str
        Hash of the source of the package.
    """

    corpus: str
    codebook: str
    encoder: str
    gold: str
    code: str


class EncoderFacts(_Record):
    """The model that scored the passages.

    Attributes
    ----------
    name : str
        Name of the encoder or of the NLI model.
    dtype : str
        Number format that it computed in.
    backend : str
        What computed it: `openvino`, `onnxruntime`, `torch` or `static`.
    device : str
        `cpu` or `cuda`.
    threads : int
        Cores that it could use.
    encoded : int
        Texts that it encoded when the analysis was made: passages, their parts, seeds.
    from_store : int
        Texts whose vectors (of NLI: evidence) were found in the store.
    passages_per_second : float or None
        Rate at which texts were encoded; None where every one was found. It says how fast, and no number depends on it.
    """

    name: str
    dtype: str
    backend: str = ""
    device: str = ""
    threads: int = 0
    encoded: int = 0
    from_store: int = 0
    passages_per_second: float | None = None


class LabelFacts(_Record):
    """The human labels of an analysis.

    Attributes
    ----------
    file : str
        Name of the file; empty without labels.
    passages : int
        Number of labelled passages.
    refused : int
        Number of rows of the file that could not be read.
    learned_from : bool
        Whether the classifier learned from them.
    tuned_in : str
        Number format in which the encoder was tuned; empty if it was not.
    correction : str
        Sentence that says whether shares are corrected with the labels, or why not.
    """

    file: str
    passages: int
    refused: int
    learned_from: bool
    tuned_in: str
    correction: str


class Counts(_Record):
    """Numbers of rows, documents and passages; rows read are rows kept, refused, or left out.

    Attributes
    ----------
    rows_read : int
        Rows of the files.
    rows_kept : int
        Rows that became documents.
    rows_refused : int
        Rows in quarantine.
    rows_left_out : int
        Rows that `where:` leaves out.
    documents : int
        Number of documents.
    passages : int
        Number of passages into which they were split.
    long_passages : int
        Passages that are longer than what the model reads at once, and were scored in pieces.
    passages_without_score : int
        Passages for which a language model gave no answer; they are among the passages, as abstentions.
    """

    rows_read: int
    rows_kept: int
    rows_refused: int
    rows_left_out: int
    documents: int
    passages: int
    long_passages: int
    passages_without_score: int = 0


class AnalysisFacts(_Record):
    """Inputs, model, labels, counts and versions behind the numbers of an analysis.

    Attributes
    ----------
    hashes : Hashes
        Hashes of the inputs.
    encoder : EncoderFacts
        The model that scored the passages.
    method : str
        Sentence that says how passages were scored.
    threshold : float or None
        Least score at which a frame is present; None for a codebook with one frame a passage.
    labels : LabelFacts
        The human labels.
    counts : Counts
        Numbers of rows, documents and passages.
    remarks : tuple of str
        Sentences on what to look at before relying on the numbers: languages, dates in question.
    codebook_languages : tuple of str
        ISO 639-1 codes of the languages in which the codebook has seeds.
    unit : {"passage", "document"}
        What was scored and is counted.
    versions : dict of str to str
        Versions of the libraries by name.
    language_model : LanguageModelFacts or None
        The language model that scored, or was asked beside the scorer: versions, prompts, counts, cost.
    """

    hashes: Hashes
    encoder: EncoderFacts
    method: str
    threshold: float | None
    labels: LabelFacts
    counts: Counts
    remarks: tuple[str, ...]
    codebook_languages: tuple[str, ...] = ()
    unit: Unit = "passage"
    versions: dict[str, str]
    language_model: LanguageModelFacts | None = None


def describe_encoder(scorer: Scorer) -> EncoderFacts:
    """Describe the model that scored, and what it did.

    Parameters
    ----------
    scorer : Scorer
        After it scored.

    Returns
    -------
    EncoderFacts
        Without backend and counts for a model that does not tell them.
    """
    model = getattr(scorer, "encoder_", None) or getattr(scorer, "entailment_model_", None)
    statistics = getattr(model, "statistics", EncoderStatistics())
    rate = statistics.texts_per_second
    return EncoderFacts(
        name=scorer.encoder_name_,
        dtype=scorer.dtype_,
        backend=getattr(model, "backend", ""),
        device=getattr(model, "device", ""),
        threads=getattr(model, "threads", 0),
        encoded=statistics.encoded,
        from_store=statistics.from_store,
        passages_per_second=None if rate is None else round(rate, 1),
    )


def describe_method(settings: Settings, classifier: Scorer, *, n_labelled: int | None) -> str:
    """Say how passages were scored.

    Parameters
    ----------
    settings : Settings
        Those of the analysis.
    classifier : Scorer
        What scored.
    n_labelled : int or None
        Labelled passages that it could learn from; None: there are none.

    Returns
    -------
    str
        Such as `zero-shot from the codebook's seeds: exploratory`.
    """
    if settings.scorer == "nli":
        return "zero-shot by natural language inference: exploratory"
    if settings.scorer == "llm":
        return f"answers of the language model {settings.llm_model} to the codebook: exploratory"
    if classifier.strength_ == "zero-shot":
        return "zero-shot from the codebook's seeds: exploratory"
    if classifier.zero_shot_ or n_labelled is None:
        return f"learned from the codebook's examples alone ({classifier.strength_}): exploratory"
    return f"learned from {n_labelled} labelled passages ({classifier.strength_}), seeds as prior examples"
