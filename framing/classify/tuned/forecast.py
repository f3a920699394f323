"""About how long fine-tuning takes, and scoring by what was tuned: parameters times tokens over a measured rate.

A step of training multiplies each token with each parameter of the layers that learn three times: forward, for the
gradients of states and for those of weights; scoring does so once. A multiplication and an addition are two operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from framing.classify.tuned.plan import BATCH_TEXTS
from framing.encoders.costs import Machine
from framing.steps import describe_duration

__all__ = ["describe_tuning", "forecast_scoring", "forecast_tuning"]

# Operations a second and core, in bfloat16 and in float32. `python -m benchmarks.tuning_speed` took 110 s on two cores
# of an EPYC: 4 members of 474 steps of 16 texts, 16.5 tokens a text and 10.6 million parameters are 32e12. In float32
# and in scoring nothing was measured: products are taken to be 2.5 times slower there, and as fast forward as backward.
_TRAINING = (150e9, 60e9)
_SCORING = (150e9, 60e9)


def forecast_tuning(
    n_parameters: int, n_tokens: float, *, steps: Sequence[int], n_rivals: int, machine: Machine
) -> float:
    """Forecast how long the members of a tuned encoder are trained.

    Parameters
    ----------
    n_parameters : int
        Of the layers that learn.
    n_tokens : float
        Tokens of a text, on average.
    steps : sequence of int
        Batches of each member.
    n_rivals : int
        Plans that compete for the first member, which is trained by each of them before the others; 1: none.
    machine : Machine
        Where they are trained: on a processor members share its cores, one each at most.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> two = Machine(n_cores=2, bfloat16=False)
    >>> options = {"steps": [400] * 4, "machine": two}
    >>> forecast_tuning(10**7, 40, n_rivals=1, **options) < forecast_tuning(10**7, 40, n_rivals=2, **options)
    True
    """
    rate = _TRAINING[0 if machine.bfloat16 or machine.gpu else 1]
    member = 6 * n_parameters * n_tokens * BATCH_TEXTS * max(steps, default=0) / rate  # seconds of one core
    if machine.gpu:
        return member * (len(steps) + n_rivals - 1) / machine.speed
    batches = [n_rivals, len(steps) - 1] if n_rivals > 1 else [len(steps)]
    return member * sum(ceil(together / max(min(machine.n_cores, together), 1)) for together in batches)


def forecast_scoring(*, lower: int, upper: int, n_members: int, n_tokens: float, machine: Machine) -> float:
    """Forecast how long the members score texts.

    Parameters
    ----------
    lower, upper : int
        Parameters of the layers that members share, and of those that each has.
    n_members : int
        Number of members.
    n_tokens : float
        Tokens of all texts.
    machine : Machine
        Where they score.

    Returns
    -------
    float
        Seconds.
    """
    rate = _SCORING[0 if machine.bfloat16 or machine.gpu else 1]
    return 2 * (lower + n_members * upper) * n_tokens / (rate * machine.speed)


def describe_tuning(name: str, n_texts: int, seconds: float, machine: Machine) -> str:
    """Say how long fine-tuning takes.

    Parameters
    ----------
    name : str
        Of the encoder that is tuned.
    n_texts : int
        Labelled texts.
    seconds : float
        As forecast.
    machine : Machine
        Where it is done.

    Returns
    -------
    str
        A line without an end.

    Examples
    --------
    >>> describe_tuning("minilm", 1126, 360, Machine(n_cores=2, bfloat16=True))
    'fine-tuning minilm on 1,126 texts takes about 6 minutes on 2 cores (a rough forecast)'
    """
    return (
        f"fine-tuning {name} on {n_texts:,} texts takes {describe_duration(seconds)} on {machine.words} "
        "(a rough forecast)"
    )
