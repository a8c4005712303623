import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.outside.model import KEY, Model, completion, running_model

from wardmote.outside import chat
from wardmote.outside.breaker import FAILURES
from wardmote.outside.chat import ChatError, Declined, Resting, Unreachable, ask, full_url
from wardmote.outside.guard import Forbidden


@pytest.fixture
def model() -> Iterator[Model]:
    with running_model() as model:
        yield model


def asking(model: Model, **other: Any) -> chat.Reply:
    return ask(model.endpoint(**other), system="Judge.", user="A post.")


def test_a_question_goes_out_in_openais_shape(model: Model) -> None:
    """Two messages and the model's name in the body, the key in the header alone; the words come back."""
    model.says("So be it.", usage={"total_tokens": 77})
    reply = asking(model)
    (asked,), (visit,) = model.asked, model.site.visits

    assert (reply.content, reply.tokens) == ("So be it.", 77)
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [("system", "Judge."), ("user", "A post.")]
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("test-model-1", 0, False)
    assert visit["Authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(asked)


def test_without_a_key_none_is_sent(model: Model) -> None:
    """A model on one's own machine asks for none."""
    model.says("Yes.")
    asking(model, key="")

    assert "Authorization" not in model.site.visits[0]


@pytest.mark.parametrize("said", [None, -5, 0, 1.5, True, "12", 10**12, [3]])
def test_a_count_of_tokens_that_cannot_be_is_not_believed(model: Model, said: Any) -> None:
    """A budget is not emptied, or filled, by what an endpoint claims."""
    model.says("Yes.", usage={"total_tokens": said})

    assert asking(model).tokens is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<html><h1>Welcome to our proxy</h1></html>", 200),
        ("", 200),
        ("null", 200),
        ("[]", 200),
        ('{"choices": []}', 200),
        ('{"choices": {"0": 1}}', 200),
        ('{"choices": [{"message": "text"}]}', 200),
        ("[" * 60_000, 200),
        ("x" * 70_000, 200),
        ('{"error": {"message": "bad key ' + KEY + '"}}', 401),
        ("busy", 429),
        ("down", 503),
    ],
)
def test_what_is_no_completion_is_a_failure_that_repeats_nothing(model: Model, body: str, status: int) -> None:
    """A page, half an answer, one too long or too deep, an error: a short sentence of our own, without the key."""
    model.sends(body, status=status)
    with pytest.raises(Unreachable) as caught:
        asking(model)

    assert KEY not in repr(caught.value)
    assert len(str(caught.value)) < 120
    assert "proxy" not in str(caught.value)


@pytest.mark.parametrize(("body", "status"), [("no", 400), ("no", 413), ("no", 422), (completion(None), 200)])
def test_an_endpoint_may_decline_one_text_without_being_given_up(model: Model, body: str, status: int) -> None:
    """A filter in front of a model refuses some posts: whoever writes many of them closes it for nobody else."""
    model.sends(body, status=status)
    for _ in range(FAILURES + 1):
        with pytest.raises(Declined):
            asking(model)
    model.says("Yes.")

    assert asking(model).content == "Yes."


def test_a_redirect_is_not_followed_and_the_key_stays_here(model: Model) -> None:
    """What an endpoint points us to is not asked, least of all with the key."""

    def away(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()

    model.does(away)
    model.site.pages["/elsewhere"] = (200, completion("Yes."))
    with pytest.raises(Unreachable, match="307"):
        asking(model)

    assert len(model.site.visits) == 1


def test_an_endpoint_that_answers_drop_by_drop_is_left_in_time(model: Model) -> None:
    """The whole question has its time, however often something comes."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    model.does(drip)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        asking(model, timeout=1.0)

    assert time.monotonic() - began < 4


def test_a_private_address_is_asked_only_where_the_installation_says_so(model: Model) -> None:
    """One setting opens it, for this endpoint alone: pages that people report stay as guarded as before."""
    model.says("Yes.")
    with pytest.raises(Unreachable, match="not a public address"):
        asking(model, private=False)
    with pytest.raises(Forbidden):
        model.endpoint(private=False).aim()

    assert model.site.visits == []
    assert asking(model).content == "Yes."


def test_a_key_that_cannot_be_sent_is_not_repeated_in_the_error(model: Model) -> None:
    """The library that refuses the header says what was in it; we do not."""
    with pytest.raises(Unreachable) as caught:
        asking(model, key="sk-secret\nX-Evil: 1")

    assert "sk-secret" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_answer_that_is_not_http_is_not_repeated_in_the_error(model: Model) -> None:
    """An endpoint that sends our own header back, where its status should stand, does not get it into a log."""

    def echo(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"{handler.headers['Authorization']}\r\n\r\n".encode())

    model.does(echo)
    with pytest.raises(Unreachable) as caught:
        asking(model)

    assert str(caught.value) == "BadStatusLine"


def test_the_key_is_in_no_description_of_the_endpoint(model: Model) -> None:
    """Nothing that prints a setting prints it."""
    assert KEY not in repr(model.endpoint())


def test_an_endpoint_that_fails_again_and_again_is_left_alone(model: Model) -> None:
    """After five failures nobody is sent there for a while, and the error says for how long."""
    model.sends("down", status=503)
    for _ in range(FAILURES):
        with pytest.raises(Unreachable):
            asking(model)
    with pytest.raises(Resting) as caught:
        asking(model)

    assert 0 < caught.value.seconds <= 60
    assert len(model.site.visits) == FAILURES
    assert issubclass(Resting, ChatError)


@pytest.mark.parametrize(
    ("base", "full"),
    [
        ("https://models.example/v1", "https://models.example/v1/chat/completions"),
        ("https://models.example/v1/", "https://models.example/v1/chat/completions"),
        ("https://models.example/v1/chat/completions", "https://models.example/v1/chat/completions"),
        ("https://models.example/d/x?api-version=1", "https://models.example/d/x/chat/completions?api-version=1"),
    ],
)
def test_the_address_is_completed_where_it_has_to_be(base: str, full: str) -> None:
    """Operators are given base addresses; the path is the same everywhere."""
    assert full_url(base) == full
