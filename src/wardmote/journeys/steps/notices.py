"""Who is told what after a decision. Runs inside the caller's transaction; the mail itself goes out by a job."""

from datetime import datetime
from functools import partial

from wardmote.communities.policy import Action
from wardmote.communities.queries import community, standing_of_member
from wardmote.journeys.steps.office import tell, tell_visitor
from wardmote.moderation import queries as moderation
from wardmote.moderation.models import Appeal, Decision
from wardmote.moderation.policy import AppealState
from wardmote.moderation.queries import away
from wardmote.network import queries as network
from wardmote.notices.policy import (
    Fate,
    Kind,
    Letter,
    Reported,
    agreements,
    appeal_answer,
    released,
    report_answer,
    statement_of_reasons,
    visitor_answer,
    withdrawn,
)


def tell_author(decision: Decision, *, now: datetime) -> None:
    """The statement of reasons; or, when a held text is found to be right, that it is published."""
    measure = moderation.measure_for_notice(decision)
    author_id = decision.item.author_id
    if author_id is None:
        return
    before = decision.corrects
    how = None
    if decision.action == Action.NONE:
        how = moderation.how_to_tell_of_none(decision.case, before)
        if how is None:
            return
        kind, path = Kind.RELEASED, decision.item.context.get("path", "/")
    else:
        kind, path = Kind.STATEMENT_OF_REASONS, f"/why/{decision.pk}"

    def write() -> Letter:
        if kind is not Kind.RELEASED:
            return statement_of_reasons(measure, correction=decision.correction)
        if how == "withdrawn":
            return withdrawn(
                community=measure.community,
                thing=measure.thing,
                quote=measure.quote,
                fate=measure.fate,
                correction=decision.correction,
            )
        return released(community=measure.community, thing=measure.thing, quote=measure.quote, fate=measure.fate)

    judges = away.judges_of(decision)
    tell(
        decision.community_id,
        author_id,
        kind=kind,
        about=decision.urn,
        write=lambda: _signed(write(), community=measure.community, judges=judges),
        path=path,
        now=now,
    )


def _signed(letter: Letter, *, community: str, judges: str | None) -> Letter:
    """The letter, with the sentence that says which other community decided, or that the host did, where one did."""
    return letter if judges is None else agreements.by_others(letter, community=community, judges=judges)


def answer_reporters(decision: Decision, *, now: datetime) -> None:
    """Everybody who reported hears what came of it; of a correction, that it is one, where they have read otherwise."""
    title, acted = community(decision.community_id).title, decision.action != Action.NONE.value
    fate = moderation.fate_of(community_id=decision.community_id, subject=decision.case.subject)
    author_id, judges = decision.item.author_id, away.judges_of(decision)
    author = network.profile(community_id=decision.community_id, member_id=author_id) if author_id else None
    handle = author.handle if author else ""
    corrects = decision.corrects is not None and decision.corrects.told_at is not None
    for report in decision.case.reports.select_related("item"):
        reported = _reported(decision, handle=handle, filed_at=report.filed_at)
        edited = report.item_id != decision.item_id
        write = partial(
            report_answer,
            community=title,
            acted=acted,
            fate=fate,
            edited=edited,
            reported=reported,
            corrects=corrects,
        )
        tell(
            decision.community_id,
            report.reporter_id,
            kind=Kind.REPORT_ANSWER,
            about=report.urn,
            write=lambda write=write: _signed(write(), community=title, judges=judges),  # type: ignore[misc]
            path="/reports",
            now=now,
        )

    _answer_visitors(decision, handle=handle, fate=fate, now=now)


def _answer_visitors(decision: Decision, *, handle: str, fate: Fate, now: datetime) -> None:
    """Those without an account hear it by mail, and how to seek redress; not who was erased meanwhile."""
    here, judges = community(decision.community_id), away.judges_of(decision)
    for report in decision.case.visitor_reports.exclude(contact=None):
        write = partial(
            visitor_answer,
            community=here.title,
            contact=here.contact,
            acted=decision.action != Action.NONE.value,
            fate=fate,
            edited=report.item_id != decision.item_id,
            reported=_reported(decision, handle=handle, filed_at=report.filed_at),
        )
        tell_visitor(
            report,
            kind=Kind.REPORT_ANSWER,
            write=lambda write=write: _signed(write(), community=here.title, judges=judges),  # type: ignore[misc]
            now=now,
        )


def _reported(decision: Decision, *, handle: str, filed_at: datetime) -> Reported:
    acted = decision.action != Action.NONE.value
    return Reported(
        thing=moderation.thing_of(decision.case.subject),
        handle=handle,
        filed_at=filed_at,
        action=Action(decision.action) if acted else None,
        clause_key=decision.clause.key if acted and decision.clause else "",
        clause_title=decision.clause.title if acted and decision.clause else "",
    )


def answer_appeal(appeal: Appeal, *, appellant_id: int, now: datetime) -> None:
    """The appellant hears the outcome and why, once it is carried out."""
    subject = appeal.decision.case.subject
    standing = standing_of_member(community_id=appeal.community_id, member_id=appellant_id)
    title, judges = community(appeal.community_id).title, away.judges_of_appeal(appeal)
    is_account = appeal.decision.action == Action.SUSPEND.value
    tell(
        appeal.community_id,
        appellant_id,
        kind=Kind.APPEAL_ANSWER,
        about=appeal.urn,
        write=lambda: _signed(
            appeal_answer(
                community=title,
                reversed_=appeal.state == AppealState.REVERSED.value,
                reason=appeal.outcome_reason,
                thing=moderation.thing_of(subject),
                fate=moderation.fate_of(community_id=appeal.community_id, subject=subject),
                suspended_until=standing.suspended_until if is_account and standing.suspended(now) else None,
            ),
            community=title,
            judges=judges,
        ),
        path=f"/why/{appeal.decision_id}",
        now=now,
    )
