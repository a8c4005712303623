"""Background entry points of moderation."""

from datetime import datetime

from wardmote.moderation import queries
from wardmote.moderation.operations import note_targets, sampling, webhooks
from wardmote.outside import webhook


def deliver_webhook(delivery_id: int, *, now: datetime) -> None:
    """Tell an outside platform of one decision and log what it said; harmless to repeat once it was taken."""
    message = queries.message(delivery_id=delivery_id)
    if message is None:
        return
    answer = webhook.send(
        url=message.url,
        message_id=f"msg_{delivery_id}",
        content=message.content,
        secrets=[webhook.secret_of(secret_id) for secret_id in message.secret_ids(now)],
        now=now,
    )
    webhooks.note_try(
        delivery_id=delivery_id,
        content_hash=answer.content_hash,
        status=answer.status,
        reply=answer.reply,
        taken=answer.taken,
        now=now,
    )


def look_for_targets(case_id: int, *, now: datetime) -> None:
    """Note whom, where and when a violence case names, and whether others name the same."""
    note_targets(case_id=case_id, now=now)


def draw_sample(community_id: int, revision: int, *, now: datetime) -> None:
    """Draw the audit of the week that is over, if the plan is still the one that asked for it."""
    sampling.draw_sample(community_id=community_id, revision=revision, now=now)
