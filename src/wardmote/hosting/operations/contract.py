"""The policy is published, customers are enrolled, and accept."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.hosting.models import AcceptableUse, Acceptance, Clause, Customer
from wardmote.hosting.policy.acceptable_use import ClauseDraft, as_document, check_clauses, policy_hash
from wardmote.hosting.policy.terms import Terms
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import canonical_bytes
from wardmote.record import operations as record


@transaction.atomic
def publish_acceptable_use(
    *, title: str, clauses: Sequence[ClauseDraft], terms: Terms, staff: Urn, now: datetime
) -> AcceptableUse:
    """The next version of the host's policy; the earlier ones stay as they were."""
    check_clauses(clauses)
    document = as_document(title, clauses, terms)
    last = AcceptableUse.objects.order_by("-number").values_list("number", flat=True).first()
    policy = AcceptableUse.objects.create(
        number=(last or 0) + 1,
        title=title,
        document=canonical_bytes(document).decode(),
        hash=policy_hash(document),
        published_at=now,
        published_by_id=staff.id,
    )
    Clause.objects.bulk_create(
        Clause(
            policy=policy,
            position=position,
            key=c.key,
            title=c.title,
            text=c.text,
            category=c.category,
            severity=int(c.severity),
        )
        for position, c in enumerate(clauses)
    )
    record.append(
        now=now,
        actor=staff,
        verb="acceptable_use.published",
        subject=policy.urn,
        community=None,
        facts={"number": policy.number, "hash": policy.hash, "title": title},
    )
    return policy


@transaction.atomic
def enrol_customer(
    *,
    community_id: int | None,
    name: str,
    slug: str,
    base_url: str = "",
    origin: str = "",
    key: str = "",
    staff: Urn,
    now: datetime,
) -> Customer:
    """A community of ours, or one elsewhere, becomes a customer; Conflict when it is one already."""
    try:
        with transaction.atomic():
            customer = Customer.objects.create(
                community_id=community_id,
                name=name,
                slug=slug,
                base_url=base_url.rstrip("/"),
                origin=origin,
                key=key,
                enrolled_at=now,
            )
    except IntegrityError:
        raise Conflict(_("This community is a customer already.")) from None
    record.append(
        now=now,
        actor=staff,
        verb="customer.enrolled",
        subject=customer.urn,
        community=customer.community_urn,
        facts={"name": name, "slug": slug, "base_url": customer.base_url, "key": key},
    )
    return customer


@transaction.atomic
def replace_customer_key(*, old: str, new: str, now: datetime) -> None:
    """The log of an installation elsewhere has another key now, for every customer of ours there."""
    for customer in Customer.objects.select_for_update().filter(key=old).order_by("pk"):
        customer.key = new
        customer.save(update_fields=["key"])
        record.append(
            now=now,
            actor=SYSTEM,
            verb="customer.rekeyed",
            subject=customer.urn,
            community=None,
            facts={"old": old, "new": new},
        )


@transaction.atomic
def store_acceptance(
    *, customer_id: int, number: int, shown_hash: str, accepted_at: datetime, now: datetime
) -> Acceptance:
    """Keep that a customer accepted a version; harmless to repeat. Conflict when what was shown is not that version."""
    customer = Customer.objects.filter(pk=customer_id).first()
    policy = AcceptableUse.objects.filter(number=number).first()
    if customer is None or policy is None:
        raise NotFound(_("There is no such customer, or no such version of the policy."))
    if policy.hash != shown_hash:
        raise Conflict(_("What was accepted is not this version of the policy."))
    acceptance, created = Acceptance.objects.get_or_create(
        customer=customer, policy=policy, defaults={"hash": policy.hash, "accepted_at": accepted_at}
    )
    if created:
        record.append(
            now=now,
            actor=SYSTEM,
            verb="acceptable_use.accepted",
            subject=acceptance.urn,
            community=customer.community_urn,
            facts={
                "customer": str(customer.urn),
                "number": number,
                "hash": policy.hash,
                "accepted_at": to_rfc3339(accepted_at),
            },
        )
    return acceptance
