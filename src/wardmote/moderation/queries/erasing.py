"""What keeps somebody from erasing what they wrote: what nobody has decided yet. As much of it as they may know."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.moderation.models import Appeal, Case, Cover, QuarantinedCase
from wardmote.moderation.policy import AppealState, CaseState, QuarantineState


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of one's own that waits, and since when; `path` is where it is."""

    path: str
    since: datetime
    is_appeal: bool = False


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What waits. `told`: what its author was told of: held or covered texts, and their appeals. `others`: whether more
    does: of a report nobody is told who is reported, nor of what is locked, so it is not said what or how much."""

    told: tuple[Waiting, ...]
    others: bool

    @property
    def is_anything(self) -> bool:
        return bool(self.told) or self.others


def in_the_way_of_erasing(*, community_id: int, member_id: int) -> InTheWay:
    """What a moderator has yet to decide about what this member wrote; while there is any, nothing is erased."""
    undecided = Case.objects.filter(community_id=community_id, item__author_id=member_id).exclude(
        state=CaseState.DECIDED.value
    )
    cases = list(undecided.select_related("item").order_by("opened_at"))
    covered = set(Cover.objects.filter(case__in=cases, ended_at=None).values_list("case_id", flat=True))
    known = [case for case in cases if case.held or case.pk in covered]
    appeals = Appeal.objects.filter(
        community_id=community_id, appellant_id=member_id, state=AppealState.OPEN.value
    ).order_by("filed_at")
    locked = QuarantinedCase.objects.filter(
        community_id=community_id, author_id=member_id, state=QuarantineState.WAITING.value
    )
    return InTheWay(
        told=(
            *(Waiting(case.item.context.get("path", ""), case.opened_at) for case in known),
            *(Waiting(f"/why/{appeal.decision_id}", appeal.filed_at, is_appeal=True) for appeal in appeals),
        ),
        others=len(known) < len(cases) or locked.exists(),
    )
