"""A time for the whole of what leaves the process: names looked up, connections made, every word sent and received.

A timeout of a socket is for one wait. A server that sends a byte every few seconds never runs into it, and the resolver
has none at all: so each sending has a deadline, and each wait is for what is left of it.
"""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

_T = TypeVar("_T")


class Deadline:
    """The moment at which all of it must be over, by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self, at_most: float) -> float:
        """Seconds that one wait may take; raises TimeoutError where none is left."""
        left = min(self._at - time.monotonic(), at_most)
        if left <= 0:
            raise TimeoutError("no whole answer in time")
        return left


def within(seconds: float, ask: Callable[[], _T]) -> _T:
    """What `ask` gives or raises, or TimeoutError after so long: for what has no timeout of its own, as a resolver.

    A thread that is still asking then is left to end by itself.
    """
    found: list[_T] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            found.append(ask())
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked
            trouble.append(error)

    asking = threading.Thread(target=run, daemon=True, name="asking")
    asking.start()
    asking.join(seconds)
    if trouble:
        raise trouble[0]
    if not found:
        raise TimeoutError("no answer about the name in time")
    return found[0]


def addresses(host: str, port: int, *, deadline: Deadline, at_most: float) -> list[str]:
    """The addresses of a name; raises OSError, UnicodeError or TimeoutError."""
    rows = within(deadline.left(at_most), lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def connect(found: Iterable[str], port: int, *, deadline: Deadline, at_most: float) -> socket.socket:
    """A connection to the first of these addresses that answers; raises OSError."""
    trouble: OSError = OSError("no address")
    for address in found:
        try:
            return socket.create_connection((address, port), timeout=deadline.left(at_most))
        except OSError as error:
            trouble = error
    raise trouble


class Bounded:
    """A socket as `http.client` and `smtplib` use one, whose every wait is only for what is left of the whole time.

    `patience` is for each wait. `raw` is the socket, which whoever opened it closes.
    """

    def __init__(self, raw: socket.socket, deadline: Deadline, patience: float) -> None:
        self.raw, self.deadline, self.patience = raw, deadline, patience

    def wait(self) -> None:
        """Let the next wait of the socket be for what is left."""
        self.raw.settimeout(self.deadline.left(self.patience))

    def sendall(self, data: bytes) -> None:
        """Send all of it. Piece by piece, because TLS would begin its time anew at each."""
        rest = memoryview(data)
        while rest:
            self.wait()
            rest = rest[self.raw.send(rest) :]

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        return io.BufferedReader(_Reading(self))

    def close(self) -> None:
        """Whoever opened the socket closes it: an answer may be read after `http.client` is done with it."""


class _Reading(io.RawIOBase):
    def __init__(self, bounded: Bounded) -> None:
        super().__init__()
        self._bounded = bounded

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        self._bounded.wait()
        return self._bounded.raw.recv_into(buffer)
