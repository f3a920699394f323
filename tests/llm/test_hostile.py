"""Thirty and more ways in which a server misbehaves: no row is lost, none is asked twice, the key is nowhere."""

from __future__ import annotations

import json
import math
import socket
import threading
import time

import numpy as np
import pytest

from framing.classify.llm import LlmScorer
from framing.classify.llm_record import describe_language_model
from framing.errors import InputError
from framing.llm.pace import Patience
from tests.llm.server import KEY, Call, serving
from tests.tiny import codebook

BOOK = codebook(multi_label=True)
ODD = "Missiles at number 1 hit the port."
TEXTS = [ODD, "Exports fell.", "She won the race.", "Nothing much happened.", "Soldiers advanced; exports fell.", ODD]
RIGHT = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [1, 1, 0], [1, 0, 0]], dtype=float)


def cut(call: Call) -> None:
    call.handler.send_response(200)
    call.handler.send_header("Content-Length", "5000")
    call.handler.end_headers()
    call.handler.wfile.write(b'{"choices": [')
    call.handler.wfile.flush()
    call.handler.connection.shutdown(socket.SHUT_RDWR)
    call.handler.close_connection = True


def closed(call: Call) -> None:
    call.handler.connection.shutdown(socket.SHUT_RDWR)
    call.handler.close_connection = True


def endless(call: Call) -> None:
    call.handler.send_response(200)
    call.handler.end_headers()
    piece = b"x" * 65_536
    for _ in range(200):
        call.handler.wfile.write(piece)
    call.handler.close_connection = True


def dripping(call: Call) -> None:
    call.handler.send_response(200)
    call.handler.end_headers()
    never = threading.Event()
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        call.handler.wfile.write(b" ")
        never.wait(0.02)
    call.handler.close_connection = True


def streamed(call: Call) -> None:
    content = call.content()
    pieces = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in (content[:4], content[4:])]
    pieces.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "model": "words-1"})
    body = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + "data: [DONE]\n\n"
    call.send(body.encode(), kind="text/event-stream")


def said(content: str | None):
    return lambda call: call.send(call.completion(content))


def wrapped(before: str, after: str = ""):
    return lambda call: call.send(call.completion(before + call.content() + after))


# what a server does at the first request about the odd passage, after which it answers as it should
ONCE = {
    "connection cut": cut,
    "connection closed": closed,
    "dripping": dripping,
    "no JSON": lambda call: call.send(b"<html>busy</html>", kind="text/html"),
    "half of JSON": lambda call: call.send(b'{"choices": [{"message"'),
    "an array": lambda call: call.send([1, 2]),
    "empty body": lambda call: call.send(b""),
    "empty choices": lambda call: call.send({"choices": []}),
    "no choices": lambda call: call.send({"id": "x"}),
    "an error with status 200": lambda call: call.send({"error": {"message": "overloaded"}}),
    "null content": said(None),
    "number as content": said(5),
    "prose": said("The passage is about war."),
    "wrong key": said('{"labels": ["war"]}'),
    "wrong type": said('{"frames": "war"}'),
    "null for a list": said('{"frames": null}'),
    "further key": said('{"frames": ["war"], "why": "missiles"}'),
    "unknown frame": said('{"frames": ["war", "chess"]}'),
    "name in place of an id": said('{"frames": ["War"]}'),
    "key twice": said('{"frames": [], "frames": ["war"]}'),
    "two objects": said('{"frames": ["war"]}\n{"frames": []}'),
    "NaN": said('{"frames": [NaN]}'),
    "cut off": lambda call: call.send(call.completion('{"frames": ["wa', finish_reason="length")),
    "429": lambda call: call.send({"error": {"message": "slow down"}}, status=429),
    "429 with a wait": lambda call: call.send({}, status=429, Retry_After="0"),
    "429 with an odd wait": lambda call: call.send({}, status=429, Retry_After="soon"),
    "429 with a date gone by": lambda call: call.send({}, status=429, Retry_After="Wed, 01 Jan 2020 00:00:00 GMT"),
    "500": lambda call: call.send(b"<h1>500</h1>", status=500, kind="text/html"),
    "502": lambda call: call.send(b"", status=502),
    "503": lambda call: call.send({"detail": "loading"}, status=503),
    "packed": lambda call: call.send(b"\x1f\x8b", Content_Encoding="gzip"),
}  # fmt: skip

