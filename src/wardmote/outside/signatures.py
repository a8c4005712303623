"""HTTP message signatures (RFC 9421) with Ed25519, for what one installation delivers to another.

One profile: method, authority, path, content digest (RFC 9530) and idempotency key are signed, with the time and the
key's name. The key is the one that signs the record, whose public half each side holds anyway to check receipts; a
signature base never reads like a checkpoint, so neither can be passed off as the other.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wardmote.ledger import LedgerError, Signer, VerifierKey

COMPONENTS = ("@method", "@authority", "@path", "content-digest", "idempotency-key")
SKEW = timedelta(minutes=5)
"""How far the two clocks may be apart; a message older than this is not taken, whoever sends it again."""

_INPUT = re.compile(
    r'wardmote=\((?P<components>"[a-z@-]+"(?: "[a-z@-]+")*)\);created=(?P<created>[0-9]{1,12});'
    r'keyid="(?P<keyid>[\x21\x23-\x5b\x5d-\x7e]{1,200})";alg="ed25519"'
)
_SIGNATURE = re.compile(r"wardmote=:(?P<value>[A-Za-z0-9+/]{86}==):")


class BadSignature(Exception):
    """The message is not from whom it says, is not what was signed, or is too old; `str()` says which."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is signed of a request. `authority` is its Host header, lower case; `key` its Idempotency-Key."""

    method: str
    authority: str
    path: str
    key: str
    body: bytes

    @property
    def digest(self) -> str:
        """The Content-Digest header (RFC 9530)."""
        return f"sha-256=:{base64.b64encode(hashlib.sha256(self.body).digest()).decode()}:"

    def component(self, name: str) -> str:
        return {
            "@method": self.method,
            "@authority": self.authority.lower(),
            "@path": self.path,
            "content-digest": self.digest,
            "idempotency-key": self.key,
        }[name]


def signature_base(components: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """The bytes that are signed (RFC 9421, section 2.5): a line a component, then the parameters."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def sign(message: Message, signer: Signer, now: datetime) -> dict[str, str]:
    """The headers that go with a message."""
    names = " ".join(f'"{name}"' for name in COMPONENTS)
    created = int(now.timestamp())
    parameters = f'({names});created={created};keyid="{key_id(signer.verifier)}";alg="ed25519"'
    base = signature_base([(name, message.component(name)) for name in COMPONENTS], parameters)
    value = base64.b64encode(signer.private.sign(base)).decode()
    return {
        "Content-Digest": message.digest,
        "Idempotency-Key": message.key,
        "Signature-Input": f"wardmote={parameters}",
        "Signature": f"wardmote=:{value}:",
    }


def key_id(key: VerifierKey) -> str:
    """How a message names the key it is signed with: the log's origin, and four bytes of the key."""
    return f"{key.name}+{key.key_id.hex()}"


def claimed_key(headers: Mapping[str, str]) -> str:
    """The name of the key that a message says it is signed with; proves nothing. Raises BadSignature."""
    return _parse(headers)["keyid"]


def signer_of(message: Message, headers: Mapping[str, str], known: Iterable[VerifierKey], now: datetime) -> VerifierKey:
    """The one of the known keys that signed this message; raises BadSignature where none did.

    The key's name in a message has only four bytes of it: keys that share them are each tried, whole.
    """
    named = claimed_key(headers)
    error = BadSignature("we know nobody by that key")
    for key in known:
        if key_id(key) == named:
            try:
                verify(message, headers, key, now)
            except BadSignature as found:
                error = found
            else:
                return key
    raise error


def verify(message: Message, headers: Mapping[str, str], key: VerifierKey, now: datetime) -> None:
    """Raise BadSignature unless `key` signed exactly this message within the last few minutes."""
    fields = _parse(headers)
    if tuple(fields["components"].replace('"', "").split(" ")) != COMPONENTS:
        raise BadSignature("the signature does not cover what it must")
    if fields["keyid"] != key_id(key):
        raise BadSignature("signed with another key")
    if abs(now - datetime.fromtimestamp(int(fields["created"]), UTC)) > SKEW:
        raise BadSignature("the signature is too old, or the clocks are apart")
    if headers.get("Content-Digest") != message.digest:
        raise BadSignature("the body is not the one that was signed")
    base = signature_base(
        [(name, message.component(name)) for name in COMPONENTS],
        headers["Signature-Input"].removeprefix("wardmote="),
    )
    try:
        key.verify(base, _signature(headers))
    except LedgerError as error:
        raise BadSignature("the signature does not verify") from error


def _parse(headers: Mapping[str, str]) -> dict[str, str]:
    match = _INPUT.fullmatch(headers.get("Signature-Input", ""))
    if match is None:
        raise BadSignature("not signed in the way that is read here")
    return match.groupdict()


def _signature(headers: Mapping[str, str]) -> bytes:
    match = _SIGNATURE.fullmatch(headers.get("Signature", ""))
    if match is None:
        raise BadSignature("no signature")
    try:
        return base64.b64decode(match["value"], validate=True)
    except binascii.Error as error:
        raise BadSignature("no signature") from error
