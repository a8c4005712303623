"""Reads of agreements between communities, each as one of the two sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wardmote.communities.models import JudgingAgreement
from wardmote.communities.policy import AgreementState
from wardmote.communities.queries import CommunityView, community, current_policy


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement and the other community. `ours`: this one offered it; `since`: when it was answered or ended."""

    id: int
    other: CommunityView
    ours: bool
    state: AgreementState
    offered_at: datetime
    ends_at: datetime
    since: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can be accepted."""
        return self.state is AgreementState.OPEN and now < self.ends_at

    @property
    def in_force(self) -> bool:
        return self.state is AgreementState.ACCEPTED


def _seen_by(row: JudgingAgreement, community_id: int) -> AgreementView:
    ours = row.community_id == community_id
    return AgreementView(
        row.pk,
        community(row.other_id if ours else row.community_id),
        ours,
        AgreementState(row.state),
        row.offered_at,
        row.ends_at,
        row.ended_at or row.answered_at,
    )


def _of(community_id: int) -> Q:
    return Q(community_id=community_id) | Q(other_id=community_id)


def agreements(*, community_id: int, limit: int = 50) -> list[AgreementView]:
    """Those of a community, the newest first, also those that are over."""
    rows = JudgingAgreement.objects.filter(_of(community_id)).order_by("-pk")
    return [_seen_by(row, community_id) for row in rows[:limit]]


def living_agreements(*, community_id: int, now: datetime) -> list[AgreementView]:
    """Those in force, and the offers that can be accepted, by either side; the oldest first."""
    rows = JudgingAgreement.objects.filter(
        _of(community_id),
        Q(state=AgreementState.ACCEPTED.value) | Q(state=AgreementState.OPEN.value, ends_at__gt=now),
    )
    return [_seen_by(row, community_id) for row in rows.order_by("pk")]


def open_offers(*, community_id: int) -> list[int]:
    """The ids of this community's own offers that nobody has answered."""
    rows = JudgingAgreement.objects.filter(community_id=community_id, state=AgreementState.OPEN.value)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def agreement(*, community_id: int, agreement_id: int) -> AgreementView | None:
    """One of a community; None for any other's."""
    row = JudgingAgreement.objects.filter(_of(community_id), pk=agreement_id).first()
    return _seen_by(row, community_id) if row else None


def judges_for(community_id: int) -> list[int]:
    """The communities that judge for this one where nobody of its own may, the longest agreed first."""
    rows = JudgingAgreement.objects.filter(_of(community_id), state=AgreementState.ACCEPTED.value).order_by("pk")
    return [b if a == community_id else a for a, b in rows.values_list("community_id", "other_id")]


def agreement_seen(view: AgreementView) -> str:
    """What the page of an offer showed, as its form carries it: the offer, and the rules that would be judged by."""
    policy = current_policy(community_id=view.other.id)
    return f"{view.id}.{policy.hash[:16] if policy else ''}"
