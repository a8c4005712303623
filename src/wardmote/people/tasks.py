"""Background entry points of people."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from wardmote.outside import mail
from wardmote.people import operations, queries


def send_letter(letter_id: int, *, now: datetime) -> None:  # noqa: ARG001 - every job is told the time
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
    mail.send(message)
    operations.drop_letter(letter_id=letter_id)
