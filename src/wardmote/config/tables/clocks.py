"""The host's clocks, which start and end with what is on record, and its outages."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Prefetch

from wardmote.config.tables.kinds import Kind, Row, Values, at, dated, of_subject, plain, urn
from wardmote.hosting.models import Case, Clock, Item, Outage
from wardmote.hosting.policy.kinds import ClockName, Stage
from wardmote.hosting.policy.ladder import CLOCK_OF
from wardmote.record.queries import Recorded, by_subject

_STAGES = {stage.value: stage for stage in Stage}
Started = tuple[str, str, str | None, str | None]
"""A clock's item (empty for the case's own), name, start and end."""


def _clocks(ids: Iterable[int]) -> list[Row]:
    cases = list(
        Case.objects.filter(pk__in=list(ids)).prefetch_related("clocks", Prefetch("items", Item.objects.order_by("pk")))
    )
    entries = by_subject({str(item.urn) for case in cases for item in case.items.all()})
    return [
        Row(
            case.pk,
            str(case.urn),
            {"clocks": sorted(map(_shown, case.clocks.all()), key=str)},
            {"items": {str(item.urn): entries[str(item.urn)] for item in case.items.all()}},
        )
        for case in cases
    ]


def _shown(clock: Clock) -> Started:
    return urn("host_item", clock.item_id) or "", clock.name, at(clock.started_at), at(clock.ended_at)


def _clocks_told(row: Row, entries: Sequence[Recorded]) -> Values:
    found: list[Started] = []
    running: tuple[str, str | None] | None = None
    over: str | None = None
    for entry in entries:
        stage = _stage(entry)
        if stage is None:
            continue
        if running is not None:
            found.append(("", *running, at(entry.time)))
        name = CLOCK_OF.get(stage)
        running = None if name is None else (name.value, at(entry.time))
        over = at(entry.time) if stage.final else over
    if running is not None:
        found.append(("", *running, None))
    return {"clocks": sorted([*found, *_of_items(row.beside["items"], over)], key=str)}


def _stage(entry: Recorded) -> Stage | None:
    if entry.verb == "host_case.opened":
        return Stage.OPEN
    return _STAGES.get(entry.verb.removeprefix("host_case.")) if "from" in entry.values else None


def _of_items(items: Mapping[str, Sequence[Recorded]], over: str | None) -> Iterable[Started]:
    """Time to cure runs from the notice until the case is over; time to review until the dispute is decided."""
    for item, entries in items.items():
        review: str | None = None
        for entry in entries:
            if entry.verb == "host_item.notified":
                yield item, ClockName.CURE.value, at(entry.time), over
            elif entry.verb == "host_item.disputed":
                review = at(entry.time)
            elif review is not None and "dispute" in entry.values:
                yield item, ClockName.REVIEW.value, review, at(entry.time)
                review = None
        if review is not None:
            yield item, ClockName.REVIEW.value, review, over


def _outages(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "started_at": at(row.started_at),
                "ended_at": at(row.ended_at),
                "reason": row.reason,
                "noted_at": at(row.noted_at),
                "actor": urn("person", row.noted_by_id),
            },
        )
        for row in Outage.objects.filter(pk__in=list(ids))
    ]


KINDS = (
    Kind("the host's clocks", Case, _clocks, _clocks_told),
    Kind(
        "outages",
        Outage,
        _outages,
        dated(plain("outage.noted", "started_at", "ended_at", "reason"), "outage.noted", "noted_at"),
        {"outage.noted": of_subject},
    ),
)
