"""Reads about logins."""

from wardmote.people.models import Person


def email_of(*, person_id: int) -> str:
    """Where mail to this person goes."""
    return Person.objects.values_list("email", flat=True).get(pk=person_id)


def person_by_email(*, email: str) -> int | None:
    """The login with that address, whatever its case."""
    return Person.objects.filter(email__iexact=email).values_list("pk", flat=True).first()


def is_host_staff(*, person_id: int) -> bool:
    """Whether this person works for the host and may still sign in."""
    return Person.objects.filter(pk=person_id, is_host_staff=True, is_active=True).exists()
