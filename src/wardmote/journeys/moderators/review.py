"""A moderator takes a case, and decides it: the action is carried out, the author and the reporters are told."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action
from wardmote.jobs import operations as jobs
from wardmote.journeys.moderators.second_thoughts import tell_of_decision, undo_time
from wardmote.journeys.steps.permission import moderator
from wardmote.kernel.texts import one_line_end
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries


def claim_next(*, community_id: int, member_id: int, now: datetime) -> int | None:
    """The case that ranks first for this moderator, theirs for a quarter of an hour; None when nothing waits."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        return moderation.claim_next_case(community_id=community_id, member_id=member_id, now=now)


def claim(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """One case by name."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.claim_case(community_id=community_id, member_id=member_id, case_id=case_id, now=now)


def release(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """Back into the queue, undecided."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.release_case(community_id=community_id, member_id=member_id, case_id=case_id, now=now)


def hand_over(*, community_id: int, member_id: int, case_id: int, to_id: int, note: str, now: datetime) -> None:
    """To another moderator, with an internal note."""
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id, to_id])
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.hand_over_case(
            community_id=community_id,
            member_id=member_id,
            case_id=case_id,
            to_id=to_id,
            note=one_line_end(note),
            now=now,
        )


def note(*, community_id: int, member_id: int, case_id: int, text: str, now: datetime) -> None:
    """Leave an internal note on a case; refused for whoever may not judge it."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.note_case(
            community_id=community_id, member_id=member_id, case_id=case_id, text=one_line_end(text), now=now
        )


def choose_to_go_on(*, community_id: int, member_id: int, goes_on: bool, now: datetime) -> None:
    """A moderator's own choice: whether the next case is there after a decision, or the list."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.choose_to_go_on(member_id=member_id, goes_on=goes_on)


def decide(
    *,
    community_id: int,
    member_id: int,
    case_id: int,
    action: Action,
    clause_id: int | None,
    reason: str,
    days: int | None,
    seen: str,
    judged: str = "",
    now: datetime,
) -> int:
    """Decide and carry out; gives the decision's id. Reasons and answers leave once it cannot be taken back any more.

    `seen` is the state of the case that the moderator had before them (`CaseView.seen`): Changed where it is another
    by now. `judged` is the hash of the text that breaks the rule, where the case has several.
    """
    with transaction.atomic(durable=True):
        author_id = queries.author_of_case(community_id=community_id, case_id=case_id)
        communities.hold_standings(community_id=community_id, member_ids=[i for i in (member_id, author_id) if i])
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        decision = moderation.decide_case(
            community_id=community_id,
            member_id=member_id,
            case_id=case_id,
            action=action,
            clause_id=clause_id,
            reason=reason,
            days=days,
            seen=seen,
            judged=judged,
            now=now,
        )
        moderation.carry_out(community_id=community_id, decision=decision, actor=Urn("member", member_id), now=now)
        if wait := undo_time():
            jobs.put("journeys.tell_of_decision", community_id, decision.pk, now=now, run_at=now + wait)
        else:
            tell_of_decision(community_id=community_id, decision_id=decision.pk, now=now)
    return decision.pk
