"""The web server's process: granian, and below it the process or processes that hold the application."""

import os
import sys
import threading
from typing import Any

from wardmote.config.processes import process_tree
from wardmote.config.processes.front.gateway import THREADS, Gateway
from wardmote.config.processes.pulse import beat_in_background
from wardmote.edges.moderation_api import limits

BACKLOG = 4096
CONNECTIONS = 8192
"""Open at once in each process; those that say nothing are cut, and the next wait in the backlog."""
HEAD_SECONDS = 10.0
"""For a whole head, and for the next one on a connection that stays open."""
HEAD_LIMIT = 65_536
"""Bytes of a head."""


def application() -> Any:
    """The RSGI application, for a process of granian's: it lives no longer than granian's main process."""
    process_tree.join_tree(os.getppid())
    limits.allow_files(CONNECTIONS + 256)
    from django.conf import settings

    from wardmote.config.postgresql import answer_within
    from wardmote.config.wsgi import application as wsgi
    from wardmote.edges.moderation_api import mount
    from wardmote.edges.web import crowded, proxies
    from wardmote.edges.web.room import threads_are
    from wardmote.journeys.steps import screening
    from wardmote.record.engine import go_on_after_stored

    answer_within(settings.WARDMOTE_DATABASE_SECONDS)
    threads_are(THREADS)
    go_on_after_stored()
    beat_in_background(process_tree.WEB)
    # Pages answer meanwhile; the first post need not wait for what takes seconds.
    threading.Thread(target=screening.shipped().warm, name="warm", daemon=True).start()
    return Gateway(
        wsgi,
        api=mount.served().__rsgi__,
        is_api=mount.is_api,
        hashes=crowded.hashes_password,
        visitor=proxies.visitor_of,
    )


def main(parent: int, ready: int, address: str, port: int) -> None:
    """A child of `wardmote run`: serve until told to stop."""
    process_tree.join_tree(parent)
    os.close(ready)
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    # SQLite has one writer: more processes would only wait in line. PostgreSQL can use every core.
    one_writer = not os.environ.get("DATABASE_URL", "").startswith("postgres")
    Granian(
        "wardmote.config.processes.web:application",
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=round(HEAD_SECONDS * 1000), max_buffer_size=HEAD_LIMIT),
        workers=1 if one_writer else os.cpu_count() or 1,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        websockets=False,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
