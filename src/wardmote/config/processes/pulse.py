"""How the processes of one tree say that they live, and how whoever started them hears it.

A word a second by a datagram on this machine, with a secret that only the tree knows. Nothing waits for it: not who
sends, and not who listens.
"""

import os
import secrets
import socket
import threading
import time
from contextlib import suppress

VARIABLE = "WARDMOTE_PULSE"
"""Where a child finds whom to tell: `port:secret`, set by the parent for its own processes."""
EVERY_SECONDS = 1.0


class Pulse:
    """The listening end."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0)
        self._secret = secrets.token_hex(16)
        self._heard: dict[tuple[str, str], float] = {}
        self._listened = time.monotonic()
        os.environ[VARIABLE] = f"{self._socket.getsockname()[1]}:{self._secret}"

    def listen(self) -> None:
        """Take in what was said since the last time."""
        moment = time.monotonic()
        if moment - self._listened > 10 * EVERY_SECONDS:
            # It was this process that stood still: what the others said meanwhile may have been lost.
            self._heard = dict.fromkeys(self._heard, moment)
        self._listened = moment
        with suppress(BlockingIOError):
            while True:
                secret, _, rest = self._socket.recv(200).decode("utf-8", "replace").partition(" ")
                pid, _, name = rest.partition(" ")
                if secrets.compare_digest(secret, self._secret):
                    self._heard[name, pid] = moment

    def silence(self, name: str) -> float | None:
        """Seconds since that one of its processes was heard that was not heard for longest; None: none was yet."""
        heard = [at for (whose, _), at in self._heard.items() if whose == name]
        return time.monotonic() - min(heard) if heard else None

    def forget(self, name: str) -> None:
        """Its processes are gone."""
        self._heard = {key: at for key, at in self._heard.items() if key[0] != name}

    def close(self) -> None:
        self._socket.close()
        os.environ.pop(VARIABLE, None)


class Beat:
    """The speaking end; says nothing where nobody listens."""

    def __init__(self, name: str) -> None:
        port, _, secret = os.environ.get(VARIABLE, "").partition(":")
        self._said = float("-inf")
        self._word = f"{secret} {os.getpid()} {name}".encode()
        self._to = ("127.0.0.1", int(port)) if port else None

    def __call__(self) -> None:
        """Say so, once a second at most."""
        moment = time.monotonic()
        if self._to is not None and moment - self._said >= EVERY_SECONDS:
            self._said = moment
            with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as speaking:
                speaking.settimeout(0)
                speaking.sendto(self._word, self._to)


def beat_in_background(name: str) -> None:
    """Say so from a thread of this process, for a process whose own loop is somebody else's."""
    beat = Beat(name)

    def go_on() -> None:
        while True:
            beat()
            time.sleep(EVERY_SECONDS)

    threading.Thread(target=go_on, name="pulse", daemon=True).start()
