"""The gateway between granian and Django, fed by hand: what is slow, broken or too much never reaches a thread."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from wardmote.config.processes.front.gateway import Gateway
from wardmote.edges.moderation_api.router import Router
from wardmote.edges.moderation_api.standalone import App
from wardmote.edges.moderation_api.wire import Head, Refusal, Reply
from wardmote.edges.web.crowded import NO_HASHING, hashes_password
from wardmote.edges.web.proxies import visitor_of
from wardmote.kernel.arrival import Room


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
    body: bytes = b""
    stays: float = 60.0
    """Seconds until the client goes away."""

    async def client_disconnect(self) -> None:
        await asyncio.sleep(self.stays)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
            await asyncio.sleep(self.pause)

    async def __call__(self) -> bytes:
        return b"".join([piece async for piece in self])

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Sent":
        self.response_bytes(status, headers, b"")
        return self

    async def send_bytes(self, piece: bytes) -> None:
        self.body += piece


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


def ask(pages: Any, *sent: tuple[Scope, Sent], room: Room | None = None, **about: Any) -> None:
    """Hand all of them to one gateway at once."""

    async def all_at_once() -> None:
        gateway = Gateway(pages, room=room or Room(size=1_000, limit=600, seconds=0.5), **about)
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


class Noted(Router):
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


class Slow(Pages):
    """Pages that take a while, and note in which order they were asked and how many at once."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds, self.now, self.most = seconds, 0, 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        hashing = environ["PATH_INFO"] == "/accounts/login/" and not environ.get(NO_HASHING)
        with self.lock:
            self.now += hashing
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self.lock:
            self.now -= hashing
        return super().__call__(environ, start_response)

    def paths(self) -> list[str]:
        return [environ["PATH_INFO"] for environ in self.asked]


def sign_in(number: int) -> tuple[Scope, Sent]:
    """Somebody's password, from an address of their own."""
    headers = {"host": "x", "content-length": "3"}
    return Scope(headers, path="/accounts/login/", client=f"192.0.2.{number}:1"), Sent([b"a=b"])


def look(path: str, client: str = "198.51.100.1:1", **headers: str) -> tuple[Scope, Sent]:
    return Scope({"host": "x", **headers}, method="GET", path=path, client=client), Sent([])


def test_passwords_leave_threads_to_the_other_pages() -> None:
    """Twenty that sign in at once are hashed two by two, and a page that is asked for last is there before them."""
    pages = Slow(0.05)
    ask(pages, *(sign_in(number) for number in range(20)), look("/"), hashes=hashes_password)

    assert pages.most == 2
    assert pages.paths().index("/") < 8
    assert len(pages.asked) == 21


def test_a_password_for_which_there_is_no_place_is_said_so_by_the_page() -> None:
    """Past those that may wait the page is asked with a mark, for all accounts alike; it looks at no password."""
    pages = Slow(0.05)
    ask(pages, *(sign_in(number) for number in range(40)), hashes=hashes_password)

    assert sum(NO_HASHING in environ for environ in pages.asked) == 6
    assert pages.most == 2


def test_visitors_take_turns() -> None:
    """Sixty requests of Mallory's from one line of IPv6, each on its own connection: another's is not behind them."""
    pages = Slow(0.02)
    burst = [look("/many", f"[2001:db8::{number:x}]:{number + 1}") for number in range(60)]
    ask(pages, *burst, look("/one"), visitor=visitor_of)

    assert pages.paths().index("/one") < 20
    assert len(pages.asked) == 61


def test_one_visitor_keeps_the_places_of_no_others() -> None:
    """Of a hundred at once from one address those past the bound are told to come back."""
    pages = Slow(0.02)
    burst = [look("/many") for _ in range(100)]
    ask(pages, *burst, visitor=visitor_of)
    refused = [sent for _, sent in burst if sent.status == 503]

    assert len(refused) == 100 - 8 - 64
    assert {sent.headers["retry-after"] for sent in refused} == {"2"}


def test_who_has_gone_away_takes_no_thread() -> None:
    """A request that still waits when its client leaves is forgotten."""
    pages = Slow(0.3)
    left = look("/left", "192.0.2.9:1")
    left[1].stays = 0.05
    ask(pages, *(look("/many") for _ in range(8)), left, look("/stays", "192.0.2.8:1"), visitor=visitor_of)

    assert "/left" not in pages.paths()
    assert "/stays" in pages.paths()
