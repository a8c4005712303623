"""Writes of what a community says of itself, and of who may join it."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from wardmote.communities.models import Community
from wardmote.communities.policy import Face, SignUp
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record

_PROSE = ("description", "contact")
"""What may name people: it is kept beside the record, so that it can be erased."""


@transaction.atomic
def change_face(*, community_id: int, face: Face, actor: Urn, now: datetime) -> bool:
    """Say something else; gives whether anything is different."""
    row = _locked(community_id)
    changed = {name: value for name, value in asdict(face).items() if getattr(row, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    record.append(
        now=now,
        actor=actor,
        verb="community.changed",
        subject=row.urn,
        community=row.urn,
        facts={name: value for name, value in changed.items() if name not in _PROSE},
        content={name: value for name, value in changed.items() if name in _PROSE},
        about=row.urn,
    )
    return True


@transaction.atomic
def set_sign_up(*, community_id: int, mode: SignUp, actor: Urn, now: datetime) -> bool:
    """Open, by approval, or closed; gives whether that is different."""
    row = _locked(community_id)
    if row.sign_up == mode:
        return False
    row.sign_up = mode.value
    row.save(update_fields=["sign_up"])
    record.append(
        now=now,
        actor=actor,
        verb="community.changed",
        subject=row.urn,
        community=row.urn,
        facts={"sign_up": mode.value},
    )
    return True


def _locked(community_id: int) -> Community:
    row = Community.objects.select_for_update(no_key=True).filter(pk=community_id).first()
    if row is None:
        raise NotFound(_("There is no such community."))
    return row
