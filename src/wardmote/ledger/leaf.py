"""The leaf: one entry of the record as the canonical bytes that are hashed into the tree. Frozen at version 1.

A leaf says who did what to which subject, and when; everything that says more is a commitment (see `commitment`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardmote.kernel import clock
from wardmote.kernel.urn import Urn
from wardmote.ledger.canonical import parse_json
from wardmote.ledger.errors import FormatError

VERSION = 1
ERASED = "content.erased"
"""The verb of an entry that says: the contents about its subject were erased."""
_KEYS = {"v", "id", "time", "actor", "verb", "subject", "community", "commitments"}
_VERB = re.compile(r"(?=.{3,64}\Z)[a-z][a-z_]*\.[a-z][a-z_]*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COMMITMENT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry. `id` is its 63-bit time-sortable id, `time` is in UTC to the millisecond, `verb` reads
    `post.published`, and `commitments` maps the name of a fact to 64 hexadecimal digits."""

    id: int
    time: datetime
    actor: Urn
    verb: str
    subject: Urn
    community: Urn | None
    commitments: Mapping[str, str]

    def __post_init__(self) -> None:
        if not 0 < self.id < 2**63:
            raise FormatError(f"not an id: {self.id}")
        if self.time != clock.floor_to_millisecond(self.time):
            raise FormatError("the time of a leaf is in whole milliseconds")
        if not _VERB.fullmatch(self.verb):
            raise FormatError(f"a verb reads like post.published, not {self.verb!r}")
        for name, commitment in self.commitments.items():
            if not _NAME.fullmatch(name):
                raise FormatError(f"not the name of a fact: {name!r}")
            if not _COMMITMENT.fullmatch(commitment):
                raise FormatError(f"the commitment to {name} is not 64 lower-case hexadecimal digits")

    def encode(self) -> bytes:
        """The bytes of this leaf: RFC 8785 canonical JSON in UTF-8."""
        fields = {
            "v": VERSION,
            "id": str(self.id),
            "time": clock.to_rfc3339(self.time),
            "actor": str(self.actor),
            "verb": self.verb,
            "subject": str(self.subject),
            "community": None if self.community is None else str(self.community),
            "commitments": dict(self.commitments),
        }
        # Every string in a leaf is plain ASCII without escapes: there this agrees with RFC 8785 and is much faster.
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")

    @classmethod
    def decode(cls, raw: bytes) -> "Leaf":
        """The leaf in `raw`; raises FormatError unless `raw` is exactly what `encode` would write."""
        fields: Any = parse_json(raw)
        if not isinstance(fields, dict) or set(fields) != _KEYS:
            raise FormatError("not a leaf: its keys are not those of version 1")
        try:
            leaf = cls(
                id=int(fields["id"]),
                time=datetime.fromisoformat(fields["time"]),
                actor=Urn.parse(fields["actor"]),
                verb=fields["verb"],
                subject=Urn.parse(fields["subject"]),
                community=None if fields["community"] is None else Urn.parse(fields["community"]),
                commitments=dict(fields["commitments"]),
            )
            same = leaf.encode() == raw
        except (TypeError, AttributeError, ValueError, OverflowError) as error:
            raise FormatError(f"not a leaf: {error}") from error
        if not same:
            raise FormatError("not a leaf: not in its canonical form")
        return leaf
