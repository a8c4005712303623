"""What the other side kept: the only witness against a log that was rewritten and signed again with its own key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wardmote.ledger.audit.faults import Fault, Kind
from wardmote.ledger.checkpoint import Checkpoint, open_checkpoint
from wardmote.ledger.errors import LedgerError
from wardmote.ledger.leaf import Leaf
from wardmote.ledger.note import VerifierKey
from wardmote.ledger.receipt import Receipt, verify_receipt
from wardmote.ledger.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint signed by the log, and the entry it proves if it came with a receipt; `source` names the file."""

    source: str
    checkpoint: Checkpoint
    index: int | None = None
    leaf: bytes | None = None


def read_kept(files: Mapping[str, str], key: VerifierKey) -> tuple[list[Kept], list[Fault]]:
    """What `files` (the text of receipts or checkpoint notes by name) prove, and those that prove nothing."""
    kept = []
    faults = []
    for source, text in files.items():
        try:
            kept.append(_read(source, text, key))
        except LedgerError as error:
            faults.append(Fault(Kind.KEPT, f"{source}: {error}"))
    return kept, faults


def contradictions(
    kept: Iterable[Kept],
    *,
    size: int,
    roots: Mapping[int, bytes],
    leaves: Mapping[int, bytes],
    published: Mapping[int, bytes],
) -> list[Fault]:
    """What the log denies of `kept`.

    `roots` and `leaves` are the log's own root at each size and leaf hash at each index that `kept` names; `published`
    maps the size of each checkpoint the log still shows to its root.
    """
    kept = list(kept)
    agreed = [item.checkpoint.size for item in kept if roots.get(item.checkpoint.size) == item.checkpoint.root]
    faults = []
    for item in kept:
        checkpoint = item.checkpoint
        if item.index is not None and item.leaf is not None:
            faults += _against_leaf(item, item.index, item.leaf, leaves)
        if checkpoint.size > size:
            detail = f"{item.source} is a signed checkpoint of {checkpoint.size} entries, the log shows {size}"
            faults.append(Fault(Kind.REWRITTEN, detail, index=size, last=checkpoint.size - 1))
        elif roots[checkpoint.size] != checkpoint.root:
            detail = f"{item.source} is a signed checkpoint of other entries than the log shows"
            if published.get(checkpoint.size, checkpoint.root) != checkpoint.root:
                detail += "; the log's own checkpoint of this size is signed with the same key over another root"
            below = max((known for known in agreed if known < checkpoint.size), default=0)
            faults.append(Fault(Kind.REWRITTEN, detail, index=below, last=checkpoint.size - 1))
    return faults


def _read(source: str, text: str, key: VerifierKey) -> Kept:
    if not text.lstrip().startswith("{"):
        return Kept(source, open_checkpoint(text, key))
    receipt = Receipt.parse(text)
    proven = verify_receipt(receipt, key)
    return Kept(source, proven.checkpoint, proven.index, receipt.leaf)


def _against_leaf(item: Kept, index: int, leaf: bytes, leaves: Mapping[int, bytes]) -> list[Fault]:
    if leaves.get(index) == leaf_hash(leaf):
        return []
    detail = f"{item.source} proves that another entry was written here"
    return [Fault(Kind.REWRITTEN, detail, index=index, entry_id=Leaf.decode(leaf).id)]
