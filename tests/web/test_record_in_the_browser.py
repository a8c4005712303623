"""The record's page checks its own proof in a browser, under the content security policy that it is sent with."""

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Route, expect, sync_playwright
from tests.scenario import PLAIN, Town

from wardmote.record.engine import sequence
from wardmote.record.models import Entry

SCRIPTS = Path(__file__).parents[2] / "src" / "wardmote" / "edges" / "ui" / "static"
GOOD = [
    "The entry has the hash that is stated.",
    "With that hash, the proof gives the root in the checkpoint: the entry stands at this place.",
    "The checkpoint is signed with the key.",
]
BAD = [
    "The entry does not have the hash that is stated.",
    "The proof does not give the root in the checkpoint.",
    "The checkpoint is not signed with the key.",
]


@pytest.mark.requires("chromium")
def test_an_entry_is_checked_in_the_browser(town: Town) -> None:
    """An honest page is found right at every step; with a changed leaf, path or note the step is named."""
    town.post("bob", PLAIN)
    for number in range(5):
        sequence(town.now)
        town.post("carol", f"{PLAIN} {number}")
    sequence(town.now)
    place = next(row.index for row in Entry.objects.order_by("index") if b"post.published" in bytes(row.leaf))
    answer = Client(HTTP_HOST="plaza.localhost").get(f"/record/entries/{place}", secure=True)
    html, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
    other_path = re.sub(r'(<ol id="inclusion"><li><code>)(.)', lambda m: m[1] + ("B" if m[2] == "A" else "A"), html)
    pages = {
        "honest": (html, GOOD),
        "leaf": (html.replace("post.published", "post.forgeries"), [BAD[0], *GOOD[1:]]),
        "path": (other_path, [GOOD[0], BAD[1], GOOD[2]]),
        "note": (html.replace("\n—", "\nx\n\n—"), [*GOOD[:2], BAD[2]]),
    }

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)

        def serve(route: Route) -> None:
            path = route.request.url.removeprefix("https://plaza.localhost/")
            if path in pages:
                headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
                route.fulfill(body=pages[path][0], headers=headers)
                return
            name = re.sub(r"\.[0-9a-f]{12}\.", ".", path.removeprefix("static/"))
            file = SCRIPTS / name
            route.fulfill(path=file) if file.is_file() else route.fulfill(body="")

        page.route("**/*", serve)
        for name, (_html, sentences) in pages.items():
            page.goto(f"https://plaza.localhost/{name}")
            page.get_by_role("button", name="Check now").click()
            expect(page.locator("#browser-check ol li")).to_have_text(sentences)
        browser.close()

    assert troubles == []
