"""What a community's rules are made of. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from math import ceil

from wardmote.kernel import i18n
from wardmote.kernel.errors import Invalid, TooOften
from wardmote.kernel.i18n import gettext as _
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


class InvitationState(StrEnum):
    """What became of an invitation to moderate."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OfferState(StrEnum):
    """What became of an offer to take a community over."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class AgreementState(StrEnum):
    """What became of an agreement to judge for each other; `accepted`: it is in force."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"


OFFER_TIME = timedelta(days=14)
"""How long whoever is offered a community, or an agreement with one, may think about it."""


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


@dataclass(frozen=True, slots=True)
class Face:
    """What a community says of itself: plain text, each within its limit of characters."""

    title: str
    tagline: str
    description: str
    contact: str


FACE_LIMITS = {"title": 80, "tagline": 200, "description": 4000, "contact": 200}
ASK_LIMIT = 1000
"""Characters of what an applicant says."""
ASK_AGAIN = timedelta(days=7)
"""After a no, until somebody may ask once more."""
LINK_USES, LINK_DAYS = 1000, 90
"""The most that one invitation link lets in, and how long it lasts at most."""


MOST_CLAUSES = 60
TITLE_LIMIT = 120
CLAUSE_LIMIT = 4000
"""Characters of a clause's text."""


def check_clauses(clauses: Sequence[ClauseDraft]) -> None:
    """Refuse a policy that could not be applied; says which clause and why."""
    if not clauses:
        raise Invalid(_("A policy needs at least one clause."), field="clauses")
    if len(clauses) > MOST_CLAUSES:
        raise Invalid(_("A policy has at most %(n)s clauses.") % {"n": MOST_CLAUSES}, field="clauses")
    seen: set[str] = set()
    for clause in clauses:
        named = {"key": clause.key}
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,15}", clause.key):
            raise Invalid(_("“%(key)s”: an id has 1 to 16 letters, digits, dots or dashes.") % named, field="key")
        if clause.key in seen:
            raise Invalid(_("There is another clause “%(key)s”.") % named, field="key")
        seen.add(clause.key)
        _check_clause(clause, named)


def _check_clause(clause: ClauseDraft, named: Mapping[str, str]) -> None:
    for field, text, most in (("title", clause.title, TITLE_LIMIT), ("text", clause.text, CLAUSE_LIMIT)):
        if is_blank(text):
            raise Invalid(_("Clause %(key)s needs a title and a text.") % named, field=field)
        if len(text) > most:
            raise Invalid(i18n.too_long(len(text), most), field=field)
    for field, score in (("queue_at", clause.queue_at), ("hold_at", clause.hold_at)):
        if score is not None and not 0 < score <= 1:
            raise Invalid(_("Clause %(key)s: a score is above 0 and at most 1.") % named, field=field)
    if clause.hold_at is not None and (clause.queue_at is None or clause.queue_at > clause.hold_at):
        sentence = _("Clause %(key)s: what is held is queued too, so that score comes first and is not higher.")
        raise Invalid(sentence % named, field="queue_at")


CLAUSE_FIELDS = ("key", "title", "text", "category", "severity", "default_action", "queue_at", "hold_at")


def read_clauses(typed: Sequence[Mapping[str, str]]) -> tuple[ClauseDraft, ...]:
    """The clauses of a draft; rows without id, title and text count for nothing.

    Invalid for the first that cannot be: its `field` is `clause3-title` for the title of the row with index 3.
    """
    clauses: list[ClauseDraft] = []
    for n, row in enumerate(typed):
        if not any(row.get(name, "").strip() for name in ("key", "title", "text")):
            continue
        try:
            clauses.append(_read_clause(row))
            check_clauses(clauses)
        except Invalid as error:
            raise Invalid(str(error), field=f"clause{n}-{error.field}") from None
    check_clauses(clauses)
    return tuple(clauses)


