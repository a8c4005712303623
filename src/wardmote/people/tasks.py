"""Background entry points of people."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from wardmote.jobs.policy import describe
from wardmote.kernel.errors import Invalid
from wardmote.outside import mail
from wardmote.people import operations, queries

log = logging.getLogger(__name__)


def send_letter(letter_id: int, tries: int = 0, *, now: datetime) -> None:
    """Mail a code or a link about a login, and forget it; harmless to repeat once it has left."""
    letter = queries.letter(letter_id=letter_id)
    if letter is None:
        return
    # The same id at every attempt: a second copy after a lost reply is recognised as the same message.
    sender_domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    message = EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.address],
        headers={"Message-ID": f"<login-{letter_id}@{sender_domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send(message)
    except (mail.NotTaken, Invalid) as error:
        log.warning("login mail %s was not taken at try %s: %s", letter_id, tries + 1, describe(error))
        if not isinstance(error, (mail.Refused, Invalid)):
            operations.put_off_login_mail(letter_id=letter_id, tries=tries + 1, now=now)
            return
    operations.drop_login_mail(letter_id=letter_id)
