"""About how long models compute, from a table of rates: forecasts for a person, and the ground on which `auto` chooses.

The rates were measured on one machine. Another one may take half as long or twice, so that a forecast is rough; but it
is the same whenever it is asked for, since no stopwatch has a say.
"""

from __future__ import annotations

from dataclasses import dataclass

from framing.encoders.number_format import has_bfloat16
from framing.encoders.prompts import split_name, split_names
from framing.files.machine import count_cores, has_cuda

__all__ = ["TOKENS_A_WORD", "Machine", "find_machine", "forecast_encoding", "layer_parameters"]

TOKENS_A_WORD = 1.25
"""Tokens of an English word: 102,756 of 83,975 words in the passages of the sample, beside two that each text has."""

_PASSAGE_WORDS = 60
_RATES = {  # passages of 60 words a second and core of an EPYC with AVX-512 BF16, OpenVINO, in bfloat16 and in float32
    "minilm": (200.0, 100.0),
    "mpnet": (45.0, 20.0),  # float32: taken to lose as much as minilm does
    "multilingual": (90.0, 45.0),  # as many layers again as minilm, of the same size
}
_LAYERS = {
    "minilm": (6, 1_774_464),
    "mpnet": (12, 7_087_872),
    "multilingual": (12, 1_774_464),
}  # layers, and the parameters of one
_GPU_CORES = 50  # cores that a GPU stands for: a guess, which no figure rests on


@dataclass(frozen=True)
class Machine:
    """What a forecast knows of a machine.

    Attributes
    ----------
    n_cores : int
        Cores that may be used.
    bfloat16 : bool
        Whether its processor multiplies bfloat16 itself.
    gpu : bool
        Whether torch computes on a GPU.
    """

    n_cores: int
    bfloat16: bool
    gpu: bool = False

    @property
    def speed(self) -> int:
        """Cores that work at once.

        Returns
        -------
        int
            A GPU counts as 50.
        """
        return _GPU_CORES if self.gpu else self.n_cores

    @property
    def words(self) -> str:
        """The machine in words.

        Returns
        -------
        str
            Such as `2 cores`.
        """
        return "a GPU" if self.gpu else f"{self.n_cores} core{'s' * (self.n_cores > 1)}"


def find_machine() -> Machine:
    """Describe this machine.

    Returns
    -------
    Machine
        With the cores that the threads of this process may use.
    """
    return Machine(count_cores(), has_bfloat16(), has_cuda())


def forecast_encoding(name: str, n_words: float, machine: Machine) -> float | None:
    """Forecast how long an encoder takes.

    Parameters
    ----------
    name : str
        As in `open_encoder`.
    n_words : float
        Words that it reads.
    machine : Machine
        Where it computes.

    Returns
    -------
    float or None
        Seconds; None for an encoder of which no rate is known.

    Examples
    --------
    >>> two = Machine(n_cores=2, bfloat16=True)
    >>> forecast_encoding("minilm", 240_000, two), forecast_encoding("mpnet+minilm", 240_000, two)
    (10.0, 54.44444444444444)
    """
    seconds = 0.0
    for part in split_names(name):
        rates = _RATES.get(split_name(part)[0])
        if rates is None:
            return None
        rate = rates[0 if machine.bfloat16 or machine.gpu else 1]
        seconds += n_words / (_PASSAGE_WORDS * rate * machine.speed)
    return seconds


def layer_parameters(name: str, trained_layers: int) -> tuple[int, int] | None:
    """Count the parameters of the layers of an encoder.

    Parameters
    ----------
    name : str
        `minilm`, `mpnet` or `multilingual`; of several side by side the first counts, which is the one that is tuned.
    trained_layers : int
        Upper layers that learn.

    Returns
    -------
    lower, upper : int
        Parameters of the layers that stay, and of those that learn; None for another encoder.

    Examples
    --------
    >>> layer_parameters("minilm", 6), layer_parameters("mpnet+minilm", 6)
    ((0, 10646784), (42527232, 42527232))
    """
    known = _LAYERS.get(split_name(split_names(name)[0])[0])
    if known is None:
        return None
    layers, parameters = known
    trained = min(trained_layers, layers)
    return (layers - trained) * parameters, trained * parameters
