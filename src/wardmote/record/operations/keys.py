"""Which key another log has: known once, replaced only by its own word, settled by the operator."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Succession, VerifierKey, plain_name
from wardmote.record.models import KnownKey
from wardmote.record.operations.entries import append
from wardmote.record.policy import KeyState


@transaction.atomic
def know_key(*, key: VerifierKey, now: datetime) -> None:
    """Come to know the key of another log, or find it known; Invalid where its name or the key is somebody else's."""
    name, public = plain_name(key.name), key.public.hex()
    rows = list(KnownKey.objects.select_for_update().filter(Q(name=name) | Q(public=public)))
    same = next((row for row in rows if row.key == str(key)), None)
    if same is not None and same.state in (KeyState.CURRENT.value, KeyState.ANNOUNCED.value):
        return
    if same is None and not rows:
        try:
            with transaction.atomic():
                KnownKey.objects.create(name=name, key=str(key), public=public, state=KeyState.CURRENT.value, since=now)
        except IntegrityError:
            rows = list(KnownKey.objects.filter(Q(name=name) | Q(public=public)))
        else:
            return
    raise Invalid(_why_not(key, rows), field="key")


def _why_not(key: VerifierKey, rows: Sequence[KnownKey]) -> str:
    if any(row.public == key.public.hex() and row.state == KeyState.RETIRED.value for row in rows):
        return _("This key was replaced by its own log: ask there for the present one.")
    if any(row.public == key.public.hex() and row.state != KeyState.CONTESTED.value for row in rows):
        return _("This key is known here under another name: one log has one name.")
    return _(
        "A log of the name %(name)s is known here with another key. A new key counts once the old one has signed it;"
        " where the old one is lost or was never right, this installation’s operator can help."
    ) % {"name": key.name}


@transaction.atomic
def announce_key(*, said: Succession, statement: str, actor: Urn, now: datetime) -> KnownKey:
    """Keep that a log's key has named its follower; harmless to repeat, Conflict where it named another before."""
    row = (
        KnownKey.objects.select_for_update().filter(Q(replaces=str(said.old)) | Q(public=said.new.public.hex())).first()
    )
    if row is None:
        try:
            with transaction.atomic():
                row = KnownKey.objects.create(
                    name=plain_name(said.new.name),
                    key=str(said.new),
                    public=said.new.public.hex(),
                    state=KeyState.ANNOUNCED.value,
                    replaces=str(said.old),
                    statement=statement,
                    since=now,
                )
        except IntegrityError:
            raise Conflict(
                _("This key has named another as its follower, or that one is known here already.")
            ) from None
        append(
            now=now,
            actor=actor,
            verb="known_key.announced",
            subject=row.urn,
            community=None,
            facts={"old": row.replaces, "new": row.key, "statement": statement},
        )
    if (row.replaces, row.key) != (str(said.old), str(said.new)):
        raise Conflict(_("This key has named another as its follower, or that one is known here already."))
    return row


@transaction.atomic
def settle_key(*, key: str, now: datetime) -> None:
    """The announced key has spoken: from now on it is its log's, and the one before speaks no more."""
    row = KnownKey.objects.select_for_update().filter(key=key, state=KeyState.ANNOUNCED.value).first()
    if row is None:
        return
    KnownKey.objects.filter(key=row.replaces).update(state=KeyState.RETIRED.value)
    row.state = KeyState.CURRENT.value
    row.save(update_fields=["state"])
    append(
        now=now,
        actor=SYSTEM,
        verb="known_key.replaced",
        subject=row.urn,
        community=None,
        facts={"old": row.replaces, "new": row.key},
    )


@transaction.atomic
def forget_key(*, key: str) -> None:
    """Forget a key that nothing here is under any more; one with a history stays, so that its follower is known."""
    row = KnownKey.objects.select_for_update().filter(key=key).first()
    if row is None or row.replaces or KnownKey.objects.filter(replaces=key).exists():
        return
    row.delete()
    for other in KnownKey.objects.select_for_update().filter(Q(name=row.name) | Q(public=row.public)):
        alike = KnownKey.objects.filter(Q(name=other.name) | Q(public=other.public)).exclude(pk=other.pk)
        if other.state == KeyState.CONTESTED.value and not alike.exclude(state=KeyState.RETIRED.value).exists():
            other.state = KeyState.CURRENT.value
            other.save(update_fields=["state"])
