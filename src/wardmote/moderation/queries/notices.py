"""What a letter about a decision needs to know."""

from datetime import datetime, timedelta
from typing import Literal

from wardmote.communities.models import Clause
from wardmote.communities.policy import Action
from wardmote.communities.queries import community, standing_of_member
from wardmote.kernel import i18n
from wardmote.kernel.errors import Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, CaseText, Decision
from wardmote.moderation.policy import APPEAL_WINDOW, Source
from wardmote.moderation.policy.seen import check_seen
from wardmote.moderation.queries.seen import case_seen
from wardmote.moderation.queries.state import fate_of, has_waited, judgement_of, origin_of, present_text
from wardmote.notices.policy import Fate, Letter, Measure, released, statement_of_reasons, withdrawn
from wardmote.people.queries import language_of


def thing_of(subject: str) -> str:
    """What a letter calls the subject."""
    return "profile" if subject.startswith("urn:") and Urn.parse(subject).kind == "profile" else "post"


def measure_for_notice(decision: Decision) -> Measure:
    """The facts of a decision, for the statement of reasons."""
    return _measure(
        decision.case,
        quote=decision.item.text,
        fate=fate_of(community_id=decision.community_id, subject=decision.case.subject),
        action=Action(decision.action),
        clause=decision.clause,
        reason=decision.reason,
        until=decision.until,
        decided_at=decision.decided_at,
    )


def preview_statement(
    *,
    community_id: int,
    case_id: int,
    action: Action,
    clause_id: int | None,
    reason: str,
    days: int | None,
    seen: str,
    judged: str = "",
    corrects: int | None = None,
    correction: str = "",
    now: datetime,
) -> Letter:
    """The letter that the author would get, exactly as it would be read; Changed where the sheet was written about
    something else. `judged` is the hash of the text that is quoted, "" for the newest, or for the one judged before.

    `corrects` is the decision in whose place this one comes, `correction` says what was wrong with it.
    """
    case = Case.objects.select_related("item").filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    check_seen(case_seen(case), seen)
    clause = Clause.objects.filter(policy__community_id=community_id, pk=clause_id).first() if clause_id else None
    before = Decision.objects.select_related("item").filter(case=case, pk=corrects).first() if corrects else None
    quote = _quoted(case, "" if action is Action.NONE else judged, before)
    fate = _fate_after(case, before)
    if action is Action.NONE:
        how = how_to_tell_of_none(case, before)
        if how is None:
            return Letter(_("No letter"), _("The author is told nothing: nothing changes for them."))
        about = {"community": community(community_id).title, "thing": thing_of(case.subject), "quote": quote}
        with i18n.speaking(_language_of_author(case)):
            if how == "withdrawn":
                return withdrawn(**about, fate=fate, correction=correction.strip())
            return released(**about, fate=fate)
    if clause is None:
        raise Invalid(_("Choose the clause that was broken."), field="clause")
    measure = _measure(
        case,
        quote=quote,
        fate=fate,
        action=action,
        clause=clause,
        reason=reason or "…",
        until=now + timedelta(days=days or 1) if action is Action.SUSPEND else None,
        decided_at=now,
    )
    with i18n.speaking(_language_of_author(case)):
        return statement_of_reasons(measure, correction=correction.strip() if before else "")


def how_to_tell_of_none(case: Case, before: Decision | None) -> Literal["released", "withdrawn"] | None:
    """What the author is written when nothing is done: of a measure that is withdrawn, of what waited that it is free,
    and of neither nothing. `before`: the decision that is corrected."""
    if before is not None and before.action != Action.NONE:
        return "withdrawn"
    if has_waited(case) and (before is None or before.told_at is None):
        return "released"
    return None


def _fate_after(case: Case, before: Decision | None) -> Fate:
    """What will have become of it once this case is decided without a measure, for a letter that is not sent yet."""
    now = fate_of(community_id=case.community_id, subject=case.subject)
    if now.is_gone:
        return now
    after = judgement_of(
        community_id=case.community_id,
        subject=case.subject,
        without_case=case.pk,
        without_decision=before.pk if before else None,
    )
    return Fate(after.visibility.value)


def _quoted(case: Case, judged: str, before: Decision | None) -> str:
    if before is not None and not judged:
        return before.item.text
    kept = CaseText.objects.filter(case=case, item__content_hash=judged).select_related("item").first()
    if kept is not None:
        return kept.item.text
    return present_text(community_id=case.community_id, subject=case.subject) or case.item.text


def _language_of_author(case: Case) -> str:
    author_id = case.item.author_id
    if author_id is None:
        return ""
    return language_of(standing_of_member(community_id=case.community_id, member_id=author_id).person_id)


def _measure(
    case: Case,
    *,
    quote: str,
    fate: Fate,
    action: Action,
    clause: Clause | None,
    reason: str,
    until: datetime | None,
    decided_at: datetime,
) -> Measure:
    came = origin_of(case)
    present = present_text(community_id=case.community_id, subject=case.subject)
    return Measure(
        community=community(case.community_id).title,
        thing=thing_of(case.subject),
        quote=quote,
        action=action,
        clause_key=clause.key if clause else "",
        clause_title=clause.title if clause else "",
        clause_text=clause.text if clause else "",
        reason=reason,
        until=until,
        from_reports=came.reported,
        from_screening=came.screened,
        from_host=came.source is Source.HOST,
        from_owner=came.source is Source.OWNER,
        appeal_until=decided_at + APPEAL_WINDOW,
        fate=fate,
        was_held=has_waited(case),
        edited=present is not None and present != quote,
        outside=came.outside,
    )
