"""A login is made by the host, not by a sign-up form."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wardmote.people import operations as people


def create_login(*, email: str, password: str | None, is_host_staff: bool = False, now: datetime) -> int:
    """A person who can sign in; gives the person's id."""
    with transaction.atomic(durable=True):
        return people.create_person(email=email, password=password, is_host_staff=is_host_staff, now=now)


def give_password(*, person_ids: Iterable[int], password: str) -> None:
    """Let several people sign in with one password, at the price of one: a demonstration's cast."""
    with transaction.atomic(durable=True):
        people.give_password(person_ids=person_ids, password=password)
