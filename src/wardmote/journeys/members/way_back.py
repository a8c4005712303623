"""The main address of a login was replaced; whoever has the one before can take the login back."""

from datetime import datetime

from django.db import transaction

from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.people import operations as people
from wardmote.people.policy import new_secret
from wardmote.people.queries import look_at_way_back


def open_way_back(*, person_id: int, from_address: str, now: datetime) -> str:
    """Note the change; gives the token for the link that is mailed to the address before."""
    secret = new_secret()
    with transaction.atomic(durable=True):
        change_id = people.note_address_change(person_id=person_id, from_address=from_address, secret=secret, now=now)
    return f"{change_id}-{secret}"


def take_back(*, token: str, now: datetime) -> int:
    """Restore the address that the token was mailed to, and shut everybody out; gives the person's id."""
    change_id, secret = _parts(token)
    with transaction.atomic(durable=True):
        return people.restore_address(change_id=change_id, secret=secret, now=now)


def look(*, token: str, now: datetime) -> None:
    """Whether the token would do something; raises NotFound, with what is wrong, where it would not."""
    change_id, secret = _parts(token)
    look_at_way_back(change_id=change_id, secret=secret, now=now)


def _parts(token: str) -> tuple[int, str]:
    change_id, _dash, secret = token.partition("-")
    if not (change_id.isascii() and change_id.isdigit() and len(change_id) < 20):
        raise NotFound(_("There is no such link."))
    return int(change_id), secret
