import os
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from tests.e2e.installation import Installation, running

from wardmote.config.demo import PASSWORD

pytestmark = [pytest.mark.once, pytest.mark.requires("chromium")]

FIRST = "Whoever moves the bollards in Rope Lane will find me at the door on Friday."
SECOND = "The lamp in Mill Street goes out at nine, and so will whoever took my ladder."
CONDITIONS = "Remove the posts, and show that two moderators are on duty every day."
EFFECT = "We may restrict what the Plaza can publish."
SUSPENSION = "Visitors see why; the service to them is suspended until the conditions are met."
HOUR = 3600


class Calendar:
    """The clock of the whole installation, which only the test moves."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.ahead = 0.0
        self.pass_time()

    def pass_time(self, *, hours: float = 0) -> None:
        if hours:
            # What is under way ends on its own day: written after the jump, its entry would rightly be called misdated.
            time.sleep(4)
        self.ahead += hours * HOUR
        whole = self.file.with_suffix(".new")
        whole.write_text(str(self.ahead))
        whole.replace(self.file)


@pytest.fixture
def calendar(tmp_path: Path) -> Calendar:
    return Calendar(tmp_path / "ahead")


@pytest.fixture
def installation(tmp_path: Path, calendar: Calendar) -> Iterator[Installation]:
    path = os.pathsep.join((str(Path(__file__).with_name("moved")), os.environ.get("PYTHONPATH", "")))
    moved = {"PYTHONPATH": path.rstrip(os.pathsep), "MOVED_CLOCK": str(calendar.file)}
    with running(tmp_path, **moved, WARDMOTE_FETCH_HOSTS="plaza.localhost") as started:
        yield started


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


def _page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)

    def complain(message: str) -> None:
        raise AssertionError(message)

    context.on("weberror", lambda error: complain(str(error.error)))
    return context.new_page()


def _sign_in(browser: Browser, url: str, name: str) -> Page:
    page = _page(browser)
    page.goto(url)
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    return page


def _post(page: Page, installation: Installation, text: str) -> str:
    """Bob posts; gives the post's address."""
    page.goto(installation.url("plaza"))
    page.locator("#compose textarea").fill(text)
    page.get_by_role("button", name="Post", exact=True).click()
    article = page.locator("article", has_text=text).first
    expect(article).to_be_visible()
    path = article.locator("a[href*='/@bob/']").first.get_attribute("href")
    assert path is not None
    return installation.url("plaza", path)


def _until(page: Page, sight: Callable[[], Any], *, within: float = 45) -> None:
    """Reload until what the worker does in the background is seen."""
    deadline = time.monotonic() + within
    while not sight():
        if time.monotonic() > deadline:
            raise AssertionError(page.locator("main").inner_text())
        time.sleep(0.4)
        page.reload()


def _stage(page: Page, name: str) -> None:
    current = page.locator(".rung.current > strong")
    _until(page, lambda: current.inner_text() == name)


def _letter(page: Page, case: str, kind: str) -> None:
    page.goto(case)
    page.get_by_role("link", name="Write a letter").click()
    page.get_by_label("Kind").select_option(kind)
    page.get_by_label("Effect").fill(EFFECT)
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("A letter is not sent without the conditions for return.", exact=True)).to_be_visible()
    page.get_by_label("Conditions for return").fill(CONDITIONS)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview")).to_contain_text(CONDITIONS)
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("The letter is on its way.")).to_be_visible()


def _record(page: Page, number: int) -> None:
    row = page.locator(f"#precondition-{number}")
    row.locator("summary").click()
    for field in row.locator("textarea").all():
        field.fill("Looked at by Ivan, and found to weigh for it.")
    row.get_by_label("Where the evidence lies").fill(f"file {number}")
    row.get_by_role("button", name="Record the evidence").click()
    expect(page.locator(f"#precondition-{number}")).to_contain_text("met")


def _bind(button: Locator) -> None:
    """Press what binds a community; where it is long since one signed in, the password is asked for again."""
    page = button.page
    button.click()
    page.wait_for_load_state()
    if "/accounts/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        # What was sent goes on in its place; where it is refused, the answer has this address.
        expect(page.get_by_role("heading", name="Is it you?")).to_have_count(0)


def _propose(page: Page) -> None:
    sheet = page.locator("#propose")
    sheet.get_by_label("Reasons").fill("One post still stands after notice, warning and restriction.")
    sheet.get_by_label("Effect").fill(SUSPENSION)
    sheet.get_by_label("Conditions for return").fill(CONDITIONS)
    sheet.get_by_label("What happens to the data").fill("Nothing is deleted; the owner can take it along.")
    _bind(sheet.get_by_role("button", name="Propose the suspension"))


