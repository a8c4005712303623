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
from wardmote.record.queries.entries import Recorded, count, entries_about, entry, first_verb, history
from wardmote.record.queries.known import KnownKeyRow, announced_for, contested, known, known_keys, lineage
from wardmote.record.queries.receipts import inclusion_receipt, prove_consistency

__all__ = [
    "KnownKeyRow",
    "Published",
    "Recorded",
    "Status",
    "announced_for",
    "audit",
    "checkpoint_of",
    "contested",
    "count",
    "entries_about",
    "entry",
    "first_verb",
    "history",
    "inclusion_receipt",
    "known",
    "known_keys",
    "latest_checkpoint",
    "lineage",
    "prove_consistency",
    "status",
    "verifier_key",
]
