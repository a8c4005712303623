"""What somebody tries who means harm: each against a running server, which goes on as if nothing had been."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.cli.installation import Installation, fresh_database
from tests.moderation_api.live import Live
from tests.scenario import NOON

from wardmote.outside import webhook

MODERATE = "/v1/moderations"
LINE = f"POST {MODERATE} HTTP/1.1\r\nHost: x\r\n"


def _raw(live: Live, sent: bytes, *, seconds: float = 3.0) -> bytes:
    """All that comes back on one connection until the server ends it, or says nothing for so long."""
    with socket.create_connection(("127.0.0.1", live.port), timeout=seconds) as link:
        answer = b""
        try:
            link.sendall(sent)
            while piece := link.recv(65_536):
                answer += piece
        except OSError:
            pass
    return answer


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 13\r\nContent-Length: 60\r\n",
        "Content-Length: +13\r\n",
        "Content-Length: 0x0d\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length: 13\r\n folded: yes\r\n",
        "X: a\rTransfer-Encoding: chunked\r\n",
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused(live: Live, framing: str) -> None:
    """One refusal, and the connection ends: nothing hidden behind it is answered as a request of its own."""
    head = f"{LINE}Authorization: Bearer {live.key}\r\n{framing}\r\n"
    answer = _raw(live, head.encode() + b'{"input":"x"}' + _hidden(live))

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400")
    assert live.send("POST", MODERATE, {"input": "x"})[0] == 200


def _hidden(live: Live) -> bytes:
    """A whole request, to stand where a body's end is in doubt."""
    return f"GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {live.key}\r\n\r\n".encode()


def test_a_length_beside_chunks_does_not_count(live: Live) -> None:
    """RFC 9112: the chunks are the body, and the connection carries nothing after it."""
    head = f"{LINE}Authorization: Bearer {live.key}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = _raw(live, head.encode() + b'd\r\n{"input":"x"}\r\n0\r\n\r\n' + _hidden(live))

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert live.send("POST", MODERATE, {"input": "x"})[0] == 200


@pytest.mark.parametrize("head", ["X: " + "y" * 1_000_000, "\r\n".join(f"X-{n}: y" for n in range(5_000))])
def test_a_huge_head_is_cut_off(live: Live, head: str) -> None:
    """One header of a megabyte, or thousands of them: refused before a key is looked at, and nothing grows."""
    before = live.resident()
    answers = [_raw(live, f"{LINE}{head}\r\nContent-Length: 0\r\n\r\n".encode())[:12] for _ in range(10)]

    # The refusal may be lost where the server hangs up on what is still being sent.
    assert set(answers) <= {b"", b"HTTP/1.1 431"}
    assert live.resident() < before + 30
    assert live.send("POST", MODERATE, {"input": "x"})[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"input":' + b"[" * 90_000,
        b'{"input":' + b'{"a":' * 90_000,
        b'{"input":"x","model":' + b"9" * 5_000 + b"}",
        b'{"input":"\\ud800"}',
        b'{"input":1e999}',
        b'{"input":"x","input":"y","model":1e999}',
        b"\xef\xbb\xbf{}",
        b'{"input":' + json.dumps("\u0301" * 60_000).encode() + b"}",
    ],
)
def test_a_bomb_in_the_body_is_refused_at_once(live: Live, body: bytes) -> None:
    """Depth, digits, half characters, endless accents: 400, in well under a second."""
    began = time.monotonic()
    status, answer, _ = live.send("POST", MODERATE, body)

    assert (status, answer["error"]["type"]) == (400, "invalid_request_error")
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "text", ["a.b?c! " * 7_000, "\U0001f469\u200d" * 25_000, "kill you " * 5_555, "\ufdfa" * 50_000]
)
def test_the_longest_texts_are_scored_in_good_time(live: Live, text: str) -> None:
    """Fifty thousand characters of the worst kind cost a fraction of a second of work, spans included."""
    asked = {"comment": {"text": text}, "requestedAttributes": {"THREAT": {}}, "spanAnnotations": True}
    began = time.monotonic()
    status, _, _ = live.send("POST", "/v1/screen", {"text": text, "explain": True})
    took = time.monotonic() - began

    # Arabic letters are told to be no language that is read here.
    assert status == (400 if text.startswith("\ufdfa") else 200)
    assert took < 5
    assert live.send("POST", "/v1alpha1/comments:analyze", asked)[0] in (200, 400)


def test_no_answer_is_kept_or_guessed_at_on_the_way(live: Live) -> None:
    """A key may stand in the address: answers and refusals are for no cache, and JSON is nothing else."""
    for path, body in ((f"{MODERATE}?key={live.key}", {"input": "x"}), (MODERATE, {"input": 1})):
        _, _, headers = live.send("POST", path, body)

        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("told", ["javascript", "https, http", "https://evil.example/#"])
