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
from wardmote.record.queries.receipts import inclusion_receipt, prove_consistency

__all__ = [
    "Published",
    "Recorded",
    "Status",
    "audit",
    "checkpoint_of",
    "count",
    "entries_about",
    "entry",
    "first_verb",
    "history",
    "inclusion_receipt",
    "latest_checkpoint",
    "prove_consistency",
    "status",
    "verifier_key",
]
