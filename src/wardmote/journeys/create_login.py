"""A login is made by the host, not by a sign-up form."""

from datetime import datetime

from django.db import transaction

from wardmote.people import operations as people


def create_login(*, email: str, password: str | None, is_host_staff: bool = False, now: datetime) -> int:
    """A person who can sign in; gives the person's id."""
    with transaction.atomic(durable=True):
        return people.create_person(email=email, password=password, is_host_staff=is_host_staff, now=now)
