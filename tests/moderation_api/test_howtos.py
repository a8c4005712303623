"""The examples in the pages for those who come from elsewhere are run."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.moderation_api.live import Live

pytestmark = pytest.mark.alike_on_both

HOWTOS = Path(__file__).parents[2] / "docs" / "howto"
PAGES = ("migrate-from-perspective.md", "migrate-from-openai.md")


def examples() -> list[tuple[str, str]]:
    """Language and content of every marked block."""
    pages = "".join((HOWTOS / name).read_text(encoding="utf-8") for name in PAGES)
    return re.findall(r"^```(python|sh)\n(.*?)^```", pages, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("language", "content"), examples())
def test_an_example_runs(live: Live, language: str, content: str) -> None:
    """With the server's address and a real key in place of those on the page."""
    if language == "sh" and not shutil.which("curl"):
        pytest.skip("needs curl")
    client = re.search(r"^(?:from|import) (\w+)", content)
    if client and find_spec(client[1]) is None:
        pytest.skip(f"needs {client[1]}, from requirements-dev.lock")
    real = content.replace("http://127.0.0.1:8080", live.url).replace("KEY", live.key)
    command = [sys.executable, "-c", real] if language == "python" else ["sh", "-c", real]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_tables_name_what_is_covered(live: Live) -> None:
    """What stands in the pages as covered is what is: OpenAI's categories and Perspective's attributes."""
    _, models, _ = live.send("GET", "/v1/models")
    about = models["data"][0]["wardmote"]
    perspective, openai = ((HOWTOS / name).read_text(encoding="utf-8") for name in PAGES)
    (attributes,) = re.findall(r"^\| ([A-Z_, ]+) \| scored", perspective, re.MULTILINE)

    assert set(attributes.split(", ")) == set(about["attributes"])
    rows = re.findall(r"^\| (`[^|]*`) \| (?:covered|threats)", openai, re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", " ".join(rows))) == set(about["categories"])
