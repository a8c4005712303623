"""Who is told what after a decision. Runs inside the caller's transaction; the mail itself goes out by a job."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from wardmote.communities.policy import Action
from wardmote.communities.queries import community, standing_of_member
from wardmote.kernel import words
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries as moderation
from wardmote.moderation.models import Appeal, Decision
from wardmote.moderation.policy import AppealState
from wardmote.notices import operations as notices
from wardmote.notices.policy import (
    Kind,
    Letter,
    appeal_answer,
    released,
    report_answer,
    statement_of_reasons,
    withdrawn,
)
from wardmote.people.queries import language_of


def tell_author(decision: Decision, *, now: datetime) -> None:
    """The statement of reasons; or, when a held text is found to be right, that it is published."""
    measure = moderation.measure_for_letter(decision)
    author_id = decision.item.author_id
    if author_id is None:
        return
    before = decision.corrects
    if decision.action == Action.NONE:
        if not decision.case.held and (before is None or before.action == Action.NONE):
            return
        kind, path = Kind.RELEASED, decision.item.context.get("path", "/")
    else:
        kind, path = Kind.STATEMENT_OF_REASONS, f"/why/{decision.pk}"

    def write() -> Letter:
        if kind is not Kind.RELEASED:
            return statement_of_reasons(measure, correction=decision.correction)
        if before is not None:
            return withdrawn(
                community=measure.community,
                thing=measure.thing,
                quote=measure.quote,
                fate=measure.fate,
                correction=decision.correction,
            )
        return released(community=measure.community, thing=measure.thing, quote=measure.quote, fate=measure.fate)

    _send(decision.community_id, author_id, kind=kind, about=decision.urn, write=write, path=path, now=now)


def answer_reporters(decision: Decision, *, now: datetime) -> None:
    """Everybody who reported hears what came of it."""
    title, acted = community(decision.community_id).title, decision.action != Action.NONE.value
    fate = moderation.fate_of(community_id=decision.community_id, subject=decision.case.subject)
    for report in decision.case.reports.all():
        edited = report.item_id != decision.item_id
        _send(
            decision.community_id,
            report.reporter_id,
            kind=Kind.REPORT_ANSWER,
            about=report.urn,
            write=partial(report_answer, community=title, acted=acted, fate=fate, edited=edited),
            path="/reports",
            now=now,
        )


def answer_appeal(appeal: Appeal, *, appellant_id: int, now: datetime) -> None:
    """The appellant hears the outcome and why, once it is carried out."""
    subject = appeal.decision.case.subject
    standing = standing_of_member(community_id=appeal.community_id, member_id=appellant_id)
    is_account = appeal.decision.action == Action.SUSPEND.value
    _send(
        appeal.community_id,
        appellant_id,
        kind=Kind.APPEAL_ANSWER,
        about=appeal.urn,
        write=lambda: appeal_answer(
            community=community(appeal.community_id).title,
            reversed_=appeal.state == AppealState.REVERSED.value,
            reason=appeal.outcome_reason,
            thing=moderation.thing_of(subject),
            fate=moderation.fate_of(community_id=appeal.community_id, subject=subject),
            suspended_until=standing.suspended_until if is_account and standing.suspended(now) else None,
        ),
        path=f"/why/{appeal.decision_id}",
        now=now,
    )


def _send(
    community_id: int, member_id: int, *, kind: Kind, about: Urn, write: Callable[[], Letter], path: str, now: datetime
) -> None:
    recipient_id = standing_of_member(community_id=community_id, member_id=member_id).person_id
    # Whoever decides may read another language than whoever is written to.
    with words.speaking(language_of(recipient_id)):
        letter = write()
    notices.send_notice(
        community_id=community_id,
        recipient_id=recipient_id,
        addressed_as=Urn("member", member_id),
        kind=kind,
        about=about,
        letter=letter,
        path=path,
        now=now,
    )
