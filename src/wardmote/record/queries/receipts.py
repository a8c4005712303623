"""Proofs to hand out: receipts of entries, and proofs that one checkpoint continues another."""

from collections.abc import Collection

from wardmote.kernel.errors import NotFound
from wardmote.ledger import Opening, Receipt, consistency_proof, inclusion_proof, parse_json
from wardmote.ledger.proofs import consistency_ranges, inclusion_ranges, positions
from wardmote.record.models import Disclosure, Entry
from wardmote.record.queries.checkpoints import latest_checkpoint
from wardmote.record.queries.tree import read_nodes


def inclusion_receipt(entry_id: int, *, disclose: Collection[str] = ()) -> Receipt | None:
    """The receipt of an entry under the latest checkpoint; None until a checkpoint covers the entry.

    `disclose` names the facts and contents that the receipt opens. Raises NotFound for an entry or a name that is not
    there, or that was erased.
    """
    row = Entry.objects.filter(pk=entry_id).values_list("index", "leaf").first()
    if row is None:
        raise NotFound(f"The record has no entry {entry_id}.")
    index, leaf = row
    if index is None:
        return None
    checkpoint = latest_checkpoint()
    if checkpoint is None or index >= checkpoint.size:
        return None
    nodes = read_nodes(positions(inclusion_ranges(index, checkpoint.size)))
    return Receipt(
        index=index,
        leaf=bytes(leaf),
        inclusion=tuple(inclusion_proof(index, checkpoint.size, nodes.__getitem__)),
        checkpoint=checkpoint.note,
        disclosures=_openings(entry_id, disclose),
    )


def id_at(index: int) -> int | None:
    """The id of the entry at a place; None where there is none."""
    return Entry.objects.filter(index=index).values_list("pk", flat=True).first()


def prove_consistency(old: int, new: int) -> list[bytes]:
    """The proof, 32 bytes an element, that the tree of `new` entries only added to that of `old` entries."""
    checkpoint = latest_checkpoint()
    if checkpoint is None or not 0 <= old <= new <= checkpoint.size:
        raise NotFound(f"The record does not reach from {old} to {new} entries.")
    nodes = read_nodes(positions(consistency_ranges(old, new)))
    return consistency_proof(old, new, nodes.__getitem__)


def _openings(entry_id: int, names: Collection[str]) -> dict[str, Opening]:
    rows = Disclosure.objects.filter(entry=entry_id, name__in=names, erased_by=None)
    found = {
        name: Opening(bytes(salt), parse_json(bytes(content)))
        for name, salt, content in rows.values_list("name", "salt", "content")
        if salt is not None and content is not None
    }
    if lacking := set(names) - found.keys():
        raise NotFound(f"Entry {entry_id} can no longer show, or never had: {', '.join(sorted(lacking))}.")
    return found
