"""Nobody learns from signing up, signing in or resetting a password who has a login: the same work, the same answer."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.scenario import PASSWORD, Town, run_jobs
from tests.web.conftest import Browser, said
from tests.web.test_joining import _form

from wardmote.communities.queries import standing
from wardmote.jobs.models import Job
from wardmote.people.models import LoginMail
from wardmote.people.queries import person_by_email

KNOWN, UNKNOWN = "bob@example.org", "mallory@example.org"


class Work:
    """What answering cost; the writes by their first word."""

    def __init__(self) -> None:
        self.hashes = self.jobs = self.reads = 0
        self.writes: Counter[str] = Counter()


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count hashings of a password, jobs, and queries by their first word."""
    work, encode = Work(), MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        work.hashes += 1
        return encode(self, password, salt)

    before = Job.objects.count()
    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(MD5PasswordHasher, "encode", counting)
        yield work
    work.jobs = Job.objects.count() - before
    words = [query["sql"].split()[0] for query in queries.captured_queries]
    work.reads = words.count("SELECT")
    work.writes = Counter(word for word in words if word in ("INSERT", "UPDATE", "DELETE"))


def _sign_up(client: Client, email: str, **changes: str) -> Any:
    return client.post("/accounts/signup/", _form(client, "/accounts/signup/", email=email, **changes))


def _costs(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, act: Callable[[Client, str], Any], requests: int = 1
) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    reads = []
    for email in (KNOWN, UNKNOWN):
        cache.clear()
        client = browser()
        client.get("/accounts/login/")
        with counted(monkeypatch) as work:
            response = act(client, email)
        body = re.sub(r'value="[^"]{20,}"', "", said(response.content.decode()))
        words = body.replace(email, "EMAIL")
        reads.append(work.reads)
        answer = (response.status_code, response.headers.get("Location"), words)
        found.append((work.hashes, work.jobs, work.writes, *answer))
    # A login that is there is read by its key, each time by an index: a few reads are nothing that could be measured.
    assert abs(reads[0] - reads[1]) <= 4 * requests
    return found


def test_signing_up_costs_the_same(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """One password is hashed and one mail put on its way, with as many reads and writes, whoever is known."""
    handles = iter(("mallory", "trudy"))
    known, unknown = _costs(browser, monkeypatch, lambda c, email: _sign_up(c, email, handle=next(handles)))

    assert known == unknown
    assert known[:2] == (1, 1)


def test_asking_for_a_new_password_costs_the_same(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail leaves as a job in both cases, never within the answer."""
    known, unknown = _costs(
        browser, monkeypatch, lambda c, email: c.post("/accounts/password/reset/", {"email": email})
    )

    assert known == unknown
    assert known[1] == 1
    assert mail.outbox == []


def test_a_wrong_password_costs_the_same(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hashing, and one sentence."""
    known, unknown = _costs(
        browser, monkeypatch, lambda c, email: c.post("/accounts/login/", {"login": email, "password": "not the one"})
    )

    assert known == unknown
    assert known[0] == 1


def test_a_passkeys_challenge_names_nobodys_keys(town: Town, browser: Browser) -> None:
    """It is asked for without an address, so there is nobody to be told about."""
    challenge = browser().get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json").json()

    assert not challenge["request_options"]["publicKey"].get("allowCredentials")


def test_adding_an_address_costs_the_same(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carol learns nothing about whose an address is."""

    def add(_stranger: Client, email: str) -> Any:
        client = browser("carol")
        response = client.post("/accounts/email/", {"email": email, "action_add": ""})
        return client.get(response.headers["Location"])

    known, unknown = _costs(browser, monkeypatch, add)

    assert known == unknown
    assert known[1] == 1


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_nothing_of_a_sign_up_is_seen_before_the_code(town: Town, browser: Browser, email: str) -> None:
    """No page, list or feed has the handle; and it is kept from others in both cases alike."""
    _sign_up(browser(), email, handle="newcomer")
    dave = browser("dave")
    pages = [dave.get(path).content.decode() for path in ("/people", "/local", "/", "/console/")]
    second = browser()
    cache.clear()
    refused = _sign_up(second, "trudy@example.org", handle="newcomer")

    assert [page for page in pages if "newcomer" in page] == []
    assert dave.get("/@newcomer").status_code == 404
    assert "This handle is taken; please choose another." in said(refused.content.decode())
    assert person_by_email(email="trudy@example.org") is None
    assert "member.joined" not in [verb for verb in town.verbs() if verb == "member.joined"]


def test_a_handle_is_free_again_after_half_an_hour(town: Town, browser: Browser) -> None:
    """Whoever never gives the code keeps nobody from it."""
    _sign_up(browser(), UNKNOWN, handle="newcomer")
    town.pass_time(minutes=31)
    cache.clear()
    response = _sign_up(browser(), "trudy@example.org", handle="newcomer")

    assert response.status_code == 302


def _code() -> str:
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def test_the_code_is_sent_again(town: Town, browser: Browser) -> None:
    """The page has the button; the new code works, the old one does not; after three times it is enough."""
    client = browser()
    page = _sign_up(client, UNKNOWN).headers["Location"]
    run_jobs(town.now)
    old = _code()
    offered = 'name="action" value="resend"' in client.get(page).content.decode()
    for _again in range(4):
        cache.clear()
        client.post(page, {"action": "resend"})
    run_jobs(town.now)
    wrong = client.post(page, {"code": old})
    client.post(page, {"code": _code()})
    person_id = person_by_email(email=UNKNOWN)

    assert offered
    assert len(mail.outbox) == 1 + 3
    assert wrong.status_code == 200
    assert person_id is not None
    assert standing(community_id=town.plaza, person_id=person_id) is not None
    assert not LoginMail.objects.exists()


def test_sending_the_code_again_costs_the_same(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A known address is written to as often as an unknown one; the page is the same."""
    handles = iter(("mallory", "trudy"))

    def again(client: Client, email: str) -> Any:
        page = _sign_up(client, email, handle=next(handles)).headers["Location"]
        cache.clear()
        client.post(page, {"action": "resend"})
        return client.get(page)

    known, unknown = _costs(browser, monkeypatch, again, requests=3)

    assert known[1] == 2
    assert known[:2] == unknown[:2]
    assert known[3:] == unknown[3:]


def test_whoever_has_a_login_is_told_that_somebody_tried(town: Town, browser: Browser) -> None:
    """Bob reads it in his mail, and nobody anywhere else."""
    _sign_up(browser(), KNOWN)
    run_jobs(town.now)

    assert mail.outbox[-1].to == [KNOWN]
    assert mail.outbox[-1].subject == "You have a login already"


def test_somebody_else_in_the_same_browser_joins_nothing(town: Town, browser: Browser) -> None:
    """What one filled in is one's own: Frank signs in after somebody's sign-up and is asked to join himself."""
    client = browser()
    _sign_up(client, UNKNOWN, handle="newcomer")
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "frank@example.org", "password": PASSWORD})

    assert standing(community_id=town.plaza, person_id=town.people["frank"]) is None
