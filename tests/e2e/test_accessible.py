"""No page shuts anybody out, as far as rules can tell: axe looks at each of them, narrow and wide, light and dark."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.e2e.installation import Installation, running
from tests.e2e.walk import Walk, route_of, routes

from wardmote.config.demo import PASSWORD

pytestmark = [pytest.mark.alike_on_both, pytest.mark.requires("chromium"), pytest.mark.requires("axe")]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who looks: the name of the demonstration that they come in as, where, and the page they begin on.

    `new_only`: they look only at what nobody before them was shown.
    """

    name: str = ""
    place: str = "plaza"
    begins: str = "/"
    by_password: bool = False
    new_only: bool = False


AT_THE_HOST = "127.0.0.1"
VISITORS = (
    # A login's keys and codes are shown only a short time after its password.
    Visitor("bob", begins="/accounts/2fa/", by_password=True),
    Visitor(),
    Visitor(place=AT_THE_HOST),
    Visitor("heidi", AT_THE_HOST, "/host/"),
    Visitor("mallory", begins="/measures", new_only=True),
    Visitor("dave", begins="/console/", new_only=True),
    Visitor("alice", begins="/owner/", new_only=True),
    # The owner of another community, who is no member of this one.
    Visitor("frank", begins="/join", by_password=True, new_only=True),
)
NO_PAGE: dict[str, str] = {
    "accounts/2fa/authenticate/": "asked of a login with a second factor, after its password",
    "accounts/2fa/reauthenticate/": "asked of a login with a second factor, when its sign-in is old",
    "accounts/2fa/recovery-codes/": "of a login with a second factor",
    "accounts/2fa/recovery-codes/download/": "of a login with a second factor",
    "accounts/2fa/totp/deactivate/": "of a login with an authenticator app",
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": "of a login with a passkey",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": "of a login with a passkey",
    "accounts/2fa/webauthn/reauthenticate/": "of a login with a passkey, when its sign-in is old",
    "accounts/back/<slug:token>": "of the mail to an address that a login gave up",
    "accounts/login/code/confirm/": "signing in by a mailed code is not offered",
    "accounts/password/set/": "of a login without a password; here each has one",
    "appeal/<slug:token>": "of somebody who wrote on another platform; the demonstration has none",
    "report/<slug:report_token>": "of the mail to a visitor who reported something",
    "report/<slug:report_token>/receipt": "of the same",
    "console/reasons/<int:template_id>/remove": "takes a form",
    "owner/keys/<int:key_id>/revoke": "takes a form",
    "owner/lists/<int:list_id>/remove": "takes a form",
    "console/locked/<int:locked_id>": "of what is on a list of illegal texts; the demonstration has no list",
    "console/locked/<int:locked_id>/decide": "takes a form",
    "console/locked/<int:locked_id>/erase": "takes a form",
    "owner/webhook/deliveries/<int:delivery_id>/resend": "takes a form",
    "come/<slug:token>": "takes a token and leads on at once",
    "console/audit": "leads on to where it is now",
    "console/promises": "leads on to where it is now",
    "console/keys": "leads on to where it is now",
    "console/lists": "leads on to where it is now",
    "console/webhook": "leads on to where it is now",
    "invitations/<id:invitation_id>": "of whoever is asked to moderate; the demonstration asks nobody",
    "owner/joining/links/<id:link_id>/revoke": "takes a form",
    "owner/moderators/invitations/<id:invitation_id>/withdraw": "takes a form",
    "owner/rules/preview": "of a draft; the demonstration has none",
    "requests/<id:request_id>": "takes a form",
    "console/others/cases/<int:case_id>": "of another community; the demonstration has no agreement",
    "console/others/appeals/<int:appeal_id>": "of another community; the demonstration has no agreement",
    "host/others/cases/<int:case_id>": "of what nobody of a community may decide; the demonstration has no such case",
    "host/others/appeals/<int:appeal_id>": "of what nobody of a community may decide; the demonstration has none",
    "owner/agreements/<id:agreement_id>": "of an agreement; the demonstration has none",
    "owner/ownership/<id:offer_id>/withdraw": "takes a form",
    "ownership/<id:offer_id>": "of whoever is asked to take over; the demonstration asks nobody",
    "demo-arrive": "takes a token and leads on at once",
    "demo/<slug:slug>": "leads on at once",
    "go/<slug:slug>": "leads on at once",
    "exchange/community/<slug:kind>": "for another installation, which signs what it sends",
    "exchange/host/<slug:kind>": "for another installation, which signs what it sends",
    "accounts/2fa/webauthn/login/": "answers a script",
    "host/cases/<int:case_id>/do/<slug:name>": "takes a form",
    "host/communities/<int:community_id>/enrol": "takes a form",
    "owner/notices/<id:letter_id>/items/<id:item_id>": "takes a form",
}
"""Addresses under which nobody was shown a page, each with the reason."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a page is looked at. Only colours differ by scheme, so the dark one asks about contrast alone."""

    width: int
    scheme: Literal["light", "dark"]

    @property
    def options(self) -> dict[str, Any]:
        return {"runOnly": ["color-contrast"]} if self.scheme == "dark" else {}


