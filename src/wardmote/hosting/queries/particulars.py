"""What a case itself brings to a letter."""

from wardmote.communities.policy import Severity
from wardmote.hosting.models import Case, Item
from wardmote.hosting.policy.items import in_letter
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, NoticeKind
from wardmote.hosting.policy.notices import Cited, CitedItem, Particulars
from wardmote.hosting.policy.terms import Terms
from wardmote.hosting.queries.facts import terms_of
from wardmote.people.queries import language_of

_CLOCK = {
    NoticeKind.REMINDER: ClockName.SECOND_CHANNEL,
    NoticeKind.WARNING: ClockName.WARNING,
    NoticeKind.RESTRICTION: ClockName.RESTRICTION,
    NoticeKind.PROPOSAL: ClockName.REPLY,
    NoticeKind.SUSPENSION: ClockName.SUSPENSION_REVIEW,
    NoticeKind.REINSTATEMENT: ClockName.PROBATION,
    NoticeKind.TERMINATION: ClockName.EXPORT,
}


def particulars_of(case: Case, *, kind: NoticeKind, hours: int | None) -> Particulars:
    """The clauses, items and deadline of a letter of that kind; `hours` is the deadline that staff chose, if any."""
    rows = Item.objects.filter(case=case).select_related("clause")
    items = [item for item in rows if in_letter(ItemStatus(item.status), kind)]
    clauses = {item.clause.pk: item.clause for item in items}
    policy = case.contract.policy
    return Particulars(
        customer=case.customer.name,
        language=language_of_customer(case),
        policy_number=policy.number,
        policy_hash=policy.hash,
        clauses=tuple(Cited(c.key, c.title, c.text) for c in sorted(clauses.values(), key=lambda c: c.position)),
        items=tuple(
            CitedItem(
                urn=str(item.urn),
                url=item.url,
                clause_key=item.clause.key,
                category=item.clause.category,
                capture=item.capture,
                capture_hash=item.capture_hash,
                seen_at=item.captured_at,
            )
            for item in items
        ),
        hours=_hours(terms_of(policy.document), kind, items) if hours is None else hours,
    )


def language_of_customer(case: Case) -> str:
    """The language its owner chose; empty where that is unknown: a customer elsewhere, or no choice made."""
    community = case.customer.community
    return "" if community is None else language_of(community.owner_id)


def _hours(terms: Terms, kind: NoticeKind, items: list[Item]) -> int | None:
    if kind is NoticeKind.NOTICE:
        return min((terms.cure_hours(Severity(item.clause.severity)) for item in items), default=None)
    return int(terms.length(_CLOCK[kind]).total_seconds() // 3600)
