"""What the host asks about is judged like any report: a case of our own moderation a post, whose decision answers."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.policy import Action, Severity
from wardmote.communities.queries import community, current_policy
from wardmote.journeys.owners.answer_host import give
from wardmote.journeys.steps.quarantine import lock, lock_published
from wardmote.journeys.steps.screening import Locked, screen_text
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.models import Decision
from wardmote.moderation.policy import Source
from wardmote.moderation.policy.drafts import CaseDraft
from wardmote.moderation.queries import is_locked, present_text
from wardmote.moderation.queries.away import judges_of
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries
from wardmote.upstream.models import Item
from wardmote.upstream.policy import answer_to, own_post


class Overtaken(Exception):
    """A post was edited while what it said before was screened; the job is tried again."""


def open_cases_for_notice(notice_id: int, *, now: datetime) -> None:
    """The job: one case a post of a letter, or the one that is open already. Harmless to repeat."""
    for item, kind in queries.items_of_notice(notice_id):
        if item.case_id is None or kind == "warning":
            _open_case(item, again=item.case_id is not None, now=now)


def _open_case(item: Item, *, again: bool, now: datetime) -> None:
    where = community(item.community_id)
    post_id = own_post(item.url, where.domain)
    post = (
        network.post(community_id=where.id, post_id=post_id, viewer_id=None, moderates=True)
        if post_id is not None
        else None
    )
    if again and (post is None or post.visibility is not Visibility.PUBLIC):
        return
    # What is there now is judged; where there is nothing of ours, what the host saw.
    subject = item.urn if post is None else Urn("post", post.id)
    text = item.capture if post is None else post.text
    about = subject if post_id is None else Urn("post", post_id)
    if is_locked(community_id=where.id, subject=str(about)):
        return
    try:
        screened = screen_text(community_id=where.id, text=text)
    except Locked as found:
        # Here and whenever the job repeats, the owner answers the host by hand: no case, whose decision would.
        if post is None:
            lock(found, community_id=where.id, author_id=None, subject=about, now=now)
        else:
            lock_published(found, community_id=where.id, author_id=post.author_id, subject=about, now=now)
        return
    policy = current_policy(community_id=where.id)
    clause = next((c for c in policy.clauses if c.category == item.category), None) if policy else None
    with transaction.atomic(durable=True):
        moderation.hold_subject(community_id=where.id, subject=subject)
        present = present_text(community_id=where.id, subject=str(subject))
        if post is not None and present is not None and present != text:
            raise Overtaken
        (screening_id,) = moderation.store_screenings(
            community_id=where.id, screened=[(str(subject), screened)], now=now
        )
        draft = CaseDraft(
            community_id=where.id,
            subject=subject,
            author_id=None if post is None else post.author_id,
            text=text,
            context={"path": item.url if post is None else post.path},
            category=item.category,
            severity=clause.severity if clause else Severity.HIGH,
            source=Source.HOST,
            score=screened.highest,
            screening_id=screening_id,
        )
        case = moderation.open_case(draft, actor=SYSTEM, now=now)
        upstream.link_case(item=item, case_id=case.pk)


def answer_host_for_decision(community_id: int, decision_id: int, *, now: datetime) -> None:
    """The job: what a moderator decided about a post that the host asks about goes back to the host, once."""
    decision = Decision.objects.select_related("clause").filter(community_id=community_id, pk=decision_id).first()
    if decision is None:
        return
    for item, notice in queries.items_in_case(community_id=community_id, case_id=decision.case_id):
        if queries.answered(item_id=item.pk, decision_id=decision_id):
            continue
        if not queries.still_hosts(community_id=community_id, key=notice.key):
            continue
        with transaction.atomic(durable=True):
            give(
                notice,
                item,
                kind=answer_to(Action(decision.action)),
                words=_sentence(decision),
                member_id=None,
                decision_id=decision_id,
                now=now,
            )


_WORDS = {
    Action.NONE: "read this post and find that it breaks no rule of ours.",
    Action.LABEL: "left this post up, with a label",
    Action.HIDE: "left this post up, behind a notice",
    Action.REMOVE: "removed this post",
    Action.WARN: "left this post up, and warned its author",
    Action.SUSPEND: "removed this post and suspended its author",
}


def _sentence(decision: Decision) -> str:
    words = f"{_who(decision)} {_WORDS[Action(decision.action)]}"
    if decision.clause is None:
        return words
    return f"{words}, under our rule {decision.clause.key} {decision.clause.title}. {decision.reason}".strip()


def _who(decision: Decision) -> str:
    """Who decided, as it was: where nobody of ours may, others judge for us."""
    judges = judges_of(decision)
    if judges is None:
        return "Our moderators"
    return f"The moderators of {judges}, who judge for us," if judges else "Staff of the host, who judged for us,"
