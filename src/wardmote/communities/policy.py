"""What a community's rules are made of. Pure."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum

from wardmote.kernel.errors import Invalid
from wardmote.kernel.texts import is_blank


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