SIGHTS = tuple(Sight(width, scheme) for width in (390, 1440) for scheme in ("light", "dark"))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("accessible")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


def _enter(browser: Browser, installation: Installation, visitor: Visitor) -> tuple[Page, str]:
    """A page of somebody's own, and where it stands. The rules are put in beside the content security policy."""
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    host = f"http://{AT_THE_HOST}:{installation.port}"
    start = host if visitor.place == AT_THE_HOST else installation.url(visitor.place).rstrip("/")
    if visitor.by_password:
        page.goto(f"{start}/accounts/login/")
        _give_password(page, visitor.name)
    elif visitor.name:
        page.goto(f"{host}/demo/{visitor.name}")
        page.wait_for_url(lambda address: "/demo" not in address)
    return page, start + visitor.begins


def _give_password(page: Page, name: str) -> None:
    """Sign in with the form."""
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/login/" not in address)


def _complaints(page: Page, sight: Sight) -> list[str]:
    """What axe finds wrong with the page as it stands, a line for each thing and place."""
    page.set_viewport_size({"width": sight.width, "height": 900})
    page.emulate_media(color_scheme=sight.scheme, reduced_motion="reduce")
    found = page.evaluate("options => axe.run(document, {...options, resultTypes: ['violations']})", sight.options)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]} {node['any'][:1] and node['any'][0]['message']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def _look(page: Page) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    return [f"{sight.width} {sight.scheme}: {line}" for sight in SIGHTS for line in _complaints(page, sight)]


def _broken(page: Page, route: str) -> list[str]:
    return [f"/{route}, {line}" for line in _look(page)]


def test_no_page_breaks_a_rule(browser: Browser, installation: Installation) -> None:
    """Every page of everybody passes axe's rules at 390 and 1440 pixels, light and dark; and every page is looked at,
    but for a list of those that nobody here can be shown, each with its reason."""
    shown: set[str] = set()
    no_page: set[str] = set()
    broken: list[str] = []
    for visitor in VISITORS:
        page, start = _enter(browser, installation, visitor)
        password = PASSWORD if visitor.name else ""
        walk = Walk(page, start, password, seen=shown - {route_of(visitor.begins)} if visitor.new_only else set())
        for route in walk.pages():
            shown.add(route)
            broken += _broken(page, route)
        no_page |= walk.none
        page.context.close()
    for route, lines in _ways_in(browser, installation):
        shown.add(route)
        broken += lines
    unseen = set(routes()) - shown - no_page

    assert not broken, "\n".join(broken)
    assert not unseen ^ set(NO_PAGE), "\n".join(sorted(unseen ^ set(NO_PAGE)))


def _ways_in(browser: Browser, installation: Installation) -> Iterator[tuple[str, list[str]]]:
    """Signing up as far as the code, a new password as far as the link, coming along from the host's page, a slip."""
    page, start = _enter(browser, installation, Visitor())

    def here() -> tuple[str, list[str]]:
        route = route_of(urlsplit(page.url).path)
        return route, _broken(page, route)

    page.goto(start + "accounts/signup/")
    page.get_by_label("Email").fill("walter@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD + "!")
    page.get_by_label("Handle").fill("walter")
    page.get_by_label("I have read the policy").check()
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/accounts/confirm-email/**")
    yield here()
    page.goto(start + "accounts/password/reset/")
    page.get_by_label("Email").fill("bob@example.org")
    page.get_by_role("button", name="Mail me the link").click()
    page.goto(installation.wait_for_mail("bob@example.org", r"http\S+/password/reset/key/\S+")[0])
    yield here()
    page.goto(start + "nothing-here")
    yield here()
    page.context.close()
    page, start = _enter(browser, installation, Visitor("bob"))
    page.goto(start + "accounts/2fa/totp/activate/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**/totp/activate/")
    yield here()
    for path in ("accounts/2fa/webauthn/add/", "settings/erase"):
        page.goto(start + path)
        yield here()
    page.context.close()
    page, start = _enter(browser, installation, Visitor("alice"))
    page.goto(start + "owner/host")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**/owner/host")
    yield here()
    page.goto(start + "owner/policy")
    yield here()
    page.context.close()
    page, start = _enter(browser, installation, Visitor("ivan", AT_THE_HOST))
    page.goto(start + "go/plaza")
    yield here()
    page.context.close()
