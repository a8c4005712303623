"""Subjects by name: `urn:wardmote:post:123`. The record and moderation know their subjects only so."""

import re
from dataclasses import dataclass

_KIND = re.compile(r"[a-z][a-z_]{0,31}")
_URN = re.compile(r"urn:wardmote:([a-z][a-z_]{0,31}):([1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True, order=True)
class Urn:
    """The name of one thing of one kind; `str()` gives the text form, which is frozen.

    `id` is the thing's 63-bit id. The system itself is `urn:wardmote:system:1` (`SYSTEM`).
    """

    kind: str
    id: int

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise ValueError(f"not a kind of subject: {self.kind!r}")
        if not 0 < self.id < 2**63:
            raise ValueError(f"not an id: {self.id!r}")

    def __str__(self) -> str:
        return f"urn:wardmote:{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Urn":
        """The subject that `text` names; raises ValueError when it is not exactly in the frozen form."""
        match = _URN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a Wardmote URN: {text!r}")
        return cls(match[1], int(match[2]))


SYSTEM = Urn("system", 1)
"""What no person did: screening, expiry, the sequencer."""
