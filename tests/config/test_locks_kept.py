"""What looks through this process's descriptors lets go of no lock that somebody else in it holds."""

import fcntl
import subprocess
import sys
from pathlib import Path

from wardmote.config.processes.front.sockets import drop_those_who_do_not_read

_TRY = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


def is_free(path: Path) -> bool:
    """Whether another process gets the lock."""
    return subprocess.run([sys.executable, "-c", _TRY, path], stderr=subprocess.DEVNULL, check=False).returncode == 0


def test_looking_for_sockets_lets_go_of_no_lock(tmp_path: Path) -> None:
    """SQLite's locks are such ones: without them another process begins its files anew beneath the one that reads."""
    path = tmp_path / "wardmote.sqlite3"
    path.touch()
    assert is_free(path)
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)

        drop_those_who_do_not_read(30)

        assert not is_free(path)
