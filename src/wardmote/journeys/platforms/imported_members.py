"""People of another platform as members here: each name gets a profile, and a login that nobody can sign in with.

An imported name never becomes somebody who is a member here already: nobody's words are put into another's mouth.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Role
from wardmote.journeys.steps.screening import Locked, screen_each
from wardmote.kernel.handles import LIMIT, is_handle
from wardmote.kernel.texts import identity
from wardmote.moderation.policy import Route
from wardmote.network import operations as network
from wardmote.network import queries as network_queries
from wardmote.people import operations as people
from wardmote.people import queries as people_queries

_STEM = LIMIT - 9
"""Letters of a name that are kept where it needs a number behind it: eight characters, and a dash."""


def imported_members(*, community_id: int, names: Iterable[str], now: datetime) -> dict[str, int]:
    """The member that each of these foreign names is here, made now if there is none."""
    wanted = dict.fromkeys(names)
    handles = {name: _candidates(name) for name in wanted}
    owners = _owners(community_id, [handle for pair in handles.values() for handle in pair])
    fit = _fit_for_use(community_id, {plain for plain, _ in handles.values() if plain and plain not in owners})
    members: dict[str, int] = {}
    missing: dict[str, str] = {}
    for name, (plain, coined) in handles.items():
        known = next((owners[h] for h in (plain, coined) if owners.get(h) is not None), None)
        if known is not None:
            members[name] = known
        else:
            missing[name] = plain if plain in fit else coined
    if missing:
        with transaction.atomic(durable=True):
            made = {h: _make(community_id, h, now=now) for h in dict.fromkeys(missing.values())}
        members.update({name: made[handle] for name, handle in missing.items()})
    return members


def _candidates(name: str) -> tuple[str, str]:
    """The handle that the name itself is, empty where it cannot be one; and one coined from it that is its alone."""
    plain = identity(name).removeprefix("@").lower()
    ascii_name = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", ascii_name).strip("_")[:_STEM] or "member"
    digest = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return plain if is_handle(plain) else "", f"{stem}_{digest}"


def _address(community_id: int, handle: str) -> str:
    return f"{handle}@{community_id}.imported.invalid"


def _owners(community_id: int, handles: list[str]) -> dict[str, int | None]:
    """Handles in use to the imported member of that handle; None where it is a member's who came by themselves."""
    in_use = network_queries.members_by_handle(community_id=community_id, handles=handles)
    emails = people_queries.emails_of(person_ids=[person_id for _, person_id in in_use.values()])
    return {
        handle: member_id if emails[person_id] == _address(community_id, handle) else None
        for handle, (member_id, person_id) in in_use.items()
    }


def _fit_for_use(community_id: int, handles: set[str]) -> set[str]:
    """Those that a member would be allowed to choose."""
    ordered = sorted(handles)
    if not ordered:
        return set()
    screened = screen_each(community_id=community_id, texts=[handle.replace("_", " ") for handle in ordered])
    return {
        handle
        for handle, said in zip(ordered, screened, strict=True)
        if not isinstance(said, Locked) and said.routing.route is not Route.HOLD
    }


def _make(community_id: int, handle: str, *, now: datetime) -> int:
    person_id = people.create_person(email=_address(community_id, handle), password=None, now=now)
    member_id = communities.add_member(community_id=community_id, person_id=person_id, role=Role.MEMBER, now=now)
    network.add_profile(community_id=community_id, member_id=member_id, handle=handle, display_name="", now=now)
    return member_id
