"""What time alone brings about. Nothing is warned, restricted or suspended here: only people do that."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting.models import Case, Clock, Item
from wardmote.hosting.operations.disputes import follow_disputes
from wardmote.hosting.operations.rechecks import plan_series
from wardmote.hosting.operations.stages import locked_case, move_case
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, Stage
from wardmote.hosting.policy.ladder import may_step
from wardmote.hosting.queries.facts import facts_of
from wardmote.kernel.urn import SYSTEM


@transaction.atomic
def see_clock(*, clock_id: int, now: datetime) -> None:
    """Look at a clock that should have run out: silence is noted, and what was to be cured is looked at.

    Harmless to repeat, and for a clock that was paused, given more time, or ended meanwhile.
    """
    found = Clock.objects.filter(pk=clock_id).values_list("case_id", flat=True).first()
    if found is None:
        return
    case = locked_case(found)
    clock = Clock.objects.select_related("item").filter(pk=clock_id, ended_at=None).first()
    if clock is None or not clock.reading().lapsed(now):
        return
    if clock.name == ClockName.ACKNOWLEDGE:
        _move(case, Stage.UNANSWERED, now=now)
    elif clock.name == ClockName.CURE and clock.item is not None:
        _look(case, clock.item, now=now)


def _look(case: Case, item: Item, *, now: datetime) -> None:
    if not ItemStatus(item.status).settled:
        plan_series(item, now=now)
    if _move(case, Stage.RECHECK, now=now):
        follow_disputes(case, now=now)


def _move(case: Case, to: Stage, *, now: datetime) -> bool:
    if not may_step(facts_of(case), to, now):
        return False
    move_case(case=case, to=to, actor=SYSTEM, now=now)
    return True
