"""What the host's desk shows, as plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wardmote.hosting.policy.kinds import AnswerKind, ClockName, Finding, ItemStatus, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.preconditions import Precondition
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.hosting.queries.contract import CustomerRow
from wardmote.kernel.urn import Urn


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as it is now. `due_at` is None while it is paused; `remaining` is negative once it is late."""

    name: ClockName
    item_id: int | None
    started_at: datetime
    due_at: datetime | None
    remaining: timedelta
    paused: bool
    lapsed: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the case list; `clock` is the one that runs out next, `up` how many items are seen standing."""

    case_id: int
    customer_id: int
    customer: str
    stage: Stage
    since: datetime
    opened_at: datetime
    summary: str
    life_threat: bool
    items: int
    up: int
    clock: ClockView | None


@dataclass(frozen=True, slots=True)
class CheckView:
    """One look at an item."""

    at: datetime
    finding: Finding
    why: str
    http_status: int | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the customer said, verbatim."""

    answer_id: int
    kind: AnswerKind
    words: str
    given_at: datetime
    received_at: datetime
    item_id: int | None


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute about an item, decided or not; `may_decide` is for the person who looks."""

    dispute_id: int
    words: str
    opened_at: datetime
    decided_at: datetime | None
    upheld: bool | None
    reason: str
    first_reader: int

    def may_decide(self, person_id: int) -> bool:
        """Whether this person may: not who opened the case."""
        return self.decided_at is None and person_id != self.first_reader


@dataclass(frozen=True, slots=True)
class ItemView:
    """One reported post; `verdict` is what the checks agree on so far."""

    item_id: int
    url: str
    clause_key: str
    clause_title: str
    capture: str
    capture_hash: str
    captured_at: datetime
    status: ItemStatus
    checks: tuple[CheckView, ...]
    verdict: Finding | None
    answers: tuple[AnswerView, ...]
    clock: ClockView | None
    dispute: DisputeView | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt that was given, or with `kept` one of the customer's log."""

    receipt_id: int
    about: str
    kept: bool
    origin: str
    index: int
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A letter, with how it was taken."""

    notice_id: int
    kind: NoticeKind
    subject: str
    body: str
    issued_at: datetime
    delivered_at: datetime | None
    deadline: datetime | None
    hash: str
    proof: str
    receipts: tuple[ReceiptRow, ...]


@dataclass(frozen=True, slots=True)
class PreconditionView:
    """One of the eleven, as it is now; `evidence` names what shows it."""

    precondition: Precondition
    met: bool
    why: str
    evidence: tuple[Urn, ...]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A staff record towards a precondition."""

    evidence_id: int
    precondition: Precondition
    parts: tuple[tuple[str, str], ...]
    reference: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal before the approvers, or how it ended."""

    proposal_id: int
    kind: ProposalKind
    state: ProposalState
    reasons: str
    effect: str
    return_conditions: str
    data_plan: str
    proposed_at: datetime
    approvals: int
    barred: frozenset[int]

    def may_approve(self, person_id: int) -> bool:
        """Whether this person may: who opened the case, or approved already, may not."""
        return self.state is ProposalState.OPEN and person_id not in self.barred


@dataclass(frozen=True, slots=True)
class MoveView:
    """Where the ladder leads from here, and what is missing; `by_hand`: staff may take the step, no letter does."""

    to: Stage
    ready: bool
    missing: tuple[str, ...]
    by_hand: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event; `entry_index` is its place in the record, None while it waits for one."""

    at: datetime
    verb: str
    sentence: str
    entry_index: int | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with everything that its next step needs; `seen` is carried by each form about it."""

    case_id: int
    seen: str
    urn: Urn
    customer: CustomerRow
    policy_number: int
    stage: Stage
    since: datetime
    opened_at: datetime
    opened_by: int
    summary: str
    life_threat: bool
    extended: bool
    items: tuple[ItemView, ...]
    notices: tuple[NoticeView, ...]
    answers: tuple[AnswerView, ...]
    clocks: tuple[ClockView, ...]
    preconditions: tuple[PreconditionView, ...]
    evidence: tuple[EvidenceView, ...]
    proposal: ProposalView | None
    moves: tuple[MoveView, ...]
    timeline: tuple[TimelineRow, ...]