def _read_clause(row: Mapping[str, str]) -> ClauseDraft:
    key = row.get("key", "").strip()
    try:
        severity, action = Severity(int(row.get("severity", ""))), Action(row.get("default_action", ""))
    except ValueError:
        raise Invalid(_("Clause %(key)s needs a severity and an action.") % {"key": key}, field="severity") from None
    category = row.get("category", "").strip()
    if not re.fullmatch(r"[a-z][a-z_.]{0,39}", category):
        raise Invalid(_("Clause %(key)s needs a kind of harm.") % {"key": key}, field="category")
    return ClauseDraft(
        key=key,
        title=row.get("title", "").strip(),
        text=row.get("text", "").strip(),
        category=category,
        severity=severity,
        default_action=action,
        queue_at=_read_score(row, key, "queue_at"),
        hold_at=_read_score(row, key, "hold_at"),
    )


def _read_score(row: Mapping[str, str], key: str, field: str) -> float | None:
    written = row.get(field, "").strip()
    if not written:
        return None
    if not re.fullmatch(r"[0-9]{0,3}([.,][0-9]{0,6})?", written) or written in ".,":
        raise Invalid(_("Clause %(key)s: a score is above 0 and at most 1.") % {"key": key}, field=field)
    return float(written.replace(",", "."))


def typed_clause(clause: ClauseDraft) -> dict[str, str]:
    """A clause as it is in a draft's row."""
    row = {name: getattr(clause, name) for name in CLAUSE_FIELDS}
    row["severity"], row["default_action"] = int(clause.severity), clause.default_action.value
    return {name: "" if value is None else str(value) for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One clause in two versions; None where a version does not have it."""

    before: ClauseDraft | None
    after: ClauseDraft | None

    @property
    def key(self) -> str:
        clause = self.after or self.before
        return clause.key if clause else ""

    @property
    def reads_differently(self) -> bool:
        """Whether a reader of the policy sees it: the scores are not on the page that members read."""
        if self.before is None or self.after is None:
            return True
        return (self.before.title, self.before.text) != (self.after.title, self.after.text)


def changes(before: Sequence[ClauseDraft], after: Sequence[ClauseDraft]) -> tuple[Change, ...]:
    """What differs between two versions, clause by clause: those of the later one in its order, then what is gone."""
    old, new = {clause.key: clause for clause in before}, {clause.key: clause for clause in after}
    here = [Change(old.get(key), clause) for key, clause in new.items() if old.get(key) != clause]
    return (*here, *(Change(clause, None) for key, clause in old.items() if key not in new))


Words = tuple[str, frozenset[tuple[str, str, str]]]
"""What members agree to: a policy's title, and id, title and text of each clause."""


def words_of(title: str, clauses: Sequence[ClauseDraft]) -> Words:
    """What members read of a version and agree to; two versions that give the same differ in nothing they agreed to."""
    return title, frozenset((clause.key, clause.title, clause.text) for clause in clauses)


def policy_hash(title: str, clauses: Sequence[ClauseDraft]) -> str:
    """SHA-256 (lower-case hex) of the policy's canonical text: what a member accepted, to the letter."""
    body = {"title": title, "clauses": [asdict(c) for c in clauses]}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


DAY = timedelta(days=1)
ONCE_LENGTH = 64
"""Characters of the key that a form carries."""


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
            raise TooOften(sentence % {"when": i18n.moment(until)}, seconds=seconds)


PACES = {
    Deed.POST: Pace(10, timedelta(minutes=1), 300),
    Deed.EDIT: Pace(10, timedelta(minutes=1), 200),
    Deed.PROFILE: Pace(5, timedelta(minutes=1), 50),
    Deed.FOLLOW: Pace(30, timedelta(minutes=1), 500),
    Deed.REPORT: Pace(10, timedelta(minutes=10), 100),
    Deed.APPEAL: Pace(5, timedelta(minutes=10), 50),
}
"""Generous for people. An installation sets a factor over all of them."""
