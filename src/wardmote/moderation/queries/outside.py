"""What outside platforms have told, and what they are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardmote.communities.policy import Action
from wardmote.communities.queries import community
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import (
    Decision,
    OutsideEvent,
    OutsidePost,
    OutsideReport,
    Suggestion,
    Webhook,
    WebhookDelivery,
)
from wardmote.moderation.policy import DeliveryState, Source, Standing, is_url, judgement_from
from wardmote.moderation.queries.letters import measure_for_letter
from wardmote.notices.policy import statement_of_reasons


@dataclass(frozen=True, slots=True)
class OutsidePostView:
    """A post of an outside platform as it was last told; without a text once it is deleted."""

    post_id: int
    source: str
    source_id: str
    url: str
    author: str
    text: str
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class TryView:
    """One try of a delivery; without a status the platform was not reached, and `reply` says why."""

    at: datetime
    status: int | None
    reply: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A message to a platform, with its log, oldest try first."""

    delivery_id: int
    decision_id: int
    event: str
    state: DeliveryState
    created_at: datetime
    delivered_at: datetime | None
    log: tuple[TryView, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent now, and where; `webhook_id` is what the secret is derived from."""

    webhook_id: int
    url: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggested label that waits for a person."""

    suggestion_id: int
    text: str
    scores: tuple[tuple[str, float], ...]
    received_at: datetime


def known_event(*, community_id: int, source: str, event_id: str) -> tuple[str, dict[str, Any]] | None:
    """The digest of an event that was told before, and what was answered."""
    event = OutsideEvent.objects.filter(community_id=community_id, source=source, event_id=event_id).first()
    return (event.digest, dict(event.answer)) if event else None


def outside_post(*, community_id: int, source: str, source_id: str) -> OutsidePostView | None:
    """The post that a platform calls so."""
    post = OutsidePost.objects.filter(community_id=community_id, source=source, source_id=source_id).first()
    if post is None:
        return None
    return OutsidePostView(post.pk, post.source, post.source_id, post.url, post.author, post.text, post.deleted_at)


def text_at(*, community_id: int, url: str) -> str | None:
    """What the post at a URL says now, as far as its platform has told; None where it is gone."""
    posts = OutsidePost.objects.filter(community_id=community_id, url=url, deleted_at=None)
    return posts.values_list("text", flat=True).first()


def subjects_at(*, community_id: int, subject: str) -> list[Urn]:
    """How the record names what a case is about: a URN of ours, or those of the post at a URL."""
    if not is_url(subject):
        return [Urn.parse(subject)]
    return [post.urn for post in OutsidePost.objects.filter(community_id=community_id, url=subject)]


def webhook(*, community_id: int) -> tuple[int, str] | None:
    """The id and the URL of a community's webhook."""
    return Webhook.objects.filter(community_id=community_id).values_list("pk", "url").first()


def deliveries(*, community_id: int, before: int | None = None, limit: int = 50) -> list[DeliveryView]:
    """The newest messages to a community's platform."""
    rows = WebhookDelivery.objects.filter(community_id=community_id).prefetch_related("log").order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        DeliveryView(
            delivery_id=row.pk,
            decision_id=row.decision_id,
            event=row.event,
            state=DeliveryState(row.state),
            created_at=row.created_at,
            delivered_at=row.delivered_at,
            log=tuple(
                TryView(t.at, t.status, t.reply, t.content_hash) for t in sorted(row.log.all(), key=lambda t: t.pk)
            ),
        )
        for row in rows[:limit]
    ]


def message(*, delivery_id: int) -> Message | None:
    """What a delivery has to say; None where it was taken or given up, or nobody listens."""
    delivery = (
        WebhookDelivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING.value)
        .select_related("decision__case__item", "decision__case__screening", "decision__clause")
        .first()
    )
    listening = Webhook.objects.filter(community_id=delivery.community_id).first() if delivery else None
    if delivery is None or listening is None:
        return None
    content = {
        "type": delivery.event,
        "timestamp": to_rfc3339(delivery.created_at),
        "data": _decision(delivery.decision),
    }
    return Message(listening.pk, listening.url, content)


def _decision(decision: Decision) -> dict[str, Any]:
    """A decision for a platform that has to carry it out: what was decided, why, and what it comes to by now."""
    case, clause = decision.case, decision.clause
    post = OutsidePost.objects.filter(community_id=decision.community_id, url=case.subject).first()
    standing = Decision.objects.filter(
        community_id=decision.community_id, case__subject=case.subject, reversed_at=None
    ).select_related("clause")
    judgement = judgement_from(
        Standing(Action(d.action), d.clause.title if d.clause else "", d.until) for d in standing.order_by("pk")
    )
    reasons = statement_of_reasons(measure_for_letter(decision)).body if decision.action != Action.NONE else None
    reporters = OutsideReport.objects.filter(case=case).order_by("pk").values_list("reporter", flat=True)
    return {
        "decision": str(decision.pk),
        "case": str(case.pk),
        "community": community(decision.community_id).slug,
        "source": post.source if post else "",
        "post": post.source_id if post else "",
        "author": post.author if post else "",
        "url": case.subject,
        "content_hash": case.item.content_hash,
        "action": decision.action,
        "clause": {"key": clause.key, "title": clause.title, "text": clause.text} if clause else None,
        "reason": decision.reason,
        "until": to_rfc3339(decision.until) if decision.until else None,
        "decided_at": to_rfc3339(decision.decided_at),
        "automated_detection": case.source == Source.SCREENING,
        "statement_of_reasons": reasons,
        "reporters": list(reporters),
        "now": {"visibility": judgement.visibility.value, "label": judgement.label},
    }


def suggestions(*, limit: int = 50) -> list[SuggestionView]:
    """Suggested labels, oldest first."""
    rows = Suggestion.objects.order_by("id")[:limit]
    return [SuggestionView(s.pk, s.text, tuple(sorted(s.scores.items())), s.received_at) for s in rows]
