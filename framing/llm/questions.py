"""A question to a language model: its messages, the answers that are allowed, and what of an answer counts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["REPAIR", "WrongAnswerError", "Form", "Question"]

Form = Literal["frames", "frame", "yes-no"]

REPAIR = "That is not an answer in the form asked for: {fault}. Answer again, with the JSON object alone."
TEMPERATURE, SEED = 0.0, 7
_FENCE = re.compile(r"\A```[a-zA-Z]*\s*\n(.*?)\n?\s*```\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_SHOWN = 60  # characters of a wrong answer that a reason quotes


class WrongAnswerError(Exception):
    """An answer that is not what was asked for; the message says why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Frames(_Strict):
    frames: list[str]


class _Frame(_Strict):
    frame: str


class _YesNo(_Strict):
    answer: Literal["yes", "no"]


_MODELS: dict[str, type[_Strict]] = {"frames": _Frames, "frame": _Frame, "yes-no": _YesNo}


@dataclass(frozen=True)
class Question:
    """One question about one passage.

    Attributes
    ----------
    system : str
        The rules.
    user : str
        The passage.
    form : {"frames", "frame", "yes-no"}
        Whether all frames, one of them, or yes or no is answered.
    choices : tuple of str
        What may be answered: ids of frames, or yes and no.
    max_tokens : int
        Most tokens of the answer.
    repeat : int
        Number of the repetition; another number is another question with the same words.
    """

    system: str
    user: str
    form: Form
    choices: tuple[str, ...]
    max_tokens: int
    repeat: int = 0

    @property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the answer.

        Returns
        -------
        dict
            Of an object with one key.
        """
        one = {"type": "string", "enum": list(self.choices)}
        name, value = {
            "frames": ("frames", {"type": "array", "items": one}),
            "frame": ("frame", one),
            "yes-no": ("answer", one),
        }[self.form]
        return {"type": "object", "properties": {name: value}, "required": [name], "additionalProperties": False}

    def make_key(self, model: str) -> str:
        """Compute the hash of all that an answer depends on.

        Parameters
        ----------
        model : str
            Name of the model.

        Returns
        -------
        str
            64 hexadecimal digits, of the model, the words, the choices and the parameters.
        """
        content = [model, self.system, self.user, self.form, self.choices, self.max_tokens, TEMPERATURE, SEED]
        if self.repeat:
            content.append(self.repeat)
        text = json.dumps(content, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def list_messages(self) -> list[dict[str, str]]:
        """List the messages of the request.

        Returns
        -------
        list of dict
            Rules and passage, with `role` and `content`.
        """
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    def read_answer(self, content: str) -> tuple[str, ...]:
        """Read an answer, strictly.

        Parameters
        ----------
        content : str
            What the model wrote. A byte order mark, a leading thought between `<think>` marks and a fence around the
            object are no part of it.

        Returns
        -------
        tuple of str
            Choices in the order of the question, each once.

        Raises
        ------
        WrongAnswerError
            For anything but one JSON object with the one key, and choices that were not given.

        Examples
        --------
        >>> Question("", "", "frames", ("war", "trade"), 9).read_answer('{"frames": ["trade", "war"]}')
        ('war', 'trade')
        """
        text = _THOUGHT.sub("", content.removeprefix("\ufeff")).strip()
        if fenced := _FENCE.match(text):
            text = fenced[1].strip()
        try:
            value = json.loads(text, object_pairs_hook=_refuse_repeated)
        except (ValueError, RecursionError):
            raise WrongAnswerError(f"no JSON object: {_quote(text)}") from None
        try:
            answer = _MODELS[self.form].model_validate(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "the answer"
            raise WrongAnswerError(f"{place}: {first['msg']}: {_quote(text)}") from None
        given = list(_list_values(answer))
        unknown = [name for name in given if name not in self.choices]
        if unknown:
            raise WrongAnswerError(
                f"unknown: {', '.join(map(_quote, unknown[:3]))}; expected {', '.join(self.choices)}"
            )
        return tuple(name for name in self.choices if name in given)


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of its keys and values; raises `ValueError` where a key stands twice."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _list_values(answer: _Strict) -> Iterator[str]:
    if isinstance(answer, _Frames):
        yield from answer.frames
    elif isinstance(answer, _Frame):
        yield answer.frame
    elif isinstance(answer, _YesNo):
        yield answer.answer


def _quote(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + " …")
