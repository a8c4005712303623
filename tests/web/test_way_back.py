"""What weighs much asks who one is once more, and an address that is replaced is told, with a way back."""

import re
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.scenario import PASSWORD, Town, run_jobs, sign_in
from tests.web.conftest import PLAZA, Browser, said

from wardmote.kernel.urn import Urn
from wardmote.people.models import AddressChange, Person
from wardmote.record import queries as record

NEW = "taken-over@example.org"
ASKED = "/accounts/reauthenticate/?next="


def _verbs(town: Town, name: str) -> list[str]:
    return [entry.verb for entry in record.history([Urn("person", town.people[name])])]


def _change_address(town: Town, client: Client, name: str = "bob") -> None:
    """Add an address, verified by its code, and make it the main one."""
    EmailAddress.objects.create(user_id=town.people[name], email=NEW, verified=True, primary=False)
    response = client.post("/accounts/email/", {"email": NEW, "action_primary": ""})
    assert response.headers["Location"] == "/accounts/email/"
    run_jobs(town.now)


def _link() -> str:
    found = re.search(r"https?://[^/\s]+(/accounts/back/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("bob", "POST", "/accounts/email/"),
        ("bob", "GET", "/accounts/2fa/webauthn/add/"),
        ("bob", "GET", "/accounts/2fa/totp/activate/"),
        ("bob", "GET", "/settings/export"),
        ("bob", "GET", "/settings/erase"),
        ("bob", "POST", "/settings/erase"),
        ("alice", "GET", "/owner/export"),
        ("alice", "GET", "/owner/host"),
        ("alice", "POST", "/owner/host"),
        ("alice", "POST", "/owner/policy"),
        ("alice", "POST", "/owner/keys"),
        ("alice", "POST", "/owner/keys/1/revoke"),
        ("alice", "POST", "/owner/webhook"),
        ("alice", "POST", "/owner/webhook/secret"),
    ],
)
def test_an_open_browser_is_not_enough(town: Town, browser: Browser, name: str, method: str, path: str) -> None:
    """Address, password, keys, exports, erasure, the host: each asks for the password first."""
    client = browser(name, confirmed=False)
    response = (
        client.get(path)
        if method == "GET"
        else client.post(path, {"handle": name, "name": "x", "email": "x@example.org", "action_add": ""})
    )

    assert response.status_code == 302
    assert response.headers["Location"].startswith(ASKED)


@pytest.mark.parametrize("path", ["/host/customers/elsewhere", "/host/communities/1/enrol"])
def test_the_hosts_staff_are_asked_too(town: Town, browser: Browser, path: str) -> None:
    """Whom the host answers for is not changed from an open browser."""
    response = browser("ivan", host="127.0.0.1", confirmed=False).post(path, {"name": "x"})

    assert response.headers["Location"].startswith(ASKED)


def test_what_was_sent_goes_on_after_the_password(town: Town, browser: Browser) -> None:
    """Nothing has to be typed again; and for five minutes nobody asks."""
    client = browser("alice", confirmed=False)
    form = {"name": "forum", "scopes": "analyze", "requests_per_minute": "60", "texts_per_day": "100"}
    asked = client.post("/owner/keys", form)
    page = client.get(asked.headers["Location"])
    wrong = client.post("/accounts/reauthenticate/", {"password": "not it", "next": "/owner/keys"})
    made = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/owner/keys"})

    assert "Is it you?" in said(page.content.decode())
    assert wrong.status_code == 200
    assert "wm_" in made.content.decode()
    assert "key.issued" in town.verbs()
    assert client.get("/owner/export").status_code == 200


def test_after_five_minutes_it_is_asked_again(town: Town, browser: Browser) -> None:
    """A confirmation is for now."""
    client = browser("bob")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - 301, "reauthenticated": True}
    ]
    session.save()

    assert client.get("/settings/export").headers["Location"].startswith(ASKED)


