"""Somebody who is signed in on the host's page goes into a community: the two share no cookies, so a token is handed
over. It is no session: it opens nothing but the arrival, once, within a minute, and not after a new password."""

from datetime import datetime

from django.db import transaction

from wardmote.people import operations as people
from wardmote.people.policy import WayIn, new_secret


def leave(*, person_id: int, host: str, way: WayIn, now: datetime) -> str:
    """The token with which somebody arrives at the community of that host name."""
    secret = new_secret()
    with transaction.atomic(durable=True):
        people.open_hand_off(person_id=person_id, secret=secret, host=host, way=way, now=now)
    return secret


def arrive(*, token: str, host: str, way: WayIn, now: datetime) -> int | None:
    """Use the token up; gives the person's id, None for a token that is good for nothing here."""
    with transaction.atomic(durable=True):
        return people.take_hand_off(secret=token, host=host, way=way, now=now)
