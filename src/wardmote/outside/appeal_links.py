"""Links by which somebody without an account appeals: whoever holds one is taken for the author of the post.

A link follows from the installation's own secret and the decision's id. So no table holds it, and every message about a
decision carries the same one. One that was made with an earlier secret, which the settings still name, is as good. It
is good for one appeal, because a decision has one, and until the time to appeal ends.
"""

import base64
import binascii
import hashlib
import hmac

from django.conf import settings

from wardmote.outside.origin import origin_of

_MAC_BYTES = 16
_LENGTH = 32


def token_of(decision_id: int) -> str:
    """The token of a decision: 32 characters of URL-safe base64, of which 128 bits cannot be guessed."""
    name = decision_id.to_bytes(8, "big")
    return base64.urlsafe_b64encode(name + _mac(name, settings.SECRET_KEY)).decode()


def decision_of(token: str) -> int | None:
    """The id of the decision that a token is for; None for one that we never gave."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return None
    name, mac = raw[:8], raw[8:]
    if base64.urlsafe_b64encode(raw).decode() != token:
        return None
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(mac, _mac(name, secret)) for secret in known):
        return None
    return int.from_bytes(name, "big")


def appeal_address(*, domain: str, decision_id: int) -> str:
    """Where the author of a post elsewhere reads a decision and appeals, on the community's own domain."""
    return f"{origin_of(domain)}/appeal/{token_of(decision_id)}"


def _mac(name: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"appeal:" + name, hashlib.sha256).digest()[:_MAC_BYTES]
