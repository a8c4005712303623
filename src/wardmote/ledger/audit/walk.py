"""The check of a whole log, in one pass and in little memory."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from wardmote.ledger.audit.dates import DateCheck
from wardmote.ledger.audit.entries import EntryCheck
from wardmote.ledger.audit.erasures import Contents
from wardmote.ledger.audit.faults import Fault, Kind, in_order
from wardmote.ledger.audit.kept import contradictions, read_kept
from wardmote.ledger.audit.order import OrderCheck
from wardmote.ledger.audit.reader import LogReader, StoredCheckpoint, StoredEntry
from wardmote.ledger.audit.stored_tree import TreeCheck
from wardmote.ledger.checkpoint import open_checkpoint
from wardmote.ledger.errors import LedgerError
from wardmote.ledger.note import VerifierKey
from wardmote.ledger.tree import leaf_hash

CHUNK = 2048
"""Entries read at once; even, so that a leaf and its sibling are read together."""

Progress = Callable[[int, int], None]
"""Called with the number of entries done and the number there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found and how much it looked at. `faults` run from the first entry to the last."""

    faults: tuple[Fault, ...]
    size: int
    unplaced: int
    checkpoints: int
    disclosed: int
    erased: int
    unnamed: int = 0
    """Of those `erased`, how many rest on an erasure that only counts what it erased and does not name it."""

    @property
    def sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults


def fsck(
    log: LogReader,
    key: VerifierKey,
    *,
    contents: Contents,
    kept: Mapping[str, str] | None = None,
    now: datetime | None = None,
    story: str = "",
    progress: Progress | None = None,
) -> Report:
    """Check all of `log` against itself, against its `key`, and against what others kept.

    `contents` names what may be erased; `kept` maps names of files to their text: receipts and checkpoint notes; `now`
    is the checker's clock, for dates that are still to come; a log that begins with the verb `story` tells a made-up
    past. Every root is computed anew from the bytes of the entries, which is stronger than the consistency proofs
    between neighbouring checkpoints.
    """
    extent = log.extent()
    checkpoints, faults = _read_checkpoints(log.checkpoints(), key)
    witnesses, bad_files = read_kept(kept or {}, key)
    highest = max((checkpoint.size for checkpoint in checkpoints.rows), default=0)
    size = max([*checkpoints.roots, min(highest, extent.count)])
    sizes = {*checkpoints.roots, *(item.checkpoint.size for item in witnesses)}
    walk = _Walk(log, sizes, {item.index for item in witnesses if item.index is not None}, contents, story)
    for start in range(0, size, CHUNK):
        walk.chunk(start, min(start + CHUNK, size))
        if progress is not None:
            progress(min(start + CHUNK, size), size)
    unplaced = walk.outside(size, extent.top)
    faults += bad_files + walk.faults(size) + walk.dates.faults(now) + _wrong_roots(checkpoints.roots, walk.tree.roots)
    faults += contradictions(
        witnesses, size=size, roots=walk.tree.roots, leaves=walk.wanted, published=checkpoints.roots
    )
    return Report(
        faults=tuple(in_order(faults)),
        size=size,
        unplaced=unplaced,
        checkpoints=len(checkpoints.rows),
        disclosed=walk.single.disclosed,
        erased=walk.single.erased,
        unnamed=walk.single.erasures.unnamed,
    )


class _Walk:
    def __init__(self, log: LogReader, sizes: Iterable[int], indexes: set[int], contents: Contents, story: str) -> None:
        self.log = log
        self.single = EntryCheck(contents)
        self.order = OrderCheck()
        self.dates = DateCheck(story)
        self.tree = TreeCheck(log, sizes)
        self.indexes = indexes
        self.wanted: dict[int, bytes] = {}
        self._faults: list[Fault] = []

    def chunk(self, start: int, stop: int) -> None:
        rows: defaultdict[int, list[tuple[StoredEntry, bytes]]] = defaultdict(list)
        for entry in self.log.entries(start, stop):
            if entry.index is not None:
                rows[entry.index].append((entry, leaf_hash(entry.leaf)))
        leaves = self.tree.open(start, stop)
        truth = []
        for index in range(start, stop):
            claims = rows.get(index, [])
            truth.append(leaves.settle(index, [digest for _, digest in claims]))
            self._place(index, claims, truth[-1])
        self.tree.grow(truth)
        for index in self.indexes.intersection(range(start, stop)):
            found = truth[index - start]
            if found is not None:
                self.wanted[index] = found

    def outside(self, size: int, top: int) -> int:
        """Check the entries without a place; returns how many there are."""
        count = 0
        for entry in self.log.outside(size):
            count += 1
            digest = leaf_hash(entry.leaf)
            leaf, faults = self.single.check(entry, digest)
            self._faults += faults
            if leaf is not None and leaf.id != entry.id:
                detail = f"its leaf says that its id is {leaf.id}"
                self._faults.append(Fault(Kind.CHANGED, detail, index=entry.index, entry_id=entry.id))
            # A place at `top` or beyond was given by the sequencer since this check began.
            if entry.index is not None and entry.index < top:
                self.order.stands_beyond(digest)
                detail = "no checkpoint covers this place"
                self._faults.append(Fault(Kind.ADDED, detail, index=entry.index, entry_id=entry.id))
        return count

    def faults(self, size: int) -> list[Fault]:
        return self._faults + self.single.erasures.settle(size) + self.order.faults() + self.tree.faults

    def _place(self, index: int, claims: list[tuple[StoredEntry, bytes]], expected: bytes | None) -> None:
        if not claims:
            self.order.gap(index, expected)
            return
        best = next((n for n, (_, digest) in enumerate(claims) if digest == expected), 0)
        for number, (entry, digest) in enumerate(claims):
            leaf, faults = self.single.check(entry, digest)
            self._faults += faults
            if leaf is not None and number == best:
                self.dates.stands(index, entry.id, leaf.verb, leaf.time)
            self.order.stands(
                index,
                row_id=entry.id,
                leaf_id=None if leaf is None else leaf.id,
                found=digest,
                expected=digest if expected is None else expected,
                first=number == best,
            )


@dataclass(frozen=True, slots=True)
class _Checkpoints:
    rows: list[StoredCheckpoint]
    roots: dict[int, bytes]


def _read_checkpoints(rows: Iterable[StoredCheckpoint], key: VerifierKey) -> tuple[_Checkpoints, list[Fault]]:
    """All rows, the roots of those that hold by themselves (and of the empty log), and what is wrong with the rest."""
    found = _Checkpoints(list(rows), {})
    faults = []
    for row in found.rows:
        try:
            signed = open_checkpoint(row.note, key)
        except LedgerError as error:
            faults.append(Fault(Kind.SIGNATURE, f"the checkpoint of size {row.size}: {error}"))
            continue
        if (signed.size, signed.root) != (row.size, row.root):
            faults.append(Fault(Kind.CHECKPOINT, f"the checkpoint of size {row.size} is filed under other figures"))
        found.roots[signed.size] = signed.root
    return found, faults


def _wrong_roots(signed: Mapping[int, bytes], computed: Mapping[int, bytes]) -> list[Fault]:
    """One fault for each run of neighbouring checkpoints that do not match the entries."""
    sizes = sorted(signed)
    wrong = {size for size in sizes if computed[size] != signed[size]}
    before = dict(zip(sizes, [0, *sizes], strict=False))
    follows = dict(pairwise(sizes))
    faults = []
    for size in sorted(wrong):
        if before[size] in wrong:
            continue
        more = 0
        after = follows.get(size)
        while after in wrong:
            more += 1
            after = follows.get(after) if after is not None else None
        detail = f"the checkpoint of size {size} was signed over other entries"
        if more:
            detail += f", and so were {more} after it"
        faults.append(Fault(Kind.CHECKPOINT, detail, index=before[size], last=max(size - 1, before[size])))
    return faults
