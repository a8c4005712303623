"""What a check reads: a log as its store holds it, true or not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredDisclosure:
    """What a commitment stands for; `salt` and `content` are None once the entry `erased_by` erased them.

    `about` is the URN of the one whose personal data it is, or empty for a fact that is never erased.
    """

    name: str
    about: str
    salt: bytes | None
    content: bytes | None
    erased_by: int | None = None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry as stored; `index` is None until the sequencer has placed it."""

    id: int
    index: int | None
    leaf: bytes
    leaf_hash: bytes
    subject: str
    community: str
    disclosures: Sequence[StoredDisclosure] = ()


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """One published checkpoint: its size and root (32 bytes) as columns, and the signed note."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the places go: the number of entries that have one, and the highest place plus one."""

    count: int
    top: int


class LogReader(Protocol):
    """A store that can be walked while others write: everything below the latest checkpoint stays as it is."""

    def extent(self) -> Extent:
        """Read first, at one moment."""

    def checkpoints(self) -> Iterable[StoredCheckpoint]:
        """All of them, by size."""

    def entries(self, start: int, stop: int) -> Iterable[StoredEntry]:
        """Those placed from `start` up to `stop`, by place."""

    def outside(self, size: int) -> Iterable[StoredEntry]:
        """Those without a place below `size`, by id; read last."""

    def nodes(self, level: int, start: int, stop: int) -> Mapping[int, bytes]:
        """The stored hashes (32 bytes) of one level of the tree, by offset, from `start` up to `stop`."""
