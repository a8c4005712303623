"""What a community receives from its host and answers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Proven
from wardmote.record import operations as record
from wardmote.record import queries as record_queries
from wardmote.upstream import queries
from wardmote.upstream.models import Answer, HostPolicy, Item, Notice, Receipt
from wardmote.upstream.operations.measures import take_effect
from wardmote.upstream.policy import STATE_AFTER, AnswerKind


@dataclass(frozen=True, slots=True)
class ReceivedItem:
    """A post as the host's letter names it; `issued` is its URN at the host."""

    issued: str
    url: str
    clause_key: str
    category: str
    capture: str
    capture_hash: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class ReceivedNotice:
    """A letter as it came in, read from `raw`; `reason` is what visitors read if it stops the community.

    `key` is the key under which it came; empty where this installation is the host.
    """

    issued: Urn
    host_case: Urn
    kind: str
    subject: str
    body: str
    reason: str
    hours: int
    raw: bytes
    items: Sequence[ReceivedItem]
    key: str = ""


@transaction.atomic
def receive_policy(
    *, community_id: int, key: str = "", number: int, policy_hash: str, document: str, now: datetime
) -> HostPolicy:
    """Keep a version of the policy of the host with that key; harmless to repeat, Conflict for another text under the
    same number."""
    policy = HostPolicy.objects.filter(
        community_id=community_id, number=number, key__in=record_queries.lineage(key)
    ).first()
    created = policy is None
    if policy is None:
        policy, created = HostPolicy.objects.get_or_create(
            community_id=community_id,
            key=key,
            number=number,
            defaults={"hash": policy_hash, "document": document, "received_at": now},
        )
    if policy.hash != policy_hash:
        raise Conflict(
            _("Version %(number)d of the host's policy came in before, with another text.") % {"number": number}
        )
    if created:
        record.append(
            now=now,
            actor=SYSTEM,
            verb="upstream_policy.received",
            subject=policy.urn,
            community=Urn("community", community_id),
            facts={"number": number, "hash": policy_hash, "key": key},
        )
    return policy


@transaction.atomic
def accept_policy(*, community_id: int, member_id: int, shown_hash: str, now: datetime) -> HostPolicy:
    """The owner accepts the version they were shown; Conflict when a newer one has come."""
    policy = queries.policy_row(community_id)
    if policy is None:
        raise NotFound(_("The host has sent no policy."))
    if policy.hash != shown_hash:
        raise Conflict(_("The host's policy has changed since this page was shown; please read the new version."))
    if policy.accepted_at is None:
        policy.accepted_at, policy.accepted_by_id = now, member_id
        policy.save(update_fields=["accepted_at", "accepted_by"])
        record.append(
            now=now,
            actor=Urn("member", member_id),
            verb="upstream_policy.accepted",
            subject=policy.urn,
            community=Urn("community", community_id),
            facts={"number": policy.number, "hash": policy.hash},
        )
    return policy


@transaction.atomic
def receive_notice(*, community_id: int, received: ReceivedNotice, now: datetime) -> tuple[Notice, bool]:
    """Keep a letter and let it take effect on the community; gives it, and whether it is new.

    Harmless to repeat; Conflict for other bytes under the same name.
    """
    digest = hashlib.sha256(received.raw).hexdigest()
    before = Notice.objects.filter(community_id=community_id, issued=str(received.issued)).first()
    if before is not None:
        if before.hash != digest or before.key not in record_queries.lineage(received.key):
            raise Conflict(_("A letter of this name came in before, with other words."))
        return before, False
    deadline = now + timedelta(hours=received.hours)
    notice = Notice(
        community_id=community_id,
        key=received.key,
        issued=str(received.issued),
        host_case=str(received.host_case),
        kind=received.kind,
        subject=received.subject,
        body=received.body,
        reason=received.reason,
        document=received.raw.decode(),
        hash=digest,
        received_at=now,
        deadline=deadline,
    )
    entry = record.append(
        now=now,
        actor=SYSTEM,
        verb="upstream_notice.received",
        subject=notice.urn,
        community=Urn("community", community_id),
        facts={
            "issued": notice.issued,
            "case": notice.host_case,
            "kind": notice.kind,
            "hash": digest,
            "deadline": to_rfc3339(deadline),
            "key": notice.key,
        },
    )
    notice.entry_id = entry.pk
    notice.save()
    notice.items.set([_keep_item(community_id, item, key=received.key) for item in received.items])
    if notice.kind in STATE_AFTER:
        take_effect(community_id, but=notice, decision=notice.urn, now=now)
    return notice, True


