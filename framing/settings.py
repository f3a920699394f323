"""Every parameter of a run, validated once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.strict_yaml import describe_problems

__all__ = ["Name", "Settings"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Settings(BaseModel):
    """Validated parameters of one analysis; unknown names are refused.

    Raises `InputError` naming each wrong value when it cannot be built.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    corpus: Name = Field(description="folder in corpora/")
    codebook: Name = Field(description="file in seeds/, without .yaml")
    encoder: str = Field(default="minilm", min_length=1, description="minilm, mpnet, a path, or hub name@revision")
    passage_words: int = Field(default=90, ge=10, le=400, description="most words in a passage")
    compare_by: Literal["outlet", "perspective"] = Field(default="outlet", description="whose shares are compared")
    period: Literal["day", "week", "month"] = Field(default="week", description="time step of trends")
    level: float = Field(default=LEVEL, gt=0.5, lt=1.0, description="confidence level of intervals")
    n_bootstrap: int = Field(default=N_BOOTSTRAP, ge=200, le=50_000, description="draws of documents for intervals")
    min_documents: int = Field(default=MIN_DOCUMENTS, ge=2, le=1000, description="fewer documents: shown, not compared")
    top_passages: int = Field(default=3, ge=1, le=20, description="example passages per frame and outlet")
    scorer: Literal["seeds", "nli"] = Field(default="seeds", description="what scores: the codebook's seeds, or NLI")
    nli_model: str = Field(default="", description="for scorer nli: a folder, or hub name@revision")
    gold: str = Field(default="", description="file of human labels, over the corpus's own")
    learn_from_gold: bool = Field(default=False, description="learn from the human labels, else zero-shot")
    strength: Literal["auto", "zero-shot", "head", "fine-tuned"] = Field(default="auto", description="how to learn")
    wanted_precision: float = Field(default=0.0, ge=0, lt=1, description="abstain below it; 0: never; needs labels")
    wanted_recall: float = Field(default=0.0, ge=0, lt=1, description="abstain below it; 0: never; needs labels")
    strata: Literal["auto", "event", "period"] = Field(default="auto", description="what a story is: event, or period")
    fragility_top: int = Field(default=10, ge=3, le=50, description="clearest differences whose fragility is measured")
    encoders_varied: str = Field(
        default="", description="encoders that fragility tries, with commas between; empty: those installed"
    )
    random_seed: int = Field(default=RANDOM_SEED, ge=0, description="start of every random draw")
    data_path: str = Field(default="", description="folder of the corpus files, over FRAMING_DATA")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            problem = describe_problems(error, type(self)).replace("unknown key", "unknown setting")
            raise InputError(f"Settings: {problem}") from None
