"""The policy and the customers, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Severity
from wardmote.hosting.models import AcceptableUse, Acceptance, Case, Clause, Customer, Outage
from wardmote.hosting.policy.acceptable_use import ClauseDraft, as_document
from wardmote.hosting.policy.kinds import Stage
from wardmote.hosting.policy.terms import Terms
from wardmote.hosting.queries.facts import terms_of
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause, and how long a customer has to cure a breach of it."""

    id: int
    key: str
    title: str
    text: str
    category: str
    severity: Severity
    cure_hours: int


@dataclass(frozen=True, slots=True)
class AcceptableUseView:
    """One version of the host's policy."""

    id: int
    number: int
    title: str
    hash: str
    published_at: datetime
    clauses: tuple[ClauseView, ...]
    terms: Terms

    def document(self) -> dict[str, Json]:
        """What is hashed, sent and accepted."""
        drafts = [ClauseDraft(c.key, c.title, c.text, c.category, c.severity) for c in self.clauses]
        return as_document(self.title, drafts, self.terms)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer; `community_id` is None, and `base_url` set, for one elsewhere."""

    customer_id: int
    name: str
    slug: str
    community_id: int | None
    base_url: str
    origin: str
    key: str
    accepted_number: int | None
    accepted_at: datetime | None
    open_cases: int

    @property
    def urn(self) -> Urn:
        return Urn("customer", self.customer_id)


def acceptable_use() -> AcceptableUseView | None:
    """The version in force."""
    row = AcceptableUse.objects.order_by("-number").first()
    return _policy(row) if row else None


def acceptable_use_version(number: int) -> AcceptableUseView | None:
    """One version, in force or not."""
    row = AcceptableUse.objects.filter(number=number).first()
    return _policy(row) if row else None


def accepted_policy(*, customer_id: int) -> AcceptableUseView | None:
    """The latest version that a customer has accepted: the one whose clauses a case against it can cite."""
    row = AcceptableUse.objects.filter(acceptances__customer_id=customer_id).order_by("-number").first()
    return _policy(row) if row else None


def customers() -> list[CustomerRow]:
    """All customers, by name."""
    return [_customer(row) for row in Customer.objects.order_by("name", "pk")]


def customer(customer_id: int) -> CustomerRow:
    """The customer of that id; NotFound where there is none."""
    row = Customer.objects.filter(pk=customer_id).first()
    if row is None:
        raise NotFound(_("There is no such customer."))
    return _customer(row)


def customer_of(community_id: int) -> CustomerRow | None:
    """The customer that a community of ours is."""
    row = Customer.objects.filter(community_id=community_id).first()
    return _customer(row) if row else None


def customer_elsewhere(*, key: str, slug: str) -> CustomerRow:
    """The customer of that short name at the installation whose log has exactly that key."""
    row = Customer.objects.filter(key=key, slug=slug).exclude(key="").first()
    if row is None:
        raise NotFound(_("No customer of ours is known by that name there."))
    return _customer(row)


def has_customer_key(key: str) -> bool:
    """Whether a customer elsewhere has that key."""
    return Customer.objects.filter(key=key).exclude(key="").exists()


def _policy(row: AcceptableUse) -> AcceptableUseView:
    terms = terms_of(row.document)
    return AcceptableUseView(
        id=row.pk,
        number=row.number,
        title=row.title,
        hash=row.hash,
        published_at=row.published_at,
        clauses=tuple(
            ClauseView(
                c.pk, c.key, c.title, c.text, c.category, Severity(c.severity), terms.cure_hours(Severity(c.severity))
            )
            for c in Clause.objects.filter(policy=row)
        ),
        terms=terms,
    )


def _customer(row: Customer) -> CustomerRow:
    accepted = Acceptance.objects.filter(customer=row).select_related("policy").order_by("-policy__number").first()
    final = [stage.value for stage in Stage if stage.final]
    return CustomerRow(
        customer_id=row.pk,
        name=row.name,
        slug=row.slug,
        community_id=row.community_id,
        base_url=row.base_url,
        origin=row.origin,
        key=row.key,
        accepted_number=accepted.policy.number if accepted else None,
        accepted_at=accepted.accepted_at if accepted else None,
        open_cases=Case.objects.filter(customer=row).exclude(stage__in=final).count(),
    )


@dataclass(frozen=True, slots=True)
class OutageRow:
    """A time in which customers could not reach the host."""

    started_at: datetime
    ended_at: datetime
    reason: str


def outages() -> list[OutageRow]:
    """Every outage that was noted, newest first."""
    return [OutageRow(row.started_at, row.ended_at, row.reason) for row in Outage.objects.order_by("-started_at")]
