"""Checks of the stored tree, hash by hash, and the roots that the entries give at the sizes asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wardmote.ledger.audit.faults import Fault, Kind
from wardmote.ledger.audit.reader import LogReader
from wardmote.ledger.tree import HASH_SIZE, Frontier, Position, Run, node_hash

_UNKNOWN = bytes(HASH_SIZE)


class TreeCheck:
    """Grows a tree of its own from the leaves and compares it with the stored one; `roots` maps size to root."""

    def __init__(self, log: LogReader, sizes: Iterable[int]) -> None:
        self.faults: list[Fault] = []
        self._log = log
        self._sizes = sorted(set(sizes), reverse=True)
        self._frontier = Frontier()
        self._bad: set[Position] = set()
        self.roots: dict[int, bytes] = {}
        self._note_root()

    def open(self, start: int, stop: int) -> "StoredLeaves":
        """The lowest two levels of the stored tree over the leaves from `start` (even) up to `stop`."""
        hashes = self._log.nodes(0, start, stop)
        return StoredLeaves(hashes, self._log.nodes(1, start // 2, stop // 2), self.faults)

    def grow(self, leaves: Sequence[bytes | None]) -> None:
        """Append leaves (None where nothing is known) and compare every subtree they complete."""
        computed: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
        done = 0
        while done < len(leaves):
            upto = len(leaves)
            if self._sizes:
                upto = min(upto, done + self._sizes[-1] - self._frontier.size)
            for run in self._frontier.extend([leaf or _UNKNOWN for leaf in leaves[done:upto]]):
                _collect(run, computed)
            done = upto
            self._note_root()
        for level in range(1, max(computed, default=0) + 1):
            self._compare(level, computed[level])

    def _note_root(self) -> None:
        while self._sizes and self._sizes[-1] == self._frontier.size:
            self.roots[self._sizes.pop()] = self._frontier.root

    def _compare(self, level: int, computed: Mapping[int, bytes]) -> None:
        stored = self._log.nodes(level, min(computed), max(computed) + 1)
        for offset, digest in computed.items():
            if stored.get(offset) == digest:
                continue
            self._bad.add(Position(level, offset))
            # A wrong hash makes all above it wrong: name the lowest.
            if Position(level - 1, 2 * offset) in self._bad or Position(level - 1, 2 * offset + 1) in self._bad:
                continue
            how = "has another" if offset in stored else "lacks the"
            detail = f"the stored tree {how} hash at level {level}, offset {offset}"
            first, last = offset << level, ((offset + 1) << level) - 1
            self.faults.append(Fault(Kind.NODE, detail, index=first, last=last))


@dataclass(frozen=True, slots=True)
class StoredLeaves:
    """Leaf hashes as stored, and their parents, which settle whether an entry or its stored hash was changed."""

    hashes: Mapping[int, bytes]
    parents: Mapping[int, bytes]
    faults: list[Fault]

    def settle(self, index: int, claims: Sequence[bytes]) -> bytes | None:
        """The hash of the leaf that was written at `index`, given those of the entries that are there now."""
        stored = self.hashes.get(index)
        if stored is None:
            if claims:
                self._fault(index, "lacks the")
            return claims[0] if claims else None
        if stored in claims:
            return stored
        for claim in claims:
            if self._fits_parent(index, claim):
                self._fault(index, "has another")
                return claim
        return stored

    def _fits_parent(self, index: int, claim: bytes) -> bool:
        sibling, parent = self.hashes.get(index ^ 1), self.parents.get(index // 2)
        if sibling is None or parent is None:
            return False
        return parent == (node_hash(sibling, claim) if index & 1 else node_hash(claim, sibling))

    def _fault(self, index: int, how: str) -> None:
        self.faults.append(Fault(Kind.NODE, f"the stored tree {how} hash of this leaf", index=index))


def _collect(run: Run, computed: defaultdict[int, dict[int, bytes]]) -> None:
    if run.level:
        computed[run.level].update(enumerate(run.hashes, run.start))
