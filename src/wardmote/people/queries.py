"""Reads about logins."""

from wardmote.people.models import Person


def email_of(*, person_id: int) -> str:
    """Where mail to this person goes."""
    return Person.objects.values_list("email", flat=True).get(pk=person_id)


def person_by_email(*, email: str) -> int | None:
    """The login with that address, whatever its case."""
    return Person.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
