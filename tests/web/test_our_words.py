"""What allauth says about a login is said in our words, in letters and on pages."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.template import engines
from django.test import RequestFactory
from tests.scenario import PASSWORD, Town, run_jobs
from tests.web.conftest import Browser, said

import wardmote
from wardmote.edges.web.browsers import in_words
from wardmote.people.models import Person

_ALLAUTH = Path(allauth.__file__).parent / "templates"
_OURS = str(Path(wardmote.__file__).parent)
_NOT_MET = re.compile(
    # No telephones, no sign-in or reset by code, no sign-up by passkey, one changes addresses by adding them.
    r"phone|login_code|password_reset_code|signup_by_passkey|webauthn/signup_form|email_change\.html|email_confirm\.html"
    # No browser is trusted to skip the second proof.
    r"|mfa/trust"
    # Frames without words of their own.
    r"|base_(entrance|manage\w*)\.html|/base\.html|/snippets/|recovery_codes/download\.txt"
)
_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def _of_allauth() -> list[str]:
    paths = [path for part in ("account", "mfa") for path in (_ALLAUTH / part).rglob("*")]
    found = [path.relative_to(_ALLAUTH).as_posix() for path in paths]
    return sorted(name for name in found if name.endswith((".html", ".txt")) and not _NOT_MET.search(name))


@pytest.mark.parametrize("name", _of_allauth())
def test_every_page_and_letter_of_a_login_is_ours(name: str) -> None:
    """None that a member can meet is left to the library, in whatever version brings a new one."""
    template = engines["django"].get_template(name)
    assert str(template.template.origin.name).startswith(_OURS)  # type: ignore[attr-defined] # Django's own engine


def test_a_safety_letter_names_a_browser_and_no_made_up_address(town: Town, browser: Browser) -> None:
    """Bob removes an address behind a proxy that tells nothing: device in words, the time once, no address."""
    EmailAddress.objects.create(user_id=town.people["bob"], email="old@example.org", verified=True, primary=False)
    form = {"email": "old@example.org", "action_remove": ""}
    browser("bob").post("/accounts/email/", form, HTTP_USER_AGENT=_FIREFOX)
    run_jobs(town.now)
    letter = mail.outbox[-1]

    assert letter.subject == "An address was removed from your login"
    assert "With: Firefox on Linux\n" in str(letter.body)
    assert "From the address" not in str(letter.body)
    assert not re.search(r"unknown|Mozilla|\.\.", str(letter.body))


def test_a_safety_letter_names_the_address_where_it_is_known(town: Town, browser: Browser) -> None:
    """And of a browser that nobody knows it says nothing, whatever that calls itself."""
    EmailAddress.objects.create(user_id=town.people["bob"], email="old@example.org", verified=True, primary=False)
    form = {"email": "old@example.org", "action_remove": ""}
    said_by = "call https://evil.example at once"
    browser("bob").post("/accounts/email/", form, HTTP_USER_AGENT=said_by, REMOTE_ADDR="192.0.2.7")
    run_jobs(town.now)
    letter = str(mail.outbox[-1].body)

    assert "From the address: 192.0.2.7" in letter
    assert "evil" not in letter
    assert "With" not in letter


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (_FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/131.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("curl/8.9", ""),
    ],
)
def test_a_browser_in_words(user_agent: str, words: str) -> None:
    """The narrowest name wins, since browsers name themselves after others."""
    assert in_words(RequestFactory().get("/", HTTP_USER_AGENT=user_agent)) == words


def test_a_used_reset_link_says_so(town: Town, browser: Browser) -> None:
    """No "Bad Token": what is wrong with it, and the way on."""
    page = browser().get("/accounts/password/reset/key/1-abc-123/").content.decode()

    assert "This link is of no use any more" in said(page)
    assert "Mail me a new link" in said(page)


def test_signing_in_asks_whether_to_stay(town: Town, browser: Browser) -> None:
    """The box beside the password says what it does."""
    page = said(browser().get("/accounts/login/").content.decode())

    assert "Stay signed in on this device" in page
    assert "Remember Me" not in page


def test_a_new_passkey_s_page_and_the_codes_speak_our_words(town: Town, browser: Browser) -> None:
    """The pages of the second proof answer, and none says what the library says."""
    person = Person.objects.get(pk=town.people["bob"])
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    paths = ("totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/", "webauthn/add/")
    bob, stranger = browser("bob"), browser()
    stranger.post("/accounts/login/", {"login": "bob@example.org", "password": PASSWORD})
    asked = [bob.get(f"/accounts/2fa/{path}") for path in (*paths, "reauthenticate/")]
    pages = [*asked, stranger.get("/accounts/2fa/authenticate/")]
    words = " ".join(said(page.content.decode()) for page in pages)

    assert [page.status_code for page in pages] == [200] * len(pages)
    assert not re.search("Deactivat|Security Key|Two-Factor|Sign In", words)


def test_one_reply_is_one_reply(town: Town, browser: Browser) -> None:
    """What a screen reader says of a post counts as people do."""
    first = town.post("bob", "Who brings the cake?")
    town.post("carol", "I do.", answers=first.post_id)
    page = said(browser("bob").get("/local").content.decode())

    assert "1 reply" in page
    assert "1 replies" not in page
