"""The Dockerfile's steps, in an empty environment: no builder is needed to know that they hold."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.moderation_api.live import free_port

from wardmote.edges.moderation_api.keyfile import SCOPES, add_key

pytestmark = pytest.mark.alike_on_both

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ASKED_FOR = os.environ.get("WARDMOTE_TEST_ALL") == "1" or os.environ.get("WARDMOTE_TEST_DOCKERFILE") == "1"


def test_the_container_runs_as_nobody_and_copies_what_is_there() -> None:
    """It does not run as root, and every file that it copies exists and is let through."""
    copied = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    assert "USER 10001" in DOCKERFILE
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert [name for name in names if f"!{name}" not in let_through] == []


@pytest.mark.skipif(not ASKED_FOR, reason="installs from a registry; runs under WARDMOTE_TEST_DOCKERFILE=1")
def test_its_steps_make_a_server_that_answers(tmp_path: Path) -> None:
    """What it copies is copied, what it runs is run, in an environment with nothing else in it."""
    place, home, kernels = tmp_path / "opt", tmp_path / "python", tmp_path / "kernels"
    place.mkdir()
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
    environment = inherited | {"PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    for verb, words in re.findall(r"^(COPY|RUN|ENV) (.+)$", DOCKERFILE, re.MULTILINE):
        if verb == "COPY":
            *names, _ = words.split()
            for name in names:
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                copy(ROOT / name, place / name)
        elif verb == "ENV":
            environment |= dict(pair.split("=") for pair in words.replace("/var/cache/wardmote", str(kernels)).split())
        elif not words.startswith("useradd"):
            subprocess.run(words, shell=True, check=True, cwd=place, env=environment)  # noqa: S602 - our own Dockerfile
    compiled = sorted(kernels.rglob("*.nbc"))
    key = add_key(tmp_path / "keys.toml", name="one", scopes=SCOPES, requests_per_minute=0, texts_per_day=0)
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, re.MULTILINE)
    port = free_port()
    command = [word.replace("0.0.0.0", "127.0.0.1").replace("8080", str(port)) for word in json.loads(entry)]  # noqa: S104
    began = time.monotonic()
    with subprocess.Popen([*command, "--keys", str(tmp_path / "keys.toml")], cwd=tmp_path, env=environment) as server:
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    assert time.monotonic() - began < 300
                    time.sleep(0.02)
            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/moderations",
                b'{"input": "I will kill you tonight."}',
                {"authorization": f"Bearer {key}"},
            )
            with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own server
                content = json.load(answer)
        finally:
            server.terminate()

    assert content["results"][0]["flagged"] is True
    # What the image holds is all that a flagged text needs: compiling it takes longer than anybody waits.
    assert compiled != []
    assert sorted(kernels.rglob("*.nbc")) == compiled
