"""Parameters of a run in one frozen record, validated once."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from framing.defaults import AUTO_ENCODER, LEVEL, MAX_WORDS, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.files.strict_yaml import describe_problems
from framing.reads import READS_VARIABLE, Reads
from framing.selection import Selection
from framing.texts.language import ENGLISH, check_language, use_language

__all__ = ["Draws", "Hypothesis", "Name", "NameOrEmpty", "Settings", "find_names_read"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
NameOrEmpty = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,63})?$")]
ReportLanguage = Annotated[str, AfterValidator(check_language)]


class Draws(TypedDict):
    """Options that all functions with random draws and intervals take."""

    level: float
    n_bootstrap: int
    random_seed: int


class Hypothesis(BaseModel):
    """A difference that is expected before labels are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    frame: str = Field(min_length=1, description="id of the frame")
    groups: tuple[str, str] = Field(
        strict=False, description="the two groups compared; the second may be `rest`, all others"
    )
    expect: Literal["more", "less", "differ"] = Field(
        default="differ", description="whether the first group has more of the frame, less, or either"
    )

    @model_validator(mode="after")
    def _check_groups(self) -> Hypothesis:
        first, second = self.groups
        if first == second:
            raise ValueError(f"groups: expected two different groups, got {first} twice")
        if first == "rest":
            raise ValueError(f"groups: rest (all others) may only be the second: groups: [{second}, rest]")
        return self


class Tests(TypedDict):
    """Options that all tests of differences between groups take, beside those of draws."""

    by: str
    min_documents: int
    target: Literal["process", "corpus"]


_RENAMED = {"strata": "agenda_items"}  # in report files and run.json of version 0.1.0


