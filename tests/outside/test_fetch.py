import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from pytest_django import Settings
from tests.hosting.site import Answer, Site, serve

from wardmote.outside.fetch import REDIRECTS, FetchError, Forbidden, fetch, post
from wardmote.outside.guard import aim, is_public


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A site on this machine under a name that is listed, and under others that are not."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"site.localhost"})
    with serve() as site:
        yield site


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Make every name resolve to these addresses, one a question; gives the list of names that were asked for."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def resolve(host: str, port: int, *more: int, **options: int) -> list[tuple[Any, ...]]:
        if host.replace(".", "").isdigit():
            return list(really(host, port, *more, **options))
        address = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def sends_to(location: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.end_headers()

    return answer


def test_a_page_comes_back_whole(site: Site) -> None:
    """Status, text and hash are kept, under the address that was asked for."""
    site.pages["/post"] = (200, "<p>Grüße</p>")
    fetched = fetch(site.url("/post"))

    assert (fetched.status, fetched.text, fetched.is_html) == (200, "<p>Grüße</p>", True)
    assert fetched.url == site.url("/post")
    assert len(fetched.body_hash) == 64


def test_we_come_as_a_stranger(site: Site) -> None:
    """No cookie, no login, no referrer: our own name and nothing else."""
    site.pages["/post"] = (200, "")
    fetch(site.url("/post"))
    (visit,) = site.visits

    assert visit["User-Agent"].startswith("Wardmote/")
    assert not {"Cookie", "Authorization", "Referer"} & visit.keys()


def test_a_cookie_is_not_carried_along_a_redirect(site: Site) -> None:
    """What a site wants us to remember is forgotten."""

    def set_cookie(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Set-Cookie", "who=we")
        handler.send_header("Location", "/post")
        handler.end_headers()

    site.pages.update({"/first": set_cookie, "/post": (200, "here")})
    fetched = fetch(site.url("/first"))

    assert fetched.through == (site.url("/first"),)
    assert fetched.url == site.url("/post")
    assert "Cookie" not in site.visits[1]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "http:///nowhere",
        "http://user:word@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/\r\nHost: other",
        "http://example.com:22/",
        "http://example.com:99999/",
        "http://[::1",
        "http://" + "a" * 3000 + "/",
        "javascript:alert(1)",
        "//example.com/",
    ],
)
def test_what_is_no_web_address_is_not_fetched(url: str) -> None:
    """Other schemes, logins, control characters and odd ports are refused before anything is asked."""
    with pytest.raises(Forbidden):
        fetch(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",  # noqa: S104 - refused, not bound to
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "localhost",
        "plaza.localhost",
    ],
)
def test_our_own_machines_are_not_visited(host: str) -> None:
    """No private, loopback or link-local address, however it is written or wrapped."""
    with pytest.raises(Forbidden, match="not a public address"):
        fetch(f"http://{host}/")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_the_open_internet_is_public(address: str) -> None:
    """The guard keeps us from ourselves, not from the world."""
    assert is_public(address)


