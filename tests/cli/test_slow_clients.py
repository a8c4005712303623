import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from tests.cli.installation import Installation

pytestmark = pytest.mark.once

_HOST = b"Host: 127.0.0.1\r\n"
UNFINISHED = (
    b"POST /language HTTP/1.1\r\n" + _HOST + b"Content-Length: 5000\r\n\r\nab",
    b"POST /language HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"X-Slow: ",
    b"",
)


@contextmanager
def connections(port: int, first: list[bytes]) -> Iterator[list[socket.socket]]:
    """Connections that have sent this much, and send no more."""
    with ExitStack() as stack:
        links = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=600)) for _ in first]
        for link, start in zip(links, first, strict=True):
            link.sendall(start)
        # Until the server has seen them all.
        time.sleep(0.5)
        yield links


@pytest.mark.usefixtures("migrated")
def test_pages_answer_while_others_never_finish(installation: Installation) -> None:
    """Forty that stop in the middle of a head or a body, and a dozen streams of the API: pages answer meanwhile, and
    the stream, which is given up at last, says 408."""
    with installation.running():
        made = installation.command("key", "new", "bench")
        key = made.stdout.strip().splitlines()[-1].encode()
        head = b"POST /v1/screen HTTP/1.1\r\n" + _HOST + b"Authorization: Bearer " + key + b"\r\n"
        stream = head + b'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"text": \r\n'
        with connections(installation.port, [*UNFINISHED] * 10):
            beside_bodies = [installation.answers() for _ in range(3)]
        with connections(installation.port, [stream] * 12) as streams:
            beside_streams = [installation.answers() for _ in range(3)]
            said = b""
            while more := streams[0].recv(65_536):
                said += more

    assert beside_bodies == [True] * 3
    assert beside_streams == [True] * 3
    assert b"HTTP/1.1 200 OK" in said
    assert b"The next line did not arrive in time" in said
