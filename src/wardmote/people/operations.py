"""Writes about logins that do not come through a browser."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from wardmote.kernel.urn import Urn
from wardmote.people.models import Person
from wardmote.record import operations as record


@transaction.atomic
def create_person(*, email: str, password: str | None, is_host_staff: bool = False, now: datetime) -> int:
    """A new login, its address taken as confirmed: the host vouches for it. Without a password nobody can sign in."""
    person = Person.objects.create_user(email, password, is_host_staff=is_host_staff, created_at=now)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    record_person(person_id=person.pk, email=email, is_host_staff=is_host_staff, now=now)
    return person.pk


def record_person(*, person_id: int, email: str, is_host_staff: bool, now: datetime) -> None:
    """The record's entry of a new login, also for one that the sign-up form made."""
    urn = Urn("person", person_id)
    record.append(
        now=now,
        actor=urn,
        verb="person.registered",
        subject=urn,
        community=None,
        facts={"host_staff": is_host_staff},
        content={"email": email},
        about=urn,
    )
