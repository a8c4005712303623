"""What screening sets going, the same for every path on which a text comes in. Runs inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Severity
from wardmote.communities.queries import ClauseView, community, current_policy, standing_of_member
from wardmote.journeys.steps import second_opinion
from wardmote.journeys.steps.cover import cover_for_screening
from wardmote.kernel import i18n
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.models import Case
from wardmote.moderation.policy import SELF_HARM, Route, Screened, Source
from wardmote.moderation.policy.covers import likely_threat
from wardmote.moderation.policy.drafts import CaseDraft
from wardmote.moderation.queries import judgement_of
from wardmote.network.policy import Visibility
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind, held
from wardmote.people.queries import language_of


@dataclass(frozen=True, slots=True)
class Stored:
    """A text that has been screened and stored: what it is called (`thing`: post, profile) and where it is.

    `edited`: it takes the place of another, so a case about that may be open.
    """

    subject: Urn
    author_id: int
    screened: Screened
    path: str
    thing: str
    edited: bool = False


def visibility_for(screened: Screened) -> Visibility:
    """Of what is new: held until a person has decided, or public."""
    return Visibility.HELD if screened.routing.route is Route.HOLD else Visibility.PUBLIC


def visibility_of(screened: Screened, *, community_id: int, subject: Urn) -> Visibility:
    """Of what has got another text: what was decided about it and what holds it count as much as the new words."""
    if screened.routing.route is Route.HOLD:
        return Visibility.HELD
    return judgement_of(community_id=community_id, subject=str(subject)).visibility


def act_on_screening(*, community_id: int, texts: Sequence[Stored], now: datetime) -> None:
    """Keep the scores; count matches at their lists; open a case where the policy asks for one; tell the author when
    their text is held."""
    screening_ids = moderation.store_screenings(
        community_id=community_id, screened=[(str(text.subject), text.screened) for text in texts], now=now
    )
    matches = [match for text in texts for match in text.screened.matches]
    moderation.count_matches(community_id=community_id, matches=matches, now=now)
    judged = [
        each for each in zip(texts, screening_ids, strict=True) if each[0].screened.routing.route is not Route.PUBLISH
    ]
    policy = current_policy(community_id=community_id) if judged else None
    for text, screening_id in zip(texts, screening_ids, strict=True):
        if text.edited and text.screened.routing.route is Route.PUBLISH:
            moderation.note_text(
                community_id=community_id,
                subject=text.subject,
                author_id=text.author_id,
                text=text.screened.text,
                context={"path": text.path},
                screening_id=screening_id,
                now=now,
            )
    for text, screening_id in zip(texts, screening_ids, strict=True):
        if text.screened.despairs and text.screened.routing.route is Route.PUBLISH:
            _ask_for_help(text, community_id=community_id, screening_id=screening_id, now=now)
    for text, screening_id in judged:
        clause = policy.clause(text.screened.routing.clause_key) if policy else None
        case = _open_case(text, clause, community_id=community_id, screening_id=screening_id, now=now)
        if policy and likely_threat(text.screened.scores, policy.drafts()):
            cover_for_screening(case, now=now)


def _ask_for_help(text: Stored, *, community_id: int, screening_id: int, now: datetime) -> None:
    """Somebody may be thinking of harming themselves: a person looks before all else. Nothing of it is held."""
    draft = CaseDraft(
        community_id=community_id,
        subject=text.subject,
        author_id=text.author_id,
        text=text.screened.text,
        context={"path": text.path},
        category=SELF_HARM,
        severity=Severity.CRITICAL,
        source=Source.SCREENING,
        score=text.screened.scores.get(SELF_HARM, 0.0),
        screening_id=screening_id,
    )
    case = moderation.open_case(draft, actor=SYSTEM, now=now)
    moderation.bring_to_front(case=case)


def _open_case(text: Stored, clause: ClauseView | None, *, community_id: int, screening_id: int, now: datetime) -> Case:
    routing = text.screened.routing
    if clause is None and not text.screened.matches:
        raise LookupError(f"screening named clause {routing.clause_key!r}, which is not in the policy in force")
    is_held = routing.route is Route.HOLD
    draft = CaseDraft(
        community_id=community_id,
        subject=text.subject,
        author_id=text.author_id,
        text=text.screened.text,
        context={"path": text.path},
        category=routing.category,
        severity=clause.severity if clause else Severity.HIGH,
        source=Source.SCREENING,
        score=routing.score,
        held=is_held,
        screening_id=screening_id,
    )
    case = moderation.open_case(draft, actor=SYSTEM, now=now)
    second_opinion.want(case_id=case.pk, priority=case.priority, routing=routing, now=now)
    if is_held:
        recipient_id = standing_of_member(community_id=community_id, member_id=text.author_id).person_id
        with i18n.speaking(language_of(recipient_id)):
            letter = held(
                community=community(community_id).title,
                thing=text.thing,
                quote=text.screened.text,
                clause_key=clause.key if clause else "",
                clause_title=clause.title if clause else "",
            )
        notices.send_notice(
            community_id=community_id,
            recipient_id=recipient_id,
            addressed_as=Urn("member", text.author_id),
            kind=Kind.HELD,
            about=text.subject,
            letter=letter,
            path=text.path,
            now=now,
        )
    return case
