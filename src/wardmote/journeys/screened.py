"""What screening sets going, the same for every path on which a text comes in. Runs inside the caller's transaction."""

from datetime import datetime

from wardmote.communities.queries import community, current_policy, standing_of_member
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.policy import Route, Screened, Source
from wardmote.network.policy import Visibility
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind, held


def visibility_for(screened: Screened) -> Visibility:
    """Held until a person has decided, or public."""
    return Visibility.HELD if screened.routing.route is Route.HOLD else Visibility.PUBLIC


def act_on_screening(
    *,
    community_id: int,
    subject: Urn,
    author_id: int,
    screened: Screened,
    context: dict[str, str],
    thing: str,
    now: datetime,
) -> None:
    """Keep the scores; open a case where the policy asks for one; tell the author when their text is held."""
    screening_id = moderation.store_screening(
        community_id=community_id, subject=str(subject), screened=screened, now=now
    )
    routing = screened.routing
    if routing.route is Route.PUBLISH:
        return
    policy = current_policy(community_id=community_id)
    clause = policy.clause(routing.clause_key) if policy else None
    if clause is None:
        raise LookupError(f"screening named clause {routing.clause_key!r}, which is not in the policy in force")
    is_held = routing.route is Route.HOLD
    moderation.open_case(
        community_id=community_id,
        subject=subject,
        author_id=author_id,
        text=screened.text,
        context=context,
        category=routing.category,
        severity=clause.severity,
        source=Source.SCREENING,
        score=routing.score,
        held=is_held,
        screening_id=screening_id,
        actor=SYSTEM,
        now=now,
    )
    if is_held:
        notices.send_notice(
            community_id=community_id,
            recipient_id=standing_of_member(community_id=community_id, member_id=author_id).person_id,
            addressed_as=Urn("member", author_id),
            kind=Kind.HELD,
            about=subject,
            letter=held(
                community=community(community_id).title,
                thing=thing,
                quote=screened.text,
                clause_key=clause.key,
                clause_title=clause.title,
            ),
            path=context["path"],
            now=now,
        )
