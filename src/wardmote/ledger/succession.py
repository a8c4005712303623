"""The statement by which a log's key names the key that follows it: a note that both of them sign.

    wardmote-key-statement v1
    at 2026-11-29T14:00:00.000Z
    old host.example/record+4f2a9c11+Ad…
    new host.example/record+77b0e3d2+Aa…

The old key's signature is the consent, the new key's the proof that whoever signed has it. It never reads like a
checkpoint, whose second line is a number.
"""

import re
from dataclasses import dataclass

from wardmote.ledger.errors import FormatError
from wardmote.ledger.note import KeyKind, SignedNote, Signer, VerifierKey

_FIRST = "wardmote-key-statement v1"
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


@dataclass(frozen=True, slots=True)
class Succession:
    """`new` follows `old`, said at `at` (RFC 3339, UTC, milliseconds)."""

    old: VerifierKey
    new: VerifierKey
    at: str

    def __post_init__(self) -> None:
        if self.old.name != self.new.name or self.old.public == self.new.public:
            raise FormatError("a key is followed by another key of the same log")
        if {self.old.kind, self.new.kind} != {KeyKind.NOTE} or not _AT.fullmatch(self.at):
            raise FormatError("not a statement about two keys of a log")

    @property
    def text(self) -> str:
        """What both keys sign."""
        return f"{_FIRST}\nat {self.at}\nold {self.old}\nnew {self.new}\n"


def sign_succession(old: Signer, new: Signer, at: str) -> str:
    """The statement as it is handed out; `at` is a time as `Succession` has it."""
    text = Succession(old.verifier, new.verifier, at).text
    return str(SignedNote(text, (*old.sign(text).signatures, *new.sign(text).signatures)))


def open_succession(note: str) -> Succession:
    """What a statement says, once both keys are seen to have signed it; raises FormatError or SignatureError."""
    signed = SignedNote.parse(note)
    lines = signed.text.split("\n")
    if len(lines) != 5 or lines[0] != _FIRST or [line[:4] for line in lines[2:4]] != ["old ", "new "]:
        raise FormatError("not a statement about two keys of a log")
    said = Succession(VerifierKey.parse(lines[2][4:]), VerifierKey.parse(lines[3][4:]), lines[1].removeprefix("at "))
    if said.text != signed.text:
        raise FormatError("not a statement about two keys of a log")
    for key in (said.old, said.new):
        signed.verify(key)
    return said


def plain_name(name: str) -> str:
    """The one spelling of a log's name: two names that read alike to people, or to a resolver, have the same.

    Raises FormatError for a name that is not ASCII: what looks like a letter of it may be another script's.
    """
    if not name.isascii() or not name.isprintable():
        raise FormatError(f"the name of a log is written in ASCII: {name!r}")
    host, slash, path = name.lower().rpartition("://")[2].partition("/")
    return f"{host.rstrip('.')}{slash}{path}".rstrip("/")