def test_whoever_has_just_signed_in_is_not_asked(town: Town, browser: Browser) -> None:
    """The password was given seconds ago; five minutes later it is asked for, and never held for somebody else."""
    alice = browser()
    alice.post("/accounts/login/", {"login": "alice@example.org", "password": PASSWORD})
    at_once = alice.get("/owner/export")
    session = alice.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 301}]
    session.save()
    later = alice.get("/owner/export")
    session["account_authentication_methods"] = [{"method": "password_reset", "at": time.time()}]
    session.save()
    by_mail = alice.get("/owner/export")
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(town.people["bob"])
    session.save()

    assert at_once.status_code == 200
    assert later.headers["Location"].startswith(ASKED)
    assert by_mail.headers["Location"].startswith(ASKED)
    assert alice.get("/owner/export").headers["Location"].startswith(ASKED)


@pytest.mark.parametrize(
    ("name", "path", "page"), [("bob", "/settings/export", "/settings"), ("alice", "/owner/export", "/owner/")]
)
def test_after_the_password_comes_the_page_that_offers_the_file(
    town: Town, browser: Browser, name: str, path: str, page: str
) -> None:
    """A file would come while "Is it you?" stays on the screen; the page is there, and now gives it at once."""
    client = browser(name, confirmed=False)
    asked = client.get(path)
    there = dict(parse_qsl(urlsplit(asked.headers["Location"]).query))["next"]
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": there})

    assert answer.headers["Location"].partition("#")[0] == page
    assert f'href="{path}"' in client.get(page).content.decode()
    assert f'id="{there.partition("#")[2]}"' in client.get(page).content.decode()
    assert "attachment" in client.get(path).headers["Content-Disposition"]


def test_a_confirmed_address_leads_back_to_the_addresses(town: Town, browser: Browser) -> None:
    """Bob adds one and enters its code: he sees it among his, confirmed."""
    bob = browser("bob")
    bob.post("/accounts/email/", {"email": NEW, "action_add": ""})
    run_jobs(town.now)
    code = next(line.strip() for line in str(mail.outbox[-1].body).splitlines() if line.startswith("    "))
    answer = bob.post("/accounts/confirm-email/", {"code": code})

    assert answer.headers["Location"] == "/accounts/email/"
    assert EmailAddress.objects.get(email=NEW).verified


def test_the_address_before_is_told_and_takes_the_login_back(town: Town, browser: Browser) -> None:
    """The link restores it, ends every session, removes what was added lately, and asks for a new password."""
    intruder = browser("bob")
    Authenticator.objects.create(user_id=town.people["bob"], type=Authenticator.Type.WEBAUTHN, data={})
    Authenticator.objects.update(created_at=town.now)
    _change_address(town, intruder)
    told, link = mail.outbox[-1], _link()
    bob = Client(HTTP_HOST=PLAZA)
    question = bob.get(link)
    unchanged = Person.objects.get(pk=town.people["bob"]).email
    answer = bob.post(link)
    person = Person.objects.get(pk=town.people["bob"])
    chosen = bob.get(answer.headers["Location"], follow=True)

    assert told.to == ["bob@example.org"]
    assert NEW in str(told.body)
    assert question.status_code == 200
    assert unchanged == NEW
    assert person.email == "bob@example.org"
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "primary", "verified")) == [
        ("bob@example.org", True, True)
    ]
    assert not person.check_password(PASSWORD)
    assert not Authenticator.objects.filter(user=person).exists()
    assert intruder.get("/settings").status_code == 302
    assert 'name="password1"' in chosen.content.decode()
    assert _verbs(town, "bob")[-2:] == ["person.address_changed", "person.address_restored"]


def test_the_link_works_once_and_for_a_week(town: Town, browser: Browser) -> None:
    """Used, too old, or guessed: nothing happens."""
    _change_address(town, browser("bob"))
    link = _link()
    guessed = browser().post(link[:-4] + "AAAA")
    town.pass_time(days=7)
    late = browser().post(link)
    AddressChange.objects.update(changed_at=town.now)
    first, second = browser().post(link), browser().post(link)

    assert [guessed.status_code, late.status_code, first.status_code, second.status_code] == [404, 404, 302, 404]


