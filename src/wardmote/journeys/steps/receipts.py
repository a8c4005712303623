"""Proofs both ways: who was told something gets the receipt of the entry that says so, and keeps it.

A receipt is given by a job, once the sequencer has placed the entry: at most a second after it was written.
"""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community
from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.hosting.policy.documents import ReceiptDocument
from wardmote.journeys.steps import exchange
from wardmote.journeys.steps.deliver import COMMUNITY_DOOR, HOST_DOOR, customer_id_of
from wardmote.journeys.steps.proofs import DISCLOSED
from wardmote.ledger import verify_receipt
from wardmote.outside.delivery import deliver
from wardmote.outside.signing import record_verifier
from wardmote.record.queries import inclusion_receipt
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries as upstream_queries


def hand_receipt(kind: str, row_id: int, *, now: datetime) -> bool:
    """Give the other side the receipt of the entry of one row; False while that entry waits for its place in the log.

    `kind` is one of `host_notice`, `host_answer`, `upstream_notice`, `upstream_answer`. Harmless to repeat.
    """
    return _give_customer(kind, row_id, now=now) if kind.startswith("host_") else _give_host(kind, row_id, now=now)


def _give_customer(kind: str, row_id: int, *, now: datetime) -> bool:
    find = hosting_queries.provable_notice if kind == "host_notice" else hosting_queries.provable_answer
    provable = find(row_id)
    if provable is None:
        return True
    receipt = inclusion_receipt(provable.entry_id, disclose=DISCLOSED[kind])
    if receipt is None:
        return False
    customer = hosting_queries.customer(provable.customer_id)
    key = record_verifier()
    with transaction.atomic(durable=True):
        own = hosting.store_receipt(
            customer=hosting_queries.customer_row(customer.customer_id),
            about=provable.about,
            kept=False,
            text=receipt.to_json(),
            proven=verify_receipt(receipt, key),
            now=now,
        )
        raw = ReceiptDocument(provable.about, customer.slug, own.text).encode()
        if customer.community_id is not None:
            exchange.take_receipt_from_host(community_id=customer.community_id, raw=raw, key=key, here=True, now=now)
            hosting.mark_receipt_sent(receipt_id=own.pk, now=now)
            return True
    deliver(f"{customer.base_url}{COMMUNITY_DOOR}receipt", body=raw, key=str(own.urn), now=now)
    with transaction.atomic(durable=True):
        hosting.mark_receipt_sent(receipt_id=own.pk, now=now)
    return True


def _give_host(kind: str, row_id: int, *, now: datetime) -> bool:
    find = upstream_queries.provable_notice if kind == "upstream_notice" else upstream_queries.provable_answer
    provable = find(row_id)
    if provable is None or not upstream_queries.still_hosts(community_id=provable.community_id, key=provable.key):
        return True
    receipt = inclusion_receipt(provable.entry_id, disclose=DISCLOSED[kind])
    if receipt is None:
        return False
    host = upstream_queries.host_of(provable.community_id)
    key = record_verifier()
    with transaction.atomic(durable=True):
        own = upstream.store_receipt(
            community_id=provable.community_id,
            about=provable.about,
            kept=False,
            text=receipt.to_json(),
            proven=verify_receipt(receipt, key),
            now=now,
        )
        raw = ReceiptDocument(provable.about, community(provable.community_id).slug, own.text).encode()
        if host is None or not host.elsewhere:
            customer_id = customer_id_of(provable.community_id)
            exchange.take_receipt_from_customer(customer_id=customer_id, raw=raw, key=key, now=now)
            upstream.mark_receipt_sent(receipt_id=own.pk, now=now)
            return True
    deliver(f"{host.base_url}{HOST_DOOR}receipt", body=raw, key=str(own.urn), now=now)
    with transaction.atomic(durable=True):
        upstream.mark_receipt_sent(receipt_id=own.pk, now=now)
    return True
