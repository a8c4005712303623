"""Room for what needs no database: when nearly every thread is caught in a page that waits, other pages say so at once.

A database that hangs catches every thread that asks it, and style sheets would wait behind the pages. So the last few
threads take no page while all the others have been at theirs for long.
"""

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from wardmote.edges.web import errors

KEPT_FREE = 2
LONG_SECONDS = 5.0

_threads = 0
"""How many threads this process answers in; 0: nobody said, and no page is turned away."""


def threads_are(number: int) -> None:
    """Called once, by whoever starts the server."""
    global _threads  # noqa: PLW0603 - a property of the process
    _threads = number


class KeepRoom:
    """Turns pages away, with 503, while all but a few threads have been caught for long; static files come before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._begun: dict[int, float] = {}
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        me, moment = threading.get_ident(), time.monotonic()
        with self._lock:
            caught = sum(moment - since > LONG_SECONDS for since in self._begun.values())
            if _threads and caught >= max(_threads - KEPT_FREE, 1):
                return errors.unavailable(request)
            self._begun[me] = moment
        try:
            return self.get_response(request)
        finally:
            with self._lock:
                self._begun.pop(me, None)
