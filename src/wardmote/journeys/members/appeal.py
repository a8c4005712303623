"""The author appeals; a different moderator decides; a reversal undoes the action."""

from datetime import datetime
from typing import cast

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Deed
from wardmote.communities.queries import standing_of_member
from wardmote.communities.queries.agreements import judges_for
from wardmote.jobs import operations as jobs
from wardmote.journeys.moderators.second_thoughts import tell_of_decision
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.notices import answer_appeal
from wardmote.journeys.steps.once import Sent
from wardmote.journeys.steps.permission import moderator
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.moderation.queries import host
from wardmote.network.policy import clean_text
from wardmote.outside.appeal_links import decision_of


def file_appeal(
    *, community_id: int, member_id: int, decision_id: int, text: str, once: str = "", now: datetime
) -> int:
    """The author's word against a measure, also while suspended; gives the appeal's id. `once` is the key of the form
    that was sent, if it had one."""
    sent = Sent(community_id, Urn("member", member_id), once, ("appeal", decision_id, text))
    standing_of_member(community_id=community_id, member_id=member_id)
    words = clean_text(text, limit=REASON_LIMIT, field="text", required=True)
    with transaction.atomic(durable=True):
        # Whoever erases everything they wrote is waited for, and waits.
        communities.hold_standings(community_id=community_id, member_ids=[member_id])
        before = sent.before(now=now)
        if before is not None:
            return cast("int", before)
        pace.count(community_id=community_id, member_id=member_id, deed=Deed.APPEAL, now=now)
        appeal_id = moderation.file_appeal(
            community_id=community_id, member_id=member_id, decision_id=decision_id, text=words, now=now
        )
        _tell_first(community_id, decision_id, now=now)
        _look_who_hears(community_id, appeal_id, now=now)
        sent.keep(appeal_id, now=now)
        return appeal_id


def file_outside_appeal(*, community_id: int, token: str, text: str, once: str = "", now: datetime) -> int:
    """The same by whoever holds the link that came with a decision about a post elsewhere; gives the appeal's id."""
    decision_id = decision_of(token)
    if decision_id is None:
        raise NotFound(_("There is no such decision here."))
    words = clean_text(text, limit=REASON_LIMIT, field="text", required=True)
    sent = Sent(community_id, Urn("decision", decision_id), once, ("appeal", text))
    with transaction.atomic(durable=True):
        before = sent.before(now=now)
        if before is not None:
            return cast("int", before)
        appeal_id = moderation.file_outside_appeal(
            community_id=community_id, decision_id=decision_id, text=words, now=now
        )
        _tell_first(community_id, decision_id, now=now)
        _look_who_hears(community_id, appeal_id, now=now)
        sent.keep(appeal_id, now=now)
        return appeal_id


def _tell_first(community_id: int, decision_id: int, *, now: datetime) -> None:
    """Whoever appeals knows of the decision: its notices leave now, before the appeal can undo it. Else nobody would be
    given its reasons, and no reporter an answer."""
    tell_of_decision(community_id=community_id, decision_id=decision_id, now=now)


def _look_who_hears(community_id: int, appeal_id: int, *, now: datetime) -> None:
    """What the host decided is looked at without an agreement too: another of its staff hears it."""
    case_id = queries.case_of_appeal(community_id=community_id, appeal_id=appeal_id)
    if case_id is not None and (judges_for(community_id) or host.is_against_host(appeal_id=appeal_id)):
        jobs.put("journeys.find_judge", community_id, case_id, appeal_id, now=now)


def decide_appeal(
    *, community_id: int, member_id: int, appeal_id: int, reverse: bool, reason: str, seen: str, now: datetime
) -> None:
    """Uphold, or reverse and undo; the author is answered either way.

    `seen` is what was there when the moderator read it (`AppealView.seen`): Changed where something else is there now.
    """
    with transaction.atomic(durable=True):
        author_id = queries.author_of_appeal(community_id=community_id, appeal_id=appeal_id)
        communities.hold_standings(community_id=community_id, member_ids=[i for i in (member_id, author_id) if i])
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        appeal = moderation.decide_appeal(
            community_id=community_id,
            member_id=member_id,
            appeal_id=appeal_id,
            reverse=reverse,
            reason=reason,
            seen=seen,
            now=now,
        )
        if reverse:
            moderation.carry_out(
                community_id=community_id, decision=appeal.decision, actor=Urn("member", member_id), now=now
            )
        if appeal.appellant_id is None:
            moderation.announce_appeal(appeal.decision, now=now)
        else:
            answer_appeal(appeal, appellant_id=appeal.appellant_id, now=now)
