import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.installation import Installation, descendants, free_port, gone, one_line, processes


@pytest.mark.once
def test_ctrl_c_stops_everything(installation: Installation) -> None:
    """After Ctrl-C nothing of the tree is left, the port is free, and the status says that all was well."""
    with installation.running() as process:
        family = descendants(process.pid)
        answered = installation.answers()
        process.send_signal(signal.SIGINT)
        status = process.wait(60)

        assert answered
        assert status == 0
        assert gone(family, within=30)
        assert not installation.answers()


@pytest.mark.once
@pytest.mark.usefixtures("migrated")
def test_no_orphan_is_left_when_the_parent_is_killed(installation: Installation) -> None:
    """A parent killed with -9 takes the web server, its application and the worker along."""
    with installation.running() as process:
        family = descendants(process.pid)
        process.kill()

        assert len(family) >= 3
        assert gone(family, within=30)


def part_of(process: "subprocess.Popen[str]", module: str) -> int | None:
    """The id of the child that runs a module, if it is there."""
    table = processes()
    found = [pid for pid, (parent, _, words) in table.items() if parent == process.pid and module in words]
    return found[0] if found else None


def until(happened: Callable[[], bool], *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def another(process: "subprocess.Popen[str]", module: str, before: int) -> Callable[[], bool]:
    """Whether the child that runs a module is another than before."""
    return lambda: part_of(process, module) not in (None, before)


@pytest.mark.usefixtures("migrated")
def test_a_part_that_dies_is_started_again_alone_and_loudly(installation: Installation) -> None:
    """A worker killed, then the application below the web server: each comes back while the other goes on."""
    web, worker = "wardmote.config.processes.web", "wardmote.config.processes.worker"
    with installation.running() as process:
        first_web, first_worker = part_of(process, web), part_of(process, worker)
        assert first_web
        assert first_worker
        os.kill(first_worker, signal.SIGKILL)
        until(another(process, worker, first_worker))
        assert part_of(process, web) == first_web
        assert installation.answers()
        os.kill(min(descendants(first_web)), signal.SIGKILL)
        until(another(process, web, first_web))
        until(installation.answers)
        family = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=600)

    assert process.returncode == 0
    assert "the worker was killed by signal 9; it alone is started again in 1 s (end 1 of 5" in output
    assert "the web server ended by itself" in output
    assert gone(family, within=30)


@pytest.mark.once
@pytest.mark.usefixtures("migrated")
def test_a_part_that_hangs_is_found_and_started_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker, and an application, that stand still give no sign of life, are killed and come back."""
    monkeypatch.setenv("WARDMOTE_HUNG_SECONDS", "8")
    web, worker = "wardmote.config.processes.web", "wardmote.config.processes.worker"
    with installation.running() as process:
        first_web, first_worker = part_of(process, web), part_of(process, worker)
        assert first_web
        assert first_worker
        os.kill(first_worker, signal.SIGSTOP)
        os.kill(min(descendants(first_web)), signal.SIGSTOP)
        until(another(process, worker, first_worker))
        until(another(process, web, first_web))
        until(installation.answers)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=600)

    assert process.returncode == 0
    assert "the worker gave no sign of life for" in output
    assert "the web server gave no sign of life for" in output


@pytest.mark.once
@pytest.mark.usefixtures("migrated")
def test_a_second_server_is_turned_away_in_one_line_and_the_first_goes_on(
    installation: Installation, tmp_path: Path
) -> None:
    """The same home, or another home on the same port: one line, status 1, and the first still answers."""
    other = Installation(tmp_path / "other", "", installation.port)
    with installation.running():
        same_home = installation.command("run", "--port", str(free_port()))
        same_port = other.command("run", "--port", str(installation.port))
        migration = installation.command("migrate")

        assert [same_home.returncode, same_port.returncode, migration.returncode] == [1, 1, 1]
        assert f"in use by Wardmote at http://127.0.0.1:{installation.port}" in one_line(same_home.stderr)
        assert f"port {installation.port} is taken by another server" in one_line(same_port.stderr)
        assert "in use by Wardmote" in one_line(migration.stderr)
        assert installation.answers()


def test_a_second_start_goes_on_with_the_same_database(installation: Installation) -> None:
    """Once the database is there nothing is migrated again, and the pages answer. How soon is for the benchmarks."""
    first = installation.command("migrate")
    with installation.running():
        answers = installation.answers()
    second = installation.command("migrate")

    assert "steps were taken" in first.stdout
    assert answers
    assert "was up to date" in second.stdout
