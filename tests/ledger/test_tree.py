from hashlib import sha256
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.vectors import LEAVES, ROOTS

from wardmote.ledger.tree import EMPTY_ROOT, Frontier, Position, complete_subtrees, leaf_hash, node_hash, root_at

HASHES = st.lists(st.integers(0, 2**32).map(lambda n: sha256(str(n).encode()).digest()), max_size=200)


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + naive_root(hashes[:split]) + naive_root(hashes[split:])).digest()


def test_roots_are_the_published_ones() -> None:
    """The roots of the first 0 to 8 published leaves are the published roots."""
    frontier = Frontier()
    roots = [frontier.root]
    for leaf in LEAVES:
        frontier.extend([leaf_hash(leaf)])
        roots.append(frontier.root)

    assert roots == ROOTS


def test_leaf_and_node_hashes_are_told_apart() -> None:
    """A leaf that spells two child hashes does not hash to their parent."""
    left, right = leaf_hash(b"left"), leaf_hash(b"right")

    assert leaf_hash(left + right) != node_hash(left, right)


@given(hashes=HASHES, cuts=st.lists(st.integers(0, 200)))
def test_batches_do_not_matter(hashes: list[bytes], cuts: list[int]) -> None:
    """However the leaves come in batches, the root is that of the RFC's definition."""
    frontier = Frontier()
    places = sorted({0, len(hashes), *(cut for cut in cuts if cut < len(hashes))})
    for start, stop in pairwise(places):
        frontier.extend(hashes[start:stop])

    assert naive_root(hashes) == frontier.root


@given(hashes=HASHES, data=st.data())
def test_stored_subtrees_give_every_root(hashes: list[bytes], data: st.DataObject) -> None:
    """What `extend` gives to store is enough to fold the root of every earlier size."""
    nodes = {
        Position(run.level, offset): digest
        for run in Frontier().extend(hashes)
        for offset, digest in enumerate(run.hashes, run.start)
    }
    size = data.draw(st.integers(0, len(hashes)))

    assert naive_root(hashes[:size]) == root_at(size, nodes.__getitem__)


@given(hashes=HASHES, data=st.data())
def test_a_resumed_frontier_goes_on_as_if_it_had_never_stopped(hashes: list[bytes], data: st.DataObject) -> None:
    """A frontier built from stored subtrees appends like the one that stored them."""
    size = data.draw(st.integers(0, len(hashes)))
    nodes = {
        Position(run.level, offset): digest
        for run in Frontier().extend(hashes[:size])
        for offset, digest in enumerate(run.hashes, run.start)
    }
    resumed = Frontier(size, [nodes[position] for position in complete_subtrees(0, size)])
    resumed.extend(hashes[size:])

    assert naive_root(hashes) == resumed.root


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """The root of no leaves is SHA-256 of no bytes."""
    assert Frontier().root == EMPTY_ROOT
    assert ROOTS[0] == EMPTY_ROOT
