"""The host's staff judge what nobody of a community of this installation may, once the community has asked."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action
from wardmote.journeys.moderators.second_thoughts import tell_of_decision
from wardmote.journeys.steps.notices import answer_appeal
from wardmote.journeys.steps.permission import host_staff
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.models import HandedOn
from wardmote.moderation.policy import AppealState, CaseState
from wardmote.moderation.queries import host
from wardmote.upstream.queries import is_hosted_here


def decide(
    *,
    staff_id: int,
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

    `seen` and `judged` as for `review.decide`. Nobody claims it: of two, the second is told that it is decided. It
    cannot be taken back: author and reporters are told at once, and that it was the host.
    """
    with transaction.atomic(durable=True):
        staff, row = _enter(staff_id, case_id)
        home = row.community_id
        decision = moderation.decide_case_as_host(
            community_id=home,
            staff=staff,
            case_id=case_id,
            action=action,
            clause_id=clause_id,
            reason=reason,
            days=days,
            seen=seen,
            judged=judged,
            now=now,
        )
        moderation.carry_out(community_id=home, decision=decision, actor=staff, now=now)
        tell_of_decision(community_id=home, decision_id=decision.pk, now=now)
    return decision.pk


def decide_appeal(*, staff_id: int, appeal_id: int, reverse: bool, reason: str, seen: str, now: datetime) -> None:
    """Uphold, or reverse and undo, by somebody who did not decide; the author is told that it was the host."""
    case_id = case_of(appeal_id)
    with transaction.atomic(durable=True):
        staff, row = _enter(staff_id, case_id, appeal_id=appeal_id)
        home = row.community_id
        appeal = moderation.decide_appeal_as_host(
            community_id=home, staff=staff, appeal_id=appeal_id, reverse=reverse, reason=reason, seen=seen, now=now
        )
        if reverse:
            moderation.carry_out(community_id=home, decision=appeal.decision, actor=staff, now=now)
        if appeal.appellant_id is None:
            moderation.announce_appeal(appeal.decision, now=now)
        else:
            answer_appeal(appeal, appellant_id=appeal.appellant_id, now=now)


def case_of(appeal_id: int) -> int:
    """The case of an appeal that the host was asked about."""
    case_id = host.case_of_appeal_at_host(appeal_id=appeal_id)
    if case_id is None:
        raise NotFound(_("There is no such appeal here."))
    return case_id


def _enter(staff_id: int, case_id: int, *, appeal_id: int | None = None) -> tuple[Urn, HandedOn]:
    """The one door: whoever comes in works for the host, which was asked about this, and may judge it.

    What is looked at is held first: who moderates at home, and the case, which is handed on elsewhere only by who
    holds it.
    """
    row = asked(case_id, appeal_id=appeal_id)
    author_id = row.case.item.author_id
    communities.hold_standings(community_id=row.community_id, member_ids=[author_id] if author_id else [])
    moderation.hold_case(community_id=row.community_id, case_id=case_id)
    staff = host_staff(staff_id)
    again = asked(case_id, appeal_id=appeal_id)
    _check_open(again)
    if sentence := host.why_not_staff(again.case, person_id=staff_id):
        raise Refused(sentence)
    return staff, again


def asked(case_id: int, *, appeal_id: int | None = None) -> HandedOn:
    """What the host was asked to judge. NotFound for whatever it was not; Conflict where it is not for it any more."""
    if not host.was_asked(case_id=case_id, appeal_id=appeal_id):
        raise NotFound(_("There is no such case here."))
    row = host.handed_to_host(case_id=case_id, appeal_id=appeal_id)
    if row is None or not host.nobody_at_home(row) or not is_hosted_here(row.community_id):
        raise Conflict(
            _("This is not the host’s to decide any more: somebody of the community may, or another was asked.")
        )
    return row


def _check_open(row: HandedOn) -> None:
    """Whoever comes second is told so, also where it was they who decided."""
    if row.appeal is None and row.case.state == CaseState.DECIDED:
        raise Conflict(_("This case is decided already."))
    if row.appeal is not None and row.appeal.state != AppealState.OPEN:
        raise Conflict(_("This appeal is decided already."))
