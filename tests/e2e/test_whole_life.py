import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.e2e.installation import Installation, running

from wardmote.config.demo import PASSWORD

pytestmark = [pytest.mark.once, pytest.mark.requires("chromium")]

WORDS = "The band plays on the steps tonight, and nobody will stop it."


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with running(tmp_path) as started:
        yield started


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


def _context(browser: Browser) -> BrowserContext:
    """A fresh visitor, on whose pages no script may fail and nothing may break the content security policy."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)

    def complain(message: str) -> None:
        raise AssertionError(message)

    context.on("weberror", lambda error: complain(str(error.error)))
    return context


def _sign_in(browser: Browser, installation: Installation, name: str) -> Page:
    page = _context(browser).new_page()
    page.goto(installation.url("plaza", "/accounts/login/"))
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()
    return page


def _sign_up(browser: Browser, installation: Installation) -> Page:
    """Walter joins: he reads the policy, accepts it, and types the code from his mail."""
    page = _context(browser).new_page()
    page.goto(installation.url("plaza"))
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill("walter@example.org")
    page.get_by_label("Password", exact=True).fill("a fine long password")
    page.get_by_label(re.compile("handle", re.IGNORECASE)).fill("walter")
    page.get_by_role("checkbox").check()
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    code = installation.wait_for_mail("walter@example.org", r"(?m)^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$")[1]
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()
    return page


def _post(page: Page, text: str) -> str:
    """Write a post; gives its path."""
    page.locator("#compose textarea").fill(text)
    page.get_by_role("button", name="Post", exact=True).click()
    article = page.locator("article", has_text=text).first
    expect(article).to_be_visible()
    path = article.locator("a[href*='/@walter/']").first.get_attribute("href")
    assert path is not None
    return path


def test_a_post_lives_its_whole_life_in_a_browser(installation: Installation, browser: Browser) -> None:
    """Walter posts, Carol reports, Dave removes, Walter appeals, Erin reverses; the record proves every step."""
    walter = _sign_up(browser, installation)
    path = _post(walter, WORDS)

    carol = _sign_in(browser, installation, "carol")
    carol.goto(installation.url("plaza", path))
    carol.get_by_role("main").get_by_role("link", name="Report").first.click()
    carol.get_by_label(re.compile("Threat", re.IGNORECASE)).check()
    carol.get_by_role("button", name="Send the report").click()
    expect(carol.get_by_text("A moderator will look at it")).to_be_visible()

    dave = _sign_in(browser, installation, "dave")
    case_url = _remove(dave, installation)
    carol.goto(installation.url("plaza", path))
    expect(carol.get_by_text(WORDS)).to_have_count(0)

    walter.goto(installation.url("plaza", "/notices"))
    walter.get_by_role("link", name=re.compile("was removed")).click()
    expect(walter.get_by_text("It frightened a neighbour.").first).to_be_visible()
    installation.wait_for_mail("walter@example.org", "It frightened a neighbour")
    installation.wait_for_mail("carol@example.org", "agreed that it breaks the rules")
    walter.goto(installation.url("plaza", "/measures"))
    walter.get_by_role("main").get_by_role("link").first.click()
    walter.locator("textarea").fill("It is about a brass band.")
    walter.get_by_role("button", name="Appeal").click()
    expect(walter.get_by_text("Waiting")).to_be_visible()

    _refuse_to_hear(dave, installation)
    erin = _sign_in(browser, installation, "erin")
    _reverse(erin, installation)
    carol.goto(installation.url("plaza", path))
    expect(carol.get_by_text(WORDS).first).to_be_visible()
    walter.goto(installation.url("plaza", "/notices"))
    expect(walter.get_by_role("link", name=re.compile("appeal was granted"))).to_be_visible()

    dave.goto(case_url)
    timeline = dave.get_by_role("main").inner_text()
    for sentence in (
        "The post was published.",
        "The case was opened.",
        "Somebody reported it.",
        "A moderator took the case.",
        "A moderator decided the case.",
        "The author appealed.",
        "A different moderator decided the appeal.",
    ):
        assert re.search(re.escape(sentence) + r"[^\n]*\n?[^\n]*entry \d", timeline), f"{sentence}\n{timeline}"
    verified = installation.wardmote("record", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert installation.stop() == 0


def _remove(page: Page, installation: Installation) -> str:
    """Dave finds Walter's case, claims it and removes the post; gives the case's address."""
    page.goto(installation.url("plaza", "/console/"))
    page.locator("li", has_text="@walter").get_by_role("link").first.click()
    page.get_by_role("button", name=re.compile("Claim this case")).click()
    clause = page.locator("#clause")
    clause.select_option(value=clause.locator("option", has_text="1.1").get_attribute("value"))
    page.locator("label.option:has(input[value=remove])").click()
    page.locator("#reason").fill("It frightened a neighbour.")
    expect(page.locator(".preview")).to_contain_text("It frightened a neighbour.")
    page.get_by_role("button", name=re.compile("Decide")).click()
    page.goto(installation.url("plaza", "/console/decided"))
    page.locator("li", has_text=WORDS).get_by_role("link").first.click()
    return page.url


def _walters_appeal(page: Page, installation: Installation) -> None:
    page.goto(installation.url("plaza", "/console/appeals"))
    page.locator("li", has_text="brass band").get_by_role("link").first.click()


def _refuse_to_hear(page: Page, installation: Installation) -> None:
    """Dave decided it first; the desk tells him that somebody else must hear the appeal."""
    _walters_appeal(page, installation)
    expect(page.get_by_text("a different moderator must hear the appeal")).to_be_visible()
    expect(page.locator("#decision")).to_have_count(0)


def _reverse(page: Page, installation: Installation) -> None:
    _walters_appeal(page, installation)
    page.locator("label.option:has(input[value=reverse])").click()
    page.locator("#reason").fill("A brass band is no threat.")
    page.get_by_role("button", name=re.compile("Decide")).click()
    page.goto(installation.url("plaza", "/console/appeals"))
    expect(page.locator("li", has_text="brass band")).to_have_count(0)
