"""The whole record as the ledger's check reads it, and the check itself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from wardmote.ledger import Progress, Report, VerifierKey, fsck
from wardmote.ledger.audit import Extent, StoredCheckpoint, StoredDisclosure, StoredEntry
from wardmote.outside.signing import record_verifier
from wardmote.record.models import Checkpoint, Disclosure, Entry, Node
from wardmote.record.policy import CONTENTS, STORY

_CHUNK = 1000
_COLUMNS = ("id", "index", "leaf", "leaf_hash", "subject", "community")


def audit(
    *,
    key: VerifierKey | None = None,
    kept: Mapping[str, str] | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check every entry, disclosure, hash and checkpoint; what is written meanwhile does not disturb.

    `key` is this installation's own unless given; `kept` maps names of files to the text of receipts or checkpoints
    that others kept; `now` is held against dates that are still to come; `progress` is called with the number of
    entries done and the number there are. Raises SigningKeyError where the own key is needed and cannot be used.
    """
    return fsck(
        StoredLog(), key or record_verifier(), contents=CONTENTS, kept=kept, now=now, story=STORY, progress=progress
    )


class StoredLog:
    """The record in the database as a `LogReader`; reads what is there, however wrong it is."""

    def extent(self) -> Extent:
        row = Entry.objects.aggregate(count=Count("index"), top=Max("index"))
        return Extent(row["count"], -1 if row["top"] is None else row["top"] + 1)

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        rows = Checkpoint.objects.order_by("size").values_list("size", "root", "note")
        for size, root, note in rows.iterator(chunk_size=_CHUNK):
            yield StoredCheckpoint(size, _bytes(root), _text(note))

    def entries(self, start: int, stop: int) -> list[StoredEntry]:
        return _read(Entry.objects.filter(index__gte=start, index__lt=stop).order_by("index", "id"))

    def outside(self, size: int) -> Iterator[StoredEntry]:
        rows = Entry.objects.filter(Q(index=None) | Q(index__gte=size) | Q(index__lt=0)).order_by("id")
        after = 0
        while chunk := _read(rows.filter(pk__gt=after)[:_CHUNK]):
            yield from chunk
            after = chunk[-1].id

    def nodes(self, level: int, start: int, stop: int) -> dict[int, bytes]:
        rows = Node.objects.filter(level=level, offset__gte=start, offset__lt=stop)
        return {offset: _bytes(digest) for offset, digest in rows.values_list("offset", "hash")}


def _read(rows: QuerySet[Entry]) -> list[StoredEntry]:
    entries = list(rows.values_list(*_COLUMNS))
    disclosures: defaultdict[int, list[StoredDisclosure]] = defaultdict(list)
    for first in range(0, len(entries), _CHUNK):
        ids = [row[0] for row in entries[first : first + _CHUNK]]
        found = Disclosure.objects.filter(entry__in=ids).order_by("id")
        for entry_id, name, about, salt, content, erased_by in found.values_list(
            "entry_id", "name", "about", "salt", "content", "erased_by_id"
        ):
            disclosures[entry_id].append(
                StoredDisclosure(
                    name=name,
                    about=about,
                    salt=None if salt is None else _bytes(salt),
                    content=None if content is None else _bytes(content),
                    erased_by=erased_by,
                )
            )
    return [
        StoredEntry(entry_id, index, _bytes(leaf), _bytes(digest), subject, community, disclosures[entry_id])
        for entry_id, index, leaf, digest, subject, community in entries
    ]


def _bytes(value: object) -> bytes:
    # SQLite keeps whatever type a tampering hand left in a column.
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode(errors="replace")


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
