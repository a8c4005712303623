"""A small web site whose pages a test writes as it goes, and which notes who came."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """Pages by path: a status and a body, or a function that answers by itself."""

    port: int = 0
    pages: dict[str, tuple[int, str] | Answer] = field(default_factory=dict)
    visits: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def url(self, path: str, host: str = "site.localhost") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serve() -> Iterator[Site]:
    """A site that answers for as long as the block lasts."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.visits.append({"path": self.path, **self.headers})
            page = site.pages.get(self.path.partition("?")[0], (404, "<h1>Not found</h1>"))
            if callable(page):
                # Who asked may have left: a test makes it lose patience.
                with suppress(ConnectionError):
                    page(self)
                return
            status, body = page
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def do_POST(self) -> None:
            site.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()
