"""Somebody signs up: the handle is kept unseen until the e-mail address is verified, and only then is a login made.

Whether an address has a login already is nobody's to learn: both cases keep the handle, do the same work, and mail.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict
from wardmote.kernel.handles import clean_handle
from wardmote.kernel.i18n import gettext as _
from wardmote.network import operations as network
from wardmote.people import operations as people


def keep_handle(*, community_id: int, handle: str, holder: str, now: datetime) -> None:
    """Keep a handle for half an hour; Conflict where it is taken or kept for another."""
    with transaction.atomic(durable=True):
        network.reserve_handle(community_id=community_id, handle=clean_handle(handle), holder=holder, now=now)


def make_login(*, email: str, password: str, language: str, now: datetime) -> int:
    """A login for whoever has given the code that was mailed to the address; gives the person's id.

    `password` is hashed. Conflict where somebody has a login with that address. It comes on the record when it joins.
    """
    with transaction.atomic(durable=True):
        return people.add_login(email=email, password=password, language=language, now=now)


def verify(work: Callable[[], bool]) -> bool:
    """Let a login have an address whose code was given; Conflict where another got it in the same moment."""
    try:
        with transaction.atomic(durable=True):
            return work()
    except IntegrityError:
        raise Conflict(_("There is a login with this address already.")) from None


def give_way(*, email: str, person_id: int | None) -> None:
    """Remove logins that were never verified, other than this person's, for somebody who reads the mail there."""
    with transaction.atomic(durable=True):
        people.drop_unverified(email=email, but=person_id)
