import os
import signal
from pathlib import Path

import pytest
from tests.cli.installation import Installation, descendants, free_port, gone, one_line, processes


def test_ctrl_c_stops_everything(installation: Installation) -> None:
    """After Ctrl-C nothing of the tree is left, the port is free, and the status says that all was well."""
    with installation.running() as process:
        family = descendants(process.pid)
        answered = installation.answers()
        process.send_signal(signal.SIGINT)
        status = process.wait(20)

        assert answered
        assert status == 0
        assert gone(family, within=1)
        assert not installation.answers()


def test_no_orphan_is_left_when_the_parent_is_killed(installation: Installation) -> None:
    """A parent killed with -9 takes the web server, its application and the worker along."""
    with installation.running() as process:
        family = descendants(process.pid)
        process.kill()

        assert len(family) >= 3
        assert gone(family, within=5)


@pytest.mark.parametrize("part", ["wardmote.config.web", "wardmote.config.worker", "the application"])
def test_a_part_that_dies_stops_all_and_is_named(installation: Installation, part: str) -> None:
    """Nothing is started again in silence: the command says who died, stops the rest, and fails."""
    with installation.running() as process:
        family = descendants(process.pid)
        table = processes()
        if part == "the application":
            (web,) = (pid for pid in family if table[pid][0] == process.pid and "config.web" in table[pid][2])
            victim = min(pid for pid in family if table[pid][0] == web)
        else:
            (victim,) = (pid for pid in family if table[pid][0] == process.pid and part in table[pid][2])
        os.kill(victim, signal.SIGKILL)
        output, _ = process.communicate(timeout=30)

        assert process.returncode == 1
        assert ("the worker" if part.endswith("worker") else "the web server") + " ended by itself" in output
        assert gone(family, within=1)


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
