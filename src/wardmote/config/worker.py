"""The process beside the web server: background jobs, and the sequencer of the record."""

import logging
import sys
import threading

from django.db import connections

from wardmote.config import boot, tree
from wardmote.config.jobs import HANDLERS

log = logging.getLogger(__name__)


def serve(stop: threading.Event) -> int:
    """Work until `stop` is set; gives 1 when the sequencer ended by itself."""
    from wardmote.config.postgresql import WORK_SECONDS, answer_within
    from wardmote.jobs.engine import resolve, run_worker, wake
    from wardmote.record.engine import go_on_after_stored, run_sequencer

    answer_within(WORK_SECONDS)
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

    sequencer = threading.Thread(target=sequence, name="sequencer")
    sequencer.start()
    try:
        run_worker(stop, resolve(HANDLERS))
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
