"""Reads about communities, standings and policies, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.models import Clause, Community, Membership, Once, Paced, Policy
from wardmote.communities.policy import DAY, PACES, Action, ClauseDraft, CommunityState, Deed, Role, Severity, SignUp
from wardmote.communities.queries.accepted import has_accepted
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json


@dataclass(frozen=True, slots=True)
class StateView:
    """What the host has made of a community, since when and why; `until` is the end of a restriction.

    `reason` is what visitors read; `appeal_path` is where the owner appeals.
    """

    state: CommunityState
    since: datetime | None
    until: datetime | None
    reason: str
    appeal_path: str

    @property
    def locks_visitors(self) -> bool:
        return self.state.locks_visitors

    def stops_writing(self, now: datetime) -> bool:
        """Whether nothing may be written; a restriction ends by itself."""
        if self.state is CommunityState.RESTRICTED:
            return self.until is not None and now < self.until
        return self.state is not CommunityState.ACTIVE


@dataclass(frozen=True, slots=True)
class CommunityView:
    """One community."""

    id: int
    slug: str
    title: str
    tagline: str
    domain: str
    owner_id: int
    state: StateView
    description: str = ""
    contact: str = ""
    sign_up: SignUp = SignUp.OPEN
    help_lines: str = ""

    @property
    def urn(self) -> Urn:
        return Urn("community", self.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in one community."""

    community_id: int
    member_id: int
    person_id: int
    role: Role
    suspended_until: datetime | None
    accepted_policy: bool

    @property
    def moderates(self) -> bool:
        return self.role.moderates

    @property
    def is_owner(self) -> bool:
        return self.role is Role.OWNER

    @property
    def urn(self) -> Urn:
        return Urn("member", self.member_id)

    def suspended(self, now: datetime) -> bool:
        return self.suspended_until is not None and now < self.suspended_until


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One rule as a reader or a moderator sees it."""

    id: int
    key: str
    title: str
    text: str
    category: str
    severity: Severity
    default_action: Action
    queue_at: float | None
    hold_at: float | None


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One version of a community's rules."""

    id: int
    community_id: int
    number: int
    title: str
    hash: str
    published_at: datetime
    clauses: tuple[ClauseView, ...]

    def clause(self, key: str) -> ClauseView | None:
        return next((c for c in self.clauses if c.key == key), None)

    def drafts(self) -> tuple[ClauseDraft, ...]:
        """The clauses without their ids, as pure rules read them."""
        return tuple(
            ClauseDraft(
                key=c.key,
                title=c.title,
                text=c.text,
                category=c.category,
                severity=c.severity,
                default_action=c.default_action,
                queue_at=c.queue_at,
                hold_at=c.hold_at,
            )
            for c in self.clauses
        )


def _community(row: Community) -> CommunityView:
    return CommunityView(
        row.pk,
        row.slug,
        row.title,
        row.tagline,
        row.domain,
        row.owner_id,
        _state(row),
        row.description,
        row.contact,
        SignUp(row.sign_up),
        row.help_lines,
    )


def _state(row: Community) -> StateView:
    return StateView(CommunityState(row.state), row.state_since, row.state_until, row.state_reason, row.state_appeal)


def community_by_domain(domain: str) -> CommunityView | None:
    """The community that answers under this host name (without port)."""
    row = Community.objects.filter(domain__iexact=domain).first()
    return _community(row) if row else None


def community_by_slug(slug: str) -> CommunityView | None:
    """The community of that short name."""
    row = Community.objects.filter(slug=slug).first()
    return _community(row) if row else None


def community(community_id: int) -> CommunityView:
    """The community of that id; it must exist."""
    return _community(Community.objects.get(pk=community_id))


def state_of(community_id: int) -> StateView:
    """What the host has made of the community of that id; it must exist."""
    return _state(Community.objects.get(pk=community_id))


def communities() -> list[CommunityView]:
    """All communities, by title."""
    return [_community(row) for row in Community.objects.order_by("title")]


