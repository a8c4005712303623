"""Webhooks out: signed by the Standard Webhooks rules, sent only where a stranger may send us, answers read sparingly.

The receiver checks `webhook-signature` over `webhook-id`, `webhook-timestamp` and the body, refuses an old timestamp,
and remembers ids: the same id comes again at every retry and re-send, and means the same thing.
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from wardmote.kernel.errors import Invalid
from wardmote.outside.addresses import is_public
from wardmote.outside.within import Bounded, Deadline, addresses, connect

TIMEOUT_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
"""For the whole of one sending."""
_REPLY_BYTES = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one sending. `status` is None where nobody answered; `reply` has the first words, or the reason."""

    taken: bool
    status: int | None
    reply: str
    content_hash: str


def secret_of(secret_id: int) -> str:
    """A webhook's secret, derived from the installation's own, so that no table holds it: `whsec_` and base64."""
    derived = hmac.new(settings.SECRET_KEY.encode(), f"webhook:{secret_id}".encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(derived).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of a message: `v1,` and the base64 of an HMAC-SHA-256."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def check_url(url: str) -> None:
    """Refuse an address that no webhook can be sent to; raises Invalid. Where it leads is looked up at each sending."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("This is not a URL.", field="url") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and _may_be_private()):
        raise Invalid("A webhook's URL begins with https://.", field="url")
    if not parts.hostname or parts.username or parts.password or parts.fragment or port == 0:
        raise Invalid("A webhook's URL has a host, and neither a login nor a fragment.", field="url")
    if len(url) > 500 or not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid("A webhook's URL is at most 500 plain ASCII characters.", field="url")


def send(*, url: str, message_id: str, content: Mapping[str, Any], secrets: Sequence[str], now: datetime) -> Answer:
    """Send one message now, outside any transaction. Taken means a status from 200 to 299; nothing is followed.

    `secrets`: each signs it, so that a receiver may still know the one before.
    """
    body = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
    digest = hashlib.sha256(body).hexdigest()
    timestamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Wardmote",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            sign(secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets
        ),
    }
    try:
        check_url(url)
        status, reply = _post(url, body, headers)
    except Invalid as error:
        return Answer(taken=False, status=None, reply=str(error), content_hash=digest)
    except (OSError, http.client.HTTPException) as error:
        reason = f"{type(error).__name__}: {error}"[:_REPLY_BYTES]
        return Answer(taken=False, status=None, reply=reason, content_hash=digest)
    return Answer(taken=200 <= status < 300, status=status, reply=reply, content_hash=digest)


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    deadline = Deadline(PATIENCE_SECONDS)
    with _connect(host, port, secure=secure, deadline=deadline) as raw:
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = 443 if secure else 80  # which the Host header leaves out
        # A receiver that answers drop by drop would never run into the timeout of a single read.
        connection.sock = Bounded(raw, deadline, TIMEOUT_SECONDS)
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        words = answer.read1(_REPLY_BYTES).decode("utf-8", "replace")
        return answer.status, " ".join(words.split())


def _connect(host: str, port: int, *, secure: bool, deadline: Deadline) -> socket.socket:
    """Look the name up, refuse private addresses, and connect to the first that was checked and answers: to no other
    that the name might lead to a moment later."""
    found = addresses(host, port, deadline=deadline, at_most=TIMEOUT_SECONDS)
    for address in found:
        if not _may_be_private() and not is_public(address):
            raise Invalid(f"{host} leads to {address}, which is not a public address.", field="url")
    raw = connect(found, port, deadline=deadline, at_most=TIMEOUT_SECONDS)
    if not secure:
        return raw
    try:
        raw.settimeout(deadline.left(TIMEOUT_SECONDS))
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise


def _may_be_private() -> bool:
    """Whether this installation may send to private addresses: for a platform on the same machine or network."""
    return bool(getattr(settings, "WARDMOTE_PRIVATE_WEBHOOKS", False))
