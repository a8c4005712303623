"""What strangers can have us keep: little, for a while, no more than so much; and what they cannot make us write."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from tests.scenario import PLAIN, Town, run_jobs
from tests.web.conftest import Browser

from wardmote.edges.web import sessions
from wardmote.edges.web.sessions import SessionStore
from wardmote.kernel.clock import now


def test_a_strangers_words_are_kept_by_their_own_browser(town: Town, browser: Browser) -> None:
    """Twenty forms of 20,000 characters sent by nobody leave no row with us."""
    path = town.post("alice", "Who has a ladder?").path
    for number in range(20):
        sent = browser().post(path + "/reply", {"text": f"{number} " + "x" * 20_000, "bio": "y" * 20_000})
        assert sent.status_code == 302
    browser().get("/")
    browser().get("/accounts/login/")
    browser().post("/language", {"language": "de", "back": "/"})

    assert Session.objects.count() == 0


@pytest.mark.parametrize("text", [PLAIN, "梯子を貸してください。" * 90, json.dumps("😀" * 400)])
def test_the_words_fit_beside_what_a_proxy_takes(town: Town, browser: Browser, text: str) -> None:
    """The cookies go to the form's own page alone, and together are less than a line of 8 kB."""
    path = town.post("alice", "Who has a ladder?").path + "/reply"
    cookies = browser().post(path, {"text": text}).cookies.values()

    assert {cookie["path"] for cookie in cookies} == {path}
    assert sum(len(cookie.value) for cookie in cookies) < 7_500


def test_a_strangers_session_is_small_and_short(town: Town, browser: Browser) -> None:
    """A passkey asked for at the door needs one: it ends within the hour, and what is large is refused."""
    browser().get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
    (session,) = Session.objects.all()
    SessionStore().create()
    large = SessionStore()
    large["next"] = [f"{number:x}" for number in range(9_000)]

    assert session.expire_date < timezone.now() + timedelta(hours=1, seconds=5)
    with pytest.raises(SuspiciousOperation):
        large.save()


def test_a_members_session_stays(town: Town, browser: Browser) -> None:
    """Bob's sign-in is for fourteen days, as before."""
    browser("bob").get("/")

    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=13)


def test_expired_sessions_are_cleared_and_strangers_are_not_without_number(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the worker clears: the expired, and the oldest of too many strangers; Bob stays signed in."""
    monkeypatch.setattr(sessions, "STRANGERS", 3)
    monkeypatch.setattr(sessions, "_EVERY", 10**12)
    bob = browser("bob")
    for number in range(6):
        store = SessionStore()
        store["asked"] = number
        store.set_expiry(-5 if number == 0 else 100 + number)
        store.save()
    removed = sessions.clear()

    kept = {SessionStore(row.session_key).get("asked") for row in Session.objects.all()}
    assert removed == 3
    assert kept == {3, 4, 5, None}
    assert bob.get("/notices").status_code == 200


def test_a_letters_addresses_are_the_stored_ones(town: Town, browser: Browser, settings: object) -> None:
    """Mallory asks for Bob's reset with a port of her own in the Host: the letter leads to the configured one."""
    settings.WARDMOTE_PORT = 8000  # type: ignore[attr-defined]
    mallory = browser(host="plaza.localhost:6666")
    mallory.post("/accounts/password/reset/", {"email": "bob@example.org"})
    run_jobs(now())
    addresses = re.findall(r"https?://[^/\s]+", str(mail.outbox[-1].body))

    assert mail.outbox[-1].to == ["bob@example.org"]
    assert set(addresses) == {"http://plaza.localhost:8000"}
    settings.SECURE = True  # type: ignore[attr-defined]
    browser(host="plaza.localhost:6666").post("/accounts/password/reset/", {"email": "carol@example.org"})
    run_jobs(now())
    assert set(re.findall(r"https?://[^/\s]+", str(mail.outbox[-1].body))) == {"https://plaza.localhost"}
