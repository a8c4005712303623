"""The web server's process: granian, and below it the process or processes that hold the application."""

import os
import sys
import threading
from typing import Any

from wardmote.config import tree
from wardmote.config.pulse import beat_in_background

BACKLOG = 4096
BACKPRESSURE = 1024
"""Requests taken in per process while all its threads are busy; granian's own defaults turn a burst away."""
THREADS = 8


def application() -> Any:
    """The WSGI application, for a process of granian's: it lives no longer than granian's main process."""
    tree.join_tree(os.getppid())
    from django.conf import settings

    from wardmote.config.postgresql import answer_within
    from wardmote.config.wsgi import application as wsgi
    from wardmote.edges.web.room import threads_are
    from wardmote.journeys import screening
    from wardmote.record.engine import go_on_after_stored

    answer_within(settings.WARDMOTE_DATABASE_SECONDS)
    threads_are(THREADS)
    go_on_after_stored()
    beat_in_background(tree.WEB)
    # Pages answer meanwhile; the first post need not wait for what takes seconds.
    threading.Thread(target=screening.shipped().warm, name="warm", daemon=True).start()
    return wsgi


def main(parent: int, ready: int, address: str, port: int) -> None:
    """A child of `wardmote run`: serve until told to stop."""
    tree.join_tree(parent)
    os.close(ready)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # SQLite has one writer: more processes would only stand in line. PostgreSQL can use every core.
    one_writer = not os.environ.get("DATABASE_URL", "").startswith("postgres")
    Granian(
        "wardmote.config.web:application",
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if one_writer else os.cpu_count() or 1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        websockets=False,
        workers_kill_timeout=10,
        # It warns of more threads than cores; ours wait for the disk, not for a core.
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
