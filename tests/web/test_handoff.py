import re
from urllib.parse import urlsplit

from django.test import Client
from tests.town import Town
from tests.web.conftest import HARBOUR, PLAZA, Browser, said


def _leave(browser: Client, to: str = "") -> str:
    """Go to the Plaza from the host's page; gives the way in, as a path of the Plaza's."""
    answer = browser.get(f"/go/plaza{to}")
    parts = urlsplit(answer.headers["Location"])
    assert parts.netloc == PLAZA
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _form(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(token|next)" value="([^"]*)"', page))


def test_bob_is_taken_along_from_the_hosts_page(town: Town, browser: Browser) -> None:
    """Signed in at the host, Bob goes on at the Plaza as Bob, where he was going."""
    way = _leave(browser("bob", host="127.0.0.1"), "?to=/settings")
    plaza = browser()
    asked = plaza.get(way)
    arrived = plaza.post("/arrive", _form(asked.content.decode()))

    assert "signed in as bob@example.org" in said(asked.content.decode())
    assert arrived.headers["Location"] == "/settings"
    assert plaza.get("/settings").status_code == 200


def test_a_way_in_is_used_once(town: Town, browser: Browser) -> None:
    """The same token opens nothing a second time."""
    form = _form(browser().get(_leave(browser("bob", host="127.0.0.1"))).content.decode())
    browser().post("/arrive", form)
    second = browser()
    answer = second.post("/arrive", form)

    assert answer.status_code == 403
    assert "has been used" in said(answer.content.decode())
    assert second.get("/settings").status_code == 302


def test_a_way_in_is_for_one_community(town: Town, browser: Browser) -> None:
    """A token for the Plaza opens nothing at the Harbour."""
    way = _leave(browser("bob", host="127.0.0.1"))

    assert browser(host=HARBOUR).get(way).status_code == 403
    assert browser().get("/arrive?token=" + "a" * 32).status_code == 403


def test_a_stranger_is_sent_on_without_a_token(town: Town, browser: Browser) -> None:
    """Nobody to take along; and the way leads nowhere but into the community."""
    stranger = browser(host="127.0.0.1")

    assert stranger.get("/go/plaza").headers["Location"] == "http://plaza.localhost/"
    assert stranger.get("/go/plaza?to=//evil.example/").headers["Location"] == "http://plaza.localhost/"
    assert stranger.get("/go/nowhere").status_code == 404


def test_the_front_doors_lead_somewhere(town: Town, browser: Browser) -> None:
    """Take part, moderate, host: each is a link that answers."""
    page = browser(host="127.0.0.1").get("/").content.decode()

    assert 'href="#communities"' in page
    assert 'href="http://plaza.localhost/console/"' in page
    assert 'href="/host/"' in page
    assert browser("heidi", host="127.0.0.1").get("/host/").status_code == 200