# what a server always does, and still says what it should
ALWAYS = {
    "content type": lambda call: call.send(kind="text/plain"),
    "byte order mark": lambda call: call.send(b"\xef\xbb\xbf" + json.dumps(call.completion()).encode()),
    "mark in the content": wrapped("\ufeff"),
    "streamed": streamed,
    "fence": wrapped("```json\n", "\n```"),
    "thought": wrapped("<think>War or trade? {\"frames\": []}</think>\n"),
    "content in parts": lambda call: call.send(
        call.completion(None, message={"content": [{"type": "text", "text": call.content()}]})
    ),
    "repeated frames": lambda call: call.send(
        call.completion(json.dumps({"frames": [*call.frames(), *call.frames()]}))
    ),
    "odd usage": lambda call: call.send(call.completion(usage={"prompt_tokens": -5, "completion_tokens": "many"})),
    "no usage": lambda call: call.send(call.completion(usage=None)),
    "odd model": lambda call: call.send(call.completion(model=7, system_fingerprint=["x"])),
    "unicode": lambda call: call.send(call.completion(note="\ud800 ß 漢")),
    "second choice": lambda call: call.send(
        {**(done := call.completion()), "choices": [*done["choices"], {"message": {"content": "{}"}}]}
    ),
    "the key in the answer": lambda call: call.send(call.completion(model=KEY, system_fingerprint=f"of {KEY}")),
}  # fmt: skip


def read_files(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ONCE)
def test_one_misbehaviour_costs_no_row(name, connect, tmp_path):
    def behave(call: Call) -> None:
        (ONCE[name] if call.passage == ODD and call.n_before == 0 else Call.send)(call)

    with serving(behave) as server:
        model = connect(server, timeout=0.5 if name == "dripping" else 5.0)
        scorer = LlmScorer(BOOK, model).fit()
        np.testing.assert_array_equal(scorer.predict_proba(TEXTS), RIGHT)
        assert server.passages == {**dict.fromkeys(TEXTS, 1), ODD: 2}
        again = LlmScorer(BOOK, connect(server)).fit()
        np.testing.assert_array_equal(again.predict_proba(TEXTS), RIGHT)
        assert server.passages[ODD] == 2
    assert (again.model_.n_asked, again.model_.n_known) == (0, 5)
    assert KEY.encode() not in read_files(tmp_path)
    assert set(server.keys) == {f"Bearer {KEY}"}


@pytest.mark.parametrize("name", ALWAYS)
def test_odd_answers_are_read(name, connect, tmp_path):
    with serving(ALWAYS[name]) as server:
        scorer = LlmScorer(BOOK, connect(server)).fit()
        np.testing.assert_array_equal(scorer.predict_proba(TEXTS), RIGHT)
    assert server.passages == dict.fromkeys(TEXTS, 1)
    assert KEY.encode() not in read_files(tmp_path)
    assert KEY not in describe_language_model(scorer).model_dump_json()


@pytest.mark.parametrize(
    ("behave", "reason", "n_asked"),
    [
        (said("Sorry, I cannot."), "wrong answer: no JSON object: 'Sorry, I cannot.'", 3),
        (
            lambda call: call.send(call.completion(None, message={"refusal": "I cannot help"})),
            "refused: I cannot help",
            1,
        ),
        (lambda call: call.send(call.completion(None, finish_reason="content_filter")), "refused: a content filter", 1),
        (lambda call: call.send({"error": {"message": "context length"}}, status=413), "HTTP 413: context length", 1),
        (lambda call: call.send({}, status=500), "no answer: HTTP 500", 3),
        (endless, "no answer: an answer of more than 4,194,304 bytes", 1),
        (lambda call: call.send({"error": {"message": f"not for {KEY}"}}, status=451), r"not for \[key\]", 1),
    ],
)
def test_a_row_without_an_answer_says_why_and_the_others_stay(behave, reason, n_asked, connect, tmp_path):
    with serving(lambda call: (behave if call.passage == ODD else Call.send)(call)) as server:
        scorer = LlmScorer(BOOK, connect(server)).fit()
        scores = scorer.predict_proba(TEXTS)
    assert np.isnan(scores[[0, 5]]).all()
    np.testing.assert_array_equal(scores[1:5], RIGHT[1:5])
    assert list(scorer.failures_) == [ODD]
    assert reason.replace("\\", "") in scorer.failures_[ODD]
    assert server.passages[ODD] == n_asked
    assert sum(scorer.model_.failures.values()) == 1
    assert KEY.encode() not in read_files(tmp_path)


def test_refusals_are_not_asked_again_and_failures_of_the_server_are(connect):
    def behave(call: Call) -> None:
        if call.passage == TEXTS[1]:
            call.send(call.completion(None, message={"refusal": "no"}))
        elif call.passage == ODD:
            call.send({}, status=500)
        else:
            call.send()

    with serving(behave) as server:
        LlmScorer(BOOK, connect(server)).fit().predict_proba(TEXTS)
        before = server.passages
        server.behave = Call.send
        scores = LlmScorer(BOOK, connect(server)).fit().predict_proba(TEXTS)
        assert server.passages - before == {ODD: 1}
    assert np.isnan(scores[1]).all()
    np.testing.assert_array_equal(scores[0], RIGHT[0])


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "check FRAMING_LLM_KEY"), (404, "check the name of the model"), (307, "name the address itself")],
)
def test_a_server_that_refuses_all_ends_the_run_with_one_message(status, hint, connect):
    with serving(lambda call: call.send({"error": f"bad key {KEY}"}, status=status)) as server:
        with pytest.raises(InputError, match=hint) as error:
            LlmScorer(BOOK, connect(server, concurrency=1)).fit().predict_proba(TEXTS)
        assert len(server.calls) == 1
    assert KEY not in str(error.value)
    assert "127.0.0.1" not in str(error.value)


