"""What a server hands in and gets back, and how a request is refused; no server and no dialect is known here."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

BODY_LIMIT = 2_000_000
"""Bytes of a whole request; a stream is limited line by line instead."""
LINE_LIMIT = 400_000
"""Bytes of one line of a stream: the longest text there may be, every character escaped."""
BATCH_LIMIT = 1_000
"""Texts in one request that is not a stream."""
_ENCODER = json.JSONEncoder(separators=(",", ":"))
"""Made once: `json.dumps` makes one for each call that asks for other separators."""
_GZIP = b"\x1f\x8b"
"""How what gzip has packed begins."""
STREAM_TYPE = "application/x-ndjson"
FROM_FRONT = "wardmote.front"
"""In the environ of a request that the server's front gave to the pages: it has seen that it is none for the API."""


_EVERY_ANSWER = {
    "content-type": "application/json; charset=utf-8",
    "x-content-type-options": "nosniff",
    # A key may be in the address: no cache on the way may answer for it.
    "cache-control": "no-store",
}


class Refusal(Exception):
    """A request that is not answered: `str()` is a sentence for the person who wrote the client.

    `code` is the word by which a program tells it, `field` where in the request it lies, `details` what Perspective
    adds for programs (objects, ready to be sent).
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        field: str | None = None,
        details: tuple[Mapping[str, Any], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.field = status, code, field
        self.details, self.headers = details, dict(headers or {})


@dataclass(frozen=True, slots=True)
class Head:
    """A request before its body: header names in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    """Where this server answers, as the client named it: `https://moderation.example`."""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def encoding(self) -> str:
        """How the body is packed; empty where it is not."""
        return self.headers.get("content-encoding", "").strip().lower()

    @property
    def api_key(self) -> str:
        """The key, from wherever the three kinds of client put it; empty without one."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            return token.strip()
        if self.headers.get("x-goog-api-key"):
            return self.headers["x-goog-api-key"]
        try:
            return parse_qs(self.query, max_num_fields=50).get("key", [""])[0]
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, ready to be sent."""

    status: int
    body: bytes
    headers: dict[str, str]


def reply(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON; ASCII only, so that nothing a client sent can break it."""
    body = _ENCODER.encode(content).encode()
    return Reply(status, body, {**_EVERY_ANSWER, **(headers or {})})


def read_json(body: bytes) -> Any:
    """The JSON in a body; Refusal for what is not UTF-8, not JSON, or nested past all reason."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        if body.startswith(_GZIP):
            message = "The body is compressed; say so with Content-Encoding: gzip."
            raise Refusal(400, message, code="invalid_utf8") from None
        raise Refusal(400, f"The body is not UTF-8 at byte {error.start}.", code="invalid_utf8") from None
    except RecursionError:
        raise Refusal(400, "The body is nested too deeply.", code="invalid_json") from None
    except ValueError as error:
        raise Refusal(400, f"The body is not JSON: {error}.", code="invalid_json") from None


def unpack(body: bytes, encoding: str) -> bytes:
    """The body as it was before it was encoded; Refusal for an encoding that is not known, and past the limit."""
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        message = f"Bodies encoded as '{encoding[:40]}' are not taken; gzip is."
        raise Refusal(415, message, code="unsupported_encoding", headers={"accept-encoding": "gzip"})
    unpacked, left = b"", body
    try:
        while left and len(unpacked) <= BODY_LIMIT:
            # One member after the other, and never more in memory than may be.
            member = zlib.decompressobj(wbits=31)
            unpacked += member.decompress(left, BODY_LIMIT + 1 - len(unpacked))
            if not member.eof:
                break
            left = member.unused_data
    except zlib.error:
        raise Refusal(400, "The body is not gzip, as its Content-Encoding says.", code="invalid_gzip") from None
    if len(unpacked) > BODY_LIMIT:
        raise too_large()
    if left and not member.eof:
        raise Refusal(400, "The body ends before its gzip does.", code="invalid_gzip")
    return unpacked


def too_large() -> Refusal:
    """A body past the limit, as it came or unpacked."""
    return Refusal(413, f"The body has more than {BODY_LIMIT:,} bytes.", code="body_too_large")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Lines:
    """Splits a stream into lines, holding no more than one unfinished line."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes; Refusal for one that is too long."""
        first, *more = chunk.split(b"\n")
        # Pieces are joined once a line is whole: a client that sends it byte by byte must not cost its square.
        self._pieces.append(first)
        self._held += len(first)
        lines = []
        for piece in more:
            lines.append(self._take())
            self._pieces, self._held = [piece], len(piece)
        self._check(self._held)
        return [line for line in lines if line.strip()]

    def end(self) -> list[bytes]:
        """The last line, where no line end follows it."""
        last = self._take()
        self._pieces, self._held = [], 0
        return [last] if last.strip() else []

    def _take(self) -> bytes:
        self._check(self._held)
        return b"".join(self._pieces)

    @staticmethod
    def _check(length: int) -> None:
        if length > LINE_LIMIT:
            raise Refusal(413, f"A line has more than {LINE_LIMIT:,} bytes.", code="line_too_long")
