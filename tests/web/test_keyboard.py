"""Everything that people come for is done with the keyboard alone, and one always sees where one is."""

import shutil
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Locator, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.scenario import PLAIN, Town
from tests.web.conftest import Browser

from wardmote.moderation.models import Appeal, Decision, Report
from wardmote.network.models import Post

pytestmark = pytest.mark.requires("chromium")
Opened = Callable[[str, str], Page]
MOST = 80
"""More presses of Tab than any page here needs."""

_SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nothing";
  const ringed = (element) => {
    const style = element && getComputedStyle(element);
    return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = (at.closest("label") || at).getBoundingClientRect();
  const shown = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return (ringed(at) || ringed(at.closest("label"))) && shown ? "" : at.outerHTML.slice(0, 200);
}"""
"""Empty where the focus has a ring on the screen; else what has the focus without one."""


@pytest.fixture
def opened(live_server: LiveServer, town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """A real browser of somebody's at a path of the Plaza, without a mouse."""
    # Playwright keeps a loop of its own in this thread; nothing of ours is asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    origin = live_server.url.replace("localhost", "plaza.localhost")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )

        def open_as(name: str, path: str) -> Page:
            client = browser(name)
            client.get("/")
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=origin)
            context.set_default_timeout(15_000)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": origin}])
            page = context.new_page()
            page.goto(path)
            return page

        yield open_as
        chromium.close()
        # Beside that loop Django keeps connections of their own, which nobody else would close.
        connections.close_all()


def _has_focus(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there; at each stop one sees where it is."""
    for _press in range(MOST):
        page.keyboard.press("Tab")
        assert page.evaluate(_SEEN) == ""
        if _has_focus(target):
            return
    raise AssertionError(f"{MOST} presses of Tab do not lead to {target}")


def _go(page: Page, target: Locator) -> None:
    """Tab there, press Enter and stand on the next page."""
    _tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _in_main(page: Page, role: Literal["link", "button"], name: str) -> Locator:
    return page.get_by_role("main").get_by_role(role, name=name, exact=True).first


def test_the_first_stop_leads_past_the_rail(opened: Opened) -> None:
    """The skip link comes first and is seen, and Enter goes into the page; the next Tab is inside it."""
    page = opened("bob", "/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")

    assert _has_focus(skip)
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_bob_posts(opened: Opened) -> None:
    """A blank text leads to what is wrong, from there to the field; once sent, the focus stays with the form."""
    page = opened("bob", "/")
    _tab_to(page, page.get_by_label("Your post"))
    page.keyboard.press("Space")
    _tab_to(page, _in_main(page, "button", "Post"))
    page.keyboard.press("Enter")
    problems = page.locator(".problems")
    expect(problems).to_be_focused()
    assert page.evaluate(_SEEN) == ""
    _tab_to(page, problems.get_by_role("link"))
    page.keyboard.press("Enter")
    field = page.get_by_label("Your post")
    expect(field).to_be_focused()
    page.keyboard.type("Typed without a mouse.")
    _tab_to(page, _in_main(page, "button", "Post"))
    page.keyboard.press("Enter")

    expect(page.locator("#feed")).to_contain_text("Typed without a mouse.")
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_focused()
    assert Post.objects.get().text == "Typed without a mouse."


def test_a_form_without_script_begins_at_what_is_wrong(opened: Opened) -> None:
    """A page that comes back with a refusal has the focus on it, so that it is read first."""
    page = opened("bob", "/post")
    page.get_by_label("Your post").evaluate("field => field.form.removeAttribute('hx-post')")
    page.evaluate("document.querySelector('main form').submit()")

    expect(page.locator(".problems")).to_be_focused()


def test_carol_reports_a_post(opened: Opened, town: Town) -> None:
    """From the post to its report, a reason by the arrows, a word to it, sent."""
    page = opened("carol", town.post("bob", PLAIN).path)
    _go(page, _in_main(page, "link", "Report"))
    _tab_to(page, page.get_by_label("It threatens somebody"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    _tab_to(page, page.get_by_label("What should the moderators know?"))
    page.keyboard.type("Twice this week.")
    _go(page, _in_main(page, "button", "Send the report"))

    expect(page.get_by_role("status")).to_contain_text("Thank you.")
    assert [(r.reason, r.comment) for r in Report.objects.all()] == [("harassment", "Twice this week.")]


def test_dave_decides_a_case_with_tab_and_arrows(opened: Opened, town: Town) -> None:
    """Without any of the desk's own keys: claimed, refused for want of a reason, mended and decided."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    page = opened("dave", "/console/")
    _go(page, page.get_by_role("button", name="Claim the next case"))
    _tab_to(page, page.locator("#clause"))
    page.keyboard.press("ArrowDown")
    _tab_to(page, page.locator("#decision [value=none]"))
    page.keyboard.press("Space")
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    _go(page, page.get_by_role("button", name="Decide"))
    expect(page.locator(".problems")).to_be_focused()
    _tab_to(page, page.locator(".problems a"))
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("It is a threat.")
    _go(page, page.get_by_role("button", name="Decide"))

    expect(page.get_by_role("status").filter(has_text="Decided: remove.")).to_be_visible()
    assert Decision.objects.get().reason == "It is a threat."


def test_bob_answers_a_notice(opened: Opened, town: Town) -> None:
    """From the inbox to the letter, to why, to an appeal."""
    from wardmote.communities.policy import Action

    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.REMOVE)
    page = opened("bob", "/notices")
    _go(page, page.get_by_role("main").get_by_role("link", name="Your post was removed"))
    _go(page, _in_main(page, "link", "Appeal"))
    _tab_to(page, page.get_by_label("Why should this be looked at again?"))
    page.keyboard.type("It is about a lime tree.")
    _go(page, _in_main(page, "button", "Appeal"))

    expect(page.get_by_role("main")).to_contain_text("You appealed")
    assert Appeal.objects.get().text == "It is about a lime tree."
