"""A circuit breaker: what fails again and again is left alone for a while, then tried once."""

import threading
import time
from collections.abc import Callable

FAILURES = 5
"""Failures one after another that open it."""
REST_SECONDS = 60.0
"""How long it stays open before one try is let through."""


class Breaker:
    """Closed until `failures` in a row; then open for `rest` seconds; then half open: one try decides.

    Safe to share between threads. Each process has its own: what one finds out, another finds out for itself.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        rest: float = REST_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._rest, self._seconds = failures, rest, seconds
        self._failures = 0
        self._closed_until = float("-inf")
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Seconds until a try makes sense: 0 lets the caller through, who then says how it went.

        While it is half open the first caller gets 0, and all others wait as if it were open: where the one that went
        never comes back, the next may try after the same rest.
        """
        with self._lock:
            if self._failures < self._most:
                return 0.0
            now = self._seconds()
            if now < self._closed_until:
                return self._closed_until - now
            self._closed_until = now + self._rest
            return 0.0

    def rests(self) -> float:
        """Seconds for which nobody is let through; 0 where somebody would be. Takes no turn."""
        with self._lock:
            return max(0.0, self._closed_until - self._seconds()) if self._failures >= self._most else 0.0

    def succeeded(self) -> None:
        """It went well: closed again."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """It did not: one more in a row."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._closed_until = self._seconds() + self._rest
