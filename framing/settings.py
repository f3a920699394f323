"""Every parameter of a run, validated once, and where a project keeps its things."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from framing.errors import InputError
from framing.strict_yaml import describe_problems

__all__ = [
    "Draws",
    "Name",
    "Settings",
    "cache_folder",
    "corpus_folder",
    "named_file",
    "parse_assignments",
    "project_root",
]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Draws(TypedDict):
    """Options that every function with random draws and intervals takes."""

    level: float
    n_bootstrap: int
    random_seed: int


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
    level: float = Field(default=0.95, gt=0.5, lt=1.0, description="confidence level of intervals")
    n_bootstrap: int = Field(default=2000, ge=200, le=50_000, description="draws of documents for intervals")
    min_documents: int = Field(default=5, ge=2, le=1000, description="fewer documents: shown, not compared")
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
    random_seed: int = Field(default=20250704, ge=0, description="start of every random draw")
    data_path: str = Field(default="", description="folder of the corpus files, over FRAMING_DATA")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            problem = describe_problems(error, type(self)).replace("unknown key", "unknown setting")
            raise InputError(f"Settings: {problem}") from None

    @classmethod
    def from_parameters(cls, variables: Mapping[str, Any]) -> Settings:
        """Settings of a notebook from the variables of its parameters cell.

        Parameters
        ----------
        variables : mapping of str to object
            `globals()` of the notebook, right below the parameters cell. Settings that are not among them have their
            defaults; a report sets all of them.

        Returns
        -------
        Settings
            Validated.

        Raises
        ------
        InputError
            Where the corpus or the codebook is missing, a value is not valid, or the parameters cell sets a name that
            is no setting: a misspelled one would otherwise be ignored.

        Notes
        -----
        In a notebook the parameters cell is the one run last that sets `corpus`; variables of other cells do not
        count. Elsewhere all of `variables` do.
        """
        fields = cls.model_fields
        names = _parameter_names(variables)
        missing = [name for name, field in fields.items() if field.is_required() and name not in names]
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
        return cls(**{name: variables[name] for name in fields if name in names})

    @property
    def draws(self) -> Draws:
        """`level`, `n_bootstrap` and `random_seed`, as keyword arguments of an estimate: `**settings.draws`."""
        return {"level": self.level, "n_bootstrap": self.n_bootstrap, "random_seed": self.random_seed}


def _parameter_names(variables: Mapping[str, Any]) -> set[str]:
    """Names that the parameters cell sets: of the cell that IPython ran last with `corpus = …`, else all."""
    for source in reversed(variables.get("In", [])):
        try:
            lines = ast.parse(source).body
        except SyntaxError:  # a magic
            continue
        targets = [target for line in lines if isinstance(line, ast.Assign) for target in line.targets]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if "corpus" in names:
            return names
    return {name for name in variables if not name.startswith("_")} if "In" not in variables else set()


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Values of `key=value` strings, each read with the type that its setting has.

    >>> parse_assignments(["n_bootstrap=500", "encoder=minilm"])
    {'n_bootstrap': 500, 'encoder': 'minilm'}
    """
    values: dict[str, Any] = {}
    for item in assignments:
        key, equals, text = item.partition("=")
        if not equals:
            raise InputError(f"--set {item}: expected key=value, for instance --set n_bootstrap=500.")
        field = Settings.model_fields.get(key)
        if field is None:
            raise InputError(f"--set {item}: unknown setting {key} (known: {', '.join(Settings.model_fields)}).")
        kind = field.annotation
        if kind is bool:
            if text.lower() not in ("true", "false"):
                raise InputError(f"--set {item}: expected true or false for {key}, got {text!r}.")
            values[key] = text.lower() == "true"
            continue
        try:
            values[key] = kind(text) if kind in (int, float) else text
        except ValueError:
            raise InputError(f"--set {item}: expected a number for {key}, got {text!r}.") from None
    return values


def project_root() -> Path:
    """Folder that holds corpora/ and seeds/: FRAMING_PROJECT, else the nearest one upwards from here."""
    named = os.environ.get("FRAMING_PROJECT")
    if named:
        root = Path(named)
        if not root.is_dir():
            raise InputError(f"FRAMING_PROJECT names {named}, which is not a folder.")
        return root.resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "corpora").is_dir() and (folder / "seeds").is_dir():
            return folder
    raise InputError(
        f"No project here: neither {here} nor a folder above it holds corpora/ and seeds/. "
        "Change into your clone of framing, or set FRAMING_PROJECT to it."
    )


def named_file(folder: str, name: str, suffix: str, *, kind: str) -> Path:
    """Path of `<root>/<folder>/<name><suffix>`; raises `InputError` listing the names there are."""
    home = project_root() / folder
    path = home / f"{name}{suffix}"
    if not _is_name(name) or not path.is_file():
        known = sorted(item.name.removesuffix(suffix) for item in home.glob(f"*{suffix}"))
        raise InputError(f"There is no {kind} {name!r} in {folder}/. There are: {', '.join(known) or 'none'}.")
    return path


def corpus_folder(name: str) -> Path:
    """Folder of a corpus by name; raises `InputError` listing the corpora there are."""
    home = project_root() / "corpora"
    if not _is_name(name) or not (home / name / "corpus.yaml").is_file():
        known = sorted(item.parent.name for item in home.glob("*/corpus.yaml"))
        raise InputError(f"There is no corpus {name!r} in corpora/. There are: {', '.join(known) or 'none'}.")
    return home / name


def cache_folder() -> Path:
    """Where embeddings and prepared tables are kept: FRAMING_CACHE, else the user's cache folder."""
    named = os.environ.get("FRAMING_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("framing", appauthor=False)


def _is_name(name: str) -> bool:
    return len(name) <= 100 and name.replace("-", "").replace("_", "").isalnum() and name.isascii()
