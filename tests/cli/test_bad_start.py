import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.installation import Installation, one_line
from tests.conftest import requires

FAILED_JOB = (
    "INSERT INTO jobs_job (id, name, args, state, run_at, attempts, claimed_by, last_error, created_at)"
    " VALUES (7, 'kept', '[]', 'failed', CURRENT_TIMESTAMP, 8, '', '', CURRENT_TIMESTAMP)"
)


@pytest.mark.alike_on_both
def test_a_home_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    """A home below a file, or where the kernel allows no folder, is named with what to do about it."""
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    below_a_file = Installation(tmp_path / "file" / "home", "").command("run")
    nowhere = Installation(Path("/proc/wardmote"), "").command("run")

    assert [below_a_file.returncode, nowhere.returncode] == [1, 1]
    for refused in (below_a_file, nowhere):
        assert "cannot be written" in one_line(refused.stderr)
        assert "set WARDMOTE_HOME elsewhere" in one_line(refused.stderr)


def test_a_database_of_something_else_is_left_alone(installation: Installation) -> None:
    """Tables that are not ours are neither touched nor joined."""
    installation.sql("CREATE TABLE shop_order (n INTEGER)", "INSERT INTO shop_order VALUES (7)")
    refusals = [installation.command(command) for command in ("run", "migrate", "worker")]

    assert [refused.returncode for refused in refusals] == [1, 1, 1]
    for refused in refusals:
        assert "belongs to something else; nothing in it was changed" in one_line(refused.stderr)
    assert installation.sql("SELECT n FROM shop_order") == [(7,)]


def test_a_database_of_a_newer_wardmote_is_left_alone(migrated: Installation) -> None:
    """A migration that this version does not know stops it, and is named."""
    future = "INSERT INTO django_migrations (app, name, applied) VALUES ('network', '0999_future', CURRENT_TIMESTAMP)"
    migrated.sql(future)
    refusals = [migrated.command(command) for command in ("run", "migrate", "worker")]

    assert [refused.returncode for refused in refusals] == [1, 1, 1]
    for refused in refusals:
        assert "made by a newer Wardmote (it has network.0999_future)" in one_line(refused.stderr)


def test_an_older_database_stops_a_worker_and_is_migrated_by_a_run(migrated: Installation) -> None:
    """A worker alone asks for the migration; a run takes the steps that are lacking and loses no row."""
    migrated.sql(FAILED_JOB)
    migrated.django("migrate", "moderation", "zero", "--skip-checks")
    worker = migrated.command("worker")
    with migrated.running():
        kept = migrated.sql("SELECT name FROM jobs_job WHERE id = 7")
    again = migrated.command("migrate")

    assert worker.returncode == 1
    assert "made by an older Wardmote; run: wardmote migrate" in one_line(worker.stderr)
    assert kept == [("kept",)]
    assert (again.returncode, one_line(again.stdout)) == (0, "The database was up to date.")


@pytest.mark.alike_on_both
def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path) -> None:
    """A text file where the database should be is left as it is."""
    home = tmp_path / "home"
    home.mkdir()
    file = home / "wardmote.sqlite3"
    file.write_text("Alice's shopping list, which is long enough to be read as a header. " * 20, encoding="utf-8")
    refused = Installation(home, "").command("run")

    assert refused.returncode == 1
    assert "is not a database" in one_line(refused.stderr)
    assert file.read_text(encoding="utf-8").startswith("Alice's shopping list")


@pytest.mark.alike_on_both
def test_a_database_server_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    """A PostgreSQL that does not answer is named, without the password; only what is to stay up waits for it."""
    url = "postgresql://alice:secret@127.0.0.1:1/wardmote"
    refused = Installation(tmp_path / "home", url).command("migrate")

    assert refused.returncode == 1
    assert "the database wardmote at 127.0.0.1:1 cannot be used" in one_line(refused.stderr)
    assert "secret" not in refused.stderr


@pytest.mark.alike_on_both
@pytest.mark.parametrize(
    ("variable", "value"), [("WARDMOTE_PORT", "eighty"), ("DATABASE_URL", "mysql://x"), ("WARDMOTE_MAIL", "pigeon")]
)
def test_a_bad_setting_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """What cannot be understood in the environment stops the start and names the variable."""
    monkeypatch.setenv(variable, value)
    refused = Installation(tmp_path / "home", value if variable == "DATABASE_URL" else "").command("migrate")

    assert refused.returncode == 1
    assert variable in one_line(refused.stderr)


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_a_misuse(installation: Installation, port: str) -> None:
    """The parser refuses it with status 2 before anything starts."""
    refused = installation.command("run", "--port", port)

    assert refused.returncode == 2
    assert f"a port is a number from 1 to 65535, not '{port}'" in refused.stderr


FULL_DISK = """
set -e
mount -t tmpfs -o size=$1 none "$WARDMOTE_HOME"
$PYTHON -m wardmote migrate || echo "status $?"
dd if=/dev/zero of="$WARDMOTE_HOME/filler" 2>/dev/null || true
$PYTHON -m wardmote run || echo "status $?"
rm "$WARDMOTE_HOME/filler"
$PYTHON -m wardmote migrate || echo "status $?"
"""


@pytest.mark.alike_on_both
@pytest.mark.parametrize("size", ["16m", "700k"])
def test_a_full_disk_is_said_in_one_line_and_nothing_is_lost(tmp_path: Path, size: str) -> None:
    """On a file system with no room left a start, or a first migration, fails in one line; with room, all goes on."""
    requires("small disk")
    home = tmp_path / "home"
    home.mkdir()
    command = ["unshare", "--map-root-user", "--mount", "bash", "-c", FULL_DISK, "full-disk", size]
    environment = Installation(home, "").environment | {"PYTHON": sys.executable}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400, check=True)
    complaints = done.stderr.splitlines()

    assert all("is full" in line for line in complaints)
    if size == "16m":
        assert len(complaints) == 1
        assert done.stdout.splitlines()[1:] == ["status 1", "The database was up to date."]
    else:
        assert len(complaints) == 3
        assert done.stdout.splitlines() == ["status 1"] * 3
