"""The process beside the web server: background jobs, and the sequencer of the record."""

import logging
import sys
import threading

from django.db import DatabaseError, connections

from wardmote.config import boot, tree
from wardmote.config.jobs import HANDLERS
from wardmote.config.sqlite.base import DatabaseWrapper

log = logging.getLogger(__name__)

OVERWRITE_SECONDS = 20.0
"""How long words that were erased stay in SQLite's write-ahead log."""


def overwrite_deleted() -> bool:
    """Leave nothing of what was deleted in the files of SQLite; False where that has to wait for a reader."""
    database = connections["default"]
    if not isinstance(database, DatabaseWrapper):
        return True
    try:
        return database.empty_wal()
    except DatabaseError as error:
        log.warning("what was deleted is not overwritten yet: %s", error)
        return False


def serve(stop: threading.Event) -> int:
    """Work until `stop` is set; gives 1 when the sequencer ended by itself."""
    from wardmote.edges.web import sessions
    from wardmote.jobs.engine import resolve, run_worker, wake
    from wardmote.kernel import clock
    from wardmote.people.operations import clear_pace, clear_unverified
    from wardmote.record.engine import go_on_after_stored, run_sequencer

    def tidy() -> None:
        sessions.clear()
        clear_pace(now=clock.now())
        clear_unverified(now=clock.now())

    go_on_after_stored()
    broken = threading.Event()

    def sequence() -> None:
        try:
            run_sequencer(stop)
        except Exception:
            log.exception("the sequencer has ended")
        if not stop.is_set():
            # A record that is not sequenced any more must not go unseen: the whole tree stops.
            broken.set()
            stop.set()
            wake()

    def overwrite() -> None:
        while not stop.wait(OVERWRITE_SECONDS):
            overwrite_deleted()

    threading.Thread(target=overwrite, name="overwrite", daemon=True).start()
    sequencer = threading.Thread(target=sequence, name="sequencer")
    sequencer.start()
    try:
        run_worker(stop, resolve(HANDLERS), tidy=tidy)
    finally:
        stop.set()
        sequencer.join()
        connections.close_all()
    return int(broken.is_set())


def run_alone() -> int:
    """`wardmote worker`: work until stopped, in this process."""
    boot.setup()
    from wardmote.config.database import Standing, require

    require(Standing.CURRENT)
    return _serve_until_signalled()


def _serve_until_signalled() -> int:
    from wardmote.jobs.engine import wake

    stop = threading.Event()

    def end() -> None:
        stop.set()
        wake()

    tree.on_stop_signal(end)
    return serve(stop)


def main(parent: int, ready: int) -> int:
    """A child of `wardmote run`."""
    tree.join_tree(parent)
    boot.setup()
    tree.say_ready(ready)
    return _serve_until_signalled()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
