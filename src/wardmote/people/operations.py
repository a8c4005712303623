"""Writes about logins that do not come through a browser, and about keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from wardmote.jobs import operations as jobs
from wardmote.jobs.policy import pause
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import is_name
from wardmote.kernel.urn import Urn
from wardmote.people.models import AddressChange, ApiKey, Contact, HandOff, LoginMail, Pace, Person
from wardmote.people.policy import HAND_OFF, KEEP_LETTERS, KEEP_UNVERIFIED, SHOWN, WAY_BACK, Scope, WayIn, digest
from wardmote.people.queries import arriving, check_way_back, never_verified
from wardmote.record import operations as record

_SOON = timedelta(minutes=5)


@transaction.atomic
def create_person(*, email: str, password: str | None, is_host_staff: bool = False, now: datetime) -> int:
    """A new login, its address taken as confirmed: the host vouches for it. Without a password nobody can sign in.

    Conflict where somebody has a login with that address.
    """
    person_id = add_login(email=email, password=make_password(password), is_host_staff=is_host_staff, now=now)
    record_person(person_id=person_id, email=email, is_host_staff=is_host_staff, now=now)
    return person_id


@transaction.atomic
def add_login(*, email: str, password: str, language: str = "", is_host_staff: bool = False, now: datetime) -> int:
    """A login with a verified address that is not on the record yet; `password` is hashed. Conflict as above.

    A sign-up with that address whose code was never given is no login, and gives way.
    """
    drop_unverified(email=email)
    person = Person(
        email=Person.objects.normalize_email(email),
        password=password,
        language=language,
        is_host_staff=is_host_staff,
        created_at=now,
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    except IntegrityError:
        raise Conflict(_("There is a login with this address already.")) from None
    return person.pk


@transaction.atomic
def drop_unverified(*, email: str | None = None, before: datetime | None = None, but: int | None = None) -> int:
    """Remove sign-ups whose code was never given; gives how many. `but`: not this person's."""
    dropped = 0
    while ids := set(never_verified(email=email, before=before)) - {but}:
        Person.objects.filter(pk__in=ids).delete()
        dropped += len(ids)
    return dropped


def clear_unverified(*, now: datetime) -> int:
    """Remove sign-ups of more than a day ago whose code was never given; gives how many."""
    return drop_unverified(before=now - KEEP_UNVERIFIED)


@transaction.atomic
def give_password(*, person_ids: Iterable[int], password: str) -> None:
    """The same password for several people, hashed once."""
    Person.objects.filter(pk__in=list(person_ids)).update(password=make_password(password))


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


@transaction.atomic
def set_host_staff(*, person_id: int, is_host_staff: bool, actor: Urn, now: datetime) -> None:
    """Somebody works for the host from now on, or no longer. Conflict where that is so already, or nobody were left."""
    staff = list(Person.objects.select_for_update().filter(is_host_staff=True).order_by("pk"))
    person = Person.objects.select_for_update().get(pk=person_id)
    if person.is_host_staff is is_host_staff:
        raise Conflict("that is so already; nothing was changed")
    if not is_host_staff and not [each for each in staff if each.pk != person_id and each.is_active]:
        raise Conflict("nobody else is of the host's staff; appoint somebody first")
    person.is_host_staff = is_host_staff
    person.save(update_fields=["is_host_staff"])
    record.append(
        now=now,
        actor=actor,
        verb="person.host_staff_set",
        subject=person.urn,
        community=None,
        facts={"host_staff": is_host_staff},
    )


def put_login_mail(*, address: str, subject: str, body: str, now: datetime, send_at: datetime | None = None) -> int:
    """Have a mail about a login sent by a job, so that no answer tells by its time what was mailed, or whether.

    What could not be sent within a day is thrown away: its codes have run out. `send_at`: not before then.
    """
    LoginMail.objects.filter(created_at__lt=now - KEEP_LETTERS).delete()
    letter = LoginMail.objects.create(address=address, subject=subject[:200], body=body, created_at=now)
    jobs.put("people.send_letter", letter.pk, now=now, run_at=send_at)
    return letter.pk


