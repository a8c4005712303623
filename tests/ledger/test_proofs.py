import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.vectors import CONSISTENCY, INCLUSION, LEAVES, ROOTS

from wardmote.ledger import ProofError
from wardmote.ledger.proofs import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from wardmote.ledger.tree import Frontier, NodeReader, Position, leaf_hash, root_at


def reader(hashes: list[bytes]) -> NodeReader:
    return {
        Position(run.level, offset): digest
        for run in Frontier().extend(hashes)
        for offset, digest in enumerate(run.hashes, run.start)
    }.__getitem__


PUBLISHED = reader([leaf_hash(leaf) for leaf in LEAVES])
MANY = [leaf_hash(str(number).encode()) for number in range(300)]
MANY_NODES = reader(MANY)
SIZES = st.integers(1, len(MANY))


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    """Proofs for the published tree are the published paths, and verify."""
    proof = inclusion_proof(index, size, PUBLISHED)
    verify_inclusion(index, size, leaf_hash(LEAVES[index]), proof, ROOTS[size])

    assert INCLUSION[index, size] == [element.hex() for element in proof]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, new: int) -> None:
    """Proofs between sizes of the published tree are the published ones, and verify."""
    proof = consistency_proof(old, new, PUBLISHED)
    verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)

    assert CONSISTENCY[old, new] == [element.hex() for element in proof]


def damaged(proof: list[bytes]) -> list[list[bytes]]:
    """The ways a proof is commonly wrong: cut, longer at either end, one bit flipped."""
    extra = leaf_hash(b"elsewhere")
    ways = [[*proof, extra], [extra, *proof], [*proof, b""]]
    if proof:
        ways += [proof[:-1], proof[1:]]
    for place, element in enumerate(proof):
        flipped = bytes([element[0] ^ 8]) + element[1:]
        ways.append([*proof[:place], flipped, *proof[place + 1 :]])
    return ways


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_a_damaged_inclusion_proof_is_refused(index: int, size: int) -> None:
    """Neither a damaged path nor a wrong leaf, index, size or root is taken."""
    proof = [bytes.fromhex(element) for element in INCLUSION[index, size]]
    leaf, root = leaf_hash(LEAVES[index]), ROOTS[size]
    wrong = [(index, size, leaf, way, root) for way in damaged(proof)]
    wrong += [
        (index + 1, size, leaf, proof, root),
        (index - 1, size, leaf, proof, root),
        (index ^ 2, size, leaf, proof, root),
        (index, size * 2, leaf, proof, root),
        (index, size // 2, leaf, proof, root),
        (index, size, leaf_hash(b"another"), proof, root),
        (index, size, leaf, proof, ROOTS[0]),
    ]
    for case in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(*case)


@pytest.mark.parametrize(("old", "new"), [pair for pair in CONSISTENCY if pair[0] != pair[1]])
def test_a_damaged_consistency_proof_is_refused(old: int, new: int) -> None:
    """Neither a damaged proof nor a wrong size or root is taken."""
    proof = [bytes.fromhex(element) for element in CONSISTENCY[old, new]]
    wrong = [(old, new, ROOTS[old], ROOTS[new], way) for way in [*damaged(proof), []]]
    wrong += [
        (old + 1, new, ROOTS[old], ROOTS[new], proof),
        (old, new * 2, ROOTS[old], ROOTS[new], proof),
        (old, new // 2, ROOTS[old], ROOTS[new], proof),
        (old, new, ROOTS[new], ROOTS[old], proof),
        (old, new, ROOTS[0], ROOTS[new], proof),
        (old, new, ROOTS[old], ROOTS[0], proof),
    ]
    for case in wrong:
        with pytest.raises(ProofError):
            verify_consistency(*case)


def test_the_empty_log_is_the_beginning_of_every_log() -> None:
    """An empty proof joins the empty tree to any other, but only under the root of the empty tree."""
    verify_consistency(0, 8, ROOTS[0], ROOTS[8], [])

    with pytest.raises(ProofError):
        verify_consistency(0, 8, ROOTS[1], ROOTS[8], [])


@given(size=SIZES, data=st.data())
def test_every_leaf_is_proven_in_every_tree(size: int, data: st.DataObject) -> None:
    """Every leaf of every size has a proof that verifies, and that no other leaf can use."""
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, MANY_NODES)
    root = root_at(size, MANY_NODES)
    verify_inclusion(index, size, MANY[index], proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else None

    if other is not None:
        with pytest.raises(ProofError):
            verify_inclusion(other, size, MANY[index], proof, root)


@given(new=SIZES, data=st.data())
def test_every_size_continues_every_smaller_one(new: int, data: st.DataObject) -> None:
    """Any two sizes of one tree are joined by a proof; a tree with one other leaf is not."""
    old = data.draw(st.integers(1, new))
    roots = root_at(old, MANY_NODES), root_at(new, MANY_NODES)
    proof = consistency_proof(old, new, MANY_NODES)
    verify_consistency(old, new, *roots, proof)
    forged = reader([leaf_hash(b"forged"), *MANY[1:new]])

    with pytest.raises(ProofError):
        verify_consistency(old, new, roots[0], root_at(new, forged), consistency_proof(old, new, forged))