def _keep_item(community_id: int, item: ReceivedItem, *, key: str) -> Item:
    kept, created = Item.objects.get_or_create(
        community_id=community_id,
        issued=item.issued,
        defaults={
            "url": item.url,
            "clause_key": item.clause_key,
            "category": item.category,
            "capture": item.capture,
            "capture_hash": item.capture_hash,
            "seen_at": item.seen_at,
        },
    )
    if not created and kept.notices.exclude(key__in=record_queries.lineage(key)).exists():
        raise Conflict(_("A post of this name was in another host's letter."))
    return kept


@transaction.atomic
def link_case(*, item: Item, case_id: int) -> None:
    """Remember which of our own cases an item of the host is judged in."""
    item.case_id = case_id
    item.save(update_fields=["case_id"])


@transaction.atomic
def give_answer(
    *,
    answer_id: int,
    notice: Notice,
    item: Item | None,
    kind: AnswerKind,
    words: str,
    raw: bytes,
    member_id: int | None,
    decision_id: int | None,
    now: datetime,
) -> Answer:
    """Keep an answer as it goes out; `raw` is the document that names `answer_id`.

    A member speaks, or a decision of our own moderation does.
    """
    digest = hashlib.sha256(raw).hexdigest()
    entry = record.append(
        now=now,
        actor=SYSTEM if member_id is None else Urn("member", member_id),
        verb="upstream_answer.given",
        subject=Urn("upstream_answer", answer_id),
        community=Urn("community", notice.community_id),
        facts={
            "notice": notice.issued,
            "item": None if item is None else item.issued,
            "kind": kind.value,
            "hash": digest,
        },
    )
    return Answer.objects.create(
        id=answer_id,
        community_id=notice.community_id,
        notice=notice,
        item=item,
        kind=kind.value,
        words=words,
        document=raw.decode(),
        hash=digest,
        given_at=now,
        given_by_id=member_id,
        decision_id=decision_id,
        entry_id=entry.pk,
    )


@transaction.atomic
def mark_answer_sent(*, answer_id: int, proof: str, now: datetime) -> None:
    """The host has it; `proof` is what it said when it took it."""
    answer = Answer.objects.select_for_update().get(pk=answer_id)
    if answer.sent_at is not None:
        return
    answer.sent_at, answer.proof = now, proof
    answer.save(update_fields=["sent_at", "proof"])
    record.append(
        now=now,
        actor=SYSTEM,
        verb="upstream_answer.delivered",
        subject=answer.urn,
        community=Urn("community", answer.community_id),
        facts={"hash": answer.hash, "proof": proof},
    )


@transaction.atomic
def mark_acceptance_sent(*, policy_id: int, now: datetime) -> None:
    """The host knows of it."""
    HostPolicy.objects.filter(pk=policy_id, sent_at=None).update(sent_at=now)


@transaction.atomic
def store_receipt(*, community_id: int, about: Urn, kept: bool, text: str, proven: Proven, now: datetime) -> Receipt:
    """Keep a receipt that was verified. There is one each way about a letter; the first is the one that counts."""
    receipt, created = Receipt.objects.get_or_create(
        community_id=community_id,
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
            verb="upstream_receipt.kept",
            subject=receipt.urn,
            community=Urn("community", community_id),
            facts={"about": str(about), "origin": receipt.origin, "index": receipt.index, "size": receipt.size},
        )
    return receipt


@transaction.atomic
def mark_receipt_sent(*, receipt_id: int, now: datetime) -> None:
    """The host has it."""
    Receipt.objects.filter(pk=receipt_id, sent_at=None).update(sent_at=now)
