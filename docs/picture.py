"""Makes `docs/plaza.png` anew from a demonstration that is running: python docs/picture.py [http://127.0.0.1:8000]."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).with_name("plaza.png")


def main(address: str) -> None:
    """Press Bob's name on the front page, and keep what he sees."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 760})
        page.goto(address)
        page.locator("a[href='/demo/bob']").click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
