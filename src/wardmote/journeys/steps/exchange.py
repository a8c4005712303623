"""What a host and a community hand to each other, and how each takes it, in one database or between two machines.

The functions that take run inside the caller's transaction, those that begin with `from_` open it: they are for what
comes in over HTTP, and are harmless to repeat.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community, community_by_slug
from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.hosting.policy.acceptable_use import policy_hash
from wardmote.hosting.policy.documents import (
    AcceptanceDocument,
    AnswerDocument,
    KeyDocument,
    NoticeDocument,
    PolicyDocument,
    ReceiptDocument,
)
from wardmote.jobs import operations as jobs
from wardmote.journeys.steps.new_key import settle, take_key
from wardmote.journeys.steps.proofs import check_receipt
from wardmote.kernel.errors import Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.ledger import VerifierKey, canonical_bytes
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind
from wardmote.notices.policy import Letter as Message
from wardmote.record import queries as record_queries
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries as upstream_queries
from wardmote.upstream.models import Notice
from wardmote.upstream.operations import ReceivedItem, ReceivedNotice
from wardmote.upstream.policy import ASKS_ABOUT_ITEMS


def _from_its_host(community_id: int, key: str) -> None:
    """A document counts under the one key that is stored for this community's host; an empty one is ours.

    The host is locked: nobody is changed to another while what came from the former takes effect.
    """
    host = upstream.lock_host(community_id=community_id)
    if host is None or host.key != key:
        raise NotFound(_("You host no community of that name here."))


def take_policy(*, community_id: int, raw: bytes, key: str = "", now: datetime) -> Urn:
    """A community takes a version of its host's policy, to be read and accepted by its owner."""
    _from_its_host(community_id, key)
    document = PolicyDocument.decode(raw)
    policy = upstream.receive_policy(
        community_id=community_id,
        key=key,
        number=document.number,
        policy_hash=policy_hash(document.policy),
        document=canonical_bytes(document.policy).decode(),
        now=now,
    )
    return policy.urn


def take_notice(*, community_id: int, raw: bytes, key: str = "", now: datetime) -> Urn:
    """A community takes a letter: its owner is told, its moderators get a case a post, and the host a receipt."""
    _from_its_host(community_id, key)
    document = NoticeDocument.decode(raw)
    received = ReceivedNotice(
        issued=document.notice,
        host_case=document.case,
        kind=document.kind.value,
        subject=document.subject,
        body=document.body,
        reason=document.reason,
        hours=document.hours,
        raw=raw,
        items=[
            ReceivedItem(i.urn, i.url, i.clause_key, i.category, i.capture, i.capture_hash, i.seen_at)
            for i in document.items
        ],
        key=key,
    )
    notice, is_new = upstream.receive_notice(community_id=community_id, received=received, now=now)
    if is_new:
        _tell_owner(notice, now=now)
        if notice.kind in ASKS_ABOUT_ITEMS:
            jobs.put("journeys.open_cases_for_notice", notice.pk, now=now)
        jobs.put("journeys.hand_receipt", "upstream_notice", notice.pk, now=now)
    return notice.urn


def _tell_owner(notice: Notice, *, now: datetime) -> None:
    owner_id = community(notice.community_id).owner_id
    notices.send_notice(
        community_id=notice.community_id,
        recipient_id=owner_id,
        addressed_as=Urn("person", owner_id),
        kind=Kind.HOST_NOTICE,
        about=notice.urn,
        letter=Message(notice.subject, notice.body),
        path=f"/owner/notices/{notice.pk}",
        now=now,
    )


def take_acceptance(*, customer_id: int, raw: bytes, now: datetime) -> Urn:
    """The host takes a customer's acceptance of its policy."""
    document = AcceptanceDocument.decode(raw)
    acceptance = hosting.store_acceptance(
        customer_id=customer_id,
        number=document.number,
        shown_hash=document.hash,
        accepted_at=document.accepted_at,
        now=now,
    )
    return acceptance.urn


def take_answer(*, customer_id: int, raw: bytes, now: datetime) -> Urn:
    """The host takes a customer's answer, and gives a receipt of it."""
    document = AnswerDocument.decode(raw)
    case_id = hosting_queries.case_of_notice(customer_id=customer_id, notice=document.notice)
    case = hosting.locked_case(case_id)
    answer, is_new = hosting.receive_answer(case=case, document=document, raw=raw, now=now)
    if is_new:
        jobs.put("journeys.hand_receipt", "host_answer", answer.pk, now=now)
    return answer.urn


