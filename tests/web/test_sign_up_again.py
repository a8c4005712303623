"""However often somebody signs up with one address, what counts is what the one filled in who reads the mail there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from tests.scenario import PASSWORD, Town, run_jobs
from tests.web.conftest import Browser, said
from tests.web.test_joining import _form

from wardmote.journeys.operator.create_login import create_login
from wardmote.kernel.errors import Conflict
from wardmote.kernel.urn import Urn
from wardmote.people.models import Person
from wardmote.people.operations import clear_unverified
from wardmote.people.queries import person_by_email
from wardmote.record import queries as record

ADDRESS, THEIRS = "walter@example.org", "a password of Mallory's"


def _sign_up(town: Town, client: Client, handle: str, password: str = PASSWORD) -> str:
    """Fill the form in; gives the code that was mailed for it."""
    cache.clear()
    client.post(
        "/accounts/signup/",
        _form(client, "/accounts/signup/", email=ADDRESS, handle=handle, password1=password),
    )
    run_jobs(town.now)
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def _enter(client: Client, code: str) -> Any:
    return client.post("/accounts/confirm-email/", {"code": code})


def _left_over(town: Town, **about: Any) -> Person:
    """A login as sign-ups once left it before its code was given."""
    person = Person.objects.create_user(ADDRESS, THEIRS, **{"created_at": town.now, **about})
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=False, primary=True)
    return person


def _opens(browser: Browser, password: str) -> bool:
    client = browser()
    client.post("/accounts/login/", {"login": ADDRESS, "password": password})
    return "_auth_user_id" in client.session


def test_nothing_is_made_before_the_code(town: Town, browser: Browser) -> None:
    """A sign-up leaves no login behind, whoever's address it names: nothing collides, and nothing piles up."""
    before = Person.objects.count(), EmailAddress.objects.count()
    _sign_up(town, browser(), "walter")

    assert (Person.objects.count(), EmailAddress.objects.count()) == before


def test_a_strangers_earlier_sign_up_shuts_nobody_out(town: Town, browser: Browser) -> None:
    """Mallory was first with Walter's address: Walter's code makes Walter's login, with his handle and his password."""
    mallory, walter = browser(), browser()
    first = _sign_up(town, mallory, "not_walter", THEIRS)
    second = _sign_up(town, walter, "walter")
    wrong = _enter(walter, first)
    entered = _enter(walter, second)
    person_id = person_by_email(email=ADDRESS)

    assert wrong.status_code == 200
    assert entered.headers["Location"] == "/"
    assert "You are @walter here." in said(walter.get("/settings").content.decode())
    assert person_id is not None
    assert [e.verb for e in record.history([Urn("person", person_id)])] == ["person.registered"]
    assert _opens(browser, PASSWORD)
    assert not _opens(browser, THEIRS)


def test_a_strangers_later_sign_up_shuts_nobody_out(town: Town, browser: Browser) -> None:
    """Walter gives his code although Mallory has signed up with his address since; hers opens nothing after that."""
    mallory, walter = browser(), browser()
    mine = _sign_up(town, walter, "walter")
    theirs = _sign_up(town, mallory, "not_walter", THEIRS)
    _enter(walter, mine)
    late = _enter(mallory, theirs)

    assert "You are @walter here." in said(walter.get("/settings").content.decode())
    assert late.status_code == 200
    assert "_auth_user_id" not in mallory.session
    assert not _opens(browser, THEIRS)


