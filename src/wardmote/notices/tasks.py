"""Background entry points of notices."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from wardmote.notices import operations, queries
from wardmote.outside import mail


def deliver_email(delivery_id: int, *, now: datetime) -> None:
    """Mail one notice and keep the transport's reply; harmless to repeat once delivered."""
    pending = queries.pending_mail(delivery_id=delivery_id)
    if pending is None:
        return
    # The same id at every attempt: a second copy after a lost reply is recognised as the same message.
    sender_domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    message = EmailMessage(
        subject=pending.subject,
        body=pending.body,
        to=[pending.address],
        headers={"Message-ID": f"<notice-{delivery_id}@{sender_domain}>", "Auto-Submitted": "auto-generated"},
    )
    sent = mail.send(message)
    operations.mark_delivered(
        delivery_id=delivery_id,
        message_id=sent.message_id,
        content_hash=sent.content_hash,
        reply=sent.reply,
        now=now,
    )