def test_a_link_that_does_nothing_says_so_at_once(town: Town, browser: Browser) -> None:
    """No button that fails: a sentence, for one that was guessed, used or broken off."""
    _change_address(town, browser("bob"))
    link = _link()
    sound = browser().get(link)
    broken = [browser().get(path) for path in (link[:-4] + "AAAA", link[:-1], "/accounts/back/x", "/accounts/back/1-")]
    browser().post(link)
    used = browser().get(link)

    assert sound.status_code == 200
    assert [page.status_code for page in [*broken, used]] == [404] * 5
    assert "There is no such link." in said(broken[0].content.decode())
    assert "This link has been used" in said(used.content.decode())
    assert not [page for page in [*broken, used] if '<form method="post">' in page.content.decode()]


def test_a_later_change_does_not_shut_the_way_back(town: Town, browser: Browser) -> None:
    """Whoever goes on changing address and password does not outrun the first owner, and has no link back in."""
    intruder = browser("bob")
    _change_address(town, intruder)
    first = _link()
    EmailAddress.objects.create(user_id=town.people["bob"], email="second@example.org", verified=True)
    intruder.post("/accounts/email/", {"email": "second@example.org", "action_primary": ""})
    run_jobs(town.now)
    second = _link()
    person = Person.objects.get(pk=town.people["bob"])
    person.set_password("another long password")
    person.save()

    assert browser().post(first).status_code == 302
    assert browser().post(second).status_code == 404
    assert Person.objects.get(pk=town.people["bob"]).email == "bob@example.org"


def test_a_sign_up_with_the_address_before_does_not_shut_the_way_back(town: Town, browser: Browser) -> None:
    """A login that waits for its first code is nobody's: it gives way, and what opened it opens nothing."""
    _change_address(town, browser("bob"))
    theirs = Person.objects.create_user("bob@example.org", "a password of Mallory's", created_at=town.now)
    EmailAddress.objects.create(user=theirs, email="bob@example.org", verified=False, primary=True)

    assert browser().post(_link()).status_code == 302
    assert Person.objects.get(email="bob@example.org").pk == town.people["bob"]


def test_a_hand_off_does_not_outlive_the_way_back(town: Town, browser: Browser) -> None:
    """What an intruder took along on the host's page opens nothing once Bob has his login back."""
    _change_address(town, browser("bob"))
    way = browser("bob", host="127.0.0.1").get("/go/plaza").headers["Location"].removeprefix(f"http://{PLAZA}")
    browser().post(_link())

    assert browser().get(way).status_code == 403


def test_a_changed_password_is_told_and_ends_other_sessions(town: Town, browser: Browser) -> None:
    """The browser in which it was changed stays; every other one is out."""
    here, elsewhere = browser("bob"), Client(HTTP_HOST=PLAZA)
    sign_in(elsewhere, town.people["bob"])
    cache.clear()
    new = "quite another password"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    run_jobs(town.now)

    assert here.get("/settings").status_code == 200
    assert elsewhere.get("/settings").status_code == 302
    assert mail.outbox[-1].to == ["bob@example.org"]
    assert "password" in mail.outbox[-1].subject.lower()


def test_a_second_proof_that_is_turned_off_is_told(town: Town, browser: Browser) -> None:
    """By mail, to the main address."""
    key = Authenticator.objects.create(user_id=town.people["bob"], type=Authenticator.Type.TOTP, data={"secret": "x"})
    browser("bob").post("/accounts/2fa/totp/deactivate/")
    run_jobs(town.now)

    assert not Authenticator.objects.filter(pk=key.pk).exists()
    assert mail.outbox[-1].to == ["bob@example.org"]
