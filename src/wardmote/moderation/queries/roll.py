"""The roll of a community: its members with what they are, for those who run it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wardmote.communities.policy import Role
from wardmote.kernel.i18n import LASTING
from wardmote.network.models import Profile


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member on the roll. `suspended_until` may be past."""

    member_id: int
    handle: str
    name: str
    role: Role
    joined_at: datetime
    suspended_until: datetime | None

    @property
    def is_removed(self) -> bool:
        return self.suspended_until is not None and self.suspended_until >= LASTING

    def suspended(self, now: datetime) -> bool:
        return self.suspended_until is not None and now < self.suspended_until


def _enrolled(row: Profile) -> Enrolled:
    member = row.membership
    return Enrolled(
        member.pk, row.handle, row.display_name, Role(member.role), member.joined_at, member.suspended_until
    )


def roll(*, community_id: int, search: str = "", before: int | None = None, limit: int = 30) -> list[Enrolled]:
    """The newest members first; `search` is part of a handle or a name."""
    rows = Profile.objects.filter(community_id=community_id).select_related("membership")
    if search:
        rows = rows.filter(Q(handle__icontains=search.removeprefix("@")) | Q(display_name__icontains=search))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_enrolled(row) for row in rows.order_by("-pk")[:limit]]


def enrolled(*, community_id: int, member_id: int) -> Enrolled | None:
    """One member; None for nobody of this community."""
    row = Profile.objects.filter(community_id=community_id, pk=member_id).select_related("membership").first()
    return _enrolled(row) if row else None
