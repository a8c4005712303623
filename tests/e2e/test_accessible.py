"""No page shuts anybody out, as far as rules can tell: axe looks at each of them, narrow and wide, light and dark."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.e2e.installation import Installation, running
from tests.e2e.walk import Walk, routes

pytestmark = [pytest.mark.requires("chromium"), pytest.mark.requires("axe")]

ROLES = {
    "a stranger": ("", "plaza"),
    "a stranger at the host's": ("", "127.0.0.1"),
    "a member": ("bob", "plaza"),
    "a member who was moderated": ("mallory", "plaza"),
    "a moderator": ("dave", "plaza"),
    "the owner": ("alice", "plaza"),
    "the host's staff": ("heidi", "127.0.0.1"),
}
"""Who looks -> the name of the demonstration that they come in as, and where."""

NO_PAGE: dict[str, str] = {}
"""Addresses under which nobody was shown a page, each with the reason."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a page is looked at. Only colours differ by scheme, so the dark one asks about contrast alone."""

    width: int
    scheme: Literal["light", "dark"]

    @property
    def options(self) -> dict[str, Any]:
        return {"runOnly": ["color-contrast"]} if self.scheme == "dark" else {}


SIGHTS = tuple(Sight(width, scheme) for width in (390, 1440) for scheme in ("light", "dark"))  # type: ignore[arg-type]


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


def _enter(browser: Browser, installation: Installation, name: str, place: str) -> tuple[Page, str]:
    """A page of somebody's own, and where it stands. The rules are put in beside the content security policy."""
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    host = f"http://127.0.0.1:{installation.port}"
    start = host if place == "127.0.0.1" else installation.url(place).rstrip("/")
    page.goto(f"{host}/demo/{name}" if name else start)
    if name:
        page.wait_for_url(lambda address: "/demo" not in address)
    return page, start + "/"


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


shown: set[str] = set()
"""The addresses whose page somebody was shown in this run."""


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_a_rule(browser: Browser, installation: Installation, role: str) -> None:
    """Whoever looks, every page of theirs passes axe's rules at 390 and 1440 pixels, light and dark."""
    page, start = _enter(browser, installation, *ROLES[role])
    broken: list[str] = []
    for route in Walk(page, start).pages():
        shown.add(route)
        broken += [f"/{route}, {line}" for line in _look(page)]
    page.context.close()

    assert not broken, "\n".join(broken)


def test_every_page_was_looked_at() -> None:
    """What nobody was shown is on a list, with the reason; run with the test above."""
    unseen = set(routes()) - shown

    assert not unseen ^ set(NO_PAGE), "\n".join(sorted(unseen ^ set(NO_PAGE)))
