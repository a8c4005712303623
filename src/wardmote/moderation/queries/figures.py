"""What moderation did over a while, in numbers: for the community's own report to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate

from wardmote.moderation.models import Appeal, Case, Decision, Screening
from wardmote.moderation.policy import AppealState, CaseState, Route, Source
from wardmote.moderation.policy.endings import Ending
from wardmote.moderation.queries.endings import ENDED

_COUNTED = (Ending.REVERSED, Ending.CORRECTED, Ending.LIFTED)
"""How a decision ends that counts; what was taken back before anybody heard of it counts as none."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day, in UTC."""

    day: date
    opened: int
    decided: int
    published: int
    queued: int
    held: int

    @property
    def screened(self) -> int:
        return self.published + self.queued + self.held


@dataclass(frozen=True, slots=True)
class ByClause:
    """Decisions under one clause; an empty key: no clause was broken. What was undone is counted by how."""

    key: str
    title: str
    decided: int
    reversed: int
    corrected: int
    lifted: int


@dataclass(frozen=True, slots=True)
class BySource:
    """Cases by what brought them; `median` is the time from opening to the first decision, None without a decision."""

    source: Source
    opened: int
    decided: int
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The whole report. Counts are of the days shown, but `waiting`, which is now; times in UTC."""

    days: tuple[Day, ...]
    clauses: tuple[ByClause, ...]
    sources: tuple[BySource, ...]
    waiting: int
    oldest: datetime | None
    median: timedelta | None
    appeals: int
    appeals_open: int
    upheld: int
    reversed: int

    @property
    def opened(self) -> int:
        return sum(day.opened for day in self.days)

    @property
    def decided(self) -> int:
        return sum(day.decided for day in self.days)

    @property
    def screened(self) -> int:
        return sum(day.screened for day in self.days)

    @property
    def settled_appeals(self) -> int:
        return self.upheld + self.reversed


def figures(*, community_id: int, days: int, now: datetime) -> Figures:
    """The last `days` days up to and with today. A case counts on the day it was opened, a decision on its own."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    cases = Case.objects.filter(community_id=community_id, opened_at__gte=since, opened_at__lte=now)
    decisions = Decision.objects.filter(
        community_id=community_id, decided_at__gte=since, decided_at__lte=now, taken_back_at=None
    )
    screenings = Screening.objects.filter(community_id=community_id, screened_at__gte=since, screened_at__lte=now)
    appeals = Appeal.objects.filter(community_id=community_id, filed_at__gte=since, filed_at__lte=now)
    opened = _per_day(cases, "opened_at")
    decided = _per_day(decisions, "decided_at")
    routed = _routes(screenings)
    waiting = Case.objects.filter(community_id=community_id).exclude(state=CaseState.DECIDED.value)
    states = dict(appeals.values_list("state").annotate(n=Count("pk")).order_by())
    return Figures(
        days=tuple(
            Day(
                day,
                opened.get(day, 0),
                decided.get(day, 0),
                *(routed.get((day, route), 0) for route in (Route.PUBLISH, Route.QUEUE, Route.HOLD)),
            )
            for day in (first + timedelta(days=n) for n in range(days))
        ),
        clauses=tuple(_by_clause(decisions)),
        sources=tuple(_by_source(cases)),
        waiting=waiting.count(),
        oldest=waiting.order_by("opened_at").values_list("opened_at", flat=True).first(),
        median=_median(cases),
        appeals=sum(states.values()),
        appeals_open=states.get(AppealState.OPEN.value, 0),
        upheld=states.get(AppealState.UPHELD.value, 0),
        reversed=states.get(AppealState.REVERSED.value, 0),
    )


def _per_day(rows: "QuerySet[Case] | QuerySet[Decision]", moment: str) -> dict[date, int]:
    by_day = rows.annotate(day=TruncDate(moment, tzinfo=UTC)).values_list("day").annotate(n=Count("pk")).order_by()
    return dict(by_day)


def _routes(screenings: "QuerySet[Screening]") -> dict[tuple[date, Route], int]:
    by_day = screenings.annotate(day=TruncDate("screened_at", tzinfo=UTC)).values_list("day", "route")
    return {(day, Route(route)): n for day, route, n in by_day.annotate(n=Count("pk")).order_by()}


def _by_clause(decisions: "QuerySet[Decision]") -> Iterable[ByClause]:
    # A clause keeps its key from version to version of a policy: they count as one, under the newest title.
    rows = decisions.values_list("clause__key", "clause__title").annotate(
        n=Count("pk"), **{name.value: Count("pk", filter=ENDED[name]) for name in _COUNTED}
    )
    found: dict[str, ByClause] = {}
    for key, title, *counts in rows.order_by("clause__key", "clause__title"):
        before = found.get(key or "")
        so_far = (before.decided, before.reversed, before.corrected, before.lifted) if before else (0, 0, 0, 0)
        found[key or ""] = ByClause(key or "", title or "", *(a + b for a, b in zip(so_far, counts, strict=True)))
    return sorted(found.values(), key=lambda row: (-row.decided, row.key))


def _by_source(cases: "QuerySet[Case]") -> Iterable[BySource]:
    rows = cases.values_list("source").annotate(n=Count("pk"), decided=Count("pk", filter=Q(decided_at__isnull=False)))
    for source, n, decided in rows.order_by("-n", "source"):
        yield BySource(Source(source), n, decided, _median(cases.filter(source=source)))


def _median(cases: "QuerySet[Case]") -> timedelta | None:
    """The middle time from opening to decision; of an even number the upper of the two in the middle.

    The database sorts; SQLite has no median of its own.
    """
    took = ExpressionWrapper(F("decided_at") - F("opened_at"), output_field=DurationField())
    done = cases.filter(decided_at__isnull=False).annotate(took=took).order_by("took")
    count = done.count()
    middle: timedelta | None = done.values_list("took", flat=True)[count // 2] if count else None
    return middle
