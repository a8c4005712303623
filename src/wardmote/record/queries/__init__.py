"""Reads of the record, returned as plain values."""

from wardmote.record.queries.audit import audit
from wardmote.record.queries.checkpoints import (
    Published,
    Status,
    checkpoint_of,
    latest_checkpoint,
    status,
    verifier_key,
)
from wardmote.record.queries.entries import (
    Recorded,
    by_subject,
    count,
    entries_about,
    entry,
    first_verb,
    history,
    in_order,
)
from wardmote.record.queries.known import KnownKeyRow, announced_for, contested, known, known_keys, lineage
from wardmote.record.queries.receipts import id_at, inclusion_receipt, prove_consistency

__all__ = [
    "KnownKeyRow",
    "Published",
    "Recorded",
    "Status",
    "announced_for",
    "audit",
    "by_subject",
    "checkpoint_of",
    "contested",
    "count",
    "entries_about",
    "entry",
    "first_verb",
    "history",
    "id_at",
    "in_order",
    "inclusion_receipt",
    "known",
    "known_keys",
    "latest_checkpoint",
    "lineage",
    "prove_consistency",
    "status",
    "verifier_key",
]
