"""Deliveries between installations: one signed POST, and the other side's own words as the proof that it was taken."""

from datetime import datetime
from urllib.parse import urlsplit

from wardmote.outside import fetch, signatures
from wardmote.outside.guard import aim
from wardmote.outside.signing import record_signer

REPLY_LIMIT = 2000


class NotDelivered(Exception):
    """The other side did not take it; `str()` has its own words."""


def deliver(url: str, *, body: bytes, key: str, now: datetime) -> str:
    """Send a document under an idempotency key, signed with this installation's key; gives the reply.

    Harmless to repeat: the other side knows the key. Raises NotDelivered, FetchError or Forbidden.
    """
    message = signatures.Message("POST", aim(url).authority, urlsplit(url).path, key, body)
    headers = {"Content-Type": "application/json", **signatures.sign(message, record_signer(), now)}
    answer = fetch.post(url, body=body, headers=headers)
    reply = answer.text[:REPLY_LIMIT].strip()
    if answer.status != 200:
        raise NotDelivered(f"{answer.status} {reply}")
    return f"{answer.status} {reply}"
