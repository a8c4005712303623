"""What the ladder looks at: one case as plain values, read from the tables by `hosting.queries`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wardmote.hosting.policy.clocks import Clock
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.terms import Terms
from wardmote.kernel.urn import Urn


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One reported post. `up_at`: when the latest check saw it standing; None if that check saw something else."""

    urn: Urn
    status: ItemStatus
    removal_claimed: bool = False
    in_dispute: bool = False
    up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One letter that was delivered. `names_breach`: it says that the agreement is broken, and by which clause."""

    urn: Urn
    kind: NoticeKind
    delivered_at: datetime
    names_breach: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock of the case, or with `item` of one item; `ended_at` once what it measured was over."""

    name: ClockName
    clock: Clock
    item: Urn | None = None
    ended_at: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Whether its time ran out, by the time it ended or by now."""
        return self.clock.lapsed(now if self.ended_at is None else self.ended_at)


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A staff record towards one precondition."""

    urn: Urn
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """The proposal before the approvers; `approvers` are person ids, `complete` that no part of it is empty."""

    urn: Urn
    kind: ProposalKind
    complete: bool
    approvers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything that a step or a precondition may ask about a case; `entered_at` is when it came to its stage.

    `accepted` names the policy version with its acceptance, when the customer accepted the one that the items' clauses
    are in. `evidence` is by number of the precondition (1 to 11), the latest record of each. `suspended_by` are those
    who approved the suspension in force. `return_proven`: the conditions for return were shown to be met.
    """

    stage: Stage
    terms: Terms
    opened_by: int
    entered_at: datetime
    items: tuple[ItemFacts, ...]
    notices: tuple[NoticeFacts, ...] = ()
    clocks: tuple[Timed, ...] = ()
    accepted: tuple[Urn, ...] = ()
    answered_at: datetime | None = None
    answered: tuple[Urn, ...] = ()
    plan_at: datetime | None = None
    restrictions: tuple[Urn, ...] = ()
    evidence: Mapping[int, EvidenceFacts] = field(default_factory=dict)
    proposal: ProposalFacts | None = None
    suspended_by: tuple[int, ...] = ()
    return_proven: bool = False

    def running(self, name: ClockName) -> Timed | None:
        """The case's clock of that name that has not ended."""
        return next((t for t in self.clocks if t.name is name and t.item is None and t.ended_at is None), None)

    def cure(self, item: Urn) -> Timed | None:
        """The item's own clock."""
        return next((t for t in self.clocks if t.name is ClockName.CURE and t.item == item), None)

    def overdue(self, now: datetime) -> tuple[ItemFacts, ...]:
        """Items that are seen standing although their time to cure is over."""
        return tuple(i for i in self.items if i.status.up and (t := self.cure(i.urn)) is not None and t.over(now))

    def delivered(self, *kinds: NoticeKind) -> tuple[NoticeFacts, ...]:
        """The delivered letters of these kinds, oldest first."""
        return tuple(n for n in self.notices if n.kind in kinds)
