"""A log in memory that a test can tamper with as it likes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardmote.kernel.urn import Urn
from wardmote.ledger import (
    Checkpoint,
    Frontier,
    Json,
    Leaf,
    Opening,
    Receipt,
    Signer,
    canonical_bytes,
    commit,
    inclusion_proof,
    leaf_hash,
    parse_json,
    sign_checkpoint,
)
from wardmote.ledger.audit import Extent, StoredCheckpoint, StoredDisclosure, StoredEntry, named
from wardmote.ledger.leaf import ERASED

ALICE, BOB = Urn("member", 1), Urn("member", 2)
PLAZA = Urn("community", 7)
SIGNER = Signer("wardmote.example/record", Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32))
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


CONTENTS = {"post.published": frozenset({"text"})}
"""What can be erased of this log's entries."""


def an_entry(number: int, text: str = "", verb: str = "post.published", salt: int = 5) -> StoredEntry:
    """The entry of Bob's post number `number`, with a fact and a content."""
    return _made(number, {"score": number / 10, "text": text or f"post {number}"}, verb, salt)


def an_erasure(number: int, count: int, erased: Iterable[StoredEntry] | None = None, about: Urn = BOB) -> StoredEntry:
    """The entry that says that `count` contents about Bob were erased, and, in newer logs, names the texts `erased`."""
    names: dict[str, Json] = {} if erased is None else {"erased": named((entry.id, "text") for entry in erased)}
    return _made(number, {"contents": count, **names}, ERASED, 5, about)


def emptied(entry: StoredEntry, erased_by: int, *names: str, about: Urn = BOB) -> StoredEntry:
    """The entry with those of its disclosures emptied in the name of the entry `erased_by`."""
    rows = [
        StoredDisclosure(row.name, str(about), None, None, erased_by) if row.name in names else row
        for row in entry.disclosures
    ]
    return replace(entry, disclosures=rows)


def _made(number: int, values: dict[str, Json], verb: str, salt: int, about: Urn = BOB) -> StoredEntry:
    disclosures = []
    commitments = {}
    for name, value in values.items():
        content = canonical_bytes(value)
        secret = bytes([salt]) * 32
        commitments[name] = commit(secret, content)
        disclosures.append(StoredDisclosure(name, str(BOB) if name == "text" else "", secret, content))
    leaf = Leaf(
        id=1000 + number,
        time=START + timedelta(seconds=number),
        actor=BOB,
        verb=verb,
        subject=Urn("post", 1 + number) if verb != ERASED else about,
        community=PLAZA,
        commitments=commitments,
    )
    raw = leaf.encode()
    return StoredEntry(leaf.id, None, raw, leaf_hash(raw), str(leaf.subject), str(PLAZA), disclosures)


@dataclass
class MemoryLog:
    """Rows of every table; `rows` in the order of their places. `grow` is an honest sequencer."""

    rows: list[StoredEntry] = field(default_factory=list)
    hashes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    notes: list[StoredCheckpoint] = field(default_factory=list)

    def grow(self, entries: list[StoredEntry], signer: Signer = SIGNER) -> None:
        """Place `entries`, store their tree, publish a checkpoint."""
        size = len(self.rows)
        self.rows += [replace(entry, index=size + number) for number, entry in enumerate(entries)]
        frontier = Frontier()
        for run in frontier.extend([entry.leaf_hash for entry in self.rows]):
            self.hashes.update({(run.level, offset): node for offset, node in enumerate(run.hashes, run.start)})
        statement = Checkpoint(signer.name, frontier.size, frontier.root)
        self.notes.append(StoredCheckpoint(frontier.size, frontier.root, sign_checkpoint(statement, signer)))

    def change(self, place: int, /, **fields: object) -> None:
        """Overwrite columns of the entry at `place`."""
        self.rows[place] = replace(self.rows[place], **fields)  # type: ignore[arg-type]

    def receipt(self, index: int) -> str:
        """The receipt of the entry at `index` under the latest checkpoint, with everything opened."""
        size = self.notes[-1].size
        row = self.rows[index]
        return Receipt(
            index=index,
            leaf=row.leaf,
            inclusion=tuple(
                inclusion_proof(index, size, lambda position: self.hashes[position.level, position.offset])
            ),
            checkpoint=self.notes[-1].note,
            disclosures={
                found.name: Opening(found.salt, parse_json(found.content))
                for found in row.disclosures
                if found.salt is not None and found.content is not None
            },
        ).to_json()

    def extent(self) -> Extent:
        placed = [row.index for row in self.rows if row.index is not None]
        return Extent(len(placed), max(placed, default=-1) + 1)

    def checkpoints(self) -> list[StoredCheckpoint]:
        return sorted(self.notes, key=lambda row: row.size)

    def entries(self, start: int, stop: int) -> list[StoredEntry]:
        found = [row for row in self.rows if row.index is not None and start <= row.index < stop]
        return sorted(found, key=lambda row: (row.index or 0, row.id))

    def outside(self, size: int) -> list[StoredEntry]:
        return [row for row in self.rows if row.index is None or not 0 <= row.index < size]

    def nodes(self, level: int, start: int, stop: int) -> dict[int, bytes]:
        return {offset: self.hashes[level, offset] for offset in range(start, stop) if (level, offset) in self.hashes}


def a_log(*batches: int) -> MemoryLog:
    """A log of Bob's posts, sequenced in batches of the given sizes."""
    log = MemoryLog()
    for batch in batches:
        log.grow([an_entry(len(log.rows) + number) for number in range(batch)])
    return log
