"""Mail about a login leaves as a job, never within the answer to whoever asked for it."""

from datetime import datetime

from django.db import transaction

from wardmote.people import operations as people


def send_letter(*, address: str, subject: str, body: str, now: datetime) -> None:
    """Have a code, a link or a warning mailed to `address`."""
    with transaction.atomic(durable=True):
        people.put_login_mail(address=address, subject=subject, body=body, now=now)
