"""The words that stand before each text that an encoder reads, and how a name says them."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

from framing.errors import InputError

__all__ = ["find_prompt", "read_prompts", "split_name", "split_names"]

_ASKED = re.compile(r"(?P<model>.+?)\[(?P<prompt>[^\[\]]*)\]")
_BETWEEN = re.compile(r"\+(?![^\[]*\])")  # encoders side by side; a plus in a prompt parts nothing
_BARE = re.compile(r"[A-Za-z][\w-]*")  # a prompt of the model, by its name
_HUB_PROMPTS = (  # of models whose files do not hold the prompt that their card prescribes
    # symmetric tasks and features: "query: ", as the cards and Wang, L. et al. (2022), arXiv:2212.03533 say
    (re.compile(r"intfloat/(multilingual-)?e5-(small|base|large)(-v2|-unsupervised)?@"), "query: "),
)


def split_names(name: str) -> list[str]:
    """Split the name of encoders side by side.

    Parameters
    ----------
    name : str
        As in `open_encoder`.

    Returns
    -------
    list of str
        The name of each; one that is a folder stays whole.

    Examples
    --------
    >>> split_names("mpnet+minilm"), split_names("owner/name@abc[a+b: ]+minilm")
    (['mpnet', 'minilm'], ['owner/name@abc[a+b: ]', 'minilm'])
    """
    if Path(name).expanduser().is_dir():
        return [name]
    return [part.strip() for part in _BETWEEN.split(name)]


def split_name(name: str) -> tuple[str, str | None]:
    """Split the name of an encoder from the prompt that is asked for.

    Parameters
    ----------
    name : str
        Name of one encoder, such as `owner/name@revision[query: ]`.

    Returns
    -------
    model : str
        The name without brackets.
    asked : str or None
        What stands in them; None where there are none. Of a model of a hub whose card prescribes a prompt that its
        files lack, that prompt.

    Examples
    --------
    >>> split_name("models/own[query: ]"), split_name("minilm"), split_name("minilm[]")
    (('models/own', 'query: '), ('minilm', None), ('minilm', ''))
    >>> split_name("intfloat/e5-base-v2@" + 40 * "0")[1]
    'query: '
    """
    found = None if Path(name).expanduser().is_dir() else _ASKED.fullmatch(name)
    if found is not None:
        return found["model"], found["prompt"]
    return name, next((prompt for pattern, prompt in _HUB_PROMPTS if pattern.match(name)), None)


def find_prompt(folder: Path, asked: str | None, *, name: str = "") -> str:
    """Find what stands before each text.

    Parameters
    ----------
    folder : Path
        Of a model of sentence-transformers.
    asked : str or None
        As `split_name` returned it: nothing, a word that names a prompt of the model, or other text, which is the
        prompt itself (`query: `).
    name : str
        Of the model, for messages; by default the folder.

    Returns
    -------
    str
        The prompt; empty where there is none. Passages, seeds and labelled texts all get the same one: scores are
        cosines of texts with texts of one kind, so that a prompt for questions on one side alone would part what
        belongs together.

    Raises
    ------
    InputError
        Where the model has no prompt of that name.

    Warns
    -----
    UserWarning
        Where the model has prompts, none of which is its default, and none was asked for.
    """
    prompts, default = read_prompts(folder)
    model = name or str(folder)
    listed = ", ".join(sorted(prompts)) or "none"
    if asked is None:
        if not default and any(prompts.values()):
            warnings.warn(
                f"{model} has prompts ({listed}) and none for all texts, so that none is used. Choose one by its name "
                f"or by its words, for instance {model}[{min(prompts)}], or {model}[] for none.",
                stacklevel=3,
            )
        return prompts.get(default, "")
    if _BARE.fullmatch(asked) and asked not in prompts:
        raise InputError(
            f"The encoder {model} has no prompt of the name {asked!r} (it has: {listed}). Name one of these, or write "
            f"the words that stand before each text with their end, for instance [{asked}: ]."
        )
    return prompts.get(asked, asked)


def read_prompts(folder: Path) -> tuple[dict[str, str], str]:
    """Read the prompts of a model.

    Parameters
    ----------
    folder : Path
        Of a model of sentence-transformers.

    Returns
    -------
    prompts : dict of str to str
        By their names.
    default : str
        Name of the one for all texts; empty where there is none.
    """
    path = folder / "config_sentence_transformers.json"
    content: Any = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    prompts = {str(key): str(value or "") for key, value in (content.get("prompts") or {}).items()}
    return prompts, str(content.get("default_prompt_name") or "")
