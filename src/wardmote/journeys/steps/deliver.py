"""Handing over: directly where both sides live here, and by a job where the other side is elsewhere.

What is handed over here happens in the caller's transaction, so that no letter is issued and not delivered.
"""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community
from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.hosting.models import Case, Notice
from wardmote.hosting.policy.documents import AcceptanceDocument, PolicyDocument
from wardmote.hosting.queries import AcceptableUseView
from wardmote.jobs import operations as jobs
from wardmote.journeys.steps import exchange
from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.outside.delivery import deliver
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries as upstream_queries
from wardmote.upstream.models import Answer, HostPolicy

COMMUNITY_DOOR = "/exchange/community/"
HOST_DOOR = "/exchange/host/"


def hand_notice(case: Case, notice: Notice, *, now: datetime) -> None:
    """Bring a letter to its customer; the case must be locked."""
    community_id = case.customer.community_id
    if community_id is None:
        jobs.put("journeys.deliver_notice", notice.pk, now=now)
        return
    taken = exchange.take_notice(community_id=community_id, raw=notice.document.encode(), now=now)
    _delivered(case, notice.pk, proof=f"taken by the owner's desk as {taken}", now=now)


def deliver_notice(notice_id: int, *, now: datetime) -> None:
    """The job: bring a letter to a customer elsewhere. The clock starts when the other side says that it has it."""
    out = hosting_queries.outgoing(notice_id)
    if out is None:
        return
    proof = deliver(f"{out.base_url}{COMMUNITY_DOOR}notice", body=out.raw, key=str(out.urn), now=now)
    with transaction.atomic(durable=True):
        _delivered(hosting.locked_case(out.case_id), notice_id, proof=proof, now=now)


def _delivered(case: Case, notice_id: int, *, proof: str, now: datetime) -> None:
    hosting.mark_delivered(case=case, notice_id=notice_id, proof=proof, now=now)
    jobs.put("journeys.hand_receipt", "host_notice", notice_id, now=now)


def hand_answer(answer: Answer, *, now: datetime) -> None:
    """Bring an answer to the host; Refused where the letter was from one that is no longer."""
    if not upstream_queries.still_hosts(community_id=answer.community_id, key=answer.notice.key):
        raise Refused(_("Who wrote this letter hosts the community no longer: nobody would hear an answer."))
    jobs.put("journeys.hand_receipt", "upstream_answer", answer.pk, now=now)
    host = upstream_queries.host_of(answer.community_id)
    if host is not None and host.elsewhere:
        jobs.put("journeys.deliver_answer", answer.pk, now=now)
        return
    taken = exchange.take_answer(customer_id=customer_id_of(answer.community_id), raw=answer.document.encode(), now=now)
    upstream.mark_answer_sent(answer_id=answer.pk, proof=f"taken by the host's desk as {taken}", now=now)


def deliver_answer(answer_id: int, *, now: datetime) -> None:
    """The job: bring an answer to a host elsewhere."""
    out = upstream_queries.outgoing_answer(answer_id)
    if out is None:
        return
    proof = deliver(f"{out.base_url}{HOST_DOOR}answer", body=out.raw, key=str(out.urn), now=now)
    with transaction.atomic(durable=True):
        upstream.mark_answer_sent(answer_id=answer_id, proof=proof, now=now)


def hand_policy(customer_id: int, policy: AcceptableUseView, *, now: datetime) -> None:
    """Bring the policy in force to a customer."""
    customer = hosting_queries.customer(customer_id)
    if customer.community_id is None:
        jobs.put("journeys.deliver_policy", customer_id, policy.number, now=now)
        return
    raw = PolicyDocument(policy.number, customer.slug, policy.document()).encode()
    exchange.take_policy(community_id=customer.community_id, raw=raw, now=now)


def deliver_policy(customer_id: int, number: int, *, now: datetime) -> None:
    """The job: bring a version of the policy to a customer elsewhere."""
    customer = hosting_queries.customer(customer_id)
    policy = hosting_queries.acceptable_use_version(number)
    if policy is None:
        return
    raw = PolicyDocument(number, customer.slug, policy.document()).encode()
    key = f"urn:wardmote:acceptable_use:{policy.id} to {customer.urn}"
    deliver(f"{customer.base_url}{COMMUNITY_DOOR}policy", body=raw, key=key, now=now)


def hand_acceptance(policy: HostPolicy, *, now: datetime) -> None:
    """Bring the owner's acceptance to the host."""
    host = upstream_queries.host_of(policy.community_id)
    if host is not None and host.elsewhere:
        jobs.put("journeys.deliver_acceptance", policy.pk, now=now)
        return
    raw = _acceptance(policy).encode()
    exchange.take_acceptance(customer_id=customer_id_of(policy.community_id), raw=raw, now=now)
    upstream.mark_acceptance_sent(policy_id=policy.pk, now=now)


def deliver_acceptance(policy_id: int, *, now: datetime) -> None:
    """The job: bring an acceptance to a host elsewhere."""
    policy = upstream_queries.accepted_policy(policy_id)
    host = upstream_queries.host_of(policy.community_id) if policy else None
    if policy is None or host is None:
        return
    raw = _acceptance(policy).encode()
    deliver(f"{host.base_url}{HOST_DOOR}acceptance", body=raw, key=str(policy.urn), now=now)
    with transaction.atomic(durable=True):
        upstream.mark_acceptance_sent(policy_id=policy_id, now=now)


def _acceptance(policy: HostPolicy) -> AcceptanceDocument:
    if policy.accepted_at is None:
        raise Refused(_("This version of the policy is not accepted."))
    slug = community(policy.community_id).slug
    return AcceptanceDocument(slug, policy.number, policy.hash, policy.accepted_at)


def customer_id_of(community_id: int) -> int:
    """The customer that a community of ours is to this installation."""
    customer = hosting_queries.customer_of(community_id)
    if customer is None:
        raise Refused(_("This community has no host to answer."))
    return customer.customer_id
