"""Receipts: of our own log, given to a customer, and of a customer's log, kept against it."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting.models import Customer, Receipt
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Proven
from wardmote.record import operations as record


@transaction.atomic
def store_receipt(*, customer: Customer, about: Urn, kept: bool, text: str, proven: Proven, now: datetime) -> Receipt:
    """Keep a receipt that was verified. There is one each way about a letter; the first is the one that counts."""
    receipt, created = Receipt.objects.get_or_create(
        customer=customer,
        about=str(about),
        kept=kept,
        defaults={
            "origin": proven.checkpoint.origin,
            "index": proven.index,
            "size": proven.checkpoint.size,
            "text": text,
            "at": now,
        },
    )
    if created and kept:
        record.append(
            now=now,
            actor=SYSTEM,
            verb="host_receipt.kept",
            subject=receipt.urn,
            community=customer.community_urn,
            facts={"about": str(about), "origin": receipt.origin, "index": receipt.index, "size": receipt.size},
        )
    return receipt


@transaction.atomic
def mark_receipt_sent(*, receipt_id: int, now: datetime) -> None:
    """The other side has it."""
    Receipt.objects.filter(pk=receipt_id, sent_at=None).update(sent_at=now)