def test_two_codes_in_the_same_moment_make_one_login(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is told that there is a login by now, at the field."""
    first, second = browser(), browser()
    codes = _sign_up(town, first, "walter"), _sign_up(town, second, "walter2", THEIRS)
    _enter(first, codes[0])
    monkeypatch.setattr("allauth.account.forms.email_already_exists", lambda **_about: None)
    answer = _enter(second, codes[1])

    assert answer.status_code == 200
    assert "There is a login with this address already." in said(answer.content.decode())
    assert Person.objects.filter(email=ADDRESS).count() == 1
    assert not _opens(browser, THEIRS)


def test_a_sign_up_of_old_gives_way(town: Town, browser: Browser) -> None:
    """A login that waits for its first code does not keep its address: who reads the mail there signs up afresh."""
    old, walter = _left_over(town), browser()
    _enter(walter, _sign_up(town, walter, "walter"))

    assert "You are @walter here." in said(walter.get("/settings").content.decode())
    assert not Person.objects.filter(pk=old.pk).exists()
    assert not _opens(browser, THEIRS)


def test_a_sign_up_of_old_can_still_give_its_code(town: Town, browser: Browser) -> None:
    """Whoever comes back with the password is mailed another code, and is in with it; once it is cleared, no error."""
    _left_over(town)
    client, late = browser(), browser()
    for each in (late, client):
        cache.clear()
        each.post("/accounts/login/", {"login": ADDRESS, "password": THEIRS})
    run_jobs(town.now)
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    entered = _enter(client, found[1])
    Person.objects.filter(email=ADDRESS).delete()

    assert entered.headers["Location"] == "/join"
    assert _enter(late, "ABCD-EFGH").headers["Location"] == "/accounts/login/"


def test_sign_ups_without_a_code_are_cleared_after_a_day(town: Town) -> None:
    """A login that was verified, is staff's, or is on record stays, and so does one of today."""
    old = {"created_at": town.now - timedelta(days=1, seconds=1)}
    left = _left_over(town, **old)
    kept = [
        Person.objects.create_user("today@example.org", THEIRS, created_at=town.now),
        Person.objects.create_user("staff@example.org", THEIRS, is_host_staff=True, **old),
        Person.objects.create_user("was-in@example.org", THEIRS, last_login=town.now, **old),
    ]
    EmailAddress.objects.filter(user_id=town.people["carol"]).update(verified=False)
    Person.objects.filter(pk=town.people["carol"]).update(**old)
    verified = Person.objects.create_user("verified@example.org", THEIRS, **old)
    EmailAddress.objects.create(user=verified, email=verified.email, verified=True, primary=True)
    people = Person.objects.count()

    assert clear_unverified(now=town.now) == 1
    assert Person.objects.count() == people - 1
    assert not Person.objects.filter(pk=left.pk).exists()
    assert not EmailAddress.objects.filter(email=ADDRESS).exists()
    assert Person.objects.filter(pk__in=[person.pk for person in kept]).count() == len(kept)


def test_the_worker_clears_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what else it tidies."""
    import threading

    from wardmote.config.processes import worker

    cleared: list[object] = []
    monkeypatch.setattr("wardmote.edges.web.sessions.clear", lambda: None)
    monkeypatch.setattr("wardmote.people.operations.clear_pace", lambda **_about: None)
    monkeypatch.setattr("wardmote.people.operations.clear_unverified", lambda *, now: cleared.append(now))
    monkeypatch.setattr("wardmote.moderation.operations.clear_unconfirmed", lambda **_about: None)
    monkeypatch.setattr("wardmote.journeys.members.visitor_reports.forget_answered", lambda **_about: None)
    monkeypatch.setattr("wardmote.record.engine.go_on_after_stored", lambda: None)
    monkeypatch.setattr("wardmote.record.engine.run_sequencer", lambda stop, **_: stop.wait())
    monkeypatch.setattr("wardmote.jobs.engine.run_worker", lambda _stop, _handlers, *, tidy, **_: tidy())
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    worker.serve(threading.Event())

    assert len(cleared) == 1


def test_a_login_that_the_host_makes_is_made_once(town: Town) -> None:
    """The second is a conflict, whatever the case of its letters; a sign-up without its code is none."""
    left = _left_over(town)
    made = create_login(email=ADDRESS, password=None, now=town.now)

    assert not Person.objects.filter(pk=left.pk).exists()
    with pytest.raises(Conflict, match="a login with this address"):
        create_login(email=ADDRESS.upper(), password=None, now=town.now)
    assert [e.verb for e in record.history([Urn("person", made)])] == ["person.registered"]


def test_an_added_address_that_is_taken_in_the_same_moment_is_said(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Carol's code was right, and still somebody else has the address: no error page, and it is not hers."""
    carol = browser("carol")
    carol.post("/accounts/email/", {"email": ADDRESS, "action_add": ""})
    run_jobs(town.now)
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found

    def taken(*_args: object, **_about: object) -> None:
        raise IntegrityError("unique_verified_email")

    with monkeypatch.context() as patch:
        patch.setattr(EmailAddress, "save", taken)
        answer = _enter(carol, found[1])

    assert answer.status_code == 302
    assert not EmailAddress.objects.filter(email=ADDRESS).exists()
