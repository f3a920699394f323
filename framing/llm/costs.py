"""What questions cost: tokens and money, told before anything is sent and counted while it is."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from framing.llm.endpoint import read_number
from framing.llm.questions import Question

__all__ = [
    "Budget",
    "Forecast",
    "Prices",
    "add_forecasts",
    "count_tokens",
    "describe_cost",
    "forecast_question",
    "forecast_questions",
    "read_prices",
]

_BYTES_A_TOKEN = 4  # of UTF-8: English has about four, most other languages more
_MESSAGE_TOKENS = 10  # beside the words of a message
_MILLION = 1_000_000
_ANSWER_TOKENS = 8  # of an object with one word
_FRAME_TOKENS = 6  # of an id
_USUAL_FRAMES = 2  # that a passage is given


@dataclass(frozen=True)
class Prices:
    """Price of a million tokens, in whatever currency the service bills.

    Attributes
    ----------
    tokens_in, tokens_out : float or None
        Of questions and of answers; None where not known.
    """

    tokens_in: float | None = None
    tokens_out: float | None = None

    @property
    def are_known(self) -> bool:
        """Whether both are given.

        Returns
        -------
        bool
            False where a cost cannot be told.
        """
        return self.tokens_in is not None and self.tokens_out is not None

    def compute(self, tokens_in: float, tokens_out: float) -> float | None:
        """Compute the cost of tokens.

        Parameters
        ----------
        tokens_in, tokens_out : float
            Numbers of tokens.

        Returns
        -------
        float or None
            None where a price is not known.

        Examples
        --------
        >>> Prices(0.5, 2.0).compute(2_000_000, 500_000)
        2.0
        """
        if self.tokens_in is None or self.tokens_out is None:
            return None
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION


def read_prices(tokens_in: float | None = None, tokens_out: float | None = None) -> Prices:
    """Read prices from the environment, unless they are given.

    Parameters
    ----------
    tokens_in, tokens_out : float, optional
        Prices of a million tokens; by default `FRAMING_LLM_PRICE_IN` and `FRAMING_LLM_PRICE_OUT`.

    Returns
    -------
    Prices
        The prices.

    Raises
    ------
    InputError
        If a variable holds no number.
    """
    return Prices(
        read_number("FRAMING_LLM_PRICE_IN") if tokens_in is None else tokens_in,
        read_number("FRAMING_LLM_PRICE_OUT") if tokens_out is None else tokens_out,
    )


@dataclass(frozen=True)
class Forecast:
    """What asking would take.

    Attributes
    ----------
    n_questions : int
        Questions that are not answered yet, each counted once.
    n_known : int
        Questions that an earlier run asked.
    tokens_in, tokens_out : int
        Tokens of the questions that are not answered yet, and of their answers, about.
    cost : float or None
        Their cost; None where the prices are not known.
    """

    n_questions: int
    n_known: int
    tokens_in: int
    tokens_out: int
    cost: float | None

    def describe(self, model: str) -> str:
        """Describe it in a sentence.

        Parameters
        ----------
        model : str
            Name of the model.

        Returns
        -------
        str
            Numbers of questions and tokens, and the cost.

        Examples
        --------
        >>> Forecast(120, 30, 61000, 1400, 0.25).describe("small")
        '120 questions to small (30 more were answered before), about 61,000 tokens in and 1,400 out, cost about 0.25'
        """
        known = f" ({self.n_known:,} more were answered before)" if self.n_known else ""
        cost = describe_cost(self.cost, about=True)
        tokens = f"about {self.tokens_in:,} tokens in and {self.tokens_out:,} out"
        return f"{self.n_questions:,} questions to {model}{known}, {tokens}, {cost}"


def describe_cost(cost: float | None, *, about: bool = False) -> str:
    """Describe a cost, of which a small one is not nothing.

    Parameters
    ----------
    cost : float or None
        In the currency of the prices; None: not known.
    about : bool, default False
        Whether it is a forecast.

    Returns
    -------
    str
        A phrase.

    Examples
    --------
    >>> describe_cost(1.25, about=True), describe_cost(0.001), describe_cost(0.0)
    ('cost about 1.25', 'cost below 0.01', 'cost 0.00')
    """
    if cost is None:
        return "cost not known without prices"
    if 0 < cost < 0.01:
        return "cost below 0.01"
    return f"cost about {cost:.2f}" if about else f"cost {cost:.2f}"


def count_tokens(text: str) -> int:
    """Count the tokens of a text, about: a token for four bytes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        Rounded up. Tokenizers differ by a third or so; non-Latin scripts have rather fewer tokens than this.

    Examples
    --------
    >>> count_tokens("Talks begin."), count_tokens("")
    (3, 0)
    """
    return -(-len(text.encode("utf-8", "surrogatepass")) // _BYTES_A_TOKEN)


def forecast_question(question: Question) -> tuple[int, int]:
    """Tell the tokens of a question and of its answer, about.

    Parameters
    ----------
    question : Question
        The question.

    Returns
    -------
    tokens_in, tokens_out : int
        Without the tries that a wrong answer would take.
    """
    tokens_in = sum(count_tokens(text) + _MESSAGE_TOKENS for text in (question.system, question.user))
    n_frames = min(len(question.choices), _USUAL_FRAMES) if question.form == "frames" else 0
    return tokens_in, _ANSWER_TOKENS + _FRAME_TOKENS * n_frames


def forecast_questions(questions: Iterable[Question], prices: Prices, *, n_known: int = 0) -> Forecast:
    """Forecast what questions take.

    Parameters
    ----------
    questions : iterable of Question
        Those that are not answered yet, each once.
    prices : Prices
        What tokens cost.
    n_known : int, default 0
        Others that are answered.

    Returns
    -------
    Forecast
        The sums.
    """
    n = tokens_in = tokens_out = 0
    for question in questions:
        more_in, more_out = forecast_question(question)
        n, tokens_in, tokens_out = n + 1, tokens_in + more_in, tokens_out + more_out
    return Forecast(n, n_known, tokens_in, tokens_out, prices.compute(tokens_in, tokens_out))


def add_forecasts(parts: Sequence[Forecast], prices: Prices) -> Forecast:
    """Add forecasts of different questions.

    Parameters
    ----------
    parts : sequence of Forecast
        Any number.
    prices : Prices
        What tokens cost.

    Returns
    -------
    Forecast
        The sums.

    Examples
    --------
    >>> add_forecasts([Forecast(1, 2, 500, 10, None), Forecast(3, 0, 1500, 30, None)], Prices(500.0, 0.0))
    Forecast(n_questions=4, n_known=2, tokens_in=2000, tokens_out=40, cost=1.0)
    """
    tokens_in, tokens_out = sum(part.tokens_in for part in parts), sum(part.tokens_out for part in parts)
    return Forecast(
        n_questions=sum(part.n_questions for part in parts),
        n_known=sum(part.n_known for part in parts),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost=prices.compute(tokens_in, tokens_out),
    )


class Budget:
    """What is spent by all threads, and what may be.

    Parameters
    ----------
    prices : Prices
        What tokens cost; where that is not known nothing is counted.
    limit : float or None
        Most that may be spent; None: no limit.
    """

    def __init__(self, prices: Prices, limit: float | None) -> None:
        self._prices, self._limit, self._spent = prices, limit, 0.0
        self._lock = threading.Lock()

    def reserve(self, tokens_in: int, tokens_out: int) -> float | None:
        """Set aside what a request may cost.

        Parameters
        ----------
        tokens_in, tokens_out : int
            Its tokens, about.

        Returns
        -------
        float or None
            What was set aside; None where it would pass the limit.

        Examples
        --------
        >>> budget = Budget(Prices(1.0, 1.0), 1.5)
        >>> budget.reserve(1_000_000, 0), budget.reserve(1_000_000, 0)
        (1.0, None)
        """
        expected = self._prices.compute(tokens_in, tokens_out) or 0.0
        with self._lock:
            if self._limit is not None and self._spent + expected > self._limit:
                return None
            self._spent += expected
        return expected

    def settle(self, reserved: float, tokens_in: int, tokens_out: int, *, known: bool = True) -> None:
        """Count what was paid in place of what was set aside.

        Parameters
        ----------
        reserved : float
            What was set aside.
        tokens_in, tokens_out : int
            Tokens that the server billed.
        known : bool, default True
            Whether it tells them; else what was set aside stays.
        """
        paid = self._prices.compute(tokens_in, tokens_out) if known else None
        if paid is not None:
            with self._lock:
                self._spent += paid - reserved
