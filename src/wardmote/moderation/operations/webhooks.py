"""Telling an outside platform what was decided: messages put with the decision, tried until taken, logged."""

from datetime import datetime, timedelta

from django.db import transaction

from wardmote.jobs import operations as jobs
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Decision, OutsidePost, Webhook, WebhookDelivery, WebhookTry
from wardmote.moderation.operations.outside import forget_snapshots
from wardmote.moderation.policy.outside import DeliveryState, next_try
from wardmote.record import operations as record

MADE = "decision.made"
REVERSED = "decision.reversed"
APPEAL_DECIDED = "appeal.decided"
FORMER_SECRET = timedelta(days=1)
"""How long messages are signed with the secret before as well, once there is a new one."""
JOB = "moderation.deliver_webhook"


@transaction.atomic
def announce(decision: Decision, *, now: datetime) -> None:
    """Put the message about a decision on somebody else's post; it waits where no webhook is set yet."""
    _put(decision, REVERSED if decision.reversed_at else MADE, now=now)


@transaction.atomic
def announce_appeal(decision: Decision, *, now: datetime) -> None:
    """Put the message that the author's appeal against a decision is decided."""
    _put(decision, APPEAL_DECIDED, now=now)


def _put(decision: Decision, event: str, *, now: datetime) -> None:
    delivery = WebhookDelivery.objects.create(
        community_id=decision.community_id, decision=decision, event=event, created_at=now
    )
    if Webhook.objects.filter(community_id=decision.community_id).exists():
        jobs.put(JOB, delivery.pk, now=now)
    post = OutsidePost.objects.filter(community_id=decision.community_id, url=decision.case.subject).first()
    if post is not None:
        forget_snapshots(post, now=now)


@transaction.atomic
def set_webhook(*, community_id: int, url: str, actor: Urn, now: datetime) -> Webhook:
    """Set where a community's decisions are told, and send what waits. An empty URL ends it."""
    if not url:
        Webhook.objects.filter(community_id=community_id).delete()
        _note(Urn("community", community_id), "webhook.removed", community_id, actor, now)
        return Webhook(community_id=community_id, url="", set_at=now)
    webhook, _ = Webhook.objects.update_or_create(community_id=community_id, defaults={"url": url, "set_at": now})
    _note(webhook.urn, "webhook.set", community_id, actor, now)
    waiting = WebhookDelivery.objects.filter(community_id=community_id, state=DeliveryState.WAITING.value)
    for delivery_id in waiting.values_list("pk", flat=True):
        jobs.put(JOB, delivery_id, now=now)
    return webhook


@transaction.atomic
def renew_secret(*, community_id: int, actor: Urn, now: datetime) -> Webhook:
    """Give the webhook a new secret; the one before goes on signing for a day. NotFound where there is no webhook."""
    webhook = Webhook.objects.select_for_update().filter(community_id=community_id).first()
    if webhook is None:
        raise NotFound(_("No webhook is set."))
    webhook.former_secret_id, webhook.former_until = webhook.secret_id, now + FORMER_SECRET
    webhook.secret_id = new_id()
    webhook.save(update_fields=["secret_id", "former_secret_id", "former_until"])
    _note(webhook.urn, "webhook.secret_renewed", community_id, actor, now)
    return webhook


@transaction.atomic
def resend(*, community_id: int, delivery_id: int, actor: Urn, now: datetime) -> None:
    """Try a message again from the start, also one that was taken; its id tells the receiver that it is the same."""
    changed = WebhookDelivery.objects.filter(community_id=community_id, pk=delivery_id).update(
        state=DeliveryState.WAITING.value, tries=0
    )
    if not changed:
        raise NotFound(_("There is no such delivery here."))
    jobs.put(JOB, delivery_id, now=now)
    _note(Urn("webhook_delivery", delivery_id), "webhook.resent", community_id, actor, now)


@transaction.atomic
def note_try(
    *, delivery_id: int, content_hash: str, status: int | None, reply: str, taken: bool, now: datetime
) -> None:
    """Log one try; put the next where it was not taken, or give up after the last."""
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery_id)
    WebhookTry.objects.create(delivery=delivery, at=now, content_hash=content_hash, status=status, reply=reply[:500])
    delivery.tries += 1
    wait = next_try(delivery.tries)
    if taken:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED.value, now
        facts = {"content_hash": content_hash, "status": status}
        _note(delivery.urn, "webhook.delivered", delivery.community_id, SYSTEM, now, facts)
    elif wait is None:
        delivery.state = DeliveryState.FAILED.value
        _note(delivery.urn, "webhook.failed", delivery.community_id, SYSTEM, now, {"tries": delivery.tries})
    else:
        jobs.put(JOB, delivery_id, now=now, run_at=now + wait)
    delivery.save(update_fields=["state", "tries", "delivered_at"])


def _note(
    subject: Urn,
    verb: str,
    community_id: int,
    actor: Urn,
    now: datetime,
    facts: dict[str, str | int | None] | None = None,
) -> None:
    record.append(
        now=now, actor=actor, verb=verb, subject=subject, community=Urn("community", community_id), facts=facts
    )
