"""What follows from the installation's own secret, so that no table holds it: tokens in links, secrets of webhooks.

A token is part of a link for somebody without an account: an id, and a proof that we gave it for this purpose. One that
was made with an earlier secret, which the settings still name, is as good.
"""

import base64
import binascii
import hashlib
import hmac

from django.conf import settings

_MAC_BYTES = 16
_LENGTH = 32


def token_for(purpose: str, identifier: int) -> str:
    """32 characters of URL-safe base64, of which 128 bits cannot be guessed. `purpose` is for ever."""
    name = identifier.to_bytes(8, "big")
    return base64.urlsafe_b64encode(name + derived(purpose, name)[:_MAC_BYTES]).decode()


def id_of(purpose: str, token: str) -> int | None:
    """The id that a token is for; None for one that we never gave for this purpose."""
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
    if not any(hmac.compare_digest(mac, derived(purpose, name, secret)[:_MAC_BYTES]) for secret in known):
        return None
    return int.from_bytes(name, "big")


def derived(purpose: str, name: bytes, secret: str | None = None) -> bytes:
    """32 bytes that only this installation can make for this purpose and name, with the secret given or that of now."""
    key = settings.SECRET_KEY if secret is None else secret
    return hmac.new(key.encode(), purpose.encode() + b":" + name, hashlib.sha256).digest()
