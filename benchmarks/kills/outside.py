"""What stands outside of the installation: a mail server and a platform's webhook, which count what arrives."""

import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
SLOWEST = 0.3
"""Seconds that pass, at most, between taking a message and saying so: whoever is killed then does not know."""


class Outside:
    """Both of them on ports of their own, from `start` to `stop`; `dead()` has the mail server refuse for a while."""

    def __init__(self, rng: Random) -> None:
        self.mails: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()
        self.refuses_mail = False
        self._rng, self._lock = rng, threading.Lock()
        self._mail, self._web = self._mail_server(), self._web_server()
        for server in (self._mail, self._web):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def mail_address(self) -> str:
        return f"smtp://127.0.0.1:{self._mail.server_address[1]}"

    @property
    def webhook(self) -> str:
        return f"http://127.0.0.1:{self._web.server_address[1]}/decisions"

    def stop(self) -> None:
        """Take nothing more."""
        for server in (self._mail, self._web):
            server.shutdown()
            server.server_close()

    def take(self, into: "Counter[str]", name: str) -> None:
        """Count one, and take a moment to say so."""
        with self._lock:
            into[name] += 1
            pause = self._rng.uniform(0, SLOWEST)
        time.sleep(pause)

    def _mail_server(self) -> socketserver.ThreadingTCPServer:
        outside = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    _converse(outside, self.rfile.readline, self.wfile.write)
                except OSError:
                    return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        return Server(("127.0.0.1", 0), Session)

    def _web_server(self) -> ThreadingHTTPServer:
        outside = self

        class Decisions(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outside.take(outside.messages, self.headers.get("webhook-id", ""))
                try:
                    self.send_response(204)
                    self.end_headers()
                except OSError:
                    return

            def log_message(self, *_: Any) -> None:
                return

        return ThreadingHTTPServer(("127.0.0.1", 0), Decisions)


def _converse(outside: Outside, read: Callable[[], bytes], write: Callable[[bytes], object]) -> None:
    """As much SMTP as one message needs."""
    if outside.refuses_mail:
        write(b"421 kills.example closes\r\n")
        return
    write(b"220 kills.example\r\n")
    while line := read():
        verb = line[:4].upper()
        if verb == b"DATA":
            write(b"354 go on\r\n")
            message = b""
            while (more := read()) not in (b".\r\n", b""):
                message += more
            if not more:
                return
            found = _MESSAGE_ID.search(message)
            outside.take(outside.mails, found[1].decode() if found else "")
            write(b"250 taken\r\n")
        elif verb == b"QUIT":
            write(b"221 bye\r\n")
            return
        else:
            write(b"250 kills.example\r\n")
