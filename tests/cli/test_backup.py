"""A backup taken while people write is whole, and what is not whole is refused in one line."""

import gzip
import io
import json
import subprocess
import sys
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.cli.installation import Installation, one_line
from tests.conftest import requires

WRITER = Path(__file__).with_name("busy_writer.py")


@contextmanager
def writing(installation: Installation, writers: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """So many processes in which Alice posts without a pause, from when each has posted."""
    ((community, member),) = installation.sql("SELECT community_id, id FROM communities_membership")
    command = [sys.executable, str(WRITER), str(community), str(member)]
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    command, env=installation.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in range(writers)
        ]
        for writer in started:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
        try:
            yield started
        finally:
            for writer in started:
                assert writer.stdin is not None
                writer.stdin.close()


def backup(installation: Installation, file: Path) -> "subprocess.CompletedProcess[str]":
    done = installation.command("backup", str(file))
    assert done.returncode == 0, done.stderr
    return done


def posts(installation: Installation) -> int:
    return int(installation.sql("SELECT count(*) FROM network_post")[0][0])


def test_a_backup_under_load_restores_to_one_sound_moment(
    founded: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    """While pages, worker, sequencer and two writers go on, everything lands in one file, and comes back proven."""
    file = tmp_path / "kept.backup"
    with founded.running(), writing(founded, 2) as writers:
        before = posts(founded)
        backup(founded, file)
        after = posts(founded)
        assert all(writer.poll() is None for writer in writers)
    restored = elsewhere.command("restore", str(file))
    verified = elsewhere.command("record", "verify")

    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "The record is sound" in restored.stdout
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert 0 < before <= posts(elsewhere) <= after
    assert after < posts(founded)


def test_what_was_restored_is_alive(founded: Installation, elsewhere: Installation, tmp_path: Path) -> None:
    """The same keys and settings, but its own database; it starts, and the record goes on under the old key."""
    backup(founded, tmp_path / "kept.backup")
    elsewhere.command("restore", str(tmp_path / "kept.backup"))
    key = founded.command("record", "checkpoint", "--key").stdout
    with elsewhere.running(), writing(elsewhere, 1):
        pass
    verified = elsewhere.command("record", "verify", "--key", key.strip())

    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert posts(elsewhere) > 0
    for name in ("keys/secret", "keys/record.ed25519", "settings.env"):
        kept = (founded.home / name).read_text(encoding="utf-8")
        expected = kept.replace(founded.database_url or "nothing", elsewhere.database_url)
        assert expected == (elsewhere.home / name).read_text(encoding="utf-8")
        assert (elsewhere.home / name).stat().st_mode & 0o077 == 0


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(founded: Installation, tmp_path: Path) -> None:
    """It holds every secret, says so, and never takes another file's place; nor may it lie in the home."""
    file = tmp_path / "kept.backup"
    said = backup(founded, file).stdout
    kept = file.read_bytes()
    again = founded.command("backup", str(file))
    inside = founded.command("backup", str(founded.home / "kept.backup"))

    assert file.stat().st_mode & 0o777 == 0o600
    assert "holds every secret" in said
    assert "is there already" in one_line(again.stderr)
    assert "inside the home folder" in one_line(inside.stderr)
    assert file.read_bytes() == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "kept.backup"]


def test_nothing_is_restored_over_what_is_there(founded: Installation, elsewhere: Installation, tmp_path: Path) -> None:
    """A home with a file in it is left as it is; so is a database with tables, and then the home stays empty."""
    backup(founded, tmp_path / "kept.backup")
    over_itself = founded.command("restore", str(tmp_path / "kept.backup"))
    taken = Installation(tmp_path / "third", founded.database_url or f"sqlite:///{founded.home}/wardmote.sqlite3")
    over_database = taken.command("restore", str(tmp_path / "kept.backup"))

    assert "is not empty; set WARDMOTE_HOME to an empty folder" in one_line(over_itself.stderr)
    assert over_database.returncode == 1
    assert "not empty" in one_line(over_database.stderr) or "is there already" in one_line(over_database.stderr)
    assert [path.name for path in taken.home.iterdir()] == ["run.lock"]
    assert posts(founded) == 0


def rewritten(file: Path, change: str) -> bytes:
    """An archive whose compression is sound and whose content is not: one part is another, or there is one more."""
    result = io.BytesIO()
    with tarfile.open(file, "r:gz") as old, tarfile.open(fileobj=result, mode="w:gz") as new:
        for header in old:
            source = old.extractfile(header)
            raw = source.read() if source else b""
            if change == "other secret" and header.name == "home/keys/secret":
                raw = raw[::-1]
            if change == "way out" and header.name == "home/keys/secret":
                header.name = "home/../../secret"
            if change == "another format" and header.name == "about.json":
                raw = json.dumps({"format": "wardmote-backup/9"}).encode()
            if change == "no parts" and header.name == "manifest.json":
                raw = json.dumps({"format": "wardmote-backup/1"}).encode()
            header.size = len(raw)
            new.addfile(header, io.BytesIO(raw))
    return result.getvalue()


