"""What a check of a log can find."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong, in one word that never changes."""

    CHANGED = "changed"
    """An entry is not what was written: its bytes, its hash, its id or what it is filed under."""
    MISSING = "missing"
    """There is no entry where the tree holds one."""
    DOUBLED = "doubled"
    """An entry is there twice, or two entries claim one place."""
    REORDERED = "reordered"
    """An entry is at another place than it was written to."""
    ADDED = "added"
    """An entry that no tree or no checkpoint covers claims a place."""
    DISCLOSURE = "disclosure"
    """What a commitment stands for was altered, lost, or emptied without an entry that says so."""
    MISDATED = "misdated"
    """An entry is dated far from the entries around it, or in the future."""
    NODE = "node"
    """The stored tree does not match what is below it."""
    SIGNATURE = "signature"
    """A checkpoint is not signed by the key of the log."""
    CHECKPOINT = "checkpoint"
    """A signed checkpoint does not match the entries, or its row does not match its note."""
    REWRITTEN = "rewritten"
    """What the other side kept, signed by this log's key, contradicts the log."""
    KEPT = "kept"
    """What the other side handed in is itself no proof."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `index` is where (the first entry concerned), `last` the last entry of a run."""

    kind: Kind
    detail: str
    index: int | None = None
    last: int | None = None
    entry_id: int | None = None

    def __str__(self) -> str:
        where = ""
        if self.index is not None:
            many = self.last is not None and self.last != self.index
            where = f"entries {self.index} to {self.last}" if many else f"entry {self.index}"
        if self.entry_id is not None:
            where = f"{where or 'entry'} (id {self.entry_id})"
        return f"{self.kind.value}: {where}: {self.detail}" if where else f"{self.kind.value}: {self.detail}"


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The same faults from the first entry to the last, with neighbours that have one cause joined into runs."""
    joined: list[Fault] = []
    for fault in sorted(faults, key=_sort_key):
        before = joined[-1] if joined else None
        if before is not None and _continues(before, fault):
            joined[-1] = replace(before, last=fault.index)
        elif before is not None and _same_entry(before, fault):
            joined[-1] = replace(before, detail=f"{before.detail}; {fault.detail}")
        else:
            joined.append(fault)
    return joined


def _sort_key(fault: Fault) -> tuple[bool, int, str]:
    return fault.index is None, fault.index or 0, fault.kind


def _same_entry(before: Fault, fault: Fault) -> bool:
    if fault.kind is not Kind.CHANGED:
        return False
    return (before.kind, before.index, before.entry_id) == (fault.kind, fault.index, fault.entry_id)


def _continues(before: Fault, fault: Fault) -> bool:
    if fault.kind not in {Kind.MISSING, Kind.REORDERED, Kind.ADDED} or before.index is None or fault.last is not None:
        return False
    end = before.index if before.last is None else before.last
    return (before.kind, before.detail, end + 1) == (fault.kind, fault.detail, fault.index)
