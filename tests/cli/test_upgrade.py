"""What an older Wardmote left is taken up by this one: homes with a whole demonstration, made by the commits in their
names, on both databases."""

import re
import urllib.request
from pathlib import Path

import pytest
from tests.cli.installation import UNDER_TEST, Installation

HOMES = Path(__file__).with_name("homes")
KIND = "postgresql" if UNDER_TEST.startswith("postgres") else "sqlite"
VERSIONS = ("6333dad", "477007f")
PAGES = ("/", "/people", "/policy", "/record", "/accounts/login/")


def page(installation: Installation, host: str, path: str) -> tuple[int, str]:
    """The status and the text of a page of the community at that host."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{installation.port}{path}", headers={"Host": f"{host}:{installation.port}"}
    )
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 - as above
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_home_opens_migrates_verifies_and_answers(installation: Installation, version: str) -> None:
    """Nothing of it is lost, its record is sound under its own key, its jobs are done, its pages answer."""
    restored = installation.command("restore", str(HOMES / f"{version}-{KIND}.backup"), patience=400)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    posts = installation.sql("SELECT id, text FROM network_post ORDER BY id")
    cases = installation.sql("SELECT count(*) FROM moderation_case")
    with installation.running():
        answers = {path: page(installation, "plaza.localhost", path) for path in PAGES}
    verified = installation.command("record", "verify", patience=400)
    words = {" ".join(re.findall(r"^\w+ \w+ \w+", text)) for _, text in posts} - {""}

    assert len(posts) > 40
    assert cases[0][0] > 5
    assert {path: status for path, (status, _) in answers.items()} == dict.fromkeys(PAGES, 200)
    assert sum(start in answers["/"][1] for start in words) > 5
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert installation.sql("SELECT id, text FROM network_post ORDER BY id") == posts
    assert installation.sql("SELECT name, last_error FROM jobs_job WHERE state = 'failed'") == []
