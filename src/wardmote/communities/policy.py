"""What a community's rules are made of. Pure."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from math import ceil

from wardmote.kernel import words
from wardmote.kernel.errors import Invalid, TooOften
from wardmote.kernel.texts import is_blank
from wardmote.kernel.words import gettext as _


class Role(StrEnum):
    """What a membership may do. An owner may do all that a moderator may."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"

    @property
    def moderates(self) -> bool:
        return self is not Role.MEMBER


class Action(StrEnum):
    """What can happen to content or to an account."""

    NONE = "none"
    LABEL = "label"
    HIDE = "hide"
    REMOVE = "remove"
    WARN = "warn"
    SUSPEND = "suspend"


class InvitationState(StrEnum):
    """What became of an invitation to moderate."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SignUp(StrEnum):
    """Who may join: anybody, whoever is approved, or whoever brings an invitation link."""

    OPEN = "open"
    APPROVAL = "approval"
    CLOSED = "closed"


class RequestState(StrEnum):
    """What became of a request to join."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


class CommunityState(StrEnum):
    """What the host has made of a community. In any but `active` nobody writes; what was written stays."""

    ACTIVE = "active"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"

    @property
    def locks_visitors(self) -> bool:
        """Visitors see why instead of what; owner and members still read, answer, appeal and export."""
        return self in (CommunityState.SUSPENDED, CommunityState.TERMINATED)


class Severity(IntEnum):
    """How much harm a breach of a clause does."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


@dataclass(frozen=True, slots=True)
class ClauseDraft:
    """One clause as written, before it is published.

    `queue_at` and `hold_at` are scores in [0, 1] of `category`: from the first on a post is published and queued for a
    person, from the second on it is held until a person has decided. None: screening never acts on this clause.
    """

    key: str
    title: str
    text: str
    category: str
    severity: Severity
    default_action: Action
    queue_at: float | None = None
    hold_at: float | None = None


def check_clauses(clauses: Sequence[ClauseDraft]) -> None:
    """Refuse a policy that could not be applied; says which clause and why."""
    if not clauses:
        raise Invalid("a policy needs at least one clause", field="clauses")
    seen: set[str] = set()
    for clause in clauses:
        where = f"clause {clause.key!r}"
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,15}", clause.key):
            raise Invalid(f"{where}: a clause id is 1 to 16 letters, digits, dots or dashes", field="key")
        if clause.key in seen:
            raise Invalid(f"{where} stands twice", field="key")
        seen.add(clause.key)
        if is_blank(clause.title) or is_blank(clause.text):
            raise Invalid(f"{where} needs a title and a text", field="title")
        for name, score in (("queue_at", clause.queue_at), ("hold_at", clause.hold_at)):
            if score is not None and not 0 < score <= 1:
                raise Invalid(f"{where}: {name} is a score above 0 and at most 1, not {score}", field=name)
        if clause.hold_at is not None and (clause.queue_at is None or clause.queue_at > clause.hold_at):
            raise Invalid(f"{where}: queue_at must stand and be at most hold_at", field="queue_at")


def policy_hash(title: str, clauses: Sequence[ClauseDraft]) -> str:
    """SHA-256 (lower-case hex) of the policy's canonical text: what a member accepted, to the letter."""
    body = {"title": title, "clauses": [asdict(c) for c in clauses]}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


DAY = timedelta(days=1)


class Deed(StrEnum):
    """What a member does whose pace is counted. Stored."""

    POST = "post"
    EDIT = "edit"
    PROFILE = "profile"
    FOLLOW = "follow"
    REPORT = "report"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a deed may be done: `most` times in `within`, and `a_day` in 24 hours."""

    most: int
    within: timedelta
    a_day: int

    def check(self, short: tuple[datetime, int], day: tuple[datetime, int], *, factor: int, now: datetime) -> None:
        """TooOften where one of the two spans that are counted, (begin, how often since), is used up.

        `factor`: what this installation multiplies both numbers by.
        """
        spans = ((*short, self.most, self.within), (*day, self.a_day, DAY))
        ends = [begin + length for begin, used, most, length in spans if used >= most * factor]
        until = max((end for end in ends if now < end), default=None)
        if until is not None:
            sentence = _("That was too fast. You can go on at %(when)s; nothing was saved meanwhile.")
            seconds = max(1, ceil((until - now).total_seconds()))
            raise TooOften(sentence % {"when": words.moment(until)}, seconds=seconds)


PACES = {
    Deed.POST: Pace(10, timedelta(minutes=1), 300),
    Deed.EDIT: Pace(10, timedelta(minutes=1), 200),
    Deed.PROFILE: Pace(5, timedelta(minutes=1), 50),
    Deed.FOLLOW: Pace(30, timedelta(minutes=1), 500),
    Deed.REPORT: Pace(10, timedelta(minutes=10), 100),
    Deed.APPEAL: Pace(5, timedelta(minutes=10), 50),
}
"""Generous for people. An installation sets a factor over all of them."""