@transaction.atomic
def put_off_login_mail(*, letter_id: int, tries: int, now: datetime) -> None:
    """The mail could not leave: try again soon, for who waits for a code does so now, until it is worth nothing."""
    letter = LoginMail.objects.filter(pk=letter_id).first()
    if letter is None or letter.created_at <= now - KEEP_LETTERS:
        drop_login_mail(letter_id=letter_id)
    else:
        jobs.put("people.send_letter", letter_id, tries, now=now, run_at=now + pause(tries, longest=_SOON))


def drop_login_mail(*, letter_id: int) -> None:
    """The mail has left, or never will: nothing of it is kept."""
    LoginMail.objects.filter(pk=letter_id).delete()


def drop_login_mail_with(*, address: str, words: str) -> None:
    """Mails to this address that have not left and hold these words, as a link does: they never will."""
    LoginMail.objects.filter(address__iexact=address, body__contains=words).delete()


@transaction.atomic
def open_hand_off(*, person_id: int, secret: str, host: str, way: WayIn, now: datetime) -> None:
    """Let somebody into the community at `host` by the token `secret`, for a minute and once."""
    HandOff.objects.filter(made_at__lte=now - HAND_OFF).delete()
    HandOff.objects.create(
        digest=digest(secret),
        person_id=person_id,
        bound_to=digest(Person.objects.get(pk=person_id).get_session_auth_hash()),
        host=host,
        way=way.value,
        made_at=now,
    )


@transaction.atomic
def take_hand_off(*, secret: str, host: str, way: WayIn, now: datetime) -> int | None:
    """Use a token up; gives the person's id, None for a token that is good for nothing, or was used meanwhile."""
    found = arriving(secret=secret, host=host, way=way, now=now)
    if found is None:
        return None
    used, _rows = HandOff.objects.filter(pk=found.hand_off_id).delete()
    return found.person_id if used == 1 else None


@transaction.atomic
def note_address_change(*, person_id: int, from_address: str, secret: str, now: datetime) -> int:
    """Keep what the way back needs: the address before, and the digest of the secret that is mailed there."""
    change = AddressChange.objects.create(
        person_id=person_id, from_address=from_address, digest=digest(secret), changed_at=now
    )
    record.append(
        now=now,
        actor=Urn("person", person_id),
        verb="person.address_changed",
        subject=Urn("person", person_id),
        community=None,
    )
    return change.pk


@transaction.atomic
def restore_address(*, change_id: int, secret: str, now: datetime) -> int:
    """Give a login back to its former address; gives the person's id.

    The password opens nothing any more, which ends every session; every other address goes, and so does what was
    added to sign in with around the change. NotFound for a link that is wrong, used or too old; Conflict where the
    address is another login's by now.
    """
    change = AddressChange.objects.select_for_update().filter(pk=change_id).first()
    change = check_way_back(change, secret=secret, now=now)
    person = Person.objects.select_for_update().get(pk=change.person_id)
    drop_unverified(email=change.from_address, but=person.pk)
    others = EmailAddress.objects.exclude(user=person).filter(email__iexact=change.from_address, verified=True)
    if others.exists() or Person.objects.exclude(pk=person.pk).filter(email__iexact=change.from_address).exists():
        raise Conflict(_("Another login has this address by now. Please write to whoever runs this installation."))
    # Later changes were the intruder's too, and so are their links.
    AddressChange.objects.filter(person=person, pk__gte=change.pk, used_at=None).update(used_at=now)
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=change.from_address, verified=True, primary=True)
    person.email = change.from_address
    person.set_unusable_password()
    person.save(update_fields=["email", "password"])
    Authenticator.objects.filter(user=person, created_at__gte=change.changed_at - WAY_BACK).delete()
    record.append(now=now, actor=person.urn, verb="person.address_restored", subject=person.urn, community=None)
    return person.pk


