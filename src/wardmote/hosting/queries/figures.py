"""What the host asked of its customers over a while, and how long each side took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, QuerySet
from django.db.models.functions import TruncDate

from wardmote.hosting.models import Answer, Case, Customer, Item, Notice
from wardmote.hosting.policy.kinds import ItemStatus, NoticeKind

GONE = (ItemStatus.REMOVED, ItemStatus.GONE_UNEXPLAINED)
UP = (ItemStatus.STILL_UP, ItemStatus.REAPPEARED)


@dataclass(frozen=True, slots=True)
class HostDay:
    """One day, in UTC."""

    day: date
    opened: int
    letters: int
    answers: int


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """One customer: cases opened, letters delivered, its answers, and the posts by what became of them."""

    name: str
    opened: int
    letters: int
    answers: int
    removed: int
    up: int


@dataclass(frozen=True, slots=True)
class HostFigures:
    """Counts are of the days shown. `to_notice`: median from opening a case to its first letter; `to_answer`: median
    from the delivery of a letter to the first answer. None where there was none."""

    days: tuple[HostDay, ...]
    customers: tuple[CustomerFigures, ...]
    letters: tuple[tuple[NoticeKind, int], ...]
    to_notice: timedelta | None
    to_answer: timedelta | None

    @property
    def opened(self) -> int:
        return sum(day.opened for day in self.days)

    @property
    def delivered(self) -> int:
        return sum(day.letters for day in self.days)

    @property
    def answered(self) -> int:
        return sum(day.answers for day in self.days)


def figures(*, days: int, now: datetime) -> HostFigures:
    """The last `days` days up to and with today, over all customers."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    cases = Case.objects.filter(opened_at__gte=since, opened_at__lte=now)
    letters = Notice.objects.filter(delivered_at__gte=since, delivered_at__lte=now)
    answers = Answer.objects.filter(received_at__gte=since, received_at__lte=now)
    opened, sent, answered = (
        _per_day(rows, moment)
        for rows, moment in ((cases, "opened_at"), (letters, "delivered_at"), (answers, "received_at"))
    )
    kinds = dict(letters.values_list("kind").annotate(n=Count("pk")).order_by())
    return HostFigures(
        days=tuple(
            HostDay(day, opened.get(day, 0), sent.get(day, 0), answered.get(day, 0))
            for day in (first + timedelta(days=n) for n in range(days))
        ),
        customers=tuple(_by_customer(cases, letters, answers)),
        letters=tuple((kind, kinds[kind.value]) for kind in NoticeKind if kind.value in kinds),
        to_notice=_middle(cases.annotate(end=Min("notices__delivered_at")).filter(end__isnull=False), "opened_at"),
        to_answer=_middle(letters.annotate(end=Min("answers__received_at")).filter(end__isnull=False), "delivered_at"),
    )


def _per_day(rows: "QuerySet[Case] | QuerySet[Notice] | QuerySet[Answer]", moment: str) -> dict[date, int]:
    by_day = rows.annotate(day=TruncDate(moment, tzinfo=UTC)).values_list("day").annotate(n=Count("pk")).order_by()
    return dict(by_day)


def _by_customer(
    cases: "QuerySet[Case]", letters: "QuerySet[Notice]", answers: "QuerySet[Answer]"
) -> Iterable[CustomerFigures]:
    opened = dict(cases.values_list("customer").annotate(n=Count("pk")).order_by())
    sent = dict(letters.values_list("case__customer").annotate(n=Count("pk")).order_by())
    said = dict(answers.values_list("customer").annotate(n=Count("pk")).order_by())
    posts: dict[tuple[int, str], int] = {}
    by_status = Item.objects.filter(case__in=cases).values_list("case__customer", "status").annotate(n=Count("pk"))
    for customer, status, n in by_status.order_by():
        posts[customer, status] = n
    for customer, name in Customer.objects.order_by("name", "pk").values_list("pk", "name"):
        yield CustomerFigures(
            name,
            opened.get(customer, 0),
            sent.get(customer, 0),
            said.get(customer, 0),
            sum(posts.get((customer, status.value), 0) for status in GONE),
            sum(posts.get((customer, status.value), 0) for status in UP),
        )


def _middle(rows: "QuerySet[Case] | QuerySet[Notice]", start: str) -> timedelta | None:
    """The median; of an even number the upper of the two in the middle."""
    took = ExpressionWrapper(F("end") - F(start), output_field=DurationField())
    timed = rows.annotate(took=took).order_by("took").values_list("took", flat=True)
    count = timed.count()
    middle: timedelta | None = timed[count // 2] if count else None
    return middle