def test_a_proxys_word_for_the_scheme_is_taken_only_where_it_is_one(live: Live, told: str) -> None:
    """What describes the server never sends its clients to something that a stranger wrote."""
    _, document, headers = live.send("GET", "/openapi.json", **{"x-forwarded-proto": told, "host": "api.example"})

    assert document["servers"] == [{"url": "http://api.example"}]
    assert headers["cache-control"].startswith("private")


def test_a_name_that_changes_its_address_reaches_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name is looked up once, and the connection goes to the address that was checked."""
    asked: list[str] = []
    reached: list[Any] = []

    really = socket.getaddrinfo

    def lookup(host: str, port: int, *more: Any, **options: Any) -> list[Any]:
        if host.replace(".", "").isdigit():
            return list(really(host, port, *more, **options))
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(_: Any, address: Any) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket.socket, "connect", connect)
    answer = webhook.send(
        url="https://forum.example/hook", message_id="msg_1", content={}, secrets=["whsec_AAAA"], now=NOON
    )

    assert (asked, reached) == (["forum.example"], [("93.184.215.14", 443)])
    assert answer.reply.startswith("ConnectionRefusedError")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.1/",
        "https://0x7f000001/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://localhost/",
    ],
)
def test_an_address_in_disguise_is_not_sent_to(url: str) -> None:
    """Whatever the resolver makes of it is what is checked."""
    answer = webhook.send(url=url, message_id="msg_1", content={}, secrets=["whsec_AAAA"], now=NOON)

    assert answer.status is None
    assert "not a public address" in answer.reply


def test_what_may_be_fetched_may_not_be_sent_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is listed for fetches of reported pages opens nothing to a webhook."""
    monkeypatch.setattr(settings, "WARDMOTE_FETCH_HOSTS", frozenset({"plaza.localhost"}))
    answer = webhook.send(
        url="https://plaza.localhost/", message_id="msg_1", content={}, secrets=["whsec_AAAA"], now=NOON
    )

    assert answer.status is None
    assert "not a public address" in answer.reply


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Tables, and nothing in them."""
    with fresh_database() as url:
        made = Installation(tmp_path / "home", url)
        made.home.mkdir(mode=0o700)
        made.django("migrate")
        yield made


SPENDING = """
import sys
from wardmote.config import boot
boot.setup()
from wardmote.journeys.owners.keys import count_use
from wardmote.kernel.clock import now
from wardmote.people.policy import Window
at = __import__("datetime").datetime.fromisoformat(sys.argv[2])
used = dict(key_id=sys.argv[1], window=Window.DAY, limit=200, amount=1, now=at)
print(sum(count_use(**used).granted for _ in range(300)))
"""


def test_processes_that_race_for_a_quota_share_it(installation: Installation) -> None:
    """Three at once, each asking for more than all of it: together they get what there is, and not one more."""
    made = installation.command("key", "new", "blog")
    assert made.returncode == 0, made.stderr
    ((key_id,),) = installation.sql("SELECT id FROM people_apikey")
    command = [sys.executable, "-c", SPENDING, str(key_id), NOON.isoformat()]
    racing = [
        subprocess.Popen(command, env=installation.environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    granted = [int(each.communicate(timeout=600)[0]) for each in racing]

    # Each spends all that it took, so nothing is left in anybody's hand.
    assert sum(granted) == 200


def test_the_whole_installation_keeps_nothing_of_what_is_scored(installation: Installation) -> None:
    """No file of the home, no row, no line that was printed has the text, or the key that stood in the query."""
    text = "seventeen lanterns over the harbour"
    comment = {"comment": {"text": text}}
    key = installation.command("key", "new", "blog").stdout.split()[-1]
    bodies: list[tuple[str, dict[str, Any]]] = [
        (
            "/v1alpha1/comments:analyze",
            {**comment, "requestedAttributes": {"THREAT": {}}, "doNotStore": True},
        ),
        ("/v1alpha1/comments:analyze", {**comment, "requestedAttributes": {text: {}}}),
        ("/v1/moderations", {"input": [text, text]}),
        ("/v1/screen", {"text": text, "explain": True}),
        ("/v1/nothing", {"input": text}),
        ("/console/try", {"text": text}),
    ]
    with installation.running() as process:
        statuses = [_post(installation.port, f"{path}?key={key}", body) for path, body in bodies]
        time.sleep(1)
        process.terminate()
        printed = process.communicate(timeout=600)[0]
    kept = b"".join(path.read_bytes() for path in installation.home.rglob("*") if path.is_file())
    if installation.database_url:
        kept += _rows(installation).encode()

    assert statuses[:5] == [200, 400, 200, 200, 404]
    assert b"blog" in kept
    for secret in ("lanterns", key):
        assert secret not in printed
        assert secret.encode() not in kept


def _post(port: int, path: str, body: dict[str, Any]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json", "host": "localhost"})
    status = connection.getresponse().status
    connection.close()
    return status


def _rows(installation: Installation) -> str:
    tables = installation.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return "\n".join(str(installation.sql(f'SELECT * FROM "{name}"')) for (name,) in tables)  # noqa: S608 - its own names
