"""A machine's opinion of a case: what it may cost, and what is kept of it. It raises a rank, and decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from wardmote.communities.models import Clause
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Case, Opinion, OpinionUse
from wardmote.moderation.policy import CaseState, raised_by_opinion
from wardmote.moderation.queries.opinions import uses_of
from wardmote.record import operations as record


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion as it came: `clause_id` of the policy in force, or None; the quote is [start, end) of the text."""

    model: str
    digest: str
    clause_id: int | None
    probability: float
    reason: str
    start: int
    end: int
    again: bool


@transaction.atomic
def spend_on_opinion(
    *, community_id: int, tokens: int, installation: tuple[int, int], community: tuple[int, int], now: datetime
) -> bool:
    """Take one call and about `tokens` from today's budgets; gives whether both had it, and takes nothing where not.

    `installation` and `community`: the calls and the tokens that each may spend in a day.
    """
    # Always in this order, so that two who spend at once wait for each other and not in a circle.
    uses = [(_use(None, now), installation), (_use(community_id, now), community)]
    if any(use.calls + 1 > calls or use.tokens + tokens > most for use, (calls, most) in uses):
        return False
    OpinionUse.objects.filter(pk__in=[use.pk for use, _ in uses]).update(
        calls=F("calls") + 1, tokens=F("tokens") + tokens
    )
    return True


@transaction.atomic
def correct_spending(*, community_id: int, day: date, more: int) -> None:
    """Add what a call took more than was thought, or with a negative number less."""
    for owner in (None, community_id):
        uses_of(owner).filter(day=day).update(tokens=F("tokens") + more)


def _use(community_id: int | None, now: datetime) -> OpinionUse:
    use, _ = uses_of(community_id).get_or_create(day=now.date(), defaults={"community_id": community_id})
    return OpinionUse.objects.select_for_update().get(pk=use.pk)


@transaction.atomic
def store_opinion(*, community_id: int, case_id: int, item_id: int, said: Said, now: datetime) -> bool:
    """Keep an opinion with its case, and rank the case higher where it names a clause.

    Gives whether it was kept: what came too late, for a case that is decided or about another text by now, or came
    twice, is let go.
    """
    case = Case.objects.select_for_update().filter(community_id=community_id, pk=case_id).first()
    if case is None or case.state == CaseState.DECIDED or case.item_id != item_id:
        return False
    former = list(Opinion.objects.filter(community_id=community_id, case=case))
    if any(opinion.digest == said.digest for opinion in former):
        return False
    clause = Clause.objects.get(pk=said.clause_id) if said.clause_id is not None else None
    Opinion.objects.create(
        community_id=community_id,
        case=case,
        item_id=item_id,
        model=said.model,
        digest=said.digest,
        clause=clause,
        probability=said.probability,
        reason=said.reason,
        start=said.start,
        end=said.end,
        again=said.again,
        given_at=now,
    )
    before = [opinion.probability for opinion in former if opinion.clause_id is not None]
    if clause is not None:
        case.priority = raised_by_opinion(case.priority, said.probability, before=max(before, default=0.0))
        case.save(update_fields=["priority"])
    record.append(
        now=now,
        actor=SYSTEM,
        verb="case.advised",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={
            "model": said.model,
            "digest": said.digest,
            "clause": clause.key if clause else None,
            "probability": said.probability,
            "again": said.again,
            "priority": case.priority,
        },
    )
    return True
