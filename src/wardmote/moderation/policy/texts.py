"""How texts are told from one another."""

import hashlib


def hash_text(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, lower-case hex: how a snapshot is told from another."""
    return hashlib.sha256(text.encode()).hexdigest()
