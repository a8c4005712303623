"""The Merkle tree of RFC 6962, section 2.1, kept as the hashes of its complete subtrees.

A complete subtree has a level (0 is a leaf) and an offset counted from the left, and covers the leaves
`offset << level` up to `(offset + 1) << level`. Its hash never changes once all its leaves are there, so a log stores
those hashes once and every root and proof of every size is folded from them.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

_sha256 = sha256


class Position(NamedTuple):
    """Where a complete subtree is."""

    level: int
    offset: int


class Run(NamedTuple):
    """Neighbouring complete subtrees of one level: `hashes[i]` is at `Position(level, start + i)`."""

    level: int
    start: int
    hashes: list[bytes]


NodeReader = Callable[[Position], bytes]
"""Gives the hash (32 bytes) of a complete subtree; raises whatever its store raises when there is none."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 over 0x00 and the leaf."""
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and the two children."""
    return _sha256(b"\x01" + left + right).digest()


def complete_subtrees(start: int, stop: int) -> list[Position]:
    """The fewest complete subtrees that cover the leaves from `start` up to `stop`, left to right."""
    found = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append(Position(level, start >> level))
        start += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over neighbouring complete subtrees whose levels fall from left to right."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def range_hash(start: int, stop: int, node: NodeReader) -> bytes:
    """The Merkle tree hash over the leaves from `start` up to `stop`, a range that RFC 6962 splits a tree into."""
    return fold([node(position) for position in complete_subtrees(start, stop)])


def root_at(size: int, node: NodeReader) -> bytes:
    """The root of the tree's first `size` leaves."""
    return range_hash(0, size, node)


class Frontier:
    """The right edge of a growing tree: all that is needed to append, and nothing else.

    `hashes` are those of `complete_subtrees(0, size)`, in that order.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        levels = [position.level for position in complete_subtrees(0, size)]
        self.size = size
        self._edge = dict(zip(levels, hashes, strict=True))

    @property
    def root(self) -> bytes:
        """The root of the tree as it is."""
        return fold([self._edge[level] for level in sorted(self._edge, reverse=True)])

    def extend(self, leaf_hashes: Iterable[bytes]) -> list[Run]:
        """Append leaves and return every complete subtree this finished, level by level from the leaves up."""
        row = list(leaf_hashes)
        runs = []
        level, start = 0, self.size
        self.size += len(row)
        while row:
            runs.append(Run(level, start, row))
            if start & 1:
                row = [self._edge.pop(level), *row]
            if len(row) & 1:
                self._edge[level] = row[-1]
            row = [_sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)]
            level, start = level + 1, start >> 1
        return runs
