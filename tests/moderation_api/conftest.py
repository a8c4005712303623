"""A router without a server, whose detector a text can dictate to; a server of its own; the full server's client."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.moderation_api.live import Live, running
from tests.scenario import NOON, Town, dictated_screener

from wardmote.edges.moderation_api.auth import Authenticator
from wardmote.edges.moderation_api.coverage import Coverage
from wardmote.edges.moderation_api.endpoints import Dependencies
from wardmote.edges.moderation_api.keyfile import EVERYBODY, MemoryMeter
from wardmote.edges.moderation_api.perspective.request import Suggestion
from wardmote.edges.moderation_api.router import Opened, Router
from wardmote.edges.moderation_api.wire import Head, Reply
from wardmote.journeys.owners.keys import issue_key
from wardmote.journeys.steps import screening
from wardmote.people.policy import Scope


@dataclass
class Counter:
    """A router, and what comes back over it."""

    router: Router
    suggested: list[Suggestion]

    def open(self, method: str, path: str, **headers: str) -> Opened | Reply:
        plain, _, query = path.partition("?")
        return self.router.open(Head(method, plain, query, headers, "https://api.example"))

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        """Status and JSON of one request."""
        opened = self.open(method, path, **headers)
        reply = opened if isinstance(opened, Reply) else opened.answer(body)
        return reply.status, json.loads(reply.body)

    def post(self, path: str, content: Any) -> tuple[int, Any]:
        return self.send("POST", path, json.dumps(content).encode())


@pytest.fixture
def counter() -> Counter:
    """A router that lets everybody in."""
    screener = dictated_screener()
    suggested: list[Suggestion] = []
    dependencies = Dependencies(
        screener,
        Coverage(screener),
        Authenticator(lambda _: None, MemoryMeter(), EVERYBODY),
        lambda: NOON,
        keep_suggestion=lambda suggestion, _: suggested.append(suggestion),
    )
    return Counter(Router(dependencies), suggested)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """`wardmote moderate` with keys in a file, as a process of its own; its kernels have been compiled before."""
    warming = "from wardmote.detect import Screener; Screener.attributes().warm()"
    subprocess.run([sys.executable, "-c", warming], check=True)
    with running(tmp_path_factory.mktemp("moderate")) as server:
        yield server


Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def platform_key(town: Town) -> str:
    """A key that speaks for the Plaza's outside platform."""
    return issue_key(name="platform", scopes=list(Scope), community_id=town.plaza, now=town.now)


@pytest.fixture
def ask(town: Town, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask the full server on the host's own domain; gives status and JSON."""
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    monkeypatch.setattr("wardmote.edges.moderation_api.mount.screener", screening.screener)
    client = Client(headers={"host": "localhost"})

    def send(method: str, path: str, content: Any = None, *, key: str = "") -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        body = b"" if content is None else json.dumps(content).encode()
        response = client.generic(method, path, body, "application/json", headers=headers)
        return response.status_code, json.loads(response.content)

    return send


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Where a file of keys may be made."""
    return tmp_path / "keys.toml"
