"""The host's desk, led by the journeys that its staff take; jobs run as time passes, and the record is sequenced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from tests.hosting.site import Site
from tests.scenario import Town

from wardmote.communities.policy import Severity
from wardmote.config.jobs import HANDLERS
from wardmote.hosting import queries
from wardmote.hosting.policy import (
    ClauseDraft,
    ItemDraft,
    ItemStatus,
    NoticeDraft,
    NoticeKind,
    Precondition,
    ProposalKind,
    Stage,
)
from wardmote.jobs.engine import resolve, run_due
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State
from wardmote.journeys.hosts import cases, enrol, evidence, notices, recheck, suspend
from wardmote.journeys.hosts import policy as host_policy
from wardmote.journeys.owners import answer_host
from wardmote.record import engine
from wardmote.record.models import Entry
from wardmote.upstream import queries as upstream
from wardmote.upstream.policy import AnswerKind

CLAUSES = (
    ClauseDraft("2.1", "No threats", "Nobody may be threatened with violence.", "violence.threat", Severity.HIGH),
    ClauseDraft("2.2", "No incitement", "Nobody may call for violence.", "violence.incitement", Severity.CRITICAL),
)
EFFECT = "Visitors see why; the service to them is suspended until the conditions are met."
CONDITIONS = "Remove the posts, and show that two moderators are on duty every day."
DATA_PLAN = "Nothing is deleted; the owner can export everything at any time."
HEARD = {
    Precondition.MEASURES: {
        "number": "One post.",
        "proportion": "One of three.",
        "gravity": "A threat.",
        "intention": "The customer defends it.",
    },
    Precondition.ANSWERS: {"answers": "Denied without a reason.", "plan": "None came.", "backlog": "None is claimed."},
    Precondition.COMPARABLE: {"customers": "The Harbour.", "treatment": "The same clauses, no case."},
}


def recorded(verb: str) -> list[bytes]:
    """The leaves of every entry of that verb, oldest first."""
    marked = f'"verb":"{verb}"'.encode()
    return [leaf for leaf in map(bytes, Entry.objects.order_by("pk").values_list("leaf", flat=True)) if marked in leaf]


@dataclass
class Desk:
    """Heidi opens cases, Ivan and Judy are her colleagues; Alice owns the Plaza and answers for it."""

    town: Town
    site: Site
    plaza: int = 0

    def __post_init__(self) -> None:
        host_policy.publish_acceptable_use(
            staff_id=self.staff("heidi"), title="Acceptable use", clauses=CLAUSES, now=self.now
        )
        self.plaza = enrol.enrol_community(staff_id=self.staff("heidi"), community_id=self.town.plaza, now=self.now)
        self.accept()
        self.pass_time(seconds=1)

    @property
    def now(self) -> datetime:
        return self.town.now

    def staff(self, name: str) -> int:
        return self.town.people[name]

    def accept(self) -> None:
        policy = upstream.host_policy(community_id=self.town.plaza)
        assert policy is not None
        host_policy.accept_acceptable_use(
            community_id=self.town.plaza,
            member_id=self.town.members["alice"],
            policy_hash=policy.hash,
            now=self.now,
        )

    def pass_time(self, **units: float) -> datetime:
        """Let time pass; what falls due meanwhile is done at its moment, and the record is sequenced."""
        until = self.now + timedelta(**units)
        while True:
            while run_due(resolve(HANDLERS), now=self.now) + engine.sequence(self.now):
                pass
            waiting = Job.objects.filter(state=State.READY.value, run_at__lte=until).order_by("run_at").first()
            if waiting is None:
                break
            self.town.now = max(self.now, waiting.run_at)
        self.town.now = until
        return until

    def publish(self, name: str, text: str) -> str:
        """A post of the Plaza's; gives its address on the test's server."""
        path = self.town.post(name, text).path
        self.site.pages[path] = (200, "")
        self.show_plaza()
        return self.site.url(path, host="plaza.localhost")

    def show_plaza(self) -> None:
        """Put the Plaza's pages, as a stranger gets them now, onto the test's server."""
        for path in [path for path in self.site.pages if path.startswith("/@")]:
            answer = Client(headers={"host": "plaza.localhost"}).get(path)
            self.site.pages[path] = (answer.status_code, answer.content.decode())

    def open(self, items: Sequence[tuple[str, str]], *, staff: str = "heidi", clause: str = "2.1") -> int:
        """A case about (address, what stood there)."""
        return cases.open_host_case(
            staff_id=self.staff(staff),
            customer_id=self.plaza,
            summary="Threats on the Plaza",
            life_threat=False,
            items=[ItemDraft(url, clause, text, self.now) for url, text in items],
            now=self.now,
        )

    def send(self, case_id: int, kind: NoticeKind, *, staff: str = "heidi", hours: int | None = None) -> int:
        draft = NoticeDraft(kind, "", "We may restrict what the Plaza can publish.", CONDITIONS, hours)
        return notices.send(staff_id=self.staff(staff), case_id=case_id, draft=draft, now=self.now)

    def view(self, case_id: int) -> queries.CaseView:
        view = queries.case(case_id=case_id, now=self.now)
        assert view is not None
        return view

    def stage(self, case_id: int) -> Stage:
        return self.view(case_id).stage

    def statuses(self, case_id: int) -> list[ItemStatus]:
        return [item.status for item in self.view(case_id).items]

    def answer(self, number: int, kind: AnswerKind, words: str = "") -> int:
        """Alice answers about the `number`-th post of the latest letter."""
        (latest, *_) = upstream.notices(community_id=self.town.plaza)
        notice = upstream.notice(community_id=self.town.plaza, notice_id=latest.notice_id)
        assert notice is not None
        return answer_host.answer_item(
            community_id=self.town.plaza,
            member_id=self.town.members["alice"],
            item_id=notice.items[number].item_id,
            kind=kind,
            words=words,
            now=self.now,
        )

    def bring_to_restricted(self, text: str) -> int:
        """A case about a post that stands through notice, warning and the first day of a restriction."""
        case_id = self.open([(self.publish("bob", text), text)])
        self.send(case_id, NoticeKind.NOTICE)
        self.pass_time(seconds=2)
        self.answer(0, AnswerKind.NEEDS_TIME, "Give us a week.")
        self.pass_time(hours=75)
        self.send(case_id, NoticeKind.WARNING)
        self.pass_time(days=7)
        self.send(case_id, NoticeKind.RESTRICTION)
        self.pass_time(seconds=2)
        return case_id

    def bring_to_suspended(self, text: str) -> int:
        """The same, proposed by Heidi, approved by Ivan and Judy, and carried out."""
        case_id = self.bring_to_restricted(text)
        self.look(case_id)
        self.record_evidence(case_id, *HEARD)
        proposal = self.propose(case_id)
        self.pass_time(hours=31)
        self.look(case_id)
        for name in ("ivan", "judy"):
            suspend.approve(staff_id=self.staff(name), proposal_id=proposal, now=self.now)
        suspend.carry_out(staff_id=self.staff("judy"), proposal_id=proposal, now=self.now)
        self.pass_time(seconds=2)
        return case_id

    def look(self, case_id: int) -> None:
        recheck.check_now(staff_id=self.staff("ivan"), case_id=case_id, now=self.now)
        self.pass_time(seconds=1)

    def record_evidence(self, case_id: int, *preconditions: Precondition, staff: str = "ivan") -> None:
        for precondition in preconditions:
            evidence.record_evidence(
                staff_id=self.staff(staff),
                case_id=case_id,
                precondition=precondition,
                parts=HEARD[precondition],
                reference="file 7",
                now=self.now,
            )

    def propose(self, case_id: int, *, staff: str = "heidi") -> int:
        return suspend.propose(
            staff_id=self.staff(staff),
            case_id=case_id,
            kind=ProposalKind.SUSPENSION,
            reasons="The threat still stands after notice, warning and restriction.",
            effect=EFFECT,
            return_conditions=CONDITIONS,
            data_plan=DATA_PLAN,
            now=self.now,
        )