def test_a_name_that_leads_to_us_is_not_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name with a private address is what somebody writes who wants us to look at ourselves."""
    leads_to(monkeypatch, "10.0.0.7")

    with pytest.raises(Forbidden, match=r"intranet.example leads to 10\.0\.0\.7"):
        fetch("http://intranet.example/")


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """We do not pick the good one: whoever names both means the other."""
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(Forbidden):
        aim("http://both.example/")


def test_a_name_is_asked_for_once_and_pinned(site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second question is never asked a second time."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"rebound.example"})
    asked = leads_to(monkeypatch, "127.0.0.1", "192.0.2.1")
    site.pages["/post"] = (200, "the first address")
    fetched = fetch(site.url("/post", host="rebound.example"))

    assert fetched.text == "the first address"
    assert asked == ["rebound.example"]
    assert site.visits[0]["Host"] == f"rebound.example:{site.port}"


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://localhost/", "//10.0.0.1/x"],
)
def test_a_redirect_to_ourselves_is_not_followed(site: Site, location: str) -> None:
    """Every step of the way is looked at like the first."""
    site.pages["/post"] = sends_to(location)

    with pytest.raises(Forbidden, match="not a public address"):
        fetch(site.url("/post"))


def test_a_redirect_to_a_file_is_not_followed(site: Site) -> None:
    """A web page cannot lead us off the web."""
    site.pages["/post"] = sends_to("file:///etc/passwd")

    with pytest.raises(Forbidden, match="only http"):
        fetch(site.url("/post"))


def test_redirects_have_an_end(site: Site) -> None:
    """A site that leads us in a circle is left."""
    site.pages["/post"] = sends_to("/post")

    with pytest.raises(FetchError, match=f"more than {REDIRECTS}"):
        fetch(site.url("/post"))
    assert len(site.visits) == REDIRECTS + 1


def test_a_page_without_end_is_cut_off(site: Site) -> None:
    """We read no more than the limit, and say so."""
    site.pages["/post"] = (200, "x" * 5000)

    assert len(fetch(site.url("/post"), size_limit=5000).body) == 5000
    with pytest.raises(FetchError, match="more than 4,999 bytes"):
        fetch(site.url("/post"), size_limit=4999)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [drip, drip_headers])
def test_a_page_that_comes_drop_by_drop_is_left(site: Site, slow: Answer) -> None:
    """Each drop is in time; the whole is not."""
    site.pages["/post"] = slow
    began = time.monotonic()

    with pytest.raises(FetchError, match="in time"):
        fetch(site.url("/post"), total=0.4)
    assert time.monotonic() - began < 10


def test_a_server_that_says_nothing_is_left(settings: Settings) -> None:
    """A connection that is taken and never answered ends with the time."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"site.localhost"})
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(FetchError, match="in time"):
        fetch(f"http://site.localhost:{silent.getsockname()[1]}/", total=0.3)


def test_what_is_no_http_is_an_error_of_the_fetch(settings: Settings) -> None:
    """A server that speaks something else does not crash the one who asked."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"site.localhost"})

    def babble(server: socket.socket) -> None:
        peer, _ = server.accept()
        with peer:
            peer.recv(1000)
            peer.sendall(b"220 post office\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=babble, args=(server,))
        thread.start()
        with pytest.raises(FetchError, match="BadStatusLine"):
            fetch(f"http://site.localhost:{server.getsockname()[1]}/")
        thread.join()


def test_a_packed_answer_is_refused(site: Site) -> None:
    """We asked for it plain: a small answer that unpacks into a large one is not unpacked."""

    def packed(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()

    site.pages["/post"] = packed

    with pytest.raises(FetchError, match="packed"):
        fetch(site.url("/post"))


def test_an_unknown_host_is_said_so() -> None:
    """A name that does not exist is an error to try again after."""
    with pytest.raises(FetchError, match="no such host"):
        fetch("http://nowhere.invalid/")


def test_a_listed_name_may_have_any_port_and_an_unlisted_one_may_not(site: Site) -> None:
    """Only names that the installation lists may be reached where the web is not."""
    site.pages["/post"] = (200, "here")

    assert fetch(site.url("/post")).text == "here"
    with pytest.raises(Forbidden, match="port"):
        fetch(site.url("/post", host="example.com"))


def test_a_post_is_not_led_on(site: Site) -> None:
    """A delivery goes where it was addressed; a redirect is given back and not followed."""
    site.pages["/post"] = sends_to("/elsewhere")
    answer = post(site.url("/post"), body=b"a letter", headers={"Content-Type": "text/plain"})

    assert answer.status == 302
    assert [visit["path"] for visit in site.visits] == ["/post"]
    assert site.visits[0]["Content-Length"] == "8"


def broken_off(status: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(b"Gone!!")

    return answer


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (broken_off(404, Content_Length="100000"), "broke off"),
        (broken_off(410, Transfer_Encoding="gzip"), "packed"),
    ],
)
def test_what_breaks_off_or_comes_packed_is_no_answer(site: Site, answer: Answer, why: str) -> None:
    """Half of an answer proves nothing, whatever its status says."""
    site.pages["/post"] = answer

    with pytest.raises(FetchError, match=why):
        fetch(site.url("/post"))