def test_a_redirect_to_another_host_gets_neither_key_nor_text(connect):
    with serving() as other, serving(lambda call: call.send({}, status=308, Location=f"{other.url}/x")) as server:
        with pytest.raises(InputError, match="sends elsewhere"):
            LlmScorer(BOOK, connect(server)).fit().predict_proba(TEXTS)
        assert other.calls == []


def test_a_server_that_is_not_there_is_named_by_its_variable(connect):
    with serving() as server:
        model = connect(server)
    with pytest.raises(InputError, match=r"cannot be reached.*check that it runs, and FRAMING_LLM_URL") as error:
        LlmScorer(BOOK, model).fit().predict_proba(TEXTS)
    assert str(server.http.server_address[1]) not in str(error.value)


def test_many_failures_in_a_row_end_the_run_and_answers_are_kept(connect):
    patience = Patience(tries=1, first_wait=0.0, failures=3)
    texts = [f"Missiles {number}." for number in range(40)]

    def behave(call: Call) -> None:
        call.send(*([] if len(server.calls) <= 5 else [{}]), status=200 if len(server.calls) <= 5 else 500)

    with serving(behave) as server:
        with pytest.raises(InputError, match="3 questions in a row had no answer, the last: no answer: HTTP 500"):
            LlmScorer(BOOK, connect(server, concurrency=1, patience=patience)).fit().predict_proba(texts)
        n_asked = len(server.calls)
        server.behave = Call.send
        LlmScorer(BOOK, connect(server, concurrency=1)).fit().predict_proba(texts)
        assert len(server.calls) == n_asked + 35
    assert n_asked < 15


def test_a_model_that_changes_midway_is_said(connect):
    with serving(lambda call: call.send(call.completion(model=f"words-{1 + (call.passage == ODD)}"))) as server:
        scorer = LlmScorer(BOOK, connect(server)).fit()
        scorer.predict_proba(TEXTS)
    versions = describe_language_model(scorer).versions
    assert [(item.model, item.answers) for item in versions] == [("words-1", 4), ("words-2", 1)]


def refusing(*names: str, status: int = 400):
    """A server that takes no request with one of these parameters."""

    def behave(call: Call) -> None:
        form = call.body.get("response_format", {})
        given = {*call.body, form.get("type", ""), *(["schema"] if "schema" in form else [])}
        wrong = [name for name in names if name in given]
        if wrong:
            call.send({"error": {"message": f"Unsupported parameter: {wrong[0]}"}}, status=status)
        else:
            call.send()

    return behave


@pytest.mark.parametrize("status", [400, 500])  # some servers say 500 to a parameter that they do not know
@pytest.mark.parametrize(
    ("names", "form"),
    [
        (["json_schema"], "json_object with schema"),
        (["json_schema", "schema"], "json_object"),
        (["json_schema", "json_object"], ""),
        (["max_tokens"], "json_schema"),
        (["temperature", "seed"], "json_schema"),
        (["logprobs", "json_schema", "max_tokens", "temperature", "schema", "json_object"], ""),
    ],
)
def test_what_a_server_refuses_is_left_out(names, form, status, connect):
    with serving(refusing(*names, status=status)) as server:
        scorer = LlmScorer(BOOK, connect(server, concurrency=1), mode="one").fit()
        np.testing.assert_array_equal(scorer.predict_proba(TEXTS), RIGHT)
        assert len(server.calls) <= 15 + 2 * len(names)  # learned once, not for each question
    assert scorer.model_.features.form == form


def top(yes: float, no: float, *, token: str = "yes") -> dict:
    entries = [{"token": "yes", "logprob": math.log(yes)}, {"token": "no", "logprob": math.log(no)}]
    chosen = {"token": token, "logprob": math.log(yes if token.strip() == "yes" else no), "top_logprobs": entries}
    quiet = {"token": '{"answer": "', "logprob": 0.0, "top_logprobs": []}
    return {"content": [quiet, chosen, {"token": '"}', "logprob": 0.0, "top_logprobs": []}]}


@pytest.mark.parametrize(
    ("logprobs", "score"),
    [
        (top(0.6, 0.2), 0.75),
        ({"content": None}, 1.0),
        (None, 1.0),
        ({"content": [{"token": "yes", "logprob": "-inf", "top_logprobs": None}]}, 1.0),
        ({"content": [{"token": "yes", "logprob": float("nan"), "top_logprobs": [7]}]}, 1.0),
        ({"content": "yes"}, 1.0),
        (["yes"], 1.0),
    ],
)
def test_scores_are_chances_where_the_server_tells_them_rightly(logprobs, score, connect):
    def behave(call: Call) -> None:
        call.send(call.completion('{"answer": "yes"}', logprobs=logprobs))

    with serving(behave) as server:
        scores = LlmScorer(BOOK, connect(server), mode="one").fit().predict_proba([ODD])
    np.testing.assert_allclose(scores, score)