@transaction.atomic
def confirm_contact(*, realm: Urn, address: str, name: str, language: str, now: datetime) -> int:
    """Keep somebody without an account whose address is confirmed, or what is new of them; gives the contact's id."""
    open_ones = Contact.objects.select_for_update().filter(realm=str(realm), erased_at=None)
    contact = open_ones.filter(address__iexact=address).first()
    if contact is not None and (contact.name, contact.language) == (name, language):
        return contact.pk
    is_new = contact is None or contact.name != name
    contact = contact or Contact(realm=str(realm), address=address, confirmed_at=now)
    contact.name, contact.language = name, language
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:
        raise Conflict(_("Another of your reports is being confirmed at this moment; please try again.")) from None
    if is_new:
        record.append(
            now=now,
            actor=contact.urn,
            verb="contact.confirmed",
            subject=contact.urn,
            community=realm,
            content={"address": contact.address, "name": contact.name},
            about=contact.urn,
        )
    return contact.pk


@transaction.atomic
def erase_contact(*, contact_id: int, now: datetime) -> None:
    """Forget a contact's address and name, here and beside the record; its leaves and every proof stay."""
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    if contact.erased_at is not None:
        return
    contact.address, contact.name, contact.language, contact.erased_at = "", "", "", now
    contact.save()
    record.erase(now=now, about=contact.urn, actor=contact.urn, community=Urn.parse(contact.realm))


def set_language(*, person_id: int, language: str) -> None:
    """Keep the language that letters to this person speak. A preference, so the record says nothing of it."""
    Person.objects.filter(pk=person_id).update(language=language)


@transaction.atomic
def issue_key(
    *,
    secret: str,
    name: str,
    scopes: Iterable[Scope],
    realm: Urn | None,
    requests_per_minute: int,
    texts_per_day: int,
    actor: Urn,
    now: datetime,
) -> int:
    """Keep a new key's hash and terms; Conflict where its name is in use. `realm`: for that community alone."""
    listed = sorted({scope.value for scope in scopes})
    if not is_name(name, limit=80):
        raise Invalid(_("A key's name is one line of at most 80 characters."), field="name")
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                name=name,
                digest=digest(secret),
                begins=secret[:SHOWN],
                scopes=listed,
                realm=str(realm or ""),
                requests_per_minute=requests_per_minute,
                texts_per_day=texts_per_day,
                made_at=now,
            )
    except IntegrityError:
        raise Conflict(
            _("A key called “%(name)s” is in use; revoke it first, or choose another name.") % {"name": name}
        ) from None
    record.append(
        now=now,
        actor=actor,
        verb="key.issued",
        subject=key.urn,
        community=realm,
        facts={"scopes": list(listed), "requests_per_minute": requests_per_minute, "texts_per_day": texts_per_day},
    )
    return key.pk


@transaction.atomic
def hold_key(*, key_id: int) -> None:
    """Refuse what comes by a key that was revoked meanwhile; else it stays in use until the transaction ends."""
    key = ApiKey.objects.select_for_update(no_key=True).filter(pk=key_id).first()
    if key is None or key.revoked_at is not None:
        raise Refused(_("This key was revoked."))


@transaction.atomic
def revoke_key(*, name: str, realm: Urn | None, actor: Urn, now: datetime) -> None:
    """Take the key of that name back; from the next request on it opens nothing. `realm`: only among its keys.

    Conflict where several have the name and no realm says which.
    """
    named = ApiKey.objects.select_for_update().filter(name=name, revoked_at=None)
    keys = list(named.filter(realm=str(realm)) if realm else named)
    if not keys:
        raise NotFound(_("There is no key called “%(name)s”.") % {"name": name})
    if len(keys) > 1:
        raise Conflict(_("%(n)d keys are called “%(name)s”: say of which community.") % {"n": len(keys), "name": name})
    key = keys[0]
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    record.append(
        now=now,
        actor=actor,
        verb="key.revoked",
        subject=key.urn,
        community=Urn.parse(key.realm) if key.realm else None,
    )


def clear_pace(*, now: datetime) -> int:
    """Remove counts of tries that hold nobody up any more; gives how many."""
    removed, _rows = Pace.objects.filter(expires__lt=now).delete()
    return removed
