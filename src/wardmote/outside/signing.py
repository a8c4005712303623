"""The key that signs the record: one owner-only file, made once and never again.

The file holds an Ed25519 private key as PKCS #8 in PEM, so that any tool can read it.
"""

import os
import stat
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from wardmote.kernel.errors import WardmoteError
from wardmote.ledger import Signer, VerifierKey


class SigningKeyError(WardmoteError):
    """The key cannot be used: one line that names the file and says what to do."""


def key_path() -> Path:
    """Where this installation keeps the key."""
    return Path(settings.WARDMOTE_HOME) / "keys" / "record.ed25519"


def record_signer(*, first_run: bool = False) -> Signer:
    """The signer under the log's origin; makes the key when there is none and `first_run` says that none was lost.

    Raises SigningKeyError when the key is missing, readable by others, or not a key.
    """
    path = key_path()
    if first_run and not path.exists():
        make_key(path)
    return _read_once(path, settings.WARDMOTE_LOG_ORIGIN)


def record_verifier() -> VerifierKey:
    """The public key of this installation's log; raises SigningKeyError."""
    return record_signer().verifier


def make_key(path: Path) -> None:
    """Write a new key to `path` unless another process was faster; nobody ever sees half a file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".record-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)
            file.write(pem)
            file.flush()
            os.fsync(descriptor)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in `path`; raises SigningKeyError when others could have read it or it is not an Ed25519 key."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(10_000)
    except FileNotFoundError:
        raise SigningKeyError(f"The record's key {path} is missing; restore it from a backup.") from None
    except OSError as error:
        raise SigningKeyError(f"The record's key {path} cannot be read: {error.strerror}.") from error
    if stat.S_IMODE(mode) & 0o077:
        raise SigningKeyError(
            f"Others can read the record's key {path} (mode {stat.S_IMODE(mode):04o}); run: chmod 600 {path}"
        )
    try:
        key = serialization.load_pem_private_key(raw, password=None)
    except (ValueError, TypeError) as error:
        raise SigningKeyError(f"The record's key {path} is damaged; restore it from a backup.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"The record's key {path} is not an Ed25519 key.")
    return key


def forget_key() -> None:
    """Read the key's file again when it is next needed: it was taken away."""
    _read_once.cache_clear()


@lru_cache(maxsize=8)
def _read_once(path: Path, origin: str) -> Signer:
    return Signer(origin, read_key(path))
