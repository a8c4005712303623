"""How a part that this machine lacks skips a test, or fails it where every part must be there."""

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.town import Town

PARTS = {
    "chromium": "a browser: apt-get install chromium",
    "small disk": "a file system of its own: unshare and mount, from Debian's util-linux and mount, as root",
}
"""Part of the machine -> what it is and how to get it."""


def has(part: str) -> bool:
    """Whether this machine has the part."""
    if part == "chromium":
        return shutil.which("chromium") is not None
    command = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


def requires(part: str) -> None:
    """Skip the running test where `part` is missing; under WARDMOTE_TEST_ALL=1 fail it instead."""
    if has(part):
        return
    sentence = f"needs {part} ({PARTS[part]})"
    if os.environ.get("WARDMOTE_TEST_ALL") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requires(part): the test needs this part of the machine, a key of PARTS")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("requires"):
        requires(*mark.args)


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> "Town":
    """The named cast in two communities, and a detector that a text can dictate to."""
    from tests.town import Town, dictated_screener

    dictated = dictated_screener()
    monkeypatch.setattr("wardmote.journeys.screening.screener", lambda: dictated)
    return Town()