class Settings(BaseModel):
    """Validated parameters of one analysis; unknown names are refused.

    Raises
    ------
    InputError
        Names each wrong value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    corpus: NameOrEmpty = Field(default="", description="folder in corpora/")
    corpora: tuple[Name, ...] = Field(
        default=(), strict=False, description="several folders in corpora/, in place of corpus"
    )
    codebook: Name = Field(description="file in seeds/, without .yaml")
    encoder: str = Field(
        default=AUTO_ENCODER,
        min_length=1,
        description="auto, minilm, mpnet, both, multilingual, a path, or hub name@revision",
    )
    unit: Literal["", "passage", "document"] = Field(
        default="", description="what is scored and counted: passage, or document as a whole; empty: as the codebook"
    )
    passage_words: int = Field(default=MAX_WORDS, ge=10, le=400, description="most words in a passage")
    where: dict[str, Selection] = Field(
        default_factory=dict, description="as in corpus.yaml; {published: overlap}: the days that all groups cover"
    )
    compare_by: str = Field(
        default="outlet", min_length=1, description="column of the documents whose groups are compared"
    )
    period: Literal["day", "week", "month"] = Field(default="week", description="time step of trends")
    level: float = Field(default=LEVEL, gt=0.5, lt=1.0, description="confidence level of intervals")
    n_bootstrap: int = Field(default=N_BOOTSTRAP, ge=200, le=50_000, description="draws of documents for intervals")
    min_documents: int = Field(default=MIN_DOCUMENTS, ge=2, le=1000, description="fewer documents: shown, not compared")
    top_passages: int = Field(default=3, ge=1, le=20, description="example passages per frame and outlet")
    scorer: Literal["seeds", "nli", "llm"] = Field(default="seeds", description="seeds, NLI, or a language model")
    nli_model: str = Field(default="", description="for scorer nli: a folder, or hub name@revision")
    llm_model: str = Field(default="", description="language model, by its name at the server FRAMING_LLM_URL")
    llm_mode: Literal["all", "one"] = Field(default="all", description="all frames in a question, or one: chances")
    llm_beside: bool = Field(default=False, description="correct with the language model beside seeds or NLI")
    llm_max_cost: float = Field(default=0.0, ge=0, description="most that the language model of a run may cost")
    llm_redaction: str = Field(default="", description="file of patterns, replaced in texts before they are sent")
    gold: str = Field(default="", description="file of human labels, over the corpus's own")
    learn_from_gold: bool = Field(default=False, description="learn from the human labels, else zero-shot")
    strength: Literal["auto", "zero-shot", "head", "fine-tuned"] = Field(default="auto", description="how to learn")
    threshold_for: Literal["both", "macro", "micro"] = Field(
        default="both", description="the F1 that the threshold is chosen for, on labels or examples"
    )
    search_tuning: bool = Field(
        default=False, description="choose rate, layers and class weights of strength fine-tuned on its first fold"
    )
    language_shift: Literal["remove", "keep"] = Field(default="remove", description="what tells languages apart")
    wanted_precision: float = Field(default=0.0, ge=0, lt=1, description="abstain below it; 0: never; needs labels")
    wanted_recall: float = Field(default=0.0, ge=0, lt=1, description="abstain below it; 0: never; needs labels")
    cluster: Literal["story", "document"] = Field(
        default="story", description="independent units: stories (events, else weeks of an outlet), or documents"
    )
    target: Literal["process", "corpus"] = Field(
        default="process", description="corrected shares are about what outlets publish, or about these passages"
    )
    weights: Literal["passages", "documents", "outlets"] = Field(
        default="passages", description="what counts alike in a share: passages, documents or outlets"
    )
    hypotheses: tuple[Hypothesis, ...] = Field(
        default=(), strict=False, description="differences named before labels are read; only they are confirmatory"
    )
    within: float = Field(
        default=0.1, gt=0, lt=1, description="margin within which two shares count as equivalent, a share: 0.1"
    )
    formula: str = Field(
        default="", description="what frames are regressed on: outlet + period; empty: compare_by, and linear time"
    )
    agenda_items: Literal["auto", "event", "period"] = Field(
        default="auto", description="items of the agenda in the decomposition: events of the corpus, or periods"
    )
    fragility_top: int = Field(default=10, ge=3, le=50, description="clearest differences whose fragility is measured")
    encoders_varied: str = Field(
        default="", description="encoders that fragility tries, with commas between; empty: those installed"
    )
    threshold_varied: float = Field(
        default=1.1, gt=0, le=1.4, description="another threshold to look at, as a multiple of the one used"
    )
    random_seed: int = Field(default=RANDOM_SEED, ge=0, description="start of every random draw")
    language: ReportLanguage = Field(default=ENGLISH, description="of the page and its charts: en, de, fr, ru, uk, zh")
    data_path: str = Field(default="", description="folder of the corpus files, over FRAMING_DATA")

    def __getattribute__(self, name: str) -> Any:
        if _reads is not None:
            _reads.note(name)
        return super().__getattribute__(name)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """Return the values by name, as `pydantic.BaseModel.model_dump` does.

        Parameters
        ----------
        **options : Any
            Options of that method: `include` and `exclude` are sets of names here.

        Returns
        -------
        dict of str to object
            The values.
        """
        if _reads is None:
            return super().model_dump(**options)
        include, exclude = options.get("include"), options.get("exclude")
        names = set(type(self).model_fields) if include is None else set(include)
        with _reads.dump(names - set(exclude or ())):
            return super().model_dump(**options)

    def with_encoder(self, name: str) -> Settings:
        """Make the same settings with another encoder; of this one nothing else counts as read.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        Settings
            A copy.
        """
        if _reads is None:
            return self.model_copy(update={"encoder": name})
        with _reads.dump({"encoder"}):
            return self.model_copy(update={"encoder": name})

    def __init__(self, **values: Any) -> None:
        for old, new in _RENAMED.items():
            if old in values and new not in values:
                values[new] = values.pop(old)
        try:
            super().__init__(**values)
        except ValidationError as error:
            problem = describe_problems(error, type(self), values=values).replace("unknown key", "unknown setting")
            raise InputError(f"Settings: {problem}") from None
        if bool(self.corpus) == bool(self.corpora):
            raise InputError("Settings: give one corpus, or several as corpora, a list of folders in corpora/.")

    @classmethod
    def from_parameters(cls, variables: Mapping[str, Any]) -> Settings:
        """Make the settings of a notebook from the variables of its parameters cell.

        Parameters
        ----------
        variables : mapping of str to object
            `globals()` of the notebook, right below the parameters cell. Other settings have their defaults; a report
            sets all of them.

        Returns
        -------
        Settings
            The validated settings.

        Raises
        ------
        InputError
            If the corpus or the codebook is missing, a value is not valid, or the parameters cell sets a name that is
            no setting, which could be a misspelled one.

        Notes
        -----
        What the notebook then shows is in the language of the settings.

        In a notebook the parameters cell is the one run last that sets `corpus` or `corpora`; variables of other cells
        do not count. Elsewhere all of `variables` do.
        """
        fields = cls.model_fields
        names = _find_parameter_names(variables)
        missing = [name for name, field in fields.items() if field.is_required() and name not in names]
        if not {"corpus", "corpora"} & names:
            missing.insert(0, "corpus")
        if missing:
            raise InputError(
                f"Settings: the parameters cell does not set {' and '.join(missing)}. Run it first, or add a line "
                f"{missing[0]} = … to it."
            )
        unknown = sorted(names - set(fields))
        if unknown:
            raise InputError(
                f"Settings: the parameters cell sets {', '.join(unknown)}, which is no setting. Known: "
                f"{', '.join(fields)}."
            )
        settings = cls(**{name: variables[name] for name in fields if name in names})
        use_language(settings.language)
        _record_reads()
        return settings

    @property
    def corpus_names(self) -> tuple[str, ...]:
        """Names of the corpora: `corpora`, else `corpus` alone."""
        return self.corpora or (self.corpus,)

    @property
    def draws(self) -> Draws:
        """The options `level`, `n_bootstrap` and `random_seed` of an estimate: `**settings.draws`."""
        return {"level": self.level, "n_bootstrap": self.n_bootstrap, "random_seed": self.random_seed}

    @property
    def tests(self) -> Tests:
        """The options `by`, `min_documents` and `target` of a test of differences: `**settings.tests`."""
        return {"by": self.compare_by, "min_documents": self.min_documents, "target": self.target}


_reads: Reads | None = None


def _record_reads() -> None:
    """Record from now on which settings are read, if a report asks its kernel for that."""
    global _reads
    path = os.environ.get(READS_VARIABLE)
    if path and _reads is None:
        _reads = Reads(path, Settings.model_fields)
        _reads.write({"corpus", "corpora", "codebook", "language"})


def find_names_read(text: str) -> set[str] | None:
    """Find the settings that a kernel read.

    Parameters
    ----------
    text : str
        Content of the file that `READS_VARIABLE` named.

    Returns
    -------
    set of str or None
        Names of settings; None if it read all of them, none, or something that is no setting.
    """
    names = set(text.split())
    return names if names and names <= set(Settings.model_fields) else None


def _find_parameter_names(variables: Mapping[str, Any]) -> set[str]:
    """Names that the parameters cell sets: of the cell that IPython ran last that names corpora, else all."""
    for source in reversed(variables.get("In", [])):
        try:
            lines = ast.parse(source).body
        except SyntaxError:  # a magic
            continue
        targets = [target for line in lines if isinstance(line, ast.Assign) for target in line.targets]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if {"corpus", "corpora"} & names:
            return names
    return {name for name in variables if not name.startswith("_")} if "In" not in variables else set()
