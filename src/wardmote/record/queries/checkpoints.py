"""How far the record is, and who has signed for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from wardmote.outside.signing import key_path, record_verifier
from wardmote.record.models import Checkpoint, Entry


@dataclass(frozen=True, slots=True)
class Published:
    """A signed checkpoint: the size and root (32 bytes) of the tree, the signed note, and when it was made."""

    size: int
    root: bytes
    note: str
    created: datetime


class Status(NamedTuple):
    """The state of the record in small type: entries proven, the time of the last checkpoint, entries still waiting."""

    size: int
    checkpoint_at: datetime | None
    unsequenced: int

    def age(self, now: datetime) -> timedelta | None:
        """How old the last checkpoint is; None before the first."""
        return None if self.checkpoint_at is None else now - self.checkpoint_at


def latest_checkpoint() -> Published | None:
    """The checkpoint over all placed entries; None before the first."""
    row = Checkpoint.objects.order_by("-size").first()
    return None if row is None else Published(row.size, bytes(row.root), row.note, row.created)


def checkpoint_of(size: int) -> Published | None:
    """The checkpoint of exactly that size; None where none was published."""
    row = Checkpoint.objects.filter(size=size).first()
    return None if row is None else Published(row.size, bytes(row.root), row.note, row.created)


def verifier_key() -> str:
    """The public key of this installation's log, as text to hand out; empty before the first run.

    Raises SigningKeyError when the key was lost or cannot be used.
    """
    if not key_path().exists() and not Checkpoint.objects.exists():
        return ""
    return str(record_verifier())


def status() -> Status:
    """Cheap enough for every page."""
    row = Checkpoint.objects.order_by("-size").values_list("size", "created").first()
    size, created = row if row is not None else (0, None)
    return Status(size, created, Entry.objects.filter(index=None).order_by().count())
