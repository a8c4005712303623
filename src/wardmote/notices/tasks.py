"""Background entry points of notices."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from wardmote.kernel import words
from wardmote.kernel.words import gettext as _
from wardmote.notices import operations, queries
from wardmote.notices.policy import way_of
from wardmote.outside import mail
from wardmote.people.queries import language_of


def deliver_email(delivery_id: int, *, now: datetime) -> None:
    """Mail one notice, with a link to where its reader can act on it, and keep the transport's reply; harmless to
    repeat once delivered."""
    pending = queries.pending_mail(delivery_id=delivery_id)
    if pending is None:
        return
    # The same id at every attempt: a second copy after a lost reply is recognised as the same message.
    sender_domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    with words.speaking(language_of(pending.recipient_id)):
        link = f"\n{_(way_of(pending.kind))}:\n{pending.address_of_page}\n" if pending.address_of_page else ""
    message = EmailMessage(
        subject=pending.subject,
        body=pending.body + link,
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
