"""What the owner's desk reads: who moderates, who was asked to."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from wardmote.communities.models import EntryLink, Invitation, JoinRequest, Membership, PolicyDraft
from wardmote.communities.policy import InvitationState, RequestState, Role


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation to moderate."""

    id: int
    member_id: int
    state: InvitationState
    invited_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state is InvitationState.OPEN


def _invitation(row: Invitation) -> InvitationView:
    return InvitationView(row.pk, row.membership_id, InvitationState(row.state), row.invited_at)


def moderators(*, community_id: int) -> list[int]:
    """The ids of the members who moderate, without the owner, longest member first."""
    rows = Membership.objects.filter(community_id=community_id, role=Role.MODERATOR.value)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def open_invitations(*, community_id: int) -> list[InvitationView]:
    """Those that wait for an answer, oldest first."""
    rows = Invitation.objects.filter(community_id=community_id, state=InvitationState.OPEN.value)
    return [_invitation(row) for row in rows.order_by("pk")]


def invitation(*, community_id: int, member_id: int, invitation_id: int) -> InvitationView | None:
    """An invitation of this member; None for anybody else's."""
    row = Invitation.objects.filter(community_id=community_id, membership_id=member_id, pk=invitation_id).first()
    return _invitation(row) if row else None


def owner_member(*, community_id: int) -> int | None:
    """The owner's membership; None before they have joined."""
    rows = Membership.objects.filter(community_id=community_id, role=Role.OWNER.value)
    return rows.values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class DraftView:
    """The next version of the rules as far as it is written: each clause as {field: what was typed}.

    `version` is 0 where nothing was saved yet.
    """

    title: str
    clauses: tuple[dict[str, str], ...]
    version: int
    saved_at: datetime | None


def policy_draft(*, community_id: int) -> DraftView | None:
    """What was saved of it; None where nothing was."""
    row = PolicyDraft.objects.filter(community_id=community_id).first()
    return DraftView(row.title, tuple(row.clauses), row.version, row.saved_at) if row else None


def members_after(*, community_id: int, after: int, limit: int) -> list[tuple[int, int]]:
    """The next members and who they are, by (member, person), for who goes through all of them."""
    rows = Membership.objects.filter(community_id=community_id, pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", "person_id")[:limit])


@dataclass(frozen=True, slots=True)
class RequestView:
    """Somebody asks to join, and what they say."""

    id: int
    handle: str
    reason: str
    asked_at: datetime


def join_requests(*, community_id: int, limit: int = 50) -> list[RequestView]:
    """Those that wait, oldest first."""
    rows = JoinRequest.objects.filter(community_id=community_id, state=RequestState.WAITING.value).order_by("pk")
    return [RequestView(row.pk, row.handle, row.reason, row.asked_at) for row in rows[:limit]]


def requests_waiting(*, community_id: int) -> int:
    """How many wait."""
    return JoinRequest.objects.filter(community_id=community_id, state=RequestState.WAITING.value).count()


def has_asked(*, community_id: int, person_id: int) -> bool:
    """Whether this person waits for an answer."""
    rows = JoinRequest.objects.filter(community_id=community_id, person_id=person_id)
    return rows.filter(state=RequestState.WAITING.value).exists()


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that lets people in, without its token."""

    id: int
    most: int
    used: int
    made_at: datetime
    ends_at: datetime


def _open_links(community_id: int, now: datetime) -> QuerySet[EntryLink]:
    return EntryLink.objects.filter(community_id=community_id, revoked_at=None, ends_at__gt=now, used__lt=F("most"))


def entry_links(*, community_id: int, now: datetime) -> list[LinkView]:
    """Those that let somebody in now, newest first."""
    rows = _open_links(community_id, now).order_by("-pk")
    return [LinkView(row.pk, row.most, row.used, row.made_at, row.ends_at) for row in rows]


def lets_in(*, community_id: int, digest: str, now: datetime) -> bool:
    """Whether the link of this digest lets somebody in now."""
    return _open_links(community_id, now).filter(digest=digest).exists()


def members_of(community_id: int) -> int:
    """How many members a community has."""
    return Membership.objects.filter(community_id=community_id).count()
