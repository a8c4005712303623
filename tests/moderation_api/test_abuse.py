import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from tests.moderation_api.live import Live

MODERATE = "/v1/moderations"


def test_it_stays_small(live: Live) -> None:
    """It holds three models, one of language, in less than 350 MiB, a batch included; all are read at the start."""
    live.send("POST", MODERATE, {"input": ["hello"] * 100})

    assert live.resident() < 350


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"\xff" * 10, {}, 400, "invalid_utf8"),
        (b"x" * 10_000_000, {}, 413, "body_too_large"),
        (b"[" * 100_000, {}, 400, "invalid_json"),
        (b"", {}, 400, "invalid_type"),
        (b"{}", {"authorization": "Bearer wm_no"}, 401, "invalid_api_key"),
        (b"{}", {"authorization": "Basic abc"}, 401, "invalid_api_key"),
        (json.dumps({"input": ["x"] * 10_000}).encode(), {}, 400, "array_above_max_length"),
        (json.dumps({"input": "x"}).encode(), {"content-type": "text/plain; charset=latin-1"}, 200, None),
    ],
)
def test_what_cannot_be_answered_gets_the_documented_error(
    live: Live, body: bytes, headers: dict[str, str], status: int, code: str | None
) -> None:
    """Whatever comes: a status, a code, and a server that goes on."""
    try:
        got, answer, _ = live.send("POST", MODERATE, body, **headers)
    except (BrokenPipeError, ConnectionResetError):
        # The server does not read on what it has refused; the answer may be lost with the connection.
        assert status == 413
    else:
        assert (got, answer.get("error", {}).get("code")) == (status, code)
    assert live.send("POST", MODERATE, {"input": "x"})[0] == 200


def test_a_body_without_a_length_is_measured_as_it_comes(live: Live) -> None:
    """A chunked body past the limit is refused before it has all arrived."""
    connection = live.connect()
    connection.putrequest("POST", MODERATE)
    connection.putheader("authorization", f"Bearer {live.key}")
    connection.putheader("transfer-encoding", "chunked")
    connection.endheaders()
    sent = 0
    try:
        for _ in range(1_000):
            connection.send(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            sent += 65_536
    except OSError:
        pass
    connection.close()

    assert sent < 20_000_000
    assert live.resident() < 400


def test_slow_clients_keep_nobody_waiting(live: Live) -> None:
    """Hundreds that send drop by drop; the others are answered at once, and the slow ones are cut off."""
    head = f"POST {MODERATE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {live.key}\r\n".encode()
    slow = []
    for number in range(300):
        link = socket.create_connection(("127.0.0.1", live.port))
        link.sendall(head + (b"Content-Length: 1000\r\n\r\n{" if number % 2 else b"X-Slow: "))
        slow.append(link)
    began = time.monotonic()
    statuses = [live.send("POST", MODERATE, {"input": "x"})[0] for _ in range(10)]
    took = time.monotonic() - began
    ended = []
    for link in slow:
        link.settimeout(40)
        ended.append(link.recv(20))
        link.close()

    assert statuses == [200] * 10
    assert took < 5
    assert {bytes(answer[:12]) for answer in ended} == {b"", b"HTTP/1.1 408"}


def test_many_large_bodies_at_once_do_not_fill_the_memory(live: Live) -> None:
    """Past what may be in flight the rest are told at once to come back; the others get their answer."""
    body = json.dumps({"output": "x" * 1_900_000}).encode()
    about = f"Host: x\r\nAuthorization: Bearer {live.key}\r\nContent-Length: {len(body)}\r\n\r\n"
    head = f"POST {MODERATE} HTTP/1.1\r\n{about}"
    links = [socket.create_connection(("127.0.0.1", live.port), timeout=40) for _ in range(24)]
    sent, answers = [], []
    for link in links:
        try:
            link.sendall(head.encode() + body[:-1])
            sent.append(link)
        except OSError:
            # Refused while it was still sending.
            answers.append(b"HTTP/1.1 503")
    for link in sent:
        with suppress(OSError):
            link.sendall(body[-1:])
        with suppress(ConnectionResetError):
            answers.append(link.recv(12))
    for link in links:
        link.close()

    assert set(answers) == {b"HTTP/1.1 400", b"HTTP/1.1 503"}
    assert live.send("POST", MODERATE, {"input": "x"})[0] == 200
    assert live.resident() < 400


def test_a_long_stream_is_answered_while_it_is_sent(live: Live) -> None:
    """Twenty thousand lines on one connection: one answer each, in order, and little memory."""
    lines = 20_000
    connection = socket.create_connection(("127.0.0.1", live.port))
    connection.settimeout(60)
    head = (
        f"POST /v1/screen HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {live.key}\r\n"
        "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )

    def write() -> None:
        connection.sendall(head.encode())
        for start in range(0, lines, 500):
            piece = "".join(json.dumps({"id": str(n), "text": "hello"}) + "\n" for n in range(start, start + 500))
            connection.sendall(f"{len(piece):x}\r\n{piece}\r\n".encode())
        connection.sendall(b"0\r\n\r\n")

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        writing.result()
    connection.close()
    found = [json.loads(line)["id"] for line in said.splitlines() if line.startswith(b'{"id"')]

    assert found == [str(number) for number in range(lines)]
    assert live.resident() < 400


def test_the_scores_of_a_client_that_goes_away_disturb_nobody(live: Live) -> None:
    """Connections that end in the middle of everything leave no trace in the log."""
    for cut in (b"POST", b"POST /v1/screen HTTP/1.1\r\n", b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n"):
        link = socket.create_connection(("127.0.0.1", live.port))
        link.sendall(cut)
        link.close()
    head = f"POST /v1/screen HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {live.key}\r\n".encode()
    link = socket.create_connection(("127.0.0.1", live.port))
    link.sendall(head + b'Content-Type: application/x-ndjson\r\nContent-Length: 9999\r\n\r\n"hello"\n"hel')
    link.recv(100)
    link.close()

    assert live.send("POST", MODERATE, {"input": "x"})[0] == 200
    assert "Traceback" not in live.log.read_text(encoding="utf-8")
