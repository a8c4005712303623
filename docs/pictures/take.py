"""Take the README's pictures anew from a running demonstration: `.venv/bin/python docs/pictures/take.py http://127.0.0.1:8000`."""

import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SHOTS = (("case", "dave", "plaza.localhost", "/console/"),)
"""Name of the picture, who looks, at which host (empty: the installation's own), and which page; the first case of a
list is opened."""


def main(base: str) -> None:
    """Pictures of 1280 by 800 points, light, the first case of the desk opened."""
    own = urlsplit(base)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, who, host, path in SHOTS:
            page = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light").new_page()
            page.goto(f"{base}/demo/{who}")
            page.goto(f"{own.scheme}://{host or own.hostname}:{own.port}{path}")
            page.locator("main a[href*='/cases/']").first.click()
            page.wait_for_load_state()
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
