"""What a fitted object has learned, in the one form in which it is kept: arrays, and values that JSON can hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

__all__ = ["State"]


@dataclass(frozen=True)
class State:
    """Arrays by name, and values that JSON can hold.

    Whatever is fitted here has `get_state()`, which returns one, and `set_state(state)`, which makes an object of the
    same parameters score as the one that it came from.

    Examples
    --------
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
        """One state of several: arrays as `part.name`, values below the name of their part."""
        arrays = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.arrays.items()}
        return cls(arrays, {name: part.values for name, part in parts.items() if part.values})

    def part(self, name: str) -> State:
        """The state that was joined under `name`; an empty one where there is none."""
        head = f"{name}."
        arrays = {key.removeprefix(head): value for key, value in self.arrays.items() if key.startswith(head)}
        return State(arrays, self.values.get(name, {}))