def _item(page: Page, text: str) -> Locator:
    return page.locator("article.host-item", has_text=text)


def _moderate(page: Page, installation: Installation, text: str, action: str, clause: str = "") -> None:
    """A moderator takes the case that the host's letter opened, and decides it."""
    page.goto(installation.url("plaza", "/console/"))
    row = page.locator("li.queue-row", has_text=text)
    _until(page, row.count)
    row.get_by_role("link").first.click()
    page.get_by_role("button", name=re.compile("Claim this case")).click()
    if clause:
        choice = page.locator("#clause")
        choice.select_option(value=choice.locator("option", has_text=clause).get_attribute("value"))
        page.locator("#reason").fill("It frightens whoever reads it.")
    page.locator(f"label.option:has(input[value={action}])").click()
    page.get_by_label("Then open the next case").uncheck()
    page.get_by_role("button", name=re.compile("Decide")).click()
    page.wait_for_url("**/console/")


def test_the_whole_quarrel_in_a_browser(installation: Installation, calendar: Calendar, browser: Browser) -> None:
    """Two posts reported, one removed, one denied; warned, restricted, suspended by two, reinstated, and all proven."""
    host = f"http://127.0.0.1:{installation.port}"
    heidi, ivan, judy = (_sign_in(browser, f"{host}/host/", name) for name in ("heidi", "ivan", "judy"))
    bob, dave, erin, alice = (
        _sign_in(browser, installation.url("plaza", "/accounts/login/"), name)
        for name in ("bob", "dave", "erin", "alice")
    )
    urls = [_post(bob, installation, text) for text in (FIRST, SECOND)]
    case = _open(heidi, host, urls)
    _letter(heidi, case, "notice")
    heidi.goto(case)
    _stage(heidi, "Notified")

    _moderate(dave, installation, "bollards", "remove", "1.1")
    alice.goto(installation.url("plaza", "/owner/"))
    alice.get_by_role("main").get_by_role("link", name=re.compile("Notice about 2 posts")).first.click()
    kept = alice.locator("article.host-item").nth(1)
    kept.get_by_label("Your answer").fill("It is about a lamp.")
    kept.get_by_role("button", name="Disputed").click()
    expect(alice.locator("article.host-item").nth(1)).to_contain_text("It is about a lamp.")

    calendar.pass_time(hours=1.1)
    _stage(heidi, "Disputed")
    expect(heidi.get_by_text("a different reader decides this dispute")).to_be_visible()
    ivan.goto(case)
    ivan.get_by_label("No: the post breaks the clause").check()
    ivan.locator("form", has=ivan.get_by_role("button", name="Decide the dispute")).get_by_label("Reason").fill(
        "It is about a person as well."
    )
    ivan.get_by_role("button", name="Decide the dispute").click()
    _look_until(ivan, calendar, case, "still up")
    expect(ivan.locator("article.host-item").nth(0)).to_contain_text("removed")

    calendar.pass_time(hours=75)
    _look_until(ivan, calendar, case, "still up")
    _stage(ivan, "Looked at again")
    _letter(heidi, case, "warning")
    heidi.goto(case)
    _stage(heidi, "Warned")
    calendar.pass_time(hours=7 * 24 + 1)
    _letter(heidi, case, "restriction")
    heidi.goto(case)
    _stage(heidi, "Restricted")

    _suspend(heidi, ivan, judy, calendar, case)
    _locked(browser, installation, alice, bob)

    _moderate(erin, installation, "lamp", "remove", "1.1")
    calendar.pass_time(hours=1)
    _look_until(ivan, calendar, case, "removed", post=1)
    sheet = ivan.locator("#reinstate")
    sheet.get_by_label("Reason; it stands on the record").fill("The last post is gone and two moderators are on duty.")
    sheet.get_by_label("What shows").fill("the looks of today")
    _bind(sheet.get_by_role("button", name="Reinstate the customer"))
    _stage(ivan, "Reinstated")
    stranger = _page(browser)
    stranger.goto(installation.url("plaza"))
    _until(stranger, lambda: stranger.get_by_text("What people write here").count())

    _receipts_verify(installation, alice, ivan, case)
    verified = installation.wardmote("record", "fsck")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert installation.stop() == 0


def _open(page: Page, host: str, urls: list[str]) -> str:
    """Heidi opens a case about both posts; gives its address."""
    page.goto(f"{host}/host/customers")
    page.locator("li", has_text="The Plaza").get_by_role("link", name="Open a case").click()
    page.get_by_label("What the case is about").fill("Threats in two posts")
    for number, (url, text) in enumerate(zip(urls, (FIRST, SECOND), strict=True), 1):
        post = page.get_by_role("region", name=f"Post {number}")
        post.get_by_label("Address of the post").fill(url)
        post.get_by_label("Clause").select_option("1.1")
        post.get_by_label("What stood there").fill(text)
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_text("The customer knows nothing of it yet.")).to_be_visible()
    return page.url