def one_bit_off(whole: bytes) -> bytes:
    """A bit near the middle changed, and with it what is inside: in a run of zeros some say the same either way."""
    for place in range(len(whole) // 2, len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        try:
            gzip.decompress(damaged)
        except (zlib.error, gzip.BadGzipFile, EOFError):
            return damaged
    raise AssertionError("no bit of it matters")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("text", "is not a backup, or is damaged"),
        ("another file", "is not a backup, or is damaged"),
        ("another format", "is not a backup that this Wardmote can read"),
        ("cut", "is damaged"),
        ("one bit", "is damaged"),
        ("other secret", "is damaged: home/keys/secret is not what the manifest says"),
        ("way out", "is damaged: it holds 'home/../../secret', which no backup does"),
        ("no parts", "is damaged"),
    ],
)
def test_a_damaged_backup_is_one_line_and_leaves_nothing(
    founded: Installation, elsewhere: Installation, tmp_path: Path, change: str, said: str
) -> None:
    """Whatever is wrong with the file is said in a line, and the home is as empty as before."""
    file = tmp_path / "kept.backup"
    backup(founded, file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "text": b"Alice's shopping list",
        "another file": gzip.compress(b"Alice's shopping list" * 100),
        "cut": whole[:middle],
        "one bit": one_bit_off(whole),
    }
    file.write_bytes(damaged[change] if change in damaged else rewritten(file, change))
    refused = elsewhere.command("restore", str(file))

    assert refused.returncode == 1
    assert said in one_line(refused.stderr)
    assert {path.name for path in elsewhere.home.iterdir()} <= {"run.lock"} if elsewhere.home.exists() else True


def test_a_restored_record_that_does_not_verify_is_named(
    founded: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    """Somebody who changes an entry in the database is found out by the restore itself."""
    founded.sql("UPDATE record_entry SET subject = 'urn:wardmote:post:1' WHERE \"index\" = 0")
    backup(founded, tmp_path / "kept.backup")
    restored = elsewhere.command("restore", str(tmp_path / "kept.backup"))

    assert restored.returncode == 1
    assert "The record is NOT sound" in restored.stdout


def test_a_backup_that_is_told_to_stop_leaves_nothing(founded: Installation, tmp_path: Path) -> None:
    """A timer that runs out, or a machine that shuts down, leaves no half of the secrets behind."""
    target = tmp_path / "backups"
    target.mkdir()
    with (founded.home / "film").open("wb") as film:
        film.truncate(1_000_000_000)
    command = [sys.executable, "-m", "wardmote", "backup", str(target / "kept.backup")]
    with subprocess.Popen(command, env=founded.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not any(path.stat().st_size > 50_000 for path in target.glob(".wardmote-backup-*/draft")):
            assert process.poll() is None
            time.sleep(0.02)
        process.terminate()
        status = process.wait(20)

    assert status == 130
    assert list(target.iterdir()) == []


SMALL_DISK = """
set -e
mount -t tmpfs -o size=$1 none "$2"
$PYTHON -m wardmote $3 "$4" || echo "status $?"
ls -A "$2"
"""


def on_a_small_disk(installation: Installation, size: str, folder: Path, *arguments: str) -> list[str]:
    """Run a command with a disk of that size at `folder`; gives its one complaint, its status, and what it left."""
    command = ["unshare", "--map-root-user", "--mount", "bash", "-c", SMALL_DISK, "x", size, str(folder), *arguments]
    environment = installation.environment | {"PYTHON": sys.executable}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=True)
    return [one_line(done.stderr), *done.stdout.splitlines()]


def test_a_disk_without_room_is_one_line(founded: Installation, elsewhere: Installation, tmp_path: Path) -> None:
    """Neither a backup nor a restore begins what it cannot end; both leave nothing."""
    requires("small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    elsewhere.home.mkdir()
    backup(founded, tmp_path / "kept.backup")
    backed_up = on_a_small_disk(founded, "100k", disk, "backup", str(disk / "kept.backup"))
    # The rows of PostgreSQL go elsewhere: there, a home of the smallest disk has room.
    size, said = ("300k", "restoring this backup needs up to") if not founded.database_url else ("100k", "is full")
    restored = on_a_small_disk(elsewhere, size, elsewhere.home, "restore", str(tmp_path / "kept.backup"))

    assert "a backup needs up to" in backed_up[0]
    assert backed_up[1:] == ["status 1"]
    assert said in restored[0]
    assert [name for name in restored[1:] if name != "run.lock"] == ["status 1"]
