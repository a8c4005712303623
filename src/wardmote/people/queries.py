"""Reads about logins."""

from collections.abc import Collection

from wardmote.people.models import Person


def email_of(*, person_id: int) -> str:
    """Where mail to this person goes."""
    return Person.objects.values_list("email", flat=True).get(pk=person_id)


def person_by_email(*, email: str) -> int | None:
    """The login with that address, whatever its case."""
    return Person.objects.filter(email__iexact=email).values_list("pk", flat=True).first()


def emails_of(*, person_ids: Collection[int]) -> dict[int, str]:
    """The addresses of several people, by person."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "email"))


def takes_mail(*, person_id: int) -> bool:
    """Whether there is a mailbox: no address under `.invalid` has one (RFC 2606), and imported authors no other."""
    return not email_of(person_id=person_id).endswith(".invalid")


def is_host_staff(*, person_id: int) -> bool:
    """Whether this person works for the host and may still sign in."""
    return Person.objects.filter(pk=person_id, is_host_staff=True, is_active=True).exists()
