"""What a fitted object has learned, in the one form that is saved: arrays, and values that JSON can hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

__all__ = ["State"]


@dataclass(frozen=True)
class State:
    """Arrays by name, and values that JSON can hold.

    Fitted objects have `get_state()`, which returns one, and `set_state(state)`, which makes an object of the same
    parameters score as the one that the state was taken from.

    Attributes
    ----------
    arrays : dict of str to ndarray
        Arrays by name.
    values : dict of str to object
        All else, as JSON can hold it.

    Examples
    --------
    >>> import numpy as np
    >>> whole = State.join(head=State({"slopes": np.ones(2)}), words=State(values={"terms": ["war"]}))
    >>> sorted(whole.arrays), whole.values
    (['head.slopes'], {'words': {'terms': ['war']}})
    >>> whole.part("words").values["terms"]
    ['war']
    """

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def join(cls, **parts: State) -> State:
        """Join several states.

        Parameters
        ----------
        **parts : State
            States by the name of their part.

        Returns
        -------
        State
            Arrays as `part.name`, values below the name of their part.
        """
        arrays = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.arrays.items()}
        return cls(arrays, {name: part.values for name, part in parts.items() if part.values})

    def part(self, name: str) -> State:
        """Take out the state that was joined under a name.

        Parameters
        ----------
        name : str
            Name of the part.

        Returns
        -------
        State
            An empty one where there is none.
        """
        head = f"{name}."
        arrays = {key.removeprefix(head): value for key, value in self.arrays.items() if key.startswith(head)}
        return State(arrays, self.values.get(name, {}))