def take_receipt_from_host(
    *, community_id: int, raw: bytes, key: VerifierKey, here: bool = False, now: datetime
) -> Urn:
    """A community keeps a receipt of its host's log, whose key is `key`, once it proves what it should; `here` where
    that log is ours."""
    issuer = "" if here else str(key)
    _from_its_host(community_id, issuer)
    document = ReceiptDocument.decode(raw)
    expected = upstream_queries.hash_of(community_id=community_id, about=document.about, key=issuer)
    proven = check_receipt(document, keys=_keys_of(key), expected=expected, by="host")
    receipt = upstream.store_receipt(
        community_id=community_id, about=document.about, kept=True, text=document.receipt, proven=proven, now=now
    )
    return receipt.urn


def take_receipt_from_customer(*, customer_id: int, raw: bytes, key: VerifierKey, now: datetime) -> Urn:
    """The host keeps a receipt of a customer's log, once it proves what it should."""
    document = ReceiptDocument.decode(raw)
    expected = hosting_queries.hash_of(customer_id=customer_id, about=document.about)
    proven = check_receipt(document, keys=_keys_of(key), expected=expected, by="customer")
    receipt = hosting.store_receipt(
        customer=hosting_queries.customer_row(customer_id),
        about=document.about,
        kept=True,
        text=document.receipt,
        proven=proven,
        now=now,
    )
    return receipt.urn


def _keys_of(key: VerifierKey) -> list[VerifierKey]:
    """The key of a log and those before it, under which its older receipts go on verifying."""
    return [VerifierKey.parse(text) for text in record_queries.lineage(str(key))]


def from_host(*, kind: str, raw: bytes, key: VerifierKey, now: datetime) -> Urn:
    """A document of a host elsewhere, whose signature by `key` was verified; gives the name of what was taken."""
    slug = _community_named(kind, raw, _TO_COMMUNITY)
    found = community_by_slug(slug)
    if found is None:
        raise NotFound(_("You host no community of that name here."))
    settle(key, now=now)
    with transaction.atomic(durable=True):
        if kind == "policy":
            return take_policy(community_id=found.id, raw=raw, key=str(key), now=now)
        if kind == "notice":
            return take_notice(community_id=found.id, raw=raw, key=str(key), now=now)
        if kind == "key":
            _from_its_host(found.id, str(key))
            return take_key(statement=KeyDocument.decode(raw).statement, key=key, now=now)
        return take_receipt_from_host(community_id=found.id, raw=raw, key=key, now=now)


def from_customer(*, kind: str, raw: bytes, key: VerifierKey, now: datetime) -> Urn:
    """A document of a customer elsewhere, whose signature by `key` was verified; gives the name of what was taken."""
    slug = _community_named(kind, raw, _TO_HOST)
    settle(key, now=now)
    with transaction.atomic(durable=True):
        customer_id = hosting_queries.customer_elsewhere(key=str(key), slug=slug).customer_id
        if kind == "key":
            return take_key(statement=KeyDocument.decode(raw).statement, key=key, now=now)
        if kind == "acceptance":
            return take_acceptance(customer_id=customer_id, raw=raw, now=now)
        if kind == "answer":
            return take_answer(customer_id=customer_id, raw=raw, now=now)
        return take_receipt_from_customer(customer_id=customer_id, raw=raw, key=key, now=now)


_Document = PolicyDocument | NoticeDocument | AcceptanceDocument | AnswerDocument | ReceiptDocument | KeyDocument
_Decode = Callable[[bytes], _Document]
_TO_COMMUNITY: Mapping[str, _Decode] = {
    "policy": PolicyDocument.decode,
    "notice": NoticeDocument.decode,
    "receipt": ReceiptDocument.decode,
    "key": KeyDocument.decode,
}
_TO_HOST: Mapping[str, _Decode] = {
    "acceptance": AcceptanceDocument.decode,
    "answer": AnswerDocument.decode,
    "receipt": ReceiptDocument.decode,
    "key": KeyDocument.decode,
}


def _community_named(kind: str, raw: bytes, known: Mapping[str, _Decode]) -> str:
    decode = known.get(kind)
    if decode is None:
        raise Invalid(f"Nothing of the kind {kind[:40]!r} is taken here.", field="kind")
    return decode(raw).community
