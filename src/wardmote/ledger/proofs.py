"""Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2) and their verification (RFC 9162, 2.1.3.2 and 2.1.4.2).

A proof is a list of hashes of leaf ranges. The ranges are computed first, so a store can fetch all the nodes of a proof
in one read: `positions(inclusion_ranges(index, size))`.
"""

from collections.abc import Iterable, Sequence

from wardmote.ledger.errors import ProofError
from wardmote.ledger.tree import EMPTY_ROOT, NodeReader, Position, complete_subtrees, node_hash, range_hash

Range = tuple[int, int]
"""Leaves from the first number up to, not including, the second."""


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove the leaf at `index` in the tree of `size` leaves, from the leaf to the root."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    ranges = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `old` leaves is the beginning of the tree of `new` leaves."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with a tree of {old}")
    if old in (0, new):
        return []
    ranges = []
    start, stop = 0, new
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, stop))
    return ranges[::-1]


def positions(ranges: Iterable[Range]) -> list[Position]:
    """Every complete subtree that the hashes of `ranges` are folded from."""
    return [position for start, stop in ranges for position in complete_subtrees(start, stop)]


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """The proof, 32 bytes an element, that the leaf at `index` is in the tree of `size` leaves."""
    return [range_hash(start, stop, node) for start, stop in inclusion_ranges(index, size)]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """The proof, 32 bytes an element, that the tree of `new` leaves only added to the tree of `old` leaves."""
    return [range_hash(start, stop, node) for start, stop in consistency_ranges(old, new)]


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless `proof` leads from the leaf at `index` to `root`, the root of `size` leaves."""
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    place, last = index, size - 1
    found = leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("the inclusion proof is too short")
    if found != root:
        raise ProofError("the inclusion proof does not lead to the root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofError unless `proof` shows that the tree under `new_root` begins with the tree under `old_root`."""
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} does not begin with a tree of {old}")
    if old in (0, new):
        if proof:
            raise ProofError("the consistency proof is too long")
        if old_root != (EMPTY_ROOT if old == 0 else new_root):
            raise ProofError("the two roots differ at the same size")
        return
    _walk_consistency(old, new, old_root, new_root, proof)


def _walk_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # Where the old tree is one complete subtree its root is the seed, and the proof does not repeat it.
    path = [old_root, *proof] if place == 0 else list(proof)
    if not path:
        raise ProofError("the consistency proof is too short")
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if place & 1 or place == last:
            found_old = node_hash(sibling, found_old)
            found_new = node_hash(sibling, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("the consistency proof is too short")
    if found_old != old_root or found_new != new_root:
        raise ProofError("the consistency proof does not join the two roots")


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (which is 2 or more)."""
    return 1 << (size - 1).bit_length() - 1
