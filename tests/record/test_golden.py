"""The bytes of a leaf and of a receipt are frozen: a proof handed out once must verify for good."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Leaf, VerifierKey, commit, leaf_hash, verify_receipt

GOLDEN = Path(__file__).parent / "golden"
KEY = "wardmote.example/record+0f8f04e6+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
LEAVES = {
    "bare": Leaf(1, datetime(2026, 11, 20, tzinfo=UTC), SYSTEM, "case.claim_expired", Urn("case", 9), None, {}),
    "post": Leaf(
        id=3735928559000000001,
        time=datetime(2026, 11, 20, 21, 40, 0, 123_000, tzinfo=UTC),
        actor=Urn("member", 9223372036854775807),
        verb="post.published",
        subject=Urn("post", 3735928559000000000),
        community=Urn("community", 7),
        commitments={
            "text": commit(bytes(32), b'"hello"'),
            "score_2": commit(bytes(range(32)), b"0.25"),
            "a": commit(bytes([255]) * 32, b"null"),
        },
    ),
    "old": Leaf(
        id=2**63 - 1,
        time=datetime(2021, 1, 10, 7, 59, 59, 999_000, tzinfo=UTC),
        actor=Urn("person", 1),
        verb="statement_of_reasons.sent",
        subject=Urn("decision", 10**18),
        community=Urn("community", 1),
        commitments={"clause": "0123456789abcdef" * 4},
    ),
}
HASHES = {
    "bare": "c93a574e701f66c49d36072adb8541ff445b810bbf07e4cbd1a35190f714e777",
    "old": "314b96c1d3621f83f591965962c1dd24f4d295b3e292aa79dbea9685df753cb2",
    "post": "a92c1fdb443a8faa8f23d9e8a0b46a4499b61715aa83b33caf4dead8a92cf298",
}


@pytest.mark.parametrize("name", LEAVES)
def test_the_bytes_of_a_leaf_never_change(name: str) -> None:
    """Each leaf is written as the bytes of its file, and read back from them."""
    raw = (GOLDEN / f"{name}.leaf").read_bytes()

    assert LEAVES[name].encode() == raw
    assert Leaf.decode(raw) == LEAVES[name]


@pytest.mark.parametrize("name", LEAVES)
def test_the_hash_of_a_leaf_never_changes(name: str) -> None:
    """The leaf hash is the one written down here, so that file and code cannot drift together."""
    assert leaf_hash(LEAVES[name].encode()).hex() == HASHES[name]


def test_a_receipt_of_version_1_verifies_for_good() -> None:
    """A receipt handed out at the beginning still verifies, and the file is the one handed out."""
    raw = (GOLDEN / "receipt-1.json").read_bytes()
    proven = verify_receipt(raw, VerifierKey.parse(KEY))

    assert (proven.index, proven.checkpoint.size, proven.leaf.id) == (7, 11, 1007)
    assert proven.values == {"score": 0.7, "text": "post 7"}
    assert sha256(raw).hexdigest() == "cb7c5ddd3d2f99fb8e895c6decf457df2b14ae7154dd460e65cbb93497cb3469"