def _look_until(page: Page, calendar: Calendar, case: str, status: str, *, post: int = 1) -> None:
    """Let the host look three times over an hour, until the post is what it should be."""
    page.goto(case)
    item = page.locator("article.host-item").nth(post)
    for _look in range(3):
        before = item.locator("ul.small li").count()
        page.get_by_role("button", name="Look again now").click()
        _until(page, partial(_looked, item, before, status))
        calendar.pass_time(hours=0.6)
    _until(page, lambda: _is(item, status))


def _looked(item: Locator, before: int, status: str) -> bool:
    """Whether one more look is listed; the page lists the latest six."""
    return item.locator("ul.small li").count() > min(before, 5) or _is(item, status)


def _is(item: Locator, status: str) -> bool:
    return item.locator(".tag").first.inner_text() == status


def _suspend(heidi: Page, ivan: Page, judy: Page, calendar: Calendar, case: str) -> None:
    """Proposed, refused for what is missing, completed, approved by two who did not open it, carried out."""
    heidi.goto(case)
    _propose(heidi)
    expect(heidi.locator("#refused")).to_contain_text("(10) The treatment of comparable customers was looked at")
    ivan.goto(case)
    for number in (5, 7):
        _record(ivan, number)
    _look_until(ivan, calendar, case, "still up")
    heidi.goto(case)
    _propose(heidi)
    expect(heidi.locator("#refused")).to_contain_text("(10)")
    expect(heidi.locator("#refused")).not_to_contain_text("(5)")
    ivan.goto(case)
    _record(ivan, 10)
    heidi.goto(case)
    _propose(heidi)
    _stage(heidi, "Suspension proposed")
    expect(heidi.get_by_text("You opened this case; two others must sign.")).to_be_visible()
    expect(heidi.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
    ivan.goto(case)
    _bind(ivan.get_by_role("button", name="Sign", exact=True))
    expect(ivan.locator(".signatures .signed")).to_have_count(1)
    calendar.pass_time(hours=31)
    ivan.reload()
    _bind(ivan.get_by_role("button", name="Suspend now"))
    expect(ivan.locator("#refused")).to_contain_text("1 of 2 approved")
    judy.goto(case)
    _bind(judy.get_by_role("button", name="Sign", exact=True))
    expect(judy.locator(".signatures .signed")).to_have_count(2)
    _look_until(judy, calendar, case, "still up")
    _bind(judy.get_by_role("button", name="Suspend now"))
    _stage(judy, "Suspended")


def _locked(browser: Browser, installation: Installation, alice: Page, bob: Page) -> None:
    """Visitors read why; members still read, the owner still appeals, and nobody publishes."""
    stranger = _page(browser)
    stranger.goto(installation.url("plaza"))
    _until(stranger, lambda: stranger.get_by_text("The Plaza is suspended").count())
    answer = stranger.reload()
    assert answer is not None
    assert answer.status == 451
    expect(stranger.get_by_role("main")).to_contain_text("1.1 No threats")
    bob.goto(installation.url("plaza"))
    expect(bob.get_by_text("lamp in Mill Street").first).to_be_visible()
    bob.goto(installation.url("plaza", "/notices"))
    expect(bob.get_by_role("heading", name="Notices")).to_be_visible()
    alice.goto(installation.url("plaza", "/owner/"))
    alice.get_by_role("link", name="The Plaza is suspended").click()
    alice.get_by_label("In your words", exact=True).fill("It was a lamp all along.")
    alice.get_by_role("button", name="Appeal").click()
    expect(alice.get_by_text("It was a lamp all along.")).to_be_visible()


def _receipts_verify(installation: Installation, alice: Page, ivan: Page, case: str) -> None:
    """Both sides download every receipt; each verifies without the log."""
    alice.goto(installation.url("plaza", "/owner/"))
    ivan.goto(case)
    key = installation.wardmote("record", "checkpoint", "--key").stdout.strip()
    for page in (alice, ivan):
        links = page.locator(".receipts a").all()
        assert len(links) >= 6
        for number, link in enumerate(links):
            with page.expect_download() as download:
                link.click()
            file = installation.home / f"{id(page)}-{number}.json"
            download.value.save_as(file)
            checked = installation.wardmote("record", "check", str(file), "--key", key)
            assert checked.returncode == 0, checked.stdout + checked.stderr
