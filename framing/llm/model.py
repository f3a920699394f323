"""A language model that answers questions: each once, within a rate and a budget, stopped and gone on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

from framing.errors import InputError
from framing.llm.answers import Answer, AnswerStore
from framing.llm.costs import Budget, Forecast, Prices, forecast_question, forecast_questions
from framing.llm.endpoint import KEY_VARIABLE, URL_VARIABLE, Endpoint, read_endpoint
from framing.llm.exchange import Features, send
from framing.llm.pace import Patience
from framing.llm.probability import find_probability
from framing.llm.questions import REPAIR, Question, WrongAnswerError
from framing.llm.reply import NoReplyError, Reply
from framing.llm.run import Run, StoppedError
from framing.steps import count_steps

__all__ = ["Approve", "LanguageModel"]

Approve = Callable[[Forecast, str], None]

_REPAIRED = 2000  # characters of a wrong answer that are sent back
_REFUSALS = (400, 422)  # statuses by which a server refuses what is asked
_HINTS = {
    401: f"check {KEY_VARIABLE}", 403: f"check {KEY_VARIABLE}, and whether it may use the model",
    402: "the account has no credit", 404: f"check the name of the model, and {URL_VARIABLE}",
}  # fmt: skip


class LanguageModel:
    """A model behind an endpoint with the OpenAI chat interface.

    Every answer is stored as it comes, under the hash of model, prompt, text and parameters: a run that was stopped
    asks the rest only, and a rerun asks nothing.

    Parameters
    ----------
    name : str
        Name of the model, as the server knows it.
    endpoint : Endpoint, optional
        The server; by default the one that the environment names, once a question is to be sent.
    prices : Prices, optional
        What tokens cost; by default nobody knows.
    max_cost : float, optional
        Most that questions of this object may cost; it needs prices. What came without a status of HTTP, or as no
        answer, counts as billed. By default no limit.
    store : AnswerStore, optional
        Where answers are kept; by default in memory alone.
    approve : callable, optional
        Gets the forecast and the name of the model before anything is sent; what it raises ends the run.
    patience : Patience, optional
        How often and after how long requests are tried again.

    Attributes
    ----------
    versions : Counter
        Answers by name and version of the model, as the server says.
    failures : Counter
        Questions without an answer, by reason.
    n_asked, n_known : int
        Questions that were asked, and those whose answers were known, each once.
    tokens_in, tokens_out : int
        Tokens of all of these questions and answers, as the server says, or about as many where it does not.
    """

    def __init__(
        self,
        name: str,
        *,
        endpoint: Endpoint | None = None,
        prices: Prices | None = None,
        max_cost: float | None = None,
        store: AnswerStore | None = None,
        approve: Approve | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self.prices = prices or Prices()
        self.max_cost, self.store, self.approve = max_cost, store, approve
        self.patience = patience or Patience()
        self.features = Features()
        self.versions: Counter[tuple[str, str]] = Counter()
        self.failures: Counter[str] = Counter()
        self.n_asked = self.n_known = self.tokens_in = self.tokens_out = 0
        self._endpoint = endpoint
        self._counted: set[str] = set()
        self._answers: dict[str, Answer] = {}
        self._is_approved = False
        self._budget = Budget(self.prices, max_cost)

    @property
    def cost(self) -> float | None:
        """What all questions cost that were answered in this run or an earlier one; None without prices.

        Returns
        -------
        float or None
            In the currency of the prices.
        """
        return self.prices.compute(self.tokens_in, self.tokens_out)

    @property
    def endpoint(self) -> Endpoint:
        """The server.

        Returns
        -------
        Endpoint
            Read from the environment at first use.

        Raises
        ------
        InputError
            If the environment names none.
        """
        if self._endpoint is None:
            self._endpoint = read_endpoint()
        return self._endpoint

    def forecast(self, questions: Iterable[Question]) -> Forecast:
        """Forecast what questions would take; nothing is sent.

        Parameters
        ----------
        questions : iterable of Question
            Any number; equal ones count once.

        Returns
        -------
        Forecast
            Of those without an answer.
        """
        unique = {question.make_key(self.name): question for question in questions}
        known = self._find(list(unique))
        rest = [question for key, question in unique.items() if key not in known]
        return forecast_questions(rest, self.prices, n_known=len(known))

    def announce(self, forecast: Forecast) -> None:
        """Check a forecast against the limit, and have it approved; nothing is asked before or asked again after.

        Parameters
        ----------
        forecast : Forecast
            Of all questions that will come.

        Raises
        ------
        InputError
            If it costs more than the limit, or the limit cannot be kept as prices are not known.
        """
        self._is_approved = True
        if not forecast.n_questions:
            return
        if self.max_cost is not None:
            if forecast.cost is None:
                raise InputError(
                    "A limit of cost needs the prices of a million tokens: give --price-in and --price-out, or set "
                    "FRAMING_LLM_PRICE_IN and FRAMING_LLM_PRICE_OUT."
                )
            if forecast.cost > self.max_cost:
                raise InputError(
                    f"{forecast.describe(self.name)}: more than the limit of {self.max_cost:g}. Nothing was sent."
                )
        _ = self.endpoint  # one that is missing is told before anybody is asked
        if self.approve is not None:
            self.approve(forecast, self.name)

    def ask(self, questions: Sequence[Question], *, progress: str = "") -> list[Answer]:
        """Ask questions.

        Parameters
        ----------
        questions : sequence of Question
            Length n; equal ones are asked once, and those that were asked before not at all.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        list of Answer
            One a question; where the model refused, wrote something else or the server failed, with the reason.

        Raises
        ------
        InputError
            If the server cannot be reached, or answers no question at all, or the limit of cost is reached. Answers
            that came are kept.
        """
        keys = [question.make_key(self.name) for question in questions]
        unique = dict(zip(keys, questions, strict=True))
        answers = self._find(list(unique))
        waiting = {key: question for key, question in unique.items() if key not in answers}
        if waiting and not self._is_approved:
            self.announce(forecast_questions(waiting.values(), self.prices, n_known=len(answers)))
        for key, answer in answers.items():
            self._count(key, answer)
        if waiting:
            answers |= self._ask_all(waiting, progress)
        return [answers[key] for key in keys]

    def _find(self, keys: list[str]) -> dict[str, Answer]:
        """Answers that are known."""
        known = {key: self._answers[key] for key in keys if key in self._answers}
        if self.store is not None:
            known |= self.store.get([key for key in keys if key not in known])
        return known

    def _ask_all(self, waiting: dict[str, Question], progress: str) -> dict[str, Answer]:
        """Answers of questions, by several threads."""
        import httpx

        endpoint = self.endpoint
        answers: dict[str, Answer] = {}
        limits = httpx.Limits(max_connections=endpoint.concurrency)
        client = httpx.Client(follow_redirects=False, trust_env=not endpoint.is_local, limits=limits)
        pool, run = ThreadPoolExecutor(endpoint.concurrency), Run(endpoint, client)
        in_row = 0
        try:
            with count_steps(progress, len(waiting), what="questions") as bar:
                todo = iter(waiting.items())
                running: dict[Future[Answer], str] = {}
                while True:
                    while len(running) < 2 * endpoint.concurrency and (item := next(todo, None)) is not None:
                        key, question = item
                        running[pool.submit(self._ask_one, run, key, question)] = key
                    if not running:
                        return answers
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        key, answer = running.pop(future), future.result()
                        answers[key] = answer
                        self._count(key, answer)
                        in_row = in_row + 1 if answer.failure and not answer.content and not answer.model else 0
                        if in_row >= self.patience.failures:
                            raise run.end(f"{in_row} questions in a row had no answer, the last: {answer.failure}.")
                        bar.update(1)
        except StoppedError:
            n = len([answer for answer in answers.values() if not answer.failure])
            raise InputError(
                f"{self.name}: {run.reason} {n:,} answers of this run are kept; the same command goes on from there."
            ) from None
        finally:
            run.stop.set()
            client.close()
            pool.shutdown(wait=True, cancel_futures=True)

    def _ask_one(self, run: Run, key: str, question: Question) -> Answer:
        """The answer to a question, stored if the model gave one or refused."""
        repair: tuple[str, str] | None = None
        answer = Answer()
        for _ in range(self.patience.wrong_tries):
            try:
                reply = self._request(run, question, repair)
            except NoReplyError as error:
                return replace(answer, failure=f"no answer: {error}", content="", model="")
            answer = self._read(question, reply, answer)
            if not answer.failure or reply.refusal:
                break
            fault = answer.failure.removeprefix(_WRONG)
            repair = (reply.content[:_REPAIRED], REPAIR.format(fault=fault))
        self._answers[key] = answer
        if self.store is not None:
            self.store.put(key, answer)
        return answer

    def _read(self, question: Question, reply: Reply, before: Answer) -> Answer:
        """The answer that a reply gives, with the tokens of the tries before."""
        usual_in, usual_out = forecast_question(question)
        answer = Answer(
            model=reply.model,
            fingerprint=reply.fingerprint,
            tokens_in=before.tokens_in + (reply.tokens_in or usual_in),
            tokens_out=before.tokens_out + (reply.tokens_out or usual_out),
            content=reply.content[:_REPAIRED],
        )
        if reply.refusal:
            return replace(answer, failure=f"refused: {reply.refusal[:200]}")
        if reply.is_cut:
            return replace(answer, failure=f"{_WRONG}cut off at {question.max_tokens} tokens")
        try:
            chosen = question.read_answer(reply.content)
        except WrongAnswerError as error:
            return replace(answer, failure=f"{_WRONG}{error}")
        probability = find_probability(reply.tokens, chosen[0]) if question.form == "yes-no" else None
        return replace(answer, chosen=chosen, probability=probability)

    def _request(self, run: Run, question: Question, repair: tuple[str, str] | None) -> Reply:
        """What the server sends, after as many tries as it takes; raises `NoReplyError` where they are too many."""
        features = self.features
        attempt = 0
        while True:
            run.pace.wait_turn()
            if run.stop.is_set():
                raise run.end("the run was stopped.")
            reserved = self._budget.reserve(*forecast_question(question))
            if reserved is None:
                raise run.end(f"the limit of cost, {self.max_cost:g}, is reached; raise it to go on.")
            try:
                reply = send(run.client, run.endpoint, self.name, question, features, repair=repair)
            except NoReplyError as error:
                self._budget.settle(reserved, 0, 0, known=error.status != 0)  # without one it may have been billed
                if (is_refusal := error.status in _REFUSALS) or error.status >= 500:
                    is_asked = question.form == "yes-no"
                    less = features.reduce(str(error), asked_logprobs=is_asked, named_alone=not is_refusal)
                    if less is not None:
                        features = less
                        continue
                    if is_refusal:
                        raise
                if error.fatal:
                    hint = f"; {_HINTS[error.status]}" if error.status in _HINTS else ""
                    raise run.end(f"the server refuses ({error}){hint}.") from None
                attempt += 1
                if not error.later or attempt >= self.patience.tries:
                    if error.status == -1:
                        raise run.end(f"{error}; check that it runs, and {URL_VARIABLE}.") from None
                    raise
                run.pace.hold(error.wait)
                run.stop.wait(max(error.wait, self.patience.choose_wait(attempt)))
            except RuntimeError:  # the client was closed, as the run ends
                raise run.end("the run was stopped.") from None
            else:
                self._budget.settle(reserved, reply.tokens_in, reply.tokens_out, known=bool(reply.tokens_in))
                if features != self.features:
                    self.features = features
                return reply

    def _count(self, key: str, answer: Answer) -> None:
        """Count a question, the first time that it comes up."""
        if key in self._counted:
            return
        self._counted.add(key)
        self.n_known += answer.from_store
        self.n_asked += not answer.from_store
        self.tokens_in += answer.tokens_in
        self.tokens_out += answer.tokens_out
        if answer.failure:
            self.failures[answer.failure] += 1
        if answer.model or not answer.failure:
            self.versions[answer.model, answer.fingerprint] += 1


_WRONG = "wrong answer: "
