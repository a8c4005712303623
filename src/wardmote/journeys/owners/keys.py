"""Keys of the moderation API: issued, revoked, and what they use counted."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wardmote.communities.policy import CommunityState
from wardmote.communities.queries import state_of
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import number
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.people import operations as people
from wardmote.people import queries
from wardmote.people.engine import meter
from wardmote.people.policy import (
    KEYS_OF_A_COMMUNITY,
    REQUESTS_PER_MINUTE,
    TEXTS_PER_DAY,
    Allowance,
    Scope,
    Terms,
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
        _still_owner(community_id, actor, now=now)
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


def issue_key_as_owner(
    *,
    member_id: int,
    name: str,
    scopes: Iterable[Scope],
    community_id: int,
    requests_per_minute: int,
    texts_per_day: int,
    now: datetime,
) -> str:
    """A key that the owner makes for the own community, within what the host grants each; gives it, once.

    Refused for anybody else; Invalid for a limit of none or above the most; Conflict where too many are in use.
    """
    owner(community_id=community_id, member_id=member_id, now=now)
    for field, limit, most in (
        ("requests_per_minute", requests_per_minute, REQUESTS_PER_MINUTE),
        ("texts_per_day", texts_per_day, TEXTS_PER_DAY),
    ):
        if not 1 <= limit <= most:
            raise Invalid(_("This is a whole number from 1 to %(most)s.") % {"most": number(most)}, field=field)
    if not (wanted := frozenset(scopes)):
        raise Invalid(_("Choose what the key opens."), field="scopes")
    in_use = [key for key in queries.keys(realm=str(Urn("community", community_id))) if key.revoked_at is None]
    if len(in_use) >= KEYS_OF_A_COMMUNITY:
        many = _("%(count)d keys are in use, which is the most; revoke one first.")
        raise Conflict(many % {"count": len(in_use)})
    return issue_key(
        name=name.strip(),
        scopes=wanted,
        community_id=community_id,
        requests_per_minute=requests_per_minute,
        texts_per_day=texts_per_day,
        actor=Urn("member", member_id),
        now=now,
    )


def revoke_key_as_owner(*, member_id: int, key_id: int, community_id: int, now: datetime) -> str:
    """Take one of the own community's keys back; gives its name. NotFound for another's, and for one revoked before."""
    owner(community_id=community_id, member_id=member_id, now=now)
    keys = queries.keys(realm=str(Urn("community", community_id)))
    key = next((k for k in keys if k.terms.key_id == str(key_id) and k.revoked_at is None), None)
    if key is None:
        raise NotFound(_("There is no such key in use here."))
    revoke_key(name=key.terms.name, community_id=community_id, actor=Urn("member", member_id), now=now)
    return key.terms.name


def revoke_key(*, name: str, community_id: int | None = None, actor: Urn = SYSTEM, now: datetime) -> None:
    """Take a key back; with `community_id`, only one of that community's."""
    realm = Urn("community", community_id) if community_id else None
    with transaction.atomic(durable=True):
        _still_owner(community_id, actor, now=now)
        people.revoke_key(name=name, realm=realm, actor=actor, now=now)


def stopped(terms: Terms) -> str:
    """Why a key opens nothing now: its community is suspended or terminated. Empty where it opens what it can."""
    if not terms.realm:
        return ""
    state = state_of(Urn.parse(terms.realm).id).state
    if state is CommunityState.SUSPENDED:
        return "The host has suspended this key's community: its keys open nothing until that is lifted."
    if state is CommunityState.TERMINATED:
        return "The host has terminated this key's community: its keys open nothing any more."
    return ""


def _still_owner(community_id: int | None, actor: Urn, *, now: datetime) -> None:
    """A member who acts is still the owner when it is stored; the command line needs no such leave."""
    if community_id is not None and actor.kind == "member":
        owner(community_id=community_id, member_id=actor.id, now=now, lock=True)


def count_use(*, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance:
    """Count a key's use. The database is asked only when this process's part of the limit is spent."""
    spent = meter.spend(key_id=key_id, window=window, limit=limit, amount=amount, now=now)
    if spent is not None:
        return spent
    with transaction.atomic(durable=True):
        return meter.lease(key_id=key_id, window=window, limit=limit, amount=amount, now=now)
