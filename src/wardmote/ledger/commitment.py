"""Salted commitments: a leaf says the hash of a fact, the fact itself lives beside the log and can be erased.

A commitment is SHA-256 over a salt of 32 random bytes followed by the content, where content is the canonical JSON of a
value. Without the salt nobody can test a guess against the hash, so deleting salt and content deletes what was said.
"""

import hmac
import secrets
from hashlib import sha256

from wardmote.ledger.errors import FormatError, ProofError

SALT_SIZE = 32


def new_salt() -> bytes:
    """32 bytes from the system's random source; a salt is never used twice."""
    return secrets.token_bytes(SALT_SIZE)


def commit(salt: bytes, content: bytes) -> str:
    """The commitment to `content` as 64 lower-case hexadecimal digits."""
    if len(salt) != SALT_SIZE:
        raise FormatError(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return sha256(salt + content).hexdigest()


def check_opening(commitment: str, salt: bytes, content: bytes) -> None:
    """Raise ProofError unless `salt` and `content` are what `commitment` was made from."""
    if not hmac.compare_digest(commitment, commit(salt, content)):
        raise ProofError("salt and content do not match the commitment")
