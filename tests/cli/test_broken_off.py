"""What a kill leaves half done is seen at the next start, and never mistaken for a whole."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.installation import Installation, one_line
from tests.conftest import requires

STOP_AT = """
import os, signal, sys
from importlib import import_module
module, name = sys.argv[1].rsplit(".", 1)
if ".demo." in module:
    from wardmote.config import boot
    boot.setup()
room = import_module(module)
setattr(room, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
from wardmote.edges.cli.main import main
main(sys.argv[2:])
"""
"""Runs a command that is killed where it calls the function."""


def killed(installation: Installation, where: str, *arguments: str) -> None:
    """Run `wardmote …` until it calls the function at the dotted path `where`, and is killed there."""
    command = [sys.executable, "-c", STOP_AT, where, *arguments]
    done = subprocess.run(command, env=installation.environment, capture_output=True, timeout=400, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("where", ["wardmote.config.snapshot.engine", "wardmote.config.installation.archive._compare"])
def test_a_restore_that_was_killed_starts_nothing_and_can_be_done_again(
    founded: Installation, elsewhere: Installation, tmp_path: Path, where: str
) -> None:
    """No second log begins under the old key: every command refuses in one line until a restore is through."""
    founded.command("backup", str(tmp_path / "kept.backup"))
    killed(elsewhere, where, "restore", str(tmp_path / "kept.backup"))
    refused = [elsewhere.command(*c.split()) for c in ("run", "migrate", "worker", "jobs list", "record verify")]
    again = elsewhere.command("restore", str(tmp_path / "kept.backup"))
    verified = elsewhere.command("record", "verify")

    for done in refused:
        assert done.returncode in (1, 2)
        assert "was broken off; run wardmote restore again" in one_line(done.stderr)
    assert again.returncode == 0, again.stdout + again.stderr
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert not (elsewhere.home / ".restoring").exists()


def test_an_empty_database_under_a_key_that_has_signed_begins_no_second_log(
    founded: Installation, elsewhere: Installation
) -> None:
    """A database that was lost, or a wrong DATABASE_URL, is said in one line, and no table is made."""
    (elsewhere.home / "keys").mkdir(parents=True)
    (elsewhere.home / "keys" / "record.ed25519").write_bytes((founded.home / "keys" / "record.ed25519").read_bytes())
    (elsewhere.home / "keys" / "record.ed25519").chmod(0o600)
    refused = [elsewhere.command(command) for command in ("run", "migrate")]

    for done in refused:
        assert done.returncode == 1
        assert "is empty, but" in one_line(done.stderr)
    with pytest.raises(Exception, match=r"(?i)no such table|does not exist"):
        elsewhere.sql("SELECT count(*) FROM django_migrations")


def test_a_demonstration_that_was_killed_is_loaded_again_from_its_beginning(installation: Installation) -> None:
    """Without --demo it is told; with it the half is cleared away, and what is there at the end is whole."""
    killed(installation, "wardmote.config.demo.gather.say_threads", "demo", "--reports", "5")
    half = installation.sql("SELECT count(*) FROM communities_community")
    plain = installation.command("run")
    again = installation.command("demo", "--reports", "5", patience=400)
    verified = installation.command("record", "verify")

    assert half == [(1,)]
    assert "was broken off while it was loaded; start with --demo" in one_line(plain.stderr.splitlines()[-1])
    assert again.returncode == 0, again.stderr
    assert installation.sql("SELECT count(*) FROM communities_community") == [(3,)]
    assert len(installation.sql("SELECT id FROM hosting_case")) == 3
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert not (installation.home / "demo.loading").exists()


def test_what_a_killed_backup_left_goes_with_the_next_one(founded: Installation, tmp_path: Path) -> None:
    """Its half holds every secret; the next backup into that folder, whatever its name, takes it away."""
    target = tmp_path / "backups"
    target.mkdir()
    killed(founded, "wardmote.config.installation.archive.pack", "backup", str(target / "monday.backup"))
    left = [path.name for path in target.iterdir()]
    done = founded.command("backup", str(target / "tuesday.backup"))

    assert len(left) == 1
    assert left[0].startswith(".wardmote-backup-")
    assert (target / left[0]).exists() is False
    assert done.returncode == 0, done.stderr
    assert [path.name for path in target.iterdir()] == ["tuesday.backup"]


def test_a_backup_in_the_making_is_not_taken_for_one_that_was_killed(founded: Installation, tmp_path: Path) -> None:
    """Two backups into one folder do not disturb each other."""
    target = tmp_path / "backups"
    target.mkdir()
    with (founded.home / "film").open("wb") as film:
        film.truncate(1_000_000_000)
    command = [sys.executable, "-m", "wardmote", "backup", str(target / "slow.backup")]
    with subprocess.Popen(command, env=founded.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as slow:
        while not list(target.glob(".wardmote-backup-*/draft")):
            assert slow.poll() is None
            time.sleep(0.02)
        os.kill(slow.pid, signal.SIGSTOP)
        (founded.home / "film").rename(tmp_path / "film")
        quick = founded.command("backup", str(target / "quick.backup"))
        mine = list(target.glob(".wardmote-backup-*/draft"))
        slow.kill()
        slow.wait()

    assert quick.returncode == 0, quick.stderr
    assert len(mine) == 1


READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
shift
$PYTHON -m wardmote "$@"
"""


@pytest.mark.parametrize("command", ["jobs retry", "demo --reports 5", "backup kept", "record fsck", "lists list"])
def test_a_home_that_cannot_be_written_is_one_line(founded: Installation, command: str) -> None:
    """Commands on a read-only disk say so, or do what needs no writing; none ends in a traceback."""
    requires("small disk")
    environment = founded.environment | {"PYTHON": sys.executable}
    arguments = ["unshare", "--map-root-user", "--mount", "bash", "-c", READ_ONLY, "x", str(founded.home)]
    done = subprocess.run(
        [*arguments, *command.split()],
        env=environment,
        cwd=founded.home,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert "Traceback" not in done.stderr
    assert done.returncode == 0 or one_line(done.stderr.splitlines()[-1])
