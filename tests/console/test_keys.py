import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from tests.console.conftest import Browser
from tests.scenario import PLAIN, QUEUED, Town

pytestmark = pytest.mark.requires("chromium")


@pytest.fixture
def cases(town: Town) -> None:
    """Two posts that Carol reported; the threat ranks first."""
    for text in (PLAIN, QUEUED):
        town.report("carol", town.post("bob", text).post_id)


@pytest.fixture
def page(live_server: LiveServer, cases: None, browser: Browser) -> Iterator[Page]:
    """Dave's real browser at the queue, on a screen of 1440 by 900; a message of its console fails the test."""
    origin = live_server.url.replace("localhost", "plaza.localhost")
    cookie = _session(browser("dave"))
    troubles: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=origin)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": origin}])
        opened = context.new_page()
        opened.on("console", lambda message: troubles.extend(_trouble(message)))
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.goto("/console/")
        yield opened
        chromium.close()

    assert troubles == []


def _session(client: Client) -> str:
    # A session is bound to the host of its first request, which is made here.
    client.get("/console/")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _trouble(message: ConsoleMessage) -> list[str]:
    # htmx calls it an error when a newer preview overtakes an older one.
    harmless = message.text.startswith("htmx:") or "favicon" in message.location["url"]
    return [message.text] if message.type == "error" and not harmless else []


def _is_open(page: Page, selector: str) -> bool:
    return bool(page.locator(selector).first.evaluate("element => element.open"))


def _decision(page: Page) -> list[str]:
    """What the newest decision's page says was done, and why."""
    page.goto("/console/decided")
    page.locator("a.why").first.click()
    what, why = page.locator(".zone-decision .told p").all_inner_texts()
    return [what.split(" · ")[0].strip(), why]


def test_a_case_is_decided_with_the_keys_alone(page: Page) -> None:
    """Claim, uncover, choose, say why, decide, and the next case is there: the notice grows as one types, and all of it
    stays in the window."""
    page.keyboard.press("n")
    page.wait_for_url("**/cases/*")
    covered = _is_open(page, ".judged [data-shield]")
    page.keyboard.press("Space")
    uncovered = _is_open(page, ".judged [data-shield]")
    page.keyboard.press("4")
    page.keyboard.press("r")
    page.keyboard.type("It is a threat.")
    page.locator(".preview .letter", has_text="It is a threat.").wait_for(timeout=10_000)
    notice = page.locator(".preview").inner_text()
    beyond = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/cases/" in url and url != before)

    assert (covered, uncovered) == (False, True)
    assert "Your post was removed" in notice
    assert beyond <= 0
    assert "Decided: remove." in page.get_by_role("status").inner_text()
    assert _decision(page) == ["Remove, 1.1 No threats", "It is a threat."]


def test_enter_decides_and_typing_is_only_typing(page: Page) -> None:
    """Keys written into the reason do nothing else; outside a field, enter decides."""
    page.keyboard.press("n")
    page.wait_for_url("**/cases/*")
    page.keyboard.press("r")
    page.keyboard.type("u 1 j ? n")
    page.keyboard.press("Escape")
    page.keyboard.press("5")
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/cases/" in url and url != before)

    assert _decision(page) == ["Warn, 1.1 No threats", "u 1 j ? n"]


def test_rows_and_key_sheet_answer_to_their_keys(page: Page) -> None:
    """`j` goes down, `k` up, space uncovers the row one is on, `?` opens the list of keys and escape closes it."""
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Space")
    rows = [row.evaluate("row => row.querySelector('[data-shield]').open") for row in page.locator("[data-row]").all()]
    page.keyboard.press("?")
    opened = _is_open(page, "#keys")
    page.keyboard.press("Escape")
    closed = _is_open(page, "#keys")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")

    assert rows == [True, False]
    assert (opened, closed) == (True, False)


def test_releasing_has_a_key(page: Page) -> None:
    """`x` gives the case back undecided."""
    page.keyboard.press("n")
    page.wait_for_url("**/cases/*")
    page.keyboard.press("x")
    page.wait_for_url("**/console/")

    assert "back in the queue" in page.get_by_role("status").inner_text()
    assert page.locator("a.why").count() == 2
    assert page.get_by_text("In your hands").count() == 0


def test_handing_over_has_a_key(page: Page) -> None:
    """`e` opens the sheet for it, and the choice of whom is where one types."""
    page.keyboard.press("n")
    page.wait_for_url("**/cases/*")
    page.keyboard.press("e")

    assert _is_open(page, "#hand")
    assert page.evaluate("document.activeElement.id") == "hand-to"


def test_taking_back_has_a_key(page: Page, settings: Settings) -> None:
    """`u` undoes what was decided a moment ago, and the case is there again."""
    settings.WARDMOTE_UNDO_MINUTES = 5
    page.keyboard.press("n")
    page.wait_for_url("**/cases/*")
    before = page.url
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/cases/" in url and url != before)
    page.keyboard.press("u")
    page.wait_for_url(before)

    assert "Taken back" in page.get_by_role("status").inner_text()