def moderated_by(*, person_id: int) -> list[CommunityView]:
    """The communities that this person moderates or owns, by title."""
    moderating = [role.value for role in Role if role.moderates]
    rows = Community.objects.filter(memberships__person_id=person_id, memberships__role__in=moderating)
    return [_community(row) for row in rows.order_by("title")]


def _standing(member: Membership) -> Standing:
    latest = (
        Policy.objects.filter(community_id=member.community_id).order_by("-number").values_list("pk", flat=True).first()
    )
    accepted = latest is None or has_accepted(member_id=member.pk, policy_id=latest)
    return Standing(
        community_id=member.community_id,
        member_id=member.pk,
        person_id=member.person_id,
        role=Role(member.role),
        suspended_until=member.suspended_until,
        accepted_policy=accepted,
    )


def standing(*, community_id: int, person_id: int) -> Standing | None:
    """What this person is here; None for somebody who has not joined."""
    member = Membership.objects.filter(community_id=community_id, person_id=person_id).first()
    return _standing(member) if member else None


def standing_of_member(*, community_id: int, member_id: int) -> Standing:
    """What this member is; raises NotFound for a member of another community."""
    member = Membership.objects.filter(community_id=community_id, pk=member_id).first()
    if member is None:
        raise NotFound(_("There is no such member here."))
    return _standing(member)


def moderators_of(*, community_id: int) -> list[int]:
    """Those who moderate a community, its owner too."""
    moderating = [role.value for role in Role if role.moderates]
    members = Membership.objects.filter(community_id=community_id, role__in=moderating)
    return list(members.order_by("pk").values_list("pk", flat=True))


def _policy(row: Policy) -> PolicyView:
    return PolicyView(
        id=row.pk,
        community_id=row.community_id,
        number=row.number,
        title=row.title,
        hash=row.hash,
        published_at=row.published_at,
        clauses=tuple(
            ClauseView(
                id=c.pk,
                key=c.key,
                title=c.title,
                text=c.text,
                category=c.category,
                severity=Severity(c.severity),
                default_action=Action(c.default_action),
                queue_at=c.queue_at,
                hold_at=c.hold_at,
            )
            for c in Clause.objects.filter(policy=row)
        ),
    )


def current_policy(*, community_id: int) -> PolicyView | None:
    """The version in force."""
    row = Policy.objects.filter(community_id=community_id).order_by("-number").first()
    return _policy(row) if row else None


def policy_version(*, community_id: int, number: int) -> PolicyView | None:
    """One version, in force or not."""
    row = Policy.objects.filter(community_id=community_id, number=number).first()
    return _policy(row) if row else None


def policy_by_id(policy_id: int) -> PolicyView:
    """The version of that id; it must exist."""
    return _policy(Policy.objects.get(pk=policy_id))


def policy_numbers(*, community_id: int) -> list[tuple[int, datetime]]:
    """Every version's number and when it was published, newest first."""
    rows = Policy.objects.filter(community_id=community_id).order_by("-number")
    return list(rows.values_list("number", "published_at"))


def sent_once(*, community_id: int, holder: Urn, key: str, now: datetime) -> tuple[str, Json] | None:
    """(digest of what was sent, what it led to) of a form of this key that was sent within a day."""
    rows = Once.objects.filter(community_id=community_id, holder=str(holder), key=key, stored_at__gt=now - DAY)
    return rows.values_list("digest", "result").first()


def check_pace(*, community_id: int, member_id: int, deed: Deed, factor: int, now: datetime) -> None:
    """TooOften where the member did this so often of late that they must wait; counts nothing."""
    paced = Paced.objects.filter(
        membership__community_id=community_id, membership_id=member_id, deed=deed.value
    ).first()
    if paced is not None:
        PACES[deed].check((paced.begin, paced.used), (paced.day_begin, paced.day_used), factor=factor, now=now)
