"""What outside platforms have told, and what they are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardmote.communities.policy import Action
from wardmote.communities.queries import community
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import (
    Appeal,
    Decision,
    OutsideEvent,
    OutsidePost,
    OutsideReport,
    Suggestion,
    Webhook,
    WebhookDelivery,
)
from wardmote.moderation.policy import APPEAL_WINDOW
from wardmote.moderation.policy.outside import DeliveryState, is_url
from wardmote.moderation.queries.notices import measure_for_notice
from wardmote.moderation.queries.state import judgement_of, origin_of
from wardmote.notices.policy import statement_of_reasons
from wardmote.outside.appeal_links import appeal_address


@dataclass(frozen=True, slots=True)
class OutsidePostView:
    """A post of an outside platform as it was last told; without a text once it is deleted.

    `is_told` is false while an edit or a report of it has come, but not yet the post itself.
    """

    post_id: int
    source: str
    source_id: str
    url: str
    author: str
    text: str
    edited_at: datetime | None
    deleted_at: datetime | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class WebhookView:
    """Where decisions are told; until `former_until` the secret before the last signs as well."""

    url: str
    set_at: datetime
    former_until: datetime | None


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
    case_id: int
    event: str
    state: DeliveryState
    created_at: datetime
    delivered_at: datetime | None
    log: tuple[TryView, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent now, and where."""

    url: str
    content: dict[str, Any]
    secret_id: int
    former_secret_id: int | None
    former_until: datetime | None

    def secret_ids(self, now: datetime) -> tuple[int, ...]:
        """What the secrets are derived from that sign now, the newest first."""
        if self.former_secret_id is None or self.former_until is None or self.former_until <= now:
            return (self.secret_id,)
        return (self.secret_id, self.former_secret_id)


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
    return _post(post)


def outside_post_at(*, community_id: int, url: str) -> OutsidePostView | None:
    """The post that is at a URL."""
    post = OutsidePost.objects.filter(community_id=community_id, url=url).first()
    return _post(post) if post else None


def _post(post: OutsidePost) -> OutsidePostView:
    return OutsidePostView(
        post_id=post.pk,
        source=post.source,
        source_id=post.source_id,
        url=post.url,
        author=post.author,
        text=post.text,
        edited_at=post.edited_at,
        deleted_at=post.deleted_at,
        is_told=post.is_told,
    )


def subjects_at(*, community_id: int, subject: str) -> list[Urn]:
    """How the record names what a case is about: a URN of ours, or those of the post at a URL."""
    if not is_url(subject):
        return [Urn.parse(subject)]
    return [post.urn for post in OutsidePost.objects.filter(community_id=community_id, url=subject)]


def webhook(*, community_id: int) -> WebhookView | None:
    """A community's webhook; None where none is set."""
    found = Webhook.objects.filter(community_id=community_id).first()
    return WebhookView(found.url, found.set_at, found.former_until) if found else None


def deliveries(*, community_id: int, before: int | None = None, limit: int = 50) -> list[DeliveryView]:
    """The newest messages to a community's platform."""
    rows = WebhookDelivery.objects.filter(community_id=community_id).select_related("decision").prefetch_related("log")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        DeliveryView(
            delivery_id=row.pk,
            decision_id=row.decision_id,
            case_id=row.decision.case_id,
            event=row.event,
            state=DeliveryState(row.state),
            created_at=row.created_at,
            delivered_at=row.delivered_at,
            log=tuple(
                TryView(t.at, t.status, t.reply, t.content_hash) for t in sorted(row.log.all(), key=lambda t: t.pk)
            ),
        )
        for row in rows.order_by("-id")[:limit]
    ]


def message(*, delivery_id: int) -> Message | None:
    """What a delivery has to say; None where it was taken or given up, or nobody listens."""
    delivery = (
        WebhookDelivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING.value)
        .select_related("decision__item", "decision__case__screening", "decision__clause")
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
    return Message(listening.url, content, listening.secret_id, listening.former_secret_id, listening.former_until)


def _decision(decision: Decision) -> dict[str, Any]:
    """A decision for a platform that has to carry it out: what was decided, why, and what it comes to by now."""
    case, clause = decision.case, decision.clause
    post = OutsidePost.objects.filter(community_id=decision.community_id, url=case.subject).first()
    judgement = judgement_of(community_id=decision.community_id, subject=case.subject)
    reasons = statement_of_reasons(measure_for_notice(decision)).body if decision.action != Action.NONE else None
    reporters = OutsideReport.objects.filter(case=case).order_by("pk").values_list("reporter", flat=True)
    return {
        "decision": str(decision.pk),
        "case": str(case.pk),
        "community": community(decision.community_id).slug,
        "source": post.source if post else "",
        "post": post.source_id if post else "",
        "author": post.author if post else "",
        "url": case.subject,
        "content_hash": decision.item.content_hash,
        "action": decision.action,
        "clause": {"key": clause.key, "title": clause.title, "text": clause.text} if clause else None,
        "reason": decision.reason,
        "until": to_rfc3339(decision.until) if decision.until else None,
        "decided_at": to_rfc3339(decision.decided_at),
        "automated_detection": origin_of(case).screened,
        "statement_of_reasons": reasons,
        "reporters": list(reporters),
        "now": {"visibility": judgement.visibility.value, "label": judgement.label},
        "appeal": _appeal(decision) if post else None,
    }


def _appeal(decision: Decision) -> dict[str, Any] | None:
    """How the author appeals, or what came of it; None where there is nothing to appeal against."""
    if decision.action == Action.NONE.value:
        return None
    filed: Appeal | None = getattr(decision, "appeal", None)
    return {
        "url": appeal_address(domain=community(decision.community_id).domain, decision_id=decision.pk),
        "until": to_rfc3339(decision.decided_at + APPEAL_WINDOW),
        "state": filed.state if filed else None,
        "reason": filed.outcome_reason if filed else "",
        "decided_at": to_rfc3339(filed.decided_at) if filed and filed.decided_at else None,
    }


def suggestions(*, limit: int = 50) -> list[SuggestionView]:
    """Suggested labels, oldest first."""
    rows = Suggestion.objects.order_by("id")[:limit]
    return [SuggestionView(s.pk, s.text, tuple(sorted(s.scores.items())), s.received_at) for s in rows]
