"""A request as WSGI wants it, and the answer of a WSGI application, whole."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from wardmote.edges.moderation_api.wire import FROM_FRONT


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def header(scope: Any, name: str) -> str:
    """A header of the request, empty where there is none."""
    return str(scope.headers.get(name) or "")


def environ(scope: Any, body: bytes, length: int) -> dict[str, Any]:
    """PEP 3333's environ. `length` is the body's, or what was announced of one that was too large to be read.

    granian has decoded the path, once: it is the string by which the API's requests were told apart.
    """
    name, _, port = scope.server.rpartition(":")
    peer, _, peer_port = scope.client.rpartition(":")
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": peer.strip("[]"),
        "REMOTE_PORT": peer_port,
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        FROM_FRONT: True,
    }
    if scope.authority:
        found["HTTP_HOST"] = scope.authority
    return found | _headers(scope)


def _headers(scope: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope.headers.items():
        # `x_forwarded_for` would become the same variable as `x-forwarded-for`, which a proxy in front has checked.
        # The length is the body's as it has arrived, also of one that came in chunks.
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        if key in found:
            found[key] += ("; " if name == "cookie" else ",") + value
        else:
            found[key] = value
    return found


def answer(application: Callable[..., Iterable[bytes]], request: dict[str, Any]) -> Answer:
    """Run the application to its end, in this thread."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:  # noqa: ARG001 - WSGI's own
        told[:] = [int(status[:3]), [(name.lower(), value) for name, value in headers]]

    parts = application(request, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    return Answer(told[0], told[1], body)
