import re
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from tests.scenario import PASSWORD, Town
from tests.web.conftest import HARBOUR, PLAZA, Browser, said

from wardmote.people.models import HandOff, Person


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


def _token(browser: Browser) -> str:
    return _leave(browser("bob", host="127.0.0.1")).partition("token=")[2].partition("&")[0]


def test_a_way_in_is_no_session(town: Town, browser: Browser) -> None:
    """Carol signs in with Bob's token as her session: what she keeps lets nobody in as Bob."""
    token, plaza = _token(browser), browser()
    plaza.cookies[settings.SESSION_COOKIE_NAME] = token
    plaza.post("/accounts/login/", {"login": "carol@example.org", "password": PASSWORD})
    kept = plaza.cookies[settings.SESSION_COOKIE_NAME].value

    assert str(town.people["carol"]) == plaza.session["_auth_user_id"]
    assert browser().post("/arrive", {"token": kept, "next": "/"}).status_code == 403


def test_a_way_in_is_kept_as_its_hash(town: Town, browser: Browser) -> None:
    """Whoever reads the table cannot arrive; and what was never used is cleared with the next one."""
    token = _token(browser)
    first = HandOff.objects.get()
    town.pass_time(minutes=1)
    _token(browser)

    assert token not in (first.digest, first.bound_to)
    assert HandOff.objects.get().pk != first.pk


def test_a_way_in_ends_with_the_password(town: Town, browser: Browser) -> None:
    """Bob's password changes, or his login is closed, before somebody arrives: the token lets nobody in."""
    tokens = [_token(browser), _token(browser)]
    bob = Person.objects.get(pk=town.people["bob"])
    bob.set_password("quite another password")
    bob.save()
    changed = browser().post("/arrive", {"token": tokens[0], "next": "/"})
    bob.set_password(PASSWORD)
    bob.is_active = False
    bob.save()

    assert changed.status_code == 403
    assert browser().post("/arrive", {"token": tokens[1], "next": "/"}).status_code == 403


def test_a_way_in_lives_a_minute(town: Town, browser: Browser) -> None:
    """After that it opens nothing, not even the question."""
    token = _token(browser)
    town.pass_time(minutes=1)

    assert browser().get(f"/arrive?token={token}").status_code == 403
    assert browser().post("/arrive", {"token": token, "next": "/"}).status_code == 403


def test_whoever_arrives_has_not_shown_who_they_are(town: Town, browser: Browser) -> None:
    """What weighs much asks Bob for his password, whatever the browser held before he arrived."""
    token, plaza = _token(browser), browser()
    held = plaza.session
    held["account_authentication_methods"] = [{"method": "password", "at": 9e9, "reauthenticated": True}]
    held["account_authentication_methods_user"] = str(town.people["bob"])
    held.save()
    plaza.post("/arrive", {"token": token, "next": "/"})

    assert plaza.get("/settings").status_code == 200
    assert plaza.get("/settings/export").headers["Location"].startswith("/accounts/reauthenticate/")


def test_signing_in_takes_nothing_of_a_stranger_along(town: Town, browser: Browser) -> None:
    """What was put into a session before Bob signed in, by whomever, is gone after it."""
    plaza = browser()
    held = plaza.session
    held["account_reauthentication_state"] = {"request": {"path": "/settings/erase", "method": "POST"}}
    held["anything"] = "of somebody's"
    held.save()
    plaza.post("/accounts/login/", {"login": "bob@example.org", "password": PASSWORD})

    assert str(town.people["bob"]) == plaza.session["_auth_user_id"]
    assert not {"account_reauthentication_state", "anything"} & set(plaza.session.keys())


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
