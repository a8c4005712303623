"""The operator changes or removes a community's host, which nobody else can while a measure of it is in force."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community_by_slug
from wardmote.journeys.hosts.enrol import check_url, forget_unused, known_as, name_elsewhere
from wardmote.kernel.errors import NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM
from wardmote.upstream import operations as upstream
from wardmote.upstream.models import Host


def change_host(*, slug: str, base_url: str, key: str, lift: bool, now: datetime) -> bool:
    """Another installation hosts the community from now on. With `lift` the measures in force end, else they stay, and
    nobody but the operator can end them. Gives whether one was ended."""
    community_id = _community(slug)
    other = known_as(key)
    check_url(base_url)
    with transaction.atomic(durable=True):
        present = _elsewhere(community_id)
        name_elsewhere(community_id=community_id, present=present, base_url=base_url, key=other, actor=SYSTEM, now=now)
        return lift and upstream.overrule(community_id=community_id, actor=SYSTEM, now=now)


def remove_host(*, slug: str, lift: bool, now: datetime) -> bool:
    """Nobody hosts the community from now on; `lift` and what is given as for `change_host`."""
    community_id = _community(slug)
    with transaction.atomic(durable=True):
        present = _elsewhere(community_id)
        if present is not None:
            upstream.remove_host(community_id=community_id, actor=SYSTEM, now=now)
            forget_unused(present.key)
        elif not lift:
            raise NotFound(_("Nobody hosts this community."))
        return lift and upstream.overrule(community_id=community_id, actor=SYSTEM, now=now)


def _community(slug: str) -> int:
    found = community_by_slug(slug)
    if found is None:
        raise NotFound(_("There is no such community."))
    return found.id


def _elsewhere(community_id: int) -> Host | None:
    present = upstream.lock_host(community_id=community_id)
    if present is not None and not present.key:
        raise Refused(_("This installation hosts the community: its measures are lifted at the host’s desk."))
    return present
