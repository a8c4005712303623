"""Wrong passwords: a stranger's are counted against the stranger, and the account's owner gets in."""

import re
from ipaddress import ip_network

import pytest
from django.core import mail
from django.test import Client
from tests.scenario import PASSWORD, Town, run_jobs
from tests.web.conftest import Browser

from wardmote.kernel.clock import now
from wardmote.people.models import Pace

PROXY = "127.0.0.1"
STRANGER = "203.0.113.9"


@pytest.fixture(autouse=True)
def proxy(settings: object) -> None:
    """A proxy on this machine that the operator trusts."""
    settings.WARDMOTE_TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)  # type: ignore[attr-defined]


def sign_in(client: Client, name: str, password: str, *, said: str = "", peer: str = PROXY) -> int:
    """The status of one try: 302 in, 200 wrong or no more tries, 429 too fast. `said` is the X-Forwarded-For."""
    headers = {"X-Forwarded-For": said} if said else {}
    filled = {"login": f"{name}@example.org", "password": password}
    return client.post("/accounts/login/", filled, headers=headers, REMOTE_ADDR=peer).status_code


@pytest.mark.parametrize("shared", ["", "nonsense"])
def test_wrong_tries_of_anybody_lock_nobody_out_behind_a_proxy(town: Town, browser: Browser, shared: str) -> None:
    """A dozen wrong tries at other accounts, from one address or from one that the proxy does not tell: Bob signs in
    from another, and from the same."""
    for number in range(12):
        sign_in(browser(), f"nobody_{number}", "wrong", said=shared or STRANGER)

    assert sign_in(browser(), "bob", PASSWORD, said="198.51.100.7") == 302
    assert sign_in(browser(), "carol", PASSWORD, said=shared or STRANGER) == 302


def test_the_limit_holds_for_the_one_who_tries(town: Town, browser: Browser) -> None:
    """After five wrong passwords for Bob's account a stranger's right one does not help; Bob's own address does, and
    what the stranger writes before the proxy's word, or an address of the same IPv6 network, changes nothing."""
    for number in range(5):
        sign_in(browser(), "bob", "wrong", said=f"198.51.100.{number}, {STRANGER}")
        sign_in(browser(), "carol", "wrong", said=f"2001:db8:1:2::{number}")

    assert sign_in(browser(), "bob", PASSWORD, said=f"198.51.100.99, {STRANGER}") == 200
    assert sign_in(browser(), "carol", PASSWORD, said="2001:db8:1:2:ffff::1") == 200
    assert sign_in(browser(), "bob", PASSWORD, said="198.51.100.7") == 302
    assert sign_in(browser(), "carol", PASSWORD, said="2001:db8:1:3::1") == 302


def test_nobody_but_a_trusted_proxy_says_who_somebody_is(town: Town, browser: Browser) -> None:
    """A stranger who reaches the port itself and writes another address each time is counted by their own."""
    for number in range(5):
        sign_in(browser(), "bob", "wrong", said=f"198.51.100.{number}", peer=STRANGER)

    assert sign_in(browser(), "bob", PASSWORD, said="198.51.100.77", peer=STRANGER) == 200
    assert sign_in(browser(), "bob", PASSWORD, peer="198.51.100.77") == 302


def test_many_strangers_do_not_shut_the_owner_out(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries from many addresses use up what unknown browsers have for Bob's account: the browser that he used before
    gets in, and a new one by a reset that comes by mail."""
    monkeypatch.setattr("wardmote.edges.web.pace.ACCOUNT", "6/h/key")
    known, new = browser(), browser()
    sign_in(known, "bob", PASSWORD, said="198.51.100.7")
    known.post("/accounts/logout/")
    for number in range(6):
        sign_in(browser(), "bob", "wrong", said=f"203.0.113.{number}")

    assert sign_in(browser(), "bob", PASSWORD, said="198.51.100.8") == 200
    assert sign_in(known, "bob", PASSWORD, said="198.51.100.8") == 302
    new.post("/accounts/password/reset/", {"email": "bob@example.org"})
    run_jobs(now())
    (link,) = re.findall(r"http://\S+?(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    form = new.get(link, follow=True)
    fresh = {"password1": "another long password", "password2": "another long password"}
    new.post(form.redirect_chain[-1][0], fresh)
    assert new.get("/notices").status_code == 200


def test_tries_are_counted_where_every_process_sees_them(town: Town, browser: Browser) -> None:
    """The counts lie in the database, without the address or the account's name in the clear."""
    sign_in(browser(), "bob", "wrong", said=STRANGER)
    keys = " ".join(Pace.objects.values_list("cache_key", flat=True))

    assert "wardmote.sign_in" in keys
    assert "bob" not in keys


@pytest.mark.parametrize(("peer", "is_secure"), [(PROXY, True), (STRANGER, False)])
def test_only_a_trusted_proxy_ends_tls(
    town: Town, browser: Browser, settings: object, peer: str, is_secure: bool
) -> None:
    """`X-Forwarded-Proto` of anybody else is not believed."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    settings.SECURE_HSTS_SECONDS = 10  # type: ignore[attr-defined]
    answer = browser().get("/", headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR=peer)

    assert ("Strict-Transport-Security" in answer.headers) is is_secure
