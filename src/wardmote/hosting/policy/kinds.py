"""The names of the host's desk. They are stored and on the record: frozen."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a case is on the ladder."""

    OPEN = "open"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    RECHECK = "recheck"
    DISPUTED = "disputed"
    WARNED = "warned"
    PLAN = "plan"
    RESTRICTED = "restricted"
    SUSPENSION_PROPOSED = "suspension_proposed"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    TERMINATED = "terminated"
    CLOSED = "closed"
    REJECTED = "rejected"

    @property
    def final(self) -> bool:
        """Nothing follows."""
        return self in (Stage.TERMINATED, Stage.CLOSED, Stage.REJECTED)


class ItemStatus(StrEnum):
    """What is known of one reported post."""

    REPORTED = "reported"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    GONE_UNEXPLAINED = "gone_unexplained"
    DISPUTED = "disputed"
    STILL_UP = "still_up"
    REAPPEARED = "reappeared"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"

    @property
    def up(self) -> bool:
        """Seen standing there, by the checks."""
        return self in (ItemStatus.STILL_UP, ItemStatus.REAPPEARED)

    @property
    def gone(self) -> bool:
        """Seen to be gone, said or unsaid. Unreachable is not gone."""
        return self in (ItemStatus.REMOVED, ItemStatus.GONE_UNEXPLAINED)

    @property
    def settled(self) -> bool:
        """Nothing more is asked of the customer about this item."""
        return self.gone or self is ItemStatus.WITHDRAWN


class Finding(StrEnum):
    """What one look at a URL showed a stranger.

    `blocked_to_us`: we are not shown whether it is up (a refusal, a log-in wall, an empty shell, another page in its
    place). `unreachable`: no answer, or one that could not be read. Neither says that it is gone.
    """

    UP = "up"
    EDITED = "edited"
    REMOVED = "removed"
    BLOCKED_TO_US = "blocked_to_us"
    UNREACHABLE = "unreachable"


class NoticeKind(StrEnum):
    """What a letter of the host brings about when it is delivered."""

    NOTICE = "notice"
    REMINDER = "reminder"
    WARNING = "warning"
    RESTRICTION = "restriction"
    PROPOSAL = "proposal"
    SUSPENSION = "suspension"
    REINSTATEMENT = "reinstatement"
    TERMINATION = "termination"


class AnswerKind(StrEnum):
    """What a customer can answer."""

    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    DISPUTED = "disputed"
    REFERRED = "referred"
    NEEDS_TIME = "needs_time"
    PLAN = "plan"
    APPEAL = "appeal"

    @property
    def about_an_item(self) -> bool:
        """Given for one post; the others are given for a whole notice."""
        return self in (AnswerKind.REMOVED, AnswerKind.DISPUTED, AnswerKind.REFERRED, AnswerKind.NEEDS_TIME)


class ProposalKind(StrEnum):
    """The two decisions that need two people each. They are different things, and a letter may not confuse them."""

    SUSPENSION = "suspension"
    TERMINATION = "termination"


class ClockName(StrEnum):
    """What a clock measures."""

    TRIAGE = "triage"
    ACKNOWLEDGE = "acknowledge"
    CURE = "cure"
    SECOND_CHANNEL = "second_channel"
    REVIEW = "review"
    WARNING = "warning"
    MILESTONE = "milestone"
    RESTRICTION = "restriction"
    REPLY = "reply"
    SUSPENSION_REVIEW = "suspension_review"
    PROBATION = "probation"
    EXPORT = "export"

    @property
    def customers(self) -> bool:
        """A deadline of the customer's, which the host's own outage stops; the others bind the host."""
        return self in _CUSTOMERS


_CUSTOMERS = frozenset(
    (
        ClockName.ACKNOWLEDGE,
        ClockName.CURE,
        ClockName.SECOND_CHANNEL,
        ClockName.WARNING,
        ClockName.MILESTONE,
        ClockName.REPLY,
        ClockName.EXPORT,
    )
)
