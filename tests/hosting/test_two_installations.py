import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wardmote.ledger import VerifierKey, verify_receipt

pytestmark = pytest.mark.alike_on_both

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
FIRST = "I will be at your door on Friday, and you will be sorry."
SECOND = "Somebody ought to burn that house down with him in it."


@dataclass
class Installation:
    """One of the two, and the line to it."""

    process: subprocess.Popen[str]
    port: int
    key: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, command: str, **arguments: object) -> Any:
        answer = self.ask(command, **arguments)
        assert not (isinstance(answer, dict) and "refused" in answer), answer
        return answer

    def ask(self, command: str, **arguments: object) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": command, "with": arguments}) + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the installation has ended"
        return json.loads(line)

    def until(self, command: str, expected: object) -> None:
        """Ask again until the answer is the expected one."""
        deadline = time.monotonic() + PATIENCE
        while (answer := self.ask(command)) != expected:
            assert time.monotonic() < deadline, f"{command}: {answer!r} is not {expected!r}"
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(stack: ExitStack, home: Path, origin: str) -> Installation:
    port = free_port()
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "wardmote.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "WARDMOTE_HOME": str(home),
        "WARDMOTE_LOG_ORIGIN": origin,
        "WARDMOTE_FETCH_HOSTS": "127.0.0.1,plaza.localhost",
        "DATABASE_URL": "",
    }
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "tests.hosting.installation", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=surroundings,
            cwd=ROOT,
        )
    )
    stack.callback(process.kill)
    return Installation(process, port)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """A host, and a community's own installation, who have exchanged their keys and agreed on the policy."""
    with ExitStack() as stack:
        host = start(stack, tmp_path / "host", "host.test/record")
        plaza = start(stack, tmp_path / "plaza", "plaza.test/record")
        assert (host.read(), plaza.read()) == ("ready", "ready")
        host.key, plaza.key = host.do("set_up_host"), plaza.do("set_up_community")
        plaza.do("name_host", base_url=host.url, key=host.key)
        host.do("enrol_plaza", base_url=plaza.url, key=plaza.key)
        plaza.until("accept", expected=True)
        host.until("accepted", expected=True)
        yield host, plaza
        for one in (host, plaza):
            assert one.process.stdin is not None
            one.process.stdin.close()
        assert [one.process.wait(PATIENCE) for one in (host, plaza)] == [0, 0]


def move_clocks(two: tuple[Installation, Installation], **units: float) -> None:
    """Both clocks at once, when everything that was due is done."""
    settle(two)
    for one in two:
        one.do("move_clock", **units)
    settle(two)


def settle(two: tuple[Installation, Installation]) -> None:
    for one in (*two, *two):
        one.until("due", 0)


def test_the_quarrel_between_two_installations(two: tuple[Installation, Installation]) -> None:
    """Letters, answers and receipts go over HTTP between two databases; at the end both records verify and agree."""
    host, plaza = two
    paths = [plaza.do("post", text=text) for text in (FIRST, SECOND)]
    urls = [f"http://plaza.localhost:{plaza.port}{path}" for path in paths]
    host.do("open_case", items=[[urls[0], FIRST], [urls[1], SECOND]])
    host.do("send", kind="notice")
    host.until("case", ["notified", "notified", "notified"])
    plaza.until("waiting", 2)

    plaza.do("judge", action="remove")
    plaza.do("judge", action="none")
    host.until("case", ["disputed", "acknowledged", "disputed"])
    for minutes in (31, 31):
        move_clocks(two, minutes=minutes)
    host.until("case", ["disputed", "removed", "disputed"])
    host.do("decide_dispute", number=1)
    move_clocks(two, hours=73)
    for minutes in (31, 31):
        move_clocks(two, minutes=minutes)
    host.until("case", ["recheck", "removed", "still_up"])

    host.do("send", kind="warning")
    host.until("case", ["warned", "removed", "still_up"])
    move_clocks(two, days=7)
    host.do("send", kind="restriction")
    host.until("case", ["restricted", "removed", "still_up"])
    assert plaza.do("state") == "restricted"
    host.do("look")
    host.until("fresh", expected=True)
    assert "(5)" in host.ask("propose")["refused"]
    host.do("record_evidence")
    host.do("propose")
    host.until("case", ["suspension_proposed", "removed", "still_up"])

    move_clocks(two, hours=31)
    host.do("look")
    host.until("fresh", expected=True)
    assert [host.do("approve", name=name) for name in ("ivan", "judy")] == [1, 2]
    host.do("carry_out")
    plaza.until("state", "suspended")
    assert "suspended" in plaza.ask("post", text="May I?")["refused"]
    plaza.do("appeal", words="We have removed it now and doubled our desk.")
    plaza.do("judge", action="remove")
    for minutes in (31, 31):
        move_clocks(two, minutes=minutes)
    host.until("case", ["suspended", "removed", "removed"])
    host.do("reinstate")
    plaza.until("state", "active")
    assert plaza.do("post", text="Good morning.").startswith("/@bob/")

    assert_they_agree(host, plaza)


def assert_they_agree(host: Installation, plaza: Installation) -> None:
    """Each side kept a receipt of the other's for all that was said, both tell the same, neither log contradicts."""
    told = host.do("said")
    deadline = time.monotonic() + PATIENCE
    while not told.keys() == host.do("receipts").keys() == plaza.do("receipts").keys():
        assert time.monotonic() < deadline, "receipts are missing"
        time.sleep(0.2)
    kept_by_host, kept_by_plaza = host.do("receipts"), plaza.do("receipts")
    keys = {side.port: VerifierKey.parse(side.key) for side in (host, plaza)}
    of_plaza = {about: verify_receipt(text, keys[plaza.port]) for about, text in kept_by_host.items()}
    of_host = {about: verify_receipt(text, keys[host.port]) for about, text in kept_by_plaza.items()}

    assert len(told) == 6 + 4
    assert told == plaza.do("said")
    assert told == {about: proven.values["hash"] for about, proven in of_plaza.items()}
    assert told == {about: proven.values["hash"] for about, proven in of_host.items()}
    assert host.do("audit", kept=kept_by_plaza) == []
    assert plaza.do("audit", kept=kept_by_host) == []
