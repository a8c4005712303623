"""A case that nobody at home may decide goes to another community's moderators, by agreement, or to the host."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action
from wardmote.communities.queries import community
from wardmote.communities.queries.agreements import judges_for
from wardmote.jobs import operations as jobs
from wardmote.journeys.moderators.second_thoughts import tell_of_decision
from wardmote.journeys.steps.notices import answer_appeal
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import moderator
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.models import Appeal, Case, HandedOn
from wardmote.moderation.policy import AppealState, CaseState
from wardmote.moderation.queries import away
from wardmote.moderation.queries.parties import nobody_hears, nobody_left, person_who_decided
from wardmote.notices.policy import Kind
from wardmote.notices.policy import agreements as letters
from wardmote.upstream.queries import is_hosted_here

ALL = "journeys.find_judges"


def find_judge(community_id: int, case_id: int, appeal_id: int = 0, *, now: datetime) -> None:
    """Look whether anybody at home may decide; hand it on where nobody may and another community judges. As a job,
    harmless to repeat."""
    with transaction.atomic(durable=True):
        _place(community_id, case_id, appeal_id or None, actor=SYSTEM, host=False, now=now)


def find_judges(community_id: int, *, now: datetime) -> None:
    """The same for all that is undecided at home: who moderates, or with whom there is an agreement, has changed."""
    for case_id, appeal_id in list(away.stranded(community_id=community_id)):
        with transaction.atomic(durable=True):
            _place(community_id, case_id, appeal_id, actor=SYSTEM, host=False, now=now)


def look_again(community_id: int, *, now: datetime) -> None:
    """Who moderates has changed: have all that waits looked at again, where others could judge. Inside the caller's
    transaction."""
    if judges_for(community_id):
        jobs.put(ALL, community_id, now=now)


def ask(*, community_id: int, member_id: int, case_id: int, appeal_id: int | None = None, now: datetime) -> str:
    """A moderator asks for somebody who may decide: a community by agreement, else the host. Gives where it went: a
    community's title, or "" for the host.

    Refused where somebody at home may, Conflict where there is neither.
    """
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        row = _place(community_id, case_id, appeal_id, actor=Urn("member", member_id), host=True, now=now)
        if row is None:
            raise Conflict(
                _(
                    "There is nobody to ask: no agreement with a community whose moderators may decide it, and no host "
                    "on this server. The owner can make an agreement, or appoint a moderator who is not named."
                )
            )
        return community(row.to_id).title if row.to_id else ""


def _place(
    community_id: int, case_id: int, appeal_id: int | None, *, actor: Urn, host: bool, now: datetime
) -> HandedOn | None:
    """Where it is for somebody to decide, after this; None where it is at home, or nobody is to be found."""
    cases = Case.objects.select_for_update(of=("self",)).select_related("item")
    case = cases.filter(community_id=community_id, pk=case_id).first()
    appeals = Appeal.objects.filter(community_id=community_id, decision__case_id=case_id)
    appeal = appeals.filter(pk=appeal_id).first() if appeal_id else None
    if case is None or (appeal_id and appeal is None):
        raise NotFound(_("There is no such case here."))
    if not _is_stranded(case, appeal):
        if actor != SYSTEM:
            raise Refused(_("Somebody here may decide it, or it is decided."))
        return None
    present = away.handed_on(community_id=community_id, case_id=case_id, appeal_id=appeal_id)
    to_id, judges = _who(case, appeal, now=now)
    # The host does not wait to be asked about its own decision: it may have suspended whoever could ask.
    host = host or (appeal is not None and appeal.first_decider_staff_id is not None)
    if to_id is None and not (host and is_hosted_here(community_id)):
        return present if present is not None and present.to_id is None else None
    if present is not None and present.to_id == to_id:
        return present
    return _hand_on(present, case, appeal_id, to_id=to_id, judges=judges, actor=actor, now=now)


def _who(case: Case, appeal: Appeal | None, *, now: datetime) -> tuple[int | None, list[int]]:
    """The first community by agreement where somebody may decide, and who; (None, []) where there is none."""
    first = person_who_decided(appeal) if appeal else None
    for judges_id in judges_for(case.community_id):
        judges = away.free_judges(case, judges_id=judges_id, first_person_id=first, now=now)
        if judges:
            return judges_id, judges
    return None, []


def _is_stranded(case: Case, appeal: Appeal | None) -> bool:
    if appeal is not None:
        return appeal.state == AppealState.OPEN and nobody_hears(appeal)
    return case.state != CaseState.DECIDED and bool(nobody_left([case], community_id=case.community_id))


def _hand_on(
    before: HandedOn | None,
    case: Case,
    appeal_id: int | None,
    *,
    to_id: int | None,
    judges: list[int],
    actor: Urn,
    now: datetime,
) -> HandedOn:
    if before is not None:
        moderation.bring_home(before, actor=actor, now=now)
    row = moderation.hand_on(
        community_id=case.community_id, case_id=case.pk, appeal_id=appeal_id, to_id=to_id, actor=actor, now=now
    )
    home = community(case.community_id).title
    for judge_id in judges:
        tell(
            to_id or 0,
            judge_id,
            kind=Kind.OFFICE,
            about=row.urn,
            write=lambda: letters.case_waits(home=home),
            path=f"/console/others/appeals/{appeal_id}" if appeal_id else f"/console/others/cases/{case.pk}",
            now=now,
        )
    return row


def claim(*, judges_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """A moderator of the other community takes the case, theirs for a quarter of an hour."""
    with transaction.atomic(durable=True):
        row = _enter(judges_id, member_id, case_id, now=now)
        moderation.claim_case(community_id=row.community_id, member_id=member_id, case_id=case_id, now=now)


def release(*, judges_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """Back, undecided."""
    with transaction.atomic(durable=True):
        row = _enter(judges_id, member_id, case_id, now=now)
        moderation.release_case(community_id=row.community_id, member_id=member_id, case_id=case_id, now=now)


def decide(
    *,
    judges_id: int,
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
    """Decide by the rules of the case's own community and carry it out there; gives the decision's id.

    `seen` and `judged` as for `review.decide`. It cannot be taken back: author and reporters are told at once, and by
    whom it was decided.
    """
    with transaction.atomic(durable=True):
        row = _enter(judges_id, member_id, case_id, now=now)
        home = row.community_id
        decision = moderation.decide_case(
            community_id=home,
            member_id=member_id,
            case_id=case_id,
            action=action,
            clause_id=clause_id,
            reason=reason,
            days=days,
            seen=seen,
            judged=judged,
            judges=Urn("community", judges_id),
            now=now,
        )
        moderation.carry_out(community_id=home, decision=decision, actor=Urn("member", member_id), now=now)
        tell_of_decision(community_id=home, decision_id=decision.pk, now=now)
    return decision.pk


def decide_appeal(
    *, judges_id: int, member_id: int, appeal_id: int, reverse: bool, reason: str, seen: str, now: datetime
) -> None:
    """Uphold, or reverse and undo; the author is answered, and told who heard it."""
    about = away.case_of_appeal_handed_to(judges_id=judges_id, appeal_id=appeal_id)
    if about is None:
        raise NotFound(_("There is no such appeal here."))
    with transaction.atomic(durable=True):
        row = _enter(judges_id, member_id, about, appeal_id=appeal_id, now=now)
        home = row.community_id
        appeal = moderation.decide_appeal(
            community_id=home,
            member_id=member_id,
            appeal_id=appeal_id,
            reverse=reverse,
            reason=reason,
            seen=seen,
            judges=Urn("community", judges_id),
            now=now,
        )
        if reverse:
            moderation.carry_out(community_id=home, decision=appeal.decision, actor=Urn("member", member_id), now=now)
        if appeal.appellant_id is None:
            moderation.announce_appeal(appeal.decision, now=now)
        else:
            answer_appeal(appeal, appellant_id=appeal.appellant_id, now=now)


def _enter(judges_id: int, member_id: int, case_id: int, *, appeal_id: int | None = None, now: datetime) -> HandedOn:
    """The one door: whoever comes in moderates where the case was handed to, and may judge it.

    Both communities' standings are held in the order of their ids, as two that judge for each other would else wait
    for each other for ever.
    """
    row = away.handed_here(judges_id=judges_id, case_id=case_id, appeal_id=appeal_id)
    if row is None:
        raise NotFound(_("There is no such case here."))
    author_id = row.case.item.author_id
    held = {judges_id: [member_id], row.community_id: [author_id] if author_id else []}
    for community_id in sorted(held):
        communities.hold_standings(community_id=community_id, member_ids=held[community_id])
    moderator(community_id=judges_id, member_id=member_id, now=now, lock=True)
    again = away.handed_here(judges_id=judges_id, case_id=case_id, appeal_id=appeal_id)
    if again is None:
        raise Conflict(_("This is not yours to decide any more: somebody there may, or the agreement has ended."))
    sentence = away.why_not_away(
        again.case,
        judges_id=judges_id,
        member_id=member_id,
        first_person_id=person_who_decided(again.appeal) if again.appeal else None,
    )
    if sentence:
        raise Refused(sentence)
    return again
