"""Coming in as one of the cast: with one click in a demonstration, and nowhere else."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings as product
from django.test import Client
from pytest_django import Settings
from tests.mould import Mould
from tests.scenario import NOON, PASSWORD, Town
from tests.web.conftest import HARBOUR, PLAZA, Browser

from wardmote.journeys.operator import mark_demo
from wardmote.people.models import Person


@pytest.fixture
def mould() -> Mould:
    """A town founded here: a copy's entries would be older than the record's first."""
    return Mould()


@pytest.fixture
def born(db: None) -> None:
    """The record begins as a demonstration's, before the town is built."""
    assert mark_demo.mark_demo(now=NOON)


def _way(browser: Browser, name: str = "bob") -> str:
    answer = browser(host="127.0.0.1").get(f"/demo/{name}")
    parts = urlsplit(answer.headers["Location"])
    assert parts.netloc == PLAZA
    return f"{parts.path}?{parts.query}"


def test_one_click_signs_in(born: None, town: Town, browser: Browser) -> None:
    """From the front page to the Plaza as Bob, also where Carol was signed in before."""
    plaza = browser("carol")
    arrived = plaza.get(_way(browser))

    assert 'href="/demo/bob"' in browser(host="localhost").get("/").content.decode()
    assert arrived.headers["Location"] == "/"
    assert str(town.people["bob"]) == plaza.session["_auth_user_id"]


def test_nobody_is_offered_whose_community_is_not_here(born: None, town: Town, browser: Browser) -> None:
    """A demonstration loaded before there was a Terrace does not offer Rupert, and does not stumble over him."""
    host = browser(host="127.0.0.1")

    assert "/demo/rupert" not in host.get("/").content.decode()
    assert host.get("/demo/rupert").status_code == 404


def test_a_way_in_is_used_once_and_here(born: None, town: Town, browser: Browser) -> None:
    """The token opens nothing at the Harbour, and nothing a second time."""
    way = _way(browser)

    assert browser(host=HARBOUR).get(way).status_code == 403
    assert browser().get(way).status_code == 302
    assert browser().get(way).status_code == 403


def test_a_way_in_is_no_session(born: None, town: Town, browser: Browser) -> None:
    """Carol signs in with Bob's token as her session: what she keeps lets nobody in as Bob."""
    token, plaza = _way(browser).partition("token=")[2].partition("&")[0], browser()
    plaza.cookies[product.SESSION_COOKIE_NAME] = token
    plaza.post("/accounts/login/", {"login": "carol@example.org", "password": PASSWORD})
    kept = plaza.cookies[product.SESSION_COOKIE_NAME].value

    assert browser().get(f"/demo-arrive?token={kept}").status_code == 403


def test_a_way_in_ends_with_the_password_and_after_a_minute(born: None, town: Town, browser: Browser) -> None:
    """What was clicked before Bob's password changed, or too long ago, lets nobody in."""
    late = _way(browser)
    town.pass_time(minutes=1)
    early = browser().get(late)
    way = _way(browser)
    bob = Person.objects.get(pk=town.people["bob"])
    bob.set_password("quite another password")
    bob.save()

    assert early.status_code == 403
    assert browser().get(way).status_code == 403


def test_a_click_and_a_hand_off_are_two_things(born: None, town: Town, browser: Browser) -> None:
    """A token that asks first does not sign in unasked."""
    way = browser("bob", host="127.0.0.1").get("/go/plaza").headers["Location"]
    token = way.partition("token=")[2].partition("&")[0]

    assert browser().get(f"/demo-arrive?token={token}").status_code == 403
    assert browser().get(f"/arrive?token={token}").status_code == 200


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"]
)
def test_nothing_may_stand_between(born: None, town: Town, browser: Browser, header: str) -> None:
    """Whatever a proxy adds shuts the door, on the front page, at the click and on arrival."""
    way, host = _way(browser), browser(host="127.0.0.1")
    added = {header: "127.0.0.1"}

    assert "/demo/bob" not in host.get("/", headers=added).content.decode()
    assert host.get("/demo/bob", headers=added).status_code == 404
    assert browser().get(way, headers=added).status_code == 404


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", ""])
def test_only_on_this_machine(born: None, town: Town, browser: Browser, address: str) -> None:
    """A browser elsewhere, or one whose address is not known, finds no such page."""
    assert browser(host="127.0.0.1").get("/demo/bob", REMOTE_ADDR=address).status_code == 404


def test_only_under_its_own_name(born: None, town: Town, settings: Settings) -> None:
    """A foreign name that leads to this machine finds no such page, even where the host answers under it."""
    settings.WARDMOTE_HOST_DOMAINS = ["example.net"]
    settings.ALLOWED_HOSTS = ["*"]

    assert Client(HTTP_HOST="example.net").get("/").status_code == 200
    assert Client(HTTP_HOST="example.net").get("/demo/bob").status_code == 404


def test_another_site_chooses_nobody(born: None, town: Town, browser: Browser) -> None:
    """A link on a foreign page signs nobody in."""
    answer = browser(host="127.0.0.1").get("/demo/bob", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_real_installation_never_becomes_one(town: Town, browser: Browser) -> None:
    """Once the record has begun otherwise, nothing opens the door."""
    assert not mark_demo.mark_demo(now=town.now)
    host = browser(host="127.0.0.1")

    assert mark_demo.BORN_AS_DEMO not in town.verbs()
    assert "/demo/bob" not in host.get("/").content.decode()
    assert host.get("/demo/bob").status_code == 404
