"""Background entry points of notices."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from wardmote.jobs.policy import describe
from wardmote.kernel import i18n
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.notices import operations, queries
from wardmote.notices.policy import way_of
from wardmote.outside import mail

log = logging.getLogger(__name__)


def deliver_email(delivery_id: int, tries: int = 0, *, now: datetime) -> None:
    """Mail one notice, with a link to where its reader can act on it, and keep the transport's reply, or why it was not
    taken; harmless to repeat once delivered.

    A mail server may be away for days: the notice itself says when it is tried again, and when no more.
    """
    pending = queries.pending_mail(delivery_id=delivery_id, tries=tries)
    if pending is None:
        return
    # The same id at every attempt: a second copy after a lost reply is recognised as the same message.
    sender_domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    with i18n.speaking(pending.language):
        link = (
            f"\n{_(way_of(pending.kind, is_member=pending.is_member))}:\n{pending.address_of_page}\n"
            if pending.address_of_page
            else ""
        )
    message = EmailMessage(
        subject=pending.subject,
        body=pending.body + link,
        to=[pending.address],
        headers={"Message-ID": f"<notice-{delivery_id}@{sender_domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        sent = mail.send(message)
    except (mail.NotTaken, Invalid) as error:
        log.warning("mail %s was not taken at try %s: %s", delivery_id, tries + 1, describe(error))
        operations.note_failure(
            delivery_id=delivery_id,
            tries=tries,
            reason=describe(error),
            for_good=isinstance(error, (mail.Refused, Invalid)),
            now=now,
        )
        return
    operations.mark_delivered(
        delivery_id=delivery_id,
        message_id=sent.message_id,
        content_hash=sent.content_hash,
        reply=sent.reply,
        now=now,
    )
