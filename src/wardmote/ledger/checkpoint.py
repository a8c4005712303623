"""Checkpoints as specified by C2SP tlog-checkpoint, and the cosignatures of witnesses (C2SP tlog-cosignature)."""

import re
from dataclasses import dataclass

from wardmote.ledger.errors import FormatError, SignatureError
from wardmote.ledger.note import KeyKind, SignedNote, Signer, VerifierKey, decode_base64, encode_base64
from wardmote.ledger.tree import HASH_SIZE

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: who it is, how many entries it has, and the root (32 bytes) over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body of the note that is signed."""
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's body; raises FormatError."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines):
            raise FormatError("a checkpoint has an origin, a size and a root, and no empty line")
        origin, size, root = lines[:3]
        if not _SIZE.fullmatch(size):
            raise FormatError(f"not the size of a log: {size!r}")
        checkpoint = cls(origin, int(size), decode_base64(root), tuple(lines[3:]))
        if len(checkpoint.root) != HASH_SIZE:
            raise FormatError(f"a root has {HASH_SIZE} bytes, not {len(checkpoint.root)}")
        return checkpoint


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness's statement that it saw this checkpoint follow from the ones before, at a time (POSIX seconds)."""

    name: str
    key_id: bytes
    time: int
    signature: bytes


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note of `checkpoint`."""
    return str(signer.sign(checkpoint.text))


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint in `note`, once `key` is seen to have signed it and to be the key of the log it names.

    Raises FormatError or SignatureError.
    """
    signed = SignedNote.parse(note)
    signed.verify(key)
    checkpoint = Checkpoint.parse(signed.text)
    if checkpoint.origin != key.name:
        raise SignatureError(f"signed by {key.name} for another log: {checkpoint.origin!r}")
    return checkpoint


def verified_cosignatures(note: str, witnesses: tuple[VerifierKey, ...]) -> tuple[Cosignature, ...]:
    """The cosignatures on `note` by `witnesses`, each verified; lines by anybody else are skipped.

    Raises SignatureError when a line claims to be by one of `witnesses` and is not.
    """
    signed = SignedNote.parse(note)
    found = []
    for key in witnesses:
        if key.kind is not KeyKind.COSIGNATURE:
            raise FormatError(f"{key.name} is not the key of a witness")
        for line in signed.by(key):
            cosignature = _parse_cosignature(line.name, line.key_id, line.value)
            key.verify(cosigned_message(signed.text, cosignature.time), cosignature.signature)
            found.append(cosignature)
    return tuple(found)


def cosigned_message(text: str, time: int) -> bytes:
    """The bytes a witness signs over the body `text` of a checkpoint at `time` (POSIX seconds)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _parse_cosignature(name: str, key_id: bytes, value: bytes) -> Cosignature:
    if len(value) != 8 + 64:
        raise SignatureError(f"the cosignature by {name} does not have 72 bytes")
    return Cosignature(name, key_id, int.from_bytes(value[:8], "big"), value[8:])
