"""Signed notes as specified by C2SP signed-note: a text, an empty line, and Ed25519 signature lines.

A key has a name; name and key id together say which key made a signature line. Lines by unknown keys are skipped.
"""

import base64
import binascii
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wardmote.ledger.errors import FormatError, SignatureError

MAX_SIGNATURES = 64
MAX_LENGTH = 1_000_000
_DASH = "\N{EM DASH} "
_PRIME = 2**255 - 19
_BELOW_SIGN = 2**255 - 1
_OF_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _OF_ORDER_EIGHT, _PRIME - _OF_ORDER_EIGHT})
"""The y of the eight points of small order on edwards25519 (RFC 8032, 5.1): one signature by such a key verifies for
every message."""


class KeyKind(IntEnum):
    """Signature types of the specification that Wardmote reads."""

    NOTE = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True)
class VerifierKey:
    """A public key by name; `str()` is the text to hand out: `name+keyid+base64`."""

    name: str
    public: bytes
    kind: KeyKind = KeyKind.NOTE

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != 32:
            raise FormatError(f"an Ed25519 public key has 32 bytes, not {len(self.public)}")
        height = int.from_bytes(self.public, "little") & _BELOW_SIGN
        if height >= _PRIME or height in _SMALL_ORDER:
            raise FormatError("this public key is nobody's: signatures by it can be made without a private key")

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that name the key beside its name; not a secure hash of it."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """The key in `text`; raises FormatError when it is damaged or of a kind that is not read here."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise FormatError("a verifier key reads name+keyid+base64")
        name, key_id, encoded = parts
        raw = decode_base64(encoded)
        if not raw or raw[0] not in set(KeyKind):
            raise FormatError("a verifier key of an unknown kind")
        key = cls(name, raw[1:], KeyKind(raw[0]))
        if key_id != key.key_id.hex():
            raise FormatError("the key id does not belong to the verifier key")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.kind]) + self.public)}"

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raise SignatureError unless this key made `signature` (64 bytes) over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise SignatureError(f"the signature by {self.name} does not verify") from error


@dataclass(frozen=True)
class Signature:
    """One signature line: whose (name and key id) and the bytes that follow the key id."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.value)}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether this line claims to be by `key`; says nothing about its truth."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True)
class SignedNote:
    """A text that ends in a newline, and its signatures; `str()` is the note as it is stored and sent."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> "SignedNote":
        """Read a note without verifying anything; raises FormatError."""
        if len(note) > MAX_LENGTH:
            raise FormatError("the note is too long")
        if not note.isascii() and any("\ud800" <= character <= "\udfff" for character in note):
            raise FormatError("the note is not Unicode text")
        if any(character < " " and character != "\n" for character in note):
            raise FormatError("the note holds control characters")
        end = note.rfind("\n\n")
        if end < 0 or not note.endswith("\n"):
            raise FormatError("not a signed note")
        lines = note[end + 2 : -1].split("\n")
        if not 0 < len(lines) <= MAX_SIGNATURES:
            raise FormatError(f"a note has between 1 and {MAX_SIGNATURES} signatures, not {len(lines)}")
        return cls(note[: end + 1], tuple(_parse_signature(line) for line in lines))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    def by(self, key: VerifierKey) -> tuple[Signature, ...]:
        """The signature lines that claim to be by `key`."""
        return tuple(line for line in self.signatures if line.is_by(key))

    def verify(self, key: VerifierKey) -> None:
        """Raise SignatureError unless the note is signed by `key` and each of that key's signatures holds."""
        mine = self.by(key)
        if key.kind is not KeyKind.NOTE or not mine:
            raise SignatureError(f"not signed by {key.name} ({key.key_id.hex()})")
        for line in mine:
            key.verify(self.text.encode(), line.value)


@dataclass(frozen=True)
class Signer:
    """A private key by name; keep it out of logs (its `repr` shows the name only)."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> SignedNote:
        """The note of `text`, which must end in a newline and hold no other control characters."""
        if not text.endswith("\n"):
            raise FormatError("the text of a note ends in a newline")
        signature = Signature(self.name, self.verifier.key_id, self.private.sign(text.encode()))
        return SignedNote.parse(str(SignedNote(text, (signature,))))


def encode_base64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode()


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64; raises FormatError for any other spelling of them."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError("not base64") from error
    if encode_base64(raw) != text:
        raise FormatError("not base64 in its one form")
    return raw


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise FormatError(f"the name of a key holds neither spaces nor a plus sign: {name!r}")


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise FormatError("not a signature line")
    _check_name(name)
    raw = decode_base64(encoded)
    if len(raw) <= 4:
        raise FormatError("a signature line without a signature")
    return Signature(name, raw[:4], raw[4:])
