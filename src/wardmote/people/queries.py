"""Reads about logins and keys."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Prefetch

from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.people.models import AddressChange, ApiKey, Contact, HandOff, KeyUse, LoginMail, Person
from wardmote.people.policy import HAND_OFF, WAY_BACK, Scope, Terms, WayIn, Window, digest
from wardmote.record import queries as record


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as its maker sees it; `begins` tells it from the others.

    `used_at`: the minute of its last use; None where it was never used, or has no limit and so is not counted.
    """

    terms: Terms
    begins: str
    made_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


def email_of(*, person_id: int) -> str:
    """Where mail to this person goes."""
    return Person.objects.values_list("email", flat=True).get(pk=person_id)


def person_by_email(*, email: str) -> int | None:
    """The login with that address, whatever its case."""
    return Person.objects.filter(email__iexact=email).values_list("pk", flat=True).first()


_AT_ONCE = 200


def never_verified(*, email: str | None = None, before: datetime | None = None) -> list[int]:
    """Sign-ups whose code was never given: never signed in, no verified address, not the host's staff, and nothing on
    record, where everybody is who has joined, founded or been let in. With `before` those made earlier; some at once.
    """
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = Person.objects.filter(~Exists(verified), last_login=None, is_host_staff=False).order_by("pk")
    if email is not None:
        rows = rows.filter(email=email.lower())
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    after = 0
    while ids := list(rows.filter(pk__gt=after).values_list("pk", flat=True)[:_AT_ONCE]):
        told = record.by_subject(Urn("person", person_id) for person_id in ids)
        if bare := [person_id for person_id in ids if not told[str(Urn("person", person_id))]]:
            return bare
        after = ids[-1]
    return []


def has_login(*, email: str) -> bool:
    """Whether somebody can sign in with this address, as it is written; a sign-up without its code cannot."""
    if EmailAddress.objects.filter(email=email, verified=True).exists():
        return True
    person_id = Person.objects.filter(email=email).values_list("pk", flat=True).first()
    return person_id is not None and person_id not in never_verified(email=email)


@dataclass(frozen=True, slots=True)
class LoginMailView:
    """A mail about a login that waits to be sent."""

    address: str
    subject: str
    body: str


def letter(*, letter_id: int) -> LoginMailView | None:
    """The mail; None once it has left."""
    row = LoginMail.objects.filter(pk=letter_id).first()
    return LoginMailView(row.address, row.subject, row.body) if row else None


@dataclass(frozen=True, slots=True)
class ContactView:
    """Somebody without an account; erased, they have neither address nor language."""

    contact_id: int
    address: str
    language: str
    is_erased: bool


def contact(*, contact_id: int) -> ContactView:
    """Where mail to a contact goes, and in which language."""
    row = Contact.objects.get(pk=contact_id)
    return ContactView(row.pk, row.address, row.language, row.erased_at is not None)


def emails_of(*, person_ids: Collection[int]) -> dict[int, str]:
    """The addresses of several people, by person."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "email"))


def takes_mail(*, person_id: int) -> bool:
    """Whether there is a mailbox: no address under `.invalid` has one (RFC 2606), and imported authors no other."""
    return not email_of(person_id=person_id).endswith(".invalid")


def is_host_staff(*, person_id: int) -> bool:
    """Whether this person works for the host and may still sign in."""
    return Person.objects.filter(pk=person_id, is_host_staff=True, is_active=True).exists()


@dataclass(frozen=True, slots=True)
class StaffView:
    """Somebody of the host's staff. `signs_in`: whether they have a password or have signed in before."""

    person_id: int
    email: str
    signs_in: bool


def host_staff() -> list[StaffView]:
    """Everybody of the host's staff who may sign in, the first one first."""
    rows = Person.objects.filter(is_host_staff=True, is_active=True).order_by("pk")
    return [StaffView(row.pk, row.email, row.has_usable_password() or row.last_login is not None) for row in rows]


@dataclass(frozen=True, slots=True)
class Arriving:
    """Who is on their way into a community."""

    hand_off_id: int
    person_id: int


def arriving(*, secret: str, host: str, way: WayIn, now: datetime) -> Arriving | None:
    """Whom a token is for; None where it was used, is too old, another host's, or from before a new password."""
    mine = HandOff.objects.filter(digest=digest(secret), host=host, way=way.value, made_at__gt=now - HAND_OFF)
    row = mine.select_related("person").first()
    if row is None or not row.person.is_active or row.bound_to != digest(row.person.get_session_auth_hash()):
        return None
    return Arriving(row.pk, row.person_id)


def check_way_back(change: AddressChange | None, *, secret: str, now: datetime) -> AddressChange:
    """The change that a link takes back; NotFound, with what is wrong, for one that is wrong, used or too old."""
    if change is None or not secrets.compare_digest(change.digest, digest(secret)):
        raise NotFound(_("There is no such link."))
    if change.used_at is not None or change.changed_at + WAY_BACK <= now:
        raise NotFound(_("This link has been used, or it is older than a week."))
    return change


def look_at_way_back(*, change_id: int, secret: str, now: datetime) -> None:
    """Raises NotFound for a link that would take nothing back."""
    check_way_back(AddressChange.objects.filter(pk=change_id).first(), secret=secret, now=now)


def _terms(key: ApiKey) -> Terms:
    return Terms(
        key_id=str(key.pk),
        name=key.name,
        scopes=frozenset(map(Scope, key.scopes)),
        requests_per_minute=key.requests_per_minute,
        texts_per_day=key.texts_per_day,
        realm=key.realm,
    )


def language_of(person_id: int) -> str:
    """The code of the language this person chose; empty where they chose none."""
    return Person.objects.filter(pk=person_id).values_list("language", flat=True).first() or ""


def terms_of_key(digest: str) -> Terms | None:
    """The terms of the key with that hash; None for none, and for one that was revoked."""
    key = ApiKey.objects.filter(digest=digest, revoked_at=None).first()
    return _terms(key) if key else None


def keys(*, realm: str | None = None) -> list[KeyView]:
    """Every key, newest first; of one community where `realm` is its URN."""
    rows = ApiKey.objects.order_by("-id")
    if realm is not None:
        rows = rows.filter(realm=realm)
    rows = rows.prefetch_related(Prefetch("uses", KeyUse.objects.filter(window=Window.MINUTE.value)))
    return [
        KeyView(
            terms=_terms(key),
            begins=key.begins,
            made_at=key.made_at,
            revoked_at=key.revoked_at,
            used_at=max((use.begin for use in key.uses.all()), default=None),
        )
        for key in rows
    ]
