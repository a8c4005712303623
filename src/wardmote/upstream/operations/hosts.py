"""Who hosts a community: named, reached under another key, removed."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.record import operations as record
from wardmote.upstream.models import Host


@transaction.atomic
def name_host(
    *, community_id: int, base_url: str = "", origin: str = "", key: str = "", actor: Urn, now: datetime
) -> Host:
    """Say who hosts the community: this installation, or another whose log has that key. See `lock_host` first.

    Conflict where somebody named one a moment ago.
    """
    host = lock_host(community_id=community_id) or Host(community_id=community_id)
    host.base_url, host.origin, host.key, host.named_at = base_url.rstrip("/"), origin, key, now
    try:
        with transaction.atomic():
            host.save()
    except IntegrityError:
        raise Conflict(_("Somebody has named a host for this community a moment ago.")) from None
    record.append(
        now=now,
        actor=actor,
        verb="upstream_host.named",
        subject=host.urn,
        community=Urn("community", community_id),
        facts={"base_url": host.base_url, "key": key},
    )
    return host


def lock_host(*, community_id: int) -> Host | None:
    """The community's host, which nobody changes until the caller's transaction is over; None where none is named."""
    return Host.objects.select_for_update().filter(community_id=community_id).first()


@transaction.atomic
def remove_host(*, community_id: int, actor: Urn, now: datetime) -> None:
    """From now on nobody hosts the community. What the host has sent, and its measures, stay."""
    host = lock_host(community_id=community_id)
    if host is None:
        raise NotFound(_("Nobody hosts this community."))
    record.append(
        now=now,
        actor=actor,
        verb="upstream_host.removed",
        subject=host.urn,
        community=Urn("community", community_id),
        facts={"base_url": host.base_url, "key": host.key},
    )
    host.delete()


@transaction.atomic
def replace_host_key(*, old: str, new: str, now: datetime) -> None:
    """The log of a host elsewhere has another key now, for every community that it hosts."""
    for host in Host.objects.select_for_update().filter(key=old).order_by("pk"):
        host.key = new
        host.save(update_fields=["key"])
        record.append(
            now=now,
            actor=SYSTEM,
            verb="upstream_host.rekeyed",
            subject=host.urn,
            community=Urn("community", host.community_id),
            facts={"old": old, "new": new},
        )
