"""A town with the named cast, made by the journeys that people take, and a detector that a test dictates to."""

import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from wardmote.communities.policy import Action, Role
from wardmote.communities.queries import ClauseView, current_policy
from wardmote.config.demo import rules
from wardmote.detect import Accepts, Screener, Signal, Span
from wardmote.journeys.members import appeal, join, publish, report
from wardmote.journeys.moderators import review
from wardmote.journeys.operator import found_community
from wardmote.journeys.operator.create_login import create_login
from wardmote.moderation import queries
from wardmote.moderation.policy import ReportReason
from wardmote.record import queries as record

if TYPE_CHECKING:
    from django.test import Client

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "a long enough password"
THREAT = "violence.threat"


CLAUSES = tuple(
    replace(clause, queue_at=0.5, hold_at=0.8) if clause.category.startswith("violence.") else clause
    for clause in rules.CLAUSES
)
"""The demonstration's rules, with thresholds that do not move when a model is trained anew."""


class Dictated:
    """A detector that gives a text the score it names itself: `[violence.threat 0.9]`; the marker is the span."""

    name = "dictated"
    version = "1"
    categories = (THREAT, "violence.incitement", "harassment", "identity_attack")
    accepts = Accepts(max_characters=10_000, languages=("en",))

    def examine(self, text: str) -> tuple[Signal, ...]:
        self.accepts.check(text)
        marks = {m[1]: m for m in re.finditer(r"\[([a-z_.]+) ([01]\.\d+)\]", text)}
        return tuple(self._signal(category, marks.get(category)) for category in self.categories)

    def _signal(self, category: str, mark: re.Match[str] | None) -> Signal:
        if mark is None:
            return Signal(self.name, self.version, category, 0.01)
        return Signal(self.name, self.version, category, float(mark[2]), (Span(mark.start(), mark.end(), 2.0),))

    def examine_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table) -> pa.Table:
        column = texts["text"] if isinstance(texts, pa.Table) else texts
        signals = [self.examine(text.as_py()) for text in column]
        return pa.table({c: [row[i].score for row in signals] for i, c in enumerate(self.categories)})


def dictated_screener() -> Screener:
    """What tests use in place of the shipped model, so that they test the routing and not the weights."""
    return Screener([Dictated()])


