"""The gateway between granian and Django, fed by hand: what is slow, broken or too much never reaches a thread."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from wardmote.config.front.arrival import Room
from wardmote.config.front.gateway import Gateway
from wardmote.edges.moderations.desk import Desk
from wardmote.edges.moderations.standalone import App
from wardmote.edges.moderations.wire import Head, Refusal, Reply


@dataclass
class Scope:
    """A request's head as granian gives it."""

    headers: dict[str, str]
    method: str = "POST"
    path: str = "/language"
    query_string: str = ""
    scheme: str = "http"
    server: str = "127.0.0.1:8000"
    client: str = "127.0.0.1:1234"
    authority: str | None = None


@dataclass
class Sent:
    """A body that comes by pieces with pauses between, and what came back."""

    pieces: list[bytes]
    pause: float = 0.0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
            await asyncio.sleep(self.pause)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:  # noqa: ARG002
        self.status, self.headers = status, dict(headers)


class Pages:
    """A WSGI application that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked.append(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]

    def bodies(self) -> list[bytes]:
        return [environ["wsgi.input"].read() for environ in self.asked]


def ask(pages: Pages, *sent: tuple[Scope, Sent], room: Room | None = None) -> None:
    """Hand all of them to one gateway at once."""

    async def all_at_once() -> None:
        gateway = Gateway(pages, room=room or Room(size=1_000, limit=600, seconds=0.5))
        await asyncio.gather(*(gateway.__rsgi__(scope, protocol) for scope, protocol in sent))

    asyncio.run(all_at_once())


def of(length: int, **headers: str) -> Scope:
    return Scope({"host": "x", "content-length": str(length), **headers})


def test_a_body_that_trickles_is_cut_off_as_a_whole() -> None:
    """Each byte comes soon after the last, and yet 408: the deadline is for the body; no thread was taken."""
    pages, slow = Pages(), Sent([b"a"] * 5_000, pause=0.05)
    ask(pages, (of(500), slow))

    assert slow.status == 408
    assert slow.headers["connection"] == "close"
    assert pages.asked == []


def test_when_room_is_lacking_the_longest_on_its_way_is_given_up() -> None:
    """Three that stop after 400 of 500 bytes do not keep out one that sends as a browser does."""
    pages, quick = Pages(), Sent([b"b" * 300])
    slow = [Sent([b"a" * 400, b"a"], pause=0.3) for _ in range(3)]
    ask(pages, *((of(500), each) for each in slow), (of(300), quick), room=Room(size=1_000, limit=600, seconds=20))

    assert quick.status == 200
    assert pages.bodies() == [b"b" * 300]
    assert slow[0].status == 408


def test_a_promise_takes_no_room() -> None:
    """Ten that announce much and send nothing leave all the room to one that sends."""
    pages, quick = Pages(), Sent([b"b" * 600])
    ask(pages, *((of(600), Sent([b""], pause=0.3)) for _ in range(10)), (of(600), quick))

    assert quick.status == 200


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    """Half a form is never handled, and one in chunks, whose end nobody can see, is refused."""
    pages, broken, chunked = Pages(), Sent([b"text=half"]), Sent([b"text=half"])
    ask(pages, (of(500), broken), (Scope({"host": "x", "transfer-encoding": "chunked"}), chunked))

    assert (broken.status, chunked.status) == (400, 411)
    assert pages.asked == []


def test_too_much_is_said_by_django_which_sees_the_length_alone() -> None:
    """A body past the limit is not read; the application gets its length, and answers in words."""
    pages, large = Pages(), Sent([b"a" * 700])
    ask(pages, (of(700), large))

    assert [environ["CONTENT_LENGTH"] for environ in pages.asked] == ["700"]
    assert pages.bodies() == [b""]
    assert large.headers["connection"] == "close"


def test_a_header_with_another_spelling_is_not_mistaken_for_the_proxys() -> None:
    """`X_Forwarded_For` would be the same variable as `X-Forwarded-For`: it is dropped."""
    pages = Pages()
    headers = {"host": "x", "x_forwarded_for": "10.0.0.1", "x-forwarded-for": "192.0.2.1"}
    ask(pages, (Scope(headers, method="GET", path="/café"), Sent([])))

    assert pages.asked[0]["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert pages.asked[0]["PATH_INFO"] == "/café".encode().decode("latin-1")
    assert pages.asked[0]["REMOTE_ADDR"] == "127.0.0.1"


def test_an_address_is_decoded_once() -> None:
    """granian has decoded `/%2576%2531/screen` to `/%76%31/screen`: nothing makes the API's address of that later."""
    pages = Pages()
    ask(pages, *((Scope({"host": "x"}, method="GET", path=path), Sent([])) for path in ("/%76%31/screen", "/%40bob")))

    assert sorted(environ["PATH_INFO"] for environ in pages.asked) == ["/%40bob", "/%76%31/screen"]


class Noted(Desk):
    """A desk that remembers at which paths it was asked, and lets nobody in."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def open(self, head: Head) -> Reply:
        self.paths.append(head.path)
        return self.refuse(head, Refusal(404, "Nothing here.", code="not_found"))


def test_the_api_decodes_an_address_no_second_time() -> None:
    """Its desk is asked by the same string by which the request was told to be the API's."""
    desk = Noted()
    asyncio.run(App(desk).__rsgi__(Scope({"host": "x"}, path="/v1/models/%2e"), Sent([])))

    assert desk.paths == ["/v1/models/%2e"]
