"""The address, chances of tokens, forecasts, budgets, the rate and the file of answers, each by itself."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import threading
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.classify.llm import LlmScorer
from framing.errors import InputError
from framing.llm.answers import Answer, AnswerStore
from framing.llm.costs import Forecast, Prices, add_forecasts, forecast_questions
from framing.llm.endpoint import Endpoint, read_endpoint
from framing.llm.exchange import _read_wait
from framing.llm.model import LanguageModel
from framing.llm.pace import Pace
from framing.llm.probability import find_probability
from framing.llm.questions import Question, WrongAnswerError
from framing.llm.redaction import Redaction, read_redaction
from framing.llm.reply import NoReplyError, read_reply
from tests.llm.server import KEY, Call, serving
from tests.tiny import codebook


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/chat/completions"),
        ("https://x.example/api/openai", "https://x.example/api/openai/chat/completions"),
        ("https://x.example/v1/chat/completions?v=2", "https://x.example/v1/chat/completions?v=2"),
    ],
)
def test_the_address_is_completed(given, url, monkeypatch):
    monkeypatch.setenv("FRAMING_LLM_URL", given)
    assert read_endpoint().url == url


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FRAMING_LLM_URL", "ftp://secret-host/v1", "expected an address that begins"),
        ("FRAMING_LLM_URL", "http://secret-host:99999999/v1", "expected an address that begins"),
        ("FRAMING_LLM_KEY", "secret-key\nx", "holds characters that no key has"),
        ("FRAMING_LLM_RATE", "fast", "FRAMING_LLM_RATE: expected a number of 0 or more, got 'fast'"),
        ("FRAMING_LLM_TIMEOUT", "-1", "FRAMING_LLM_TIMEOUT: expected a number"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_without_secrets(name, value, message, monkeypatch):
    monkeypatch.setenv("FRAMING_LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=message) as error:
        read_endpoint()
    assert "secret" not in str(error.value)


def test_key_and_address_are_shown_nowhere():
    endpoint = Endpoint("https://models.example:8443/v1/chat/completions", KEY)
    assert KEY not in repr(endpoint)
    assert "models.example" not in repr(endpoint)
    said = f"no route to models.example:8443 with {KEY}"
    assert endpoint.scrub(said) == "no route to [address] with [key]"
    slashed = Endpoint("https://x.example/v1", 'ab/cd"ef')
    assert slashed.scrub_key('{"echo": "ab\\/cd\\"ef"}') == '{"echo": "[key]"}'


@pytest.mark.parametrize(("url", "in_clear"), [("http://10.0.0.7/v1", True), ("http://localhost/v1", False), ("https://x.example/v1", False)])  # fmt: skip # noqa: E501
def test_a_key_in_clear_is_noticed(url, in_clear):
    assert Endpoint(url, KEY).is_in_clear is in_clear
    assert not Endpoint(url).is_in_clear


def tokens(*items: tuple[str, float, dict[str, float]]):
    return [
        {"token": token, "logprob": math.log(chance),
         "top_logprobs": [{"token": name, "logprob": math.log(value)} for name, value in top.items()]}
        for token, chance, top in items
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "answer", "expected"),
    [
        (tokens(("yes", 0.6, {"yes": 0.6, "no": 0.2})), "yes", 0.75),
        (tokens((' "no', 0.5, {' "no': 0.5, ' "yes': 0.3, "No": 0.1, "Yes": 0.1})), "no", 0.4),
        # the name of the key is no answer, though its pieces begin as one
        (tokens(('{"a', 1, {}), ("n", 1, {}), ('swer": "', 1, {}), ("n", 0.8, {"n": 0.8, "y": 0.2})), "no", 0.2),
        # yes is not listed: at most what the list leaves, and at most its least
        (tokens(("no", 0.9, {"no": 0.9, "maybe": 0.06})), "no", 0.04 / 0.94),
        (tokens(("no", 0.7, {"no": 0.7, "maybe": 0.1})), "no", 0.1 / 0.8),
        (tokens(("yes", 0.9, {"yes": 0.9, "no": 0.8})), "yes", None),  # no distribution
        (tokens(("yes", 0.9, {})), "yes", None),  # nothing to compare with
        (tokens(("maybe", 0.9, {"yes": 0.1, "no": 0.1})), "yes", None),
        ([{"token": "yes", "logprob": 0.5, "top_logprobs": [{"token": "no", "logprob": -1}]}], "yes", None),
        ([{"token": 5}, None], "yes", None),
        ({}, "yes", None),
    ],
)  # fmt: skip
def test_the_chance_of_yes_is_that_of_its_tokens(content, answer, expected):
    found = find_probability(content, answer)
    assert found == (None if expected is None else pytest.approx(expected))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_any_log_probabilities_give_a_chance_or_nothing(value):
    found = find_probability(value, "yes")
    assert found is None or 0 <= found <= 1


@given(st.text() | json_values.map(json.dumps))
def test_any_body_is_a_reply_or_a_reason(text):
    with suppress(NoReplyError):
        assert isinstance(read_reply(text).content, str)


@given(st.text())
def test_any_answer_is_read_or_refused(text):
    question = Question("", "", "frames", ("war", "trade"), 9)
    with suppress(WrongAnswerError):
        assert set(question.read_answer(text)) <= {"war", "trade"}


def test_a_forecast_counts_four_bytes_a_token():
    question = Question("s" * 400, "u" * 40, "frames", ("a", "b", "c"), 99)
    forecast = forecast_questions([question] * 10, Prices(1.0, 10.0), n_known=3)
    # 100 + 10 + 10 + 10 tokens in; 8 + 2 * 6 out
    assert (forecast.n_questions, forecast.n_known, forecast.tokens_in, forecast.tokens_out) == (10, 3, 1300, 200)
    assert forecast.cost == pytest.approx((1300 * 1 + 200 * 10) / 1e6)
    assert forecast_questions([question], Prices()).cost is None


def test_texts_that_are_sent_alike_are_forecast_once(monkeypatch):
    monkeypatch.setattr("framing.classify.llm._CHUNK", 2)
    model = LanguageModel("words", prices=Prices(1.0, 0.0))
    digits = Redaction(((re.compile("[0-9]+"), "N"),))
    scorer = LlmScorer(codebook(multi_label=True), model, mode="one", redaction=digits).fit()
    texts = ["Talks.", "Call 12.", "Rain fell.", "Call 7.", "Talks.", "War."]  # in chunks of two, the second call apart
    forecast = scorer.forecast(texts)
    assert (forecast.n_questions, scorer.n_redacted_) == (4 * 3, 2)
    singly = [scorer.forecast([text]) for text in ("Talks.", "Call 12.", "Rain fell.", "War.")]
    assert forecast == add_forecasts(singly, model.prices)
    assert scorer.forecast([]) == Forecast(0, 0, 0, 0, 0.0)


def test_the_limit_holds_while_answers_cost_more_than_forecast(connect):
    """Each answer costs 0.01 where about 0.0002 was expected, so three fit into 0.035."""
    questions = [Question("rules", f"<passage>\n{number}\n</passage>", "frames", ("war",), 99) for number in range(9)]

    def behave(call: Call) -> None:
        call.send(call.completion('{"frames": []}', usage={"prompt_tokens": 10_000, "completion_tokens": 1}))

    with serving(behave) as server:
        model = connect(server, concurrency=1, prices=Prices(1.0, 0.0), max_cost=0.035)
        with pytest.raises(InputError, match=r"the limit of cost, 0\.035, is reached"):
            model.ask(questions)
        assert len(server.calls) == 4  # the fourth was still within the limit when it was sent
        raised = connect(server, concurrency=1, prices=Prices(1.0, 0.0), max_cost=1.0)
        assert [answer.from_store for answer in raised.ask(questions)].count(True) >= 3
        assert len(server.calls) == 9


@pytest.mark.parametrize(("status", "is_billed"), [(200, True), (503, False)])
def test_the_limit_counts_what_may_have_been_billed_without_an_answer(status, is_billed, connect):
    """A request costs about 0.000028, so one fits: an unreadable answer was computed, an error was not."""
    question = Question("rules", "<passage>\nx\n</passage>", "frames", ("war",), 99)

    def behave(call: Call) -> None:
        if call.n_before:
            call.send(call.completion('{"frames": []}'))
        else:
            call.send(b"<html>", status=status)

    with serving(behave) as server:
        model = connect(server, prices=Prices(1.0, 0.0), max_cost=0.00004)
        if is_billed:
            with pytest.raises(InputError, match="the limit of cost, 4e-05, is reached"):
                model.ask([question])
        else:
            assert model.ask([question])[0].failure == ""
        assert len(server.calls) == 2 - is_billed


def test_a_forecast_is_told_before_anything_is_sent(connect):
    told = []

    def refuse(forecast, name):
        told.append((forecast.n_questions, name))
        raise InputError("no")

    with serving() as server:
        model = connect(server, approve=refuse)
        with pytest.raises(InputError, match="no"):
            model.ask([Question("", "<passage>\nx\n</passage>", "frames", ("war",), 9)] * 2)
        assert server.calls == []
    assert told == [(1, "words")]


def test_requests_keep_the_rate():
    waited = []

    class Clock(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            self.set()
            return True

    pace = Pace(60.0, Clock())
    pace.wait_turn()
    pace.wait_turn()
    assert waited == [pytest.approx(1.0, abs=0.2)]


@pytest.mark.parametrize(("text", "seconds"), [("7", 7), ("0.5", 0.5), ("-3", 0), ("soon", 0), ("", 0), ("1e9", 300)])
def test_a_wait_is_read_and_bounded(text, seconds):
    assert _read_wait(text) == seconds


def test_answers_survive_damage(tmp_path):
    path = tmp_path / "answers.sqlite"
    store = AnswerStore(path)
    for number in range(5):
        store.put(f"k{number}", Answer(("war",), 0.25, "", "m", "v", 3, 1, "\ud800 text"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE answers SET answer = replace(answer, 'war', 'tax') WHERE key = 'k2'")
    found = store.get([f"k{number}" for number in range(6)])
    assert sorted(found) == ["k0", "k1", "k3", "k4"]
    assert found["k0"] == Answer(("war",), 0.25, "", "m", "v", 3, 1, "\ud800 text", from_store=True)
    store.put("k0", Answer(("tax",)))
    assert store.get(["k0"])["k0"].chosen == ("war",), "the first answer stays"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.warns(UserWarning, match="file of answers"):
        assert store.get(["k0"]) == {}
    store.put("k9", Answer(("war",)))
    assert store.get(["k9"])["k9"].chosen == ("war",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no pattern"),
        ("a\n[b\n", "line 2: no regular expression"),
        ("x*\n", "line 1: .* matches the empty text"),
    ],
)
def test_a_list_of_patterns_that_is_wrong_is_named(text, message, tmp_path):
    path = tmp_path / "p.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_redaction(path)
