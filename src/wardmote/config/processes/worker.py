"""The process beside the web server: background jobs, and the sequencer of the record."""

import logging
import sys
import threading
import time
from datetime import datetime

from django.db import DatabaseError, connections

from wardmote.config import boot
from wardmote.config.jobs import HANDLERS
from wardmote.config.postgresql import BOOKKEEPING_SECONDS, WORK_SECONDS, answer_within, this_thread_within
from wardmote.config.processes import process_tree
from wardmote.config.processes.pulse import Beat
from wardmote.config.sqlite.base import DatabaseWrapper
from wardmote.kernel import clock

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


class Turned:
    """The sequencer's clock, which it asks at each turn: so it is known when it turned last."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self) -> datetime:
        self._at = time.monotonic()
        return clock.now()

    def long_ago(self) -> bool:
        """Whether it has not come round for longer than any answer of the database is waited for."""
        return time.monotonic() - self._at > 2 * WORK_SECONDS


def serve(stop: threading.Event) -> int:
    """Work until `stop` is set; gives 1 when the sequencer ended by itself."""
    from wardmote.edges.web import sessions
    from wardmote.jobs.engine import resolve, run_worker, wake
    from wardmote.journeys.members.visitor_reports import forget_answered
    from wardmote.moderation.operations import clear_unconfirmed
    from wardmote.people.operations import clear_pace, clear_unverified
    from wardmote.record.engine import go_on_after_stored, run_sequencer

    def tidy() -> None:
        sessions.clear()
        clear_pace(now=clock.now())
        clear_unverified(now=clock.now())
        clear_unconfirmed(now=clock.now())
        forget_answered(now=clock.now())

    answer_within(WORK_SECONDS)
    # The bookkeeper comes round within the time after which a process counts as hanging.
    this_thread_within(BOOKKEEPING_SECONDS)
    beat, sequencer_turned = Beat(process_tree.WORKER), Turned()
    go_on_after_stored()
    broken = threading.Event()

    def sequence() -> None:
        try:
            run_sequencer(stop, now=sequencer_turned)
        except Exception:
            log.exception("the sequencer has ended")
        if not stop.is_set():
            # A record that is not sequenced any more must not go unseen: this process ends, and is started again.
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
        run_worker(stop, resolve(HANDLERS), beat=lambda: None if sequencer_turned.long_ago() else beat(), tidy=tidy)
    finally:
        stop.set()
        sequencer.join()
        connections.close_all()
    return int(broken.is_set())


def run_alone() -> int:
    """`wardmote worker`: work until stopped, in this process."""
    boot.setup()
    from wardmote.config.database import Standing, require, wait_until_there

    wait_until_there(log.warning)
    require(Standing.CURRENT)
    return _serve_until_signalled()


def _serve_until_signalled() -> int:
    from wardmote.jobs.engine import wake

    stop = threading.Event()

    def end() -> None:
        stop.set()
        wake()

    process_tree.on_stop_signal(end)
    return serve(stop)


def main(parent: int, ready: int) -> int:
    """A child of `wardmote run`."""
    process_tree.join_tree(parent)
    boot.setup()
    process_tree.say_ready(ready)
    return _serve_until_signalled()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
