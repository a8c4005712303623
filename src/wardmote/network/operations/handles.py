"""Handles that are kept for whoever is verifying an e-mail address."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.network.models import Profile, ReservedHandle

KEPT = timedelta(minutes=30)
"""Longer than the code that is mailed can be used."""


@transaction.atomic
def reserve_handle(*, community_id: int, handle: str, holder: str, now: datetime, keep: timedelta = KEPT) -> None:
    """Keep a handle for its holder for that long; Conflict where it is somebody's, or kept for another."""
    ReservedHandle.objects.filter(until__lte=now).delete()
    if Profile.objects.filter(community_id=community_id, handle=handle).exists():
        raise Conflict(_("This handle is taken; please choose another."))
    try:
        with transaction.atomic():
            kept, _made = ReservedHandle.objects.get_or_create(
                community_id=community_id, handle=handle, defaults={"holder": holder, "until": now + keep}
            )
    except IntegrityError:
        raise Conflict(_("This handle is taken; please choose another.")) from None
    if kept.holder != holder:
        raise Conflict(_("This handle is taken; please choose another."))


@transaction.atomic
def claim_handle(*, community_id: int, handle: str, holder: str, now: datetime) -> None:
    """Let a handle go to its holder; Conflict while it is kept for another."""
    kept = ReservedHandle.objects.select_for_update().filter(community_id=community_id, handle=handle).first()
    if kept is None:
        return
    if kept.until > now and kept.holder != holder:
        raise Conflict(_("This handle is taken; please choose another."))
    kept.delete()
