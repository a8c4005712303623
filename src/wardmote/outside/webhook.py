"""Webhooks out: signed by the Standard Webhooks rules, sent only where a stranger may send us, answers read sparingly.

The receiver checks `webhook-signature` over `webhook-id`, `webhook-timestamp` and the body, refuses an old timestamp,
and remembers ids: the same id comes again at every retry and re-send, and means the same thing.
"""

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from wardmote.kernel.errors import Invalid
from wardmote.outside.guard import FetchError, Forbidden, aim, asked
from wardmote.outside.tokens import derived
from wardmote.outside.within import Deadline

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
    return "whsec_" + base64.b64encode(derived("webhook", str(secret_id).encode())).decode()


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
    except Forbidden as error:
        return Answer(taken=False, status=None, reply=f"{error}.", content_hash=digest)
    except (FetchError, OSError, http.client.HTTPException) as error:
        trouble = (isinstance(error, FetchError) and error.__cause__) or error
        reason = f"{type(trouble).__name__}: {trouble}"[:_REPLY_BYTES]
        return Answer(taken=False, status=None, reply=reason, content_hash=digest)
    return Answer(taken=200 <= status < 300, status=status, reply=reply, content_hash=digest)


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    deadline = Deadline(PATIENCE_SECONDS)
    # The owner says where: any port. The list for fetches is not for what we send.
    target = aim(url, any_port=True, private=_may_be_private(), listed=False, deadline=deadline)
    with asked(
        target,
        "POST",
        headers=headers,
        body=body,
        deadline=deadline,
        connecting=TIMEOUT_SECONDS,
        patience=TIMEOUT_SECONDS,
    ) as answer:
        words = answer.read1(_REPLY_BYTES).decode("utf-8", "replace")
        return answer.status, " ".join(words.split())


def _may_be_private() -> bool:
    """Whether this installation may send to private addresses: for a platform on the same machine or network."""
    return bool(getattr(settings, "WARDMOTE_PRIVATE_WEBHOOKS", False))
