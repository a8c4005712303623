"""Keys of the moderation API: issued, revoked, and what they use counted."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.kernel.words import gettext as _
from wardmote.people import operations as people
from wardmote.people.engine import meter
from wardmote.people.policy import (
    REQUESTS_PER_MINUTE,
    TEXTS_PER_DAY,
    Allowance,
    Scope,
    Window,
    new_secret,
)


def issue_key(
    *,
    name: str,
    scopes: Iterable[Scope] = (),
    community_id: int | None = None,
    requests_per_minute: int = REQUESTS_PER_MINUTE,
    texts_per_day: int = TEXTS_PER_DAY,
    actor: Urn = SYSTEM,
    now: datetime,
) -> str:
    """Make a key and give it; nobody can read it again. Without scopes it opens all that it can.

    A key for events speaks for one community, so it needs one.
    """
    wanted = frozenset(scopes) or frozenset(Scope) - (frozenset() if community_id else {Scope.EVENTS})
    if Scope.EVENTS in wanted and community_id is None:
        raise Invalid(_("A key for events is for one community: name it."), field="community")
    secret = new_secret()
    with transaction.atomic(durable=True):
        people.issue_key(
            secret=secret,
            name=name,
            scopes=wanted,
            realm=Urn("community", community_id) if community_id else None,
            requests_per_minute=requests_per_minute,
            texts_per_day=texts_per_day,
            actor=actor,
            now=now,
        )
    return secret


def revoke_key(*, name: str, community_id: int | None = None, actor: Urn = SYSTEM, now: datetime) -> None:
    """Take a key back; with `community_id`, only one of that community's."""
    realm = Urn("community", community_id) if community_id else None
    with transaction.atomic(durable=True):
        people.revoke_key(name=name, realm=realm, actor=actor, now=now)


def count_use(*, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance:
    """Count a key's use. The database is asked only when this process's part of the limit is spent."""
    spent = meter.spend(key_id=key_id, window=window, limit=limit, amount=amount, now=now)
    if spent is not None:
        return spent
    with transaction.atomic(durable=True):
        return meter.lease(key_id=key_id, window=window, limit=limit, amount=amount, now=now)