def sign_in(client: "Client", person_id: int, *, confirmed: bool = True) -> None:
    """Sign somebody in; `confirmed`: as one who has just shown again who they are."""
    from django.conf import settings

    from wardmote.people.models import Person

    client.force_login(Person.objects.get(pk=person_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    if confirmed:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person_id)
        session.save()


def run_jobs(now: datetime) -> int:
    """Carry out what waits, letters included; gives how many attempts."""
    from wardmote.config.jobs import HANDLERS
    from wardmote.jobs.engine import resolve, run_due

    return run_due(resolve(HANDLERS), now=now)


@dataclass
class Town:
    """The Plaza with its cast, and the Harbour next door. Time stands still until a test lets it pass."""

    now: datetime = NOON
    people: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    plaza: int = 0
    harbour: int = 0

    def __post_init__(self) -> None:
        cast = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")
        for name in cast:
            self.people[name] = create_login(
                email=f"{name}@example.org",
                password=PASSWORD,
                is_host_staff=name in ("heidi", "ivan", "judy"),
                now=self.now,
            )
        self.plaza = self._found("plaza", owner="alice", members=("alice", "bob", "carol", "dave", "erin"))
        self.harbour = self._found("harbour", owner="frank", members=("frank", "grace"))
        for moderator, owner, community in (
            ("dave", "alice", self.plaza),
            ("erin", "alice", self.plaza),
            ("grace", "frank", self.harbour),
        ):
            found_community.appoint(
                community_id=community,
                actor_member_id=self.members[owner],
                member_id=self.members[moderator],
                role=Role.MODERATOR,
                now=self.now,
            )

    def _found(self, slug: str, *, owner: str, members: tuple[str, ...]) -> int:
        community_id = found_community.found_community(
            slug=slug,
            title=f"The {slug.capitalize()}",
            tagline="",
            domain=f"{slug}.localhost",
            owner_id=self.people[owner],
            policy_title=rules.TITLE,
            clauses=CLAUSES,
            now=self.now,
        )
        policy = current_policy(community_id=community_id)
        assert policy is not None
        for name in members:
            self.members[name] = join.join(
                community_id=community_id,
                person_id=self.people[name],
                handle=name,
                policy_hash=policy.hash,
                now=self.now,
            )
        return community_id

    def pass_time(self, **units: float) -> datetime:
        """Let time pass; gives the new now."""
        self.now += timedelta(**units)
        return self.now

    def home_of(self, name: str) -> int:
        return self.harbour if name in ("frank", "grace") else self.plaza

    def clause(self, key: str = "1.1") -> ClauseView:
        policy = current_policy(community_id=self.plaza)
        clause = policy.clause(key) if policy else None
        assert clause is not None
        return clause

    def post(self, name: str, text: str, *, answers: int | None = None) -> publish.Published:
        self.pass_time(seconds=1)
        return publish.publish(
            community_id=self.home_of(name),
            member_id=self.members[name],
            text=text,
            parent_id=answers,
            now=self.now,
        )

    def report(self, name: str, post_id: int, reason: ReportReason = ReportReason.THREAT, comment: str = "") -> int:
        self.pass_time(seconds=1)
        return report.report_post(
            community_id=self.home_of(name),
            member_id=self.members[name],
            post_id=post_id,
            reason=reason,
            comment=comment,
            now=self.now,
        )

    def decide(
        self, name: str, action: Action, *, key: str = "1.1", days: int | None = None, reason: str = "It is a threat."
    ) -> int:
        """The moderator takes the next case and decides it; gives the decision's id."""
        self.pass_time(seconds=1)
        case_id = review.claim_next(community_id=self.plaza, member_id=self.members[name], now=self.now)
        assert case_id is not None, "nothing waits for this moderator"
        return review.decide(
            community_id=self.plaza,
            member_id=self.members[name],
            case_id=case_id,
            action=action,
            clause_id=None if action is Action.NONE else self.clause(key).id,
            reason="" if action is Action.NONE else reason,
            days=days,
            seen=queries.sheet_of_case(community_id=self.plaza, case_id=case_id),
            now=self.now,
        )

    def hear(self, name: str, appeal_id: int, *, reverse: bool, reason: str = "It was a line from a song.") -> None:
        """The moderator hears an appeal, having read what stands there now."""
        self.pass_time(seconds=1)
        appeal.decide_appeal(
            community_id=self.plaza,
            member_id=self.members[name],
            appeal_id=appeal_id,
            reverse=reverse,
            reason=reason,
            seen=queries.sheet_of_appeal(community_id=self.plaza, appeal_id=appeal_id),
            now=self.now,
        )

    def appeal(self, name: str, decision_id: int, text: str = "I meant no harm.") -> int:
        self.pass_time(seconds=1)
        return appeal.file_appeal(
            community_id=self.plaza,
            member_id=self.members[name],
            decision_id=decision_id,
            text=text,
            now=self.now,
        )

    def verbs(self) -> list[str]:
        """Every verb of the Plaza's record so far, oldest first, without the founding of the town."""
        from wardmote.kernel.urn import Urn

        founding = {
            "community.founded",
            "policy.published",
            "member.joined",
            "profile.created",
            "policy.accepted",
            "member.appointed",
        }
        entries = record.history([Urn("community", self.plaza)])
        return [entry.verb for entry in entries if entry.verb not in founding]


HELD = f"I will find you. [{THREAT} 0.95]"
QUEUED = f"Somebody should teach you. [{THREAT} 0.6]"
PLAIN = "The lime trees are in flower."
