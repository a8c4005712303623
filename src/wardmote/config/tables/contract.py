"""The host's policy, its customers, and that they accepted it."""

from collections.abc import Iterable, Sequence

from wardmote.config.tables.kinds import Kind, Row, Values, at, dated, hashed, of_subject, part, plain, take, urn
from wardmote.hosting.models import AcceptableUse, Acceptance, Customer
from wardmote.record.queries import Recorded

_CLAUSE = ("key", "title", "text", "category", "severity")
"""What a clause's row repeats of the document."""


def _policies(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "number": row.number,
                "title": row.title,
                "hash": hashed(row.document),
                "published_at": at(row.published_at),
                "actor": urn("person", row.published_by_id),
                "clauses": [[getattr(c, name) for name in _CLAUSE] for c in row.clauses.all()]
                == [[c.get(name) for name in _CLAUSE] for c in part(row.document, "clauses") or ()],
            },
        )
        for row in AcceptableUse.objects.filter(pk__in=list(ids)).prefetch_related("clauses")
    ]


def _policy_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told = plain("acceptable_use.published", "number", "title", "hash")(row, entries)
    return None if told is None else {**told, "clauses": True}


def _customers(ids: Iterable[int]) -> list[Row]:
    columns = ("name", "slug", "base_url", "key")
    rows = Customer.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                **{name: getattr(row, name) for name in columns},
                "origin": names_log(row.key, row.origin),
                "community": urn("community", row.community_id),
                "enrolled_at": at(row.enrolled_at),
            },
        )
        for row in rows
    ]


def _customer_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told = plain("customer.enrolled", "name", "slug", "base_url", "key")(row, entries)
    if told is None:
        return None
    for entry in entries:
        if entry.verb == "customer.rekeyed":
            take(told, entry, key="new")
    return {**told, "origin": True}


def names_log(key: str, origin: str) -> bool:
    """Whether the key is of the log of that name; no key is of no log."""
    return key.startswith(f"{origin}+") if key else not origin


def _acceptances(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "customer": urn("customer", row.customer_id),
                "hash": row.hash,
                "number": row.policy.number,
                "accepted_at": at(row.accepted_at),
            },
        )
        for row in Acceptance.objects.filter(pk__in=list(ids)).select_related("policy")
    ]


KINDS = (
    Kind(
        "the host's policies",
        AcceptableUse,
        _policies,
        dated(_policy_told, "acceptable_use.published", "published_at"),
        {"acceptable_use.published": of_subject},
    ),
    Kind(
        "customers",
        Customer,
        _customers,
        dated(_customer_told, "customer.enrolled", "enrolled_at"),
        {"customer.enrolled": of_subject},
    ),
    Kind(
        "customers' acceptances",
        Acceptance,
        _acceptances,
        plain("acceptable_use.accepted", "customer", "hash", "number", "accepted_at"),
        {"acceptable_use.accepted": of_subject},
    ),
)
