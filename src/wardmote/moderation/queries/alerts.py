"""Alerts: several people who name one target, with the cases in which they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from wardmote.moderation.models import Alert, AlertCase
from wardmote.moderation.policy import CaseState
from wardmote.moderation.policy.distinct_authors import ALERT_WINDOW


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case of an alert; `waits` until it is decided. `handle` is empty where its author is no member."""

    case_id: int
    waits: bool
    category: str
    handle: str
    excerpt: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class AlertView:
    """One target that several people name. `kind`: person, place or time; `authors`: how many name it."""

    alert_id: int
    kind: str
    shown: str
    authors: int
    raised_at: datetime
    last_at: datetime
    cases: tuple[LinkedCase, ...]


def alerts(*, community_id: int, now: datetime, limit: int = 10) -> list[AlertView]:
    """What was raised or widened within the window and has a case that waits, newest first."""
    undecided = AlertCase.objects.filter(alert=OuterRef("pk")).exclude(case__state=CaseState.DECIDED.value)
    rows = Alert.objects.filter(community_id=community_id, last_at__gt=now - ALERT_WINDOW).filter(Exists(undecided))
    return _views(rows.order_by("-last_at")[:limit])


def alerts_of_case(*, community_id: int, case_id: int) -> list[AlertView]:
    """Every alert that a case belongs to, newest first."""
    rows = Alert.objects.filter(community_id=community_id, links__case_id=case_id)
    return _views(rows.order_by("-last_at")[:10])


def _views(rows: Iterable[Alert]) -> list[AlertView]:
    found = list(rows)
    linked: dict[int, list[LinkedCase]] = {alert.pk: [] for alert in found}
    links = AlertCase.objects.filter(alert__in=found).select_related("case__item__author__profile").order_by("case_id")
    for link in links:
        case, author = link.case, link.case.item.author
        linked[link.alert_id].append(
            LinkedCase(
                case_id=case.pk,
                waits=case.state != CaseState.DECIDED.value,
                category=case.category,
                handle=author.profile.handle if author else "",
                excerpt=case.item.text[:120],
                opened_at=case.opened_at,
            )
        )
    return [AlertView(a.pk, a.kind, a.shown, a.authors, a.raised_at, a.last_at, tuple(linked[a.pk])) for a in found]
