"""One Wardmote of two: a process with a home, a port and a log of its own, told what to do in lines of JSON.

Each line in is {"do": name, "with": {…}}, each line out what it gave or {"refused": sentence}. The web server, the
worker and the sequencer run as in any installation; only the clock can be moved on, so that no test waits for weeks.
"""

import json
import sys
import threading
from datetime import datetime, timedelta
from importlib import import_module
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from wardmote.kernel import clock
from wardmote.kernel.errors import WardmoteError


class MovableClock:
    """The real time, and what a test has added to it."""

    def __init__(self) -> None:
        self._real, self._moved = clock.now, timedelta(0)

    def now(self) -> datetime:
        return self._real() + self._moved

    def move(self, **units: float) -> None:
        self._moved += timedelta(**units)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """The answers stand on standard output, and a test's failure on standard error."""


def main(port: int) -> None:
    movable = MovableClock()
    # Before any module that would bind the real one.
    clock.now = movable.now
    django.setup()
    # The console's mail would stand between our answers.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Answers to the host leave with the decision.
    settings.WARDMOTE_UNDO_MINUTES = 0
    commands = {command.__name__: command for command in import_module("tests.hosting.commands").COMMANDS}
    jobs, record = import_module("wardmote.jobs.engine"), import_module("wardmote.record.engine")
    dictated = import_module("tests.scenario").dictated_screener()
    import_module("wardmote.journeys.steps.screening").screener = lambda: dictated  # type: ignore[attr-defined]
    call_command("migrate", verbosity=0)
    record.signer()
    stop = threading.Event()
    server = make_server("127.0.0.1", port, get_wsgi_application(), _Server, _Quiet)
    handlers = jobs.resolve(import_module("wardmote.config.jobs").HANDLERS)
    threads = [
        threading.Thread(target=server.serve_forever, args=(0.05,)),
        threading.Thread(target=jobs.run_worker, args=(stop, handlers), kwargs={"now": movable.now}),
        threading.Thread(target=record.run_sequencer, args=(stop, movable.now)),
    ]
    for thread in threads:
        thread.start()
    _say("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if asked["do"] == "move_clock":
                movable.move(**asked["with"])
                jobs.wake()
                _say(None)
            else:
                _say(commands[asked["do"]](**asked["with"]))
        except WardmoteError as error:
            _say({"refused": str(error)})
    stop.set()
    jobs.wake()
    server.shutdown()
    for thread in threads:
        thread.join()


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
