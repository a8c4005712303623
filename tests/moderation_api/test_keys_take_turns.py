"""What one key sends keeps no other key waiting longer than a piece of work, and takes no more than its room."""

import asyncio
import json
from typing import Any

import pytest
from tests.config.test_front import Scope, Sent
from tests.scenario import NOON, dictated_screener

from wardmote.detect import Screener
from wardmote.edges.moderation_api import standalone
from wardmote.edges.moderation_api.auth import Authenticator
from wardmote.edges.moderation_api.coverage import Coverage
from wardmote.edges.moderation_api.endpoints import Dependencies
from wardmote.edges.moderation_api.keyfile import MemoryMeter
from wardmote.edges.moderation_api.router import Router
from wardmote.edges.moderation_api.standalone import App
from wardmote.people.policy import Scope as Opens
from wardmote.people.policy import Terms, digest


class Noted(Screener):
    """A screener that notes in which order it was asked."""

    asked: list[str]

    def scores(self, text: str) -> Any:
        self.asked.append(text)
        return super().scores(text)

    def screen(self, text: str) -> Any:
        self.asked.append(text)
        return super().screen(text)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were examined, in order."""
    found: list[str] = []
    monkeypatch.setattr(Noted, "asked", found, raising=False)
    return found


def app() -> App:
    """A server that knows two keys, and whose detector a text can dictate to."""
    screener = dictated_screener()
    screener.__class__ = Noted
    terms = {digest(name): Terms(name, name, frozenset(Opens), 0, 0) for name in ("much", "little")}
    return App(
        Router(Dependencies(screener, Coverage(screener), Authenticator(terms.get, MemoryMeter()), lambda: NOON))
    )


def request(key: str, content: Any, **headers: str) -> tuple[Scope, Sent]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    about = {"host": "x", "authorization": f"Bearer {key}", "content-length": str(len(body)), **headers}
    return Scope(about, path="/v1/screen"), Sent([body])


def hand_in(*sent: tuple[Scope, Sent]) -> None:
    async def all_of_them() -> None:
        served = app()
        await asyncio.gather(*(served.__rsgi__(scope, protocol) for scope, protocol in sent))

    asyncio.run(all_of_them())


@pytest.mark.parametrize("explain", [False, True])
def test_a_batch_lets_another_key_in_between_its_pieces(asked: list[str], explain: bool) -> None:
    """Three batches of one key, and a small one of another that comes after them: it is done while they are not."""
    texts = [f"many {number} " + "x" * 20 for number in range(200)]
    batches = [request("much", {"texts": texts, "explain": explain}) for _ in range(3)]
    other = request("little", {"texts": ["one", "two"], "explain": explain})
    hand_in(*batches, other)

    assert [sent.status for _, sent in (*batches, other)] == [200] * 4
    assert asked.index("two") < 100
    assert len(asked) == 602


def test_a_batch_is_answered_as_it_was(asked: list[str]) -> None:
    """Every text has its result, in order, whatever piece it was in; one that cannot be examined has its own error."""
    texts = [f"[violence.threat 0.{number}]" for number in range(10, 42)] + ["\x00" * 200_000]
    batch = request("much", {"texts": texts})
    hand_in(batch)
    results = json.loads(batch[1].body)["results"]

    assert [result["scores"]["violence.threat"] for result in results[:-1]] == [n / 100 for n in range(10, 42)]
    assert results[-1]["error"]["code"] == "invalid_text"


def test_a_small_batch_does_not_hold_the_loop(asked: list[str]) -> None:
    """Hundreds of texts in few bytes are worked in a thread, and let another key in as others do."""
    batch, other = request("much", {"texts": ["a"] * 600}), request("little", {"text": "one"})
    hand_in(batch, other)

    assert asked.index("one") < 100


def test_what_is_announced_takes_no_room(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    """Sixteen that announce two million bytes each and send one: another key is answered at once."""
    monkeypatch.setattr(standalone, "PATIENCE", 0.5)
    empty = [(request("much", {})[0], Sent([b"{", b" "], pause=0.2)) for _ in range(17)]
    for scope, _ in empty:
        scope.headers["content-length"] = "2000000"
    other = request("little", {"text": "one"})
    hand_in(*empty, other)

    assert other[1].status == 200
    assert {sent.status for _, sent in empty} == {400}


def test_one_key_takes_half_of_the_room(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    """Past it the longest on its way is told to come back, and another key's is taken."""
    monkeypatch.setattr(standalone, "IN_FLIGHT", 20_000)
    slow = [(request("much", {})[0], Sent([b"x" * 4_000, b"x"], pause=0.3)) for _ in range(4)]
    for scope, _ in slow:
        scope.headers["content-length"] = "4001"
    other = request("little", {"text": "one " * 2_000})
    hand_in(*slow, other)

    assert [sent.status for _, sent in slow] == [503, 503, 400, 400]
    assert slow[0][1].headers["retry-after"] == "1"
    assert other[1].status == 200


def test_a_stream_lets_another_key_in_between_its_lines(asked: list[str]) -> None:
    """Hundreds of lines in one piece of a body are worked as a batch is."""
    scope, sent = request("much", b'"line"\n' * 400, **{"content-type": "application/x-ndjson"})
    second = request("much", b'"line"\n' * 400, **{"content-type": "application/x-ndjson"})
    other = request("little", {"texts": ["one", "two"]})
    hand_in((scope, sent), second, other)

    assert asked.index("two") < 100
    assert len(asked) == 802
    assert sent.body.count(b"\n") == 400
