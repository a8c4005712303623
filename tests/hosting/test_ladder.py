"""The ladder, driven by ten thousand random events."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from wardmote.hosting.policy.clocks import Clock
from wardmote.hosting.policy.facts import CaseFacts, EvidenceFacts, ItemFacts, NoticeFacts, ProposalFacts, Timed
from wardmote.hosting.policy.items import Seen, status_after, verdict
from wardmote.hosting.policy.kinds import ClockName, Finding, ItemStatus, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.ladder import CLOCK_OF, STEPS, Need, enter, lacking, next_stages
from wardmote.hosting.policy.notices import names_breach
from wardmote.hosting.policy.preconditions import TO_PROPOSE, Precondition, examine
from wardmote.hosting.policy.terms import Terms
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEIDI, OTHERS = 1, (2, 3, 4, 5)
EVENTS = 10_000
STEPS_A_RUN = 100
recorded = [p for p in Precondition if p.parts]

STRAIGHT = (
    Stage.SUSPENDED,
    Stage.SUSPENSION_PROPOSED,
    Stage.RESTRICTED,
    Stage.WARNED,
    Stage.RECHECK,
    Stage.ACKNOWLEDGED,
    Stage.NOTIFIED,
)

ran: Counter[str] = Counter()
reached: Counter[Stage] = Counter()


class Quarrel(RuleBasedStateMachine):
    """A case to which anything may happen at any time, and whose people try every step of the ladder."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.number = 10
        self.facts = CaseFacts(Stage.OPEN, Terms(), HEIDI, NOON, ())
        self.seen: dict[Urn, list[Seen]] = {}
        self.readings: list[timedelta] = []

    @initialize(items=st.integers(1, 3))
    def open(self, items: int) -> None:
        triage = Timed(ClockName.TRIAGE, Clock.start(self.now, timedelta(hours=24)))
        posts = tuple(ItemFacts(self.urn("host_item"), ItemStatus.REPORTED) for _ in range(items))
        self.facts = replace(self.facts, items=posts, clocks=(triage,), accepted=(self.urn("acceptance"),))
        self.seen = {item.urn: [] for item in posts}

    def urn(self, kind: str) -> Urn:
        self.number += 1
        return Urn(kind, self.number)

    def change(self, item: ItemFacts, **changes: object) -> None:
        items = tuple(replace(i, **changes) if i.urn == item.urn else i for i in self.facts.items)  # type: ignore[arg-type]
        self.facts = replace(self.facts, items=items)

    def change_clocks(self, change: Callable[[Timed], Timed]) -> None:
        self.facts = replace(self.facts, clocks=tuple(change(t) for t in self.facts.clocks))

    def event(self, name: str) -> None:
        ran[name] += 1

    @rule(hours=st.integers(0, 60))
    def pass_time(self, hours: int) -> None:
        self.event("time")
        self.now += timedelta(hours=hours, minutes=20)

    @rule(kind=st.sampled_from(NoticeKind))
    def deliver(self, kind: NoticeKind) -> None:
        self.event("letter")
        letter = NoticeFacts(self.urn("host_notice"), kind, self.now, names_breach(kind))
        self.facts = replace(self.facts, notices=(*self.facts.notices, letter))
        if kind is NoticeKind.RESTRICTION:
            self.facts = replace(self.facts, restrictions=(*self.facts.restrictions, letter.urn))
        if kind is NoticeKind.NOTICE:
            for item in self.facts.items:
                if item.status is ItemStatus.REPORTED:
                    self.change(item, status=ItemStatus.NOTIFIED)
                    cure = Timed(ClockName.CURE, Clock.start(self.now, timedelta(hours=72)), item.urn)
                    self.facts = replace(self.facts, clocks=(*self.facts.clocks, cure))

    @rule(number=st.integers(0, 2), claimed=st.booleans())
    def answer(self, number: int, claimed: bool) -> None:
        self.event("answer")
        self.facts = replace(self.facts, answered_at=self.now, plan_at=self.now)
        self.change(self.facts.items[number % len(self.facts.items)], removal_claimed=claimed)

    @rule(number=st.integers(0, 2))
    def dispute(self, number: int) -> None:
        self.event("dispute")
        item = self.facts.items[number % len(self.facts.items)]
        if item.status in (ItemStatus.NOTIFIED, ItemStatus.STILL_UP):
            self.change(item, status=ItemStatus.DISPUTED, in_dispute=True)
            self.change_clocks(lambda t: replace(t, clock=t.clock.pause(self.now)) if t.item == item.urn else t)

    @rule(number=st.integers(0, 2), upheld=st.booleans())
    def decide(self, number: int, upheld: bool) -> None:
        self.event("decision")
        item = self.facts.items[number % len(self.facts.items)]
        if item.in_dispute:
            status = ItemStatus.WITHDRAWN if upheld else ItemStatus.ACKNOWLEDGED
            self.change(item, status=status, in_dispute=False)
            self.change_clocks(lambda t: replace(t, clock=t.clock.resume(self.now)) if t.item == item.urn else t)

    @rule(number=st.integers(0, 2), finding=st.sampled_from(Finding), times=st.integers(1, 4))
    def look(self, number: int, finding: Finding, times: int) -> None:
        self.event("look")
        item = self.facts.items[number % len(self.facts.items)]
        for _ in range(times):
            self.now += timedelta(minutes=25)
            self.seen[item.urn].append(Seen(self.now, finding))
        status = status_after(item.status, verdict(self.seen[item.urn]), claimed=item.removal_claimed)
        self.change(item, status=status, up_at=self.now if finding is Finding.UP else None)

    @rule(hours=st.integers(1, 30))
    def outage(self, hours: int) -> None:
        self.event("outage")
        start, self.now = self.now, self.now + timedelta(hours=hours)
        self.change_clocks(
            lambda t: replace(t, clock=t.clock.credit_outage(start, self.now)) if t.ended_at is None else t
        )

    @rule(precondition=st.sampled_from(recorded))
    def record(self, precondition: Precondition) -> None:
        self.event("record")
        evidence = EvidenceFacts(self.urn("host_evidence"), self.now)
        self.facts = replace(self.facts, evidence={**self.facts.evidence, precondition.number: evidence})

    @rule(kind=st.sampled_from(ProposalKind), complete=st.booleans())
    def propose(self, kind: ProposalKind, complete: bool) -> None:
        self.event("proposal")
        if self.facts.proposal is None:
            self.facts = replace(self.facts, proposal=ProposalFacts(self.urn("host_proposal"), kind, complete))

    @rule(person=st.sampled_from((HEIDI, *OTHERS)))
    def approve(self, person: int) -> None:
        self.event("approval")
        if self.facts.proposal is not None:
            approvers = (*self.facts.proposal.approvers, person)
            self.facts = replace(self.facts, proposal=replace(self.facts.proposal, approvers=approvers))

    @rule()
    def withdraw(self) -> None:
        self.event("withdrawal")
        self.facts = replace(self.facts, proposal=None)

    @rule()
    def prove_return(self) -> None:
        self.event("return")
        self.facts = replace(self.facts, return_proven=True)

    @rule(to=st.sampled_from(Stage))
    def step(self, to: Stage) -> None:
        """Anybody tries any step; what the ladder lets pass is looked at from outside."""
        self.event("step")
        before = self.facts
        try:
            self.facts = enter(before, to, self.now)
        except Refused:
            assert self.facts is before
            return
        reached[to] += 1
        self.look_from_outside(before, to)

    def look_from_outside(self, before: CaseFacts, to: Stage) -> None:
        assert (before.stage, to) in STEPS
        assert self.facts.running(CLOCK_OF[to]) is not None if to in CLOCK_OF else True
        if to is Stage.SUSPENSION_PROPOSED:
            assert all(m.met for m in examine(before, self.now) if m.precondition in TO_PROPOSE)
        if to is Stage.SUSPENDED:
            assert [m.met for m in examine(before, self.now)] == [True] * 11
            assert before.proposal is not None
            assert len(set(before.proposal.approvers) - {HEIDI}) >= 2
            self.facts = replace(self.facts, suspended_by=before.proposal.approvers, proposal=None)
        if to is Stage.TERMINATED:
            assert before.proposal is not None
            assert len(set(before.proposal.approvers) - {HEIDI, *before.suspended_by}) >= 2

    @rule(choice=st.integers(0, 5))
    def be_diligent(self, choice: int) -> None:
        """People who know the ladder bring about what one of the next steps asks for, and take it."""
        self.event("diligence")
        ends = {Stage.REJECTED} if choice == 5 else {Stage.REJECTED, Stage.CLOSED}
        onward = [to for to in next_stages(self.facts.stage) if to not in ends]
        if onward:
            self.strive(onward[choice % len(onward)])

    @rule()
    def be_severe(self) -> None:
        """People who want a suspension go straight towards it, else random events would hardly ever get so far."""
        self.event("severity")
        to = next((to for to in STRAIGHT if (self.facts.stage, to) in STEPS), None)
        if to is not None:
            self.strive(to)

    def strive(self, to: Stage) -> None:
        needs = STEPS[self.facts.stage, to]
        if Need.PRECONDITIONS in needs:
            self.prepare()
        for need in needs:
            if need.sentence in lacking(self.facts, to, self.now):
                self.provide(need)
        self.step(to)

    def prepare(self) -> None:
        self.pass_time(60)
        for number, item in enumerate(self.facts.items):
            self.decide(number, upheld=False)
            if item.status.up:
                self.look(number, Finding.UP, 1)
        for precondition in recorded:
            self.record(precondition)
        self.withdraw()
        self.propose(ProposalKind.SUSPENSION, complete=True)
        for person in OTHERS[:2]:
            self.approve(person)

    def provide(self, need: Need) -> None:
        """Bring about what a step asks for; for most of it, let time pass."""
        letters = {
            Need.NOTICE: NoticeKind.NOTICE,
            Need.SECOND_CHANNEL: NoticeKind.REMINDER,
            Need.WARNING: NoticeKind.WARNING,
            Need.RESTRICTION: NoticeKind.RESTRICTION,
            Need.PROPOSAL: NoticeKind.PROPOSAL,
        }
        if need in letters:
            self.deliver(letters[need])
        ways: dict[Need, Callable[[], None]] = {
            Need.STILL_UP: lambda: self.look_at_all(Finding.UP),
            Need.SETTLED: lambda: self.look_at_all(Finding.REMOVED),
            Need.NO_DISPUTE: self.decide_all,
            Need.ANSWER: lambda: self.answer(0, claimed=False),
            Need.PLAN: lambda: self.answer(0, claimed=False),
            Need.OTHER_SIGN_OFFS: self.let_others_sign,
            Need.RETURN_PROVEN: self.prove_return,
            Need.DISPUTE: lambda: self.dispute(0),
            Need.NO_PROPOSAL: self.withdraw,
        }
        if need not in letters or need is Need.SECOND_CHANNEL:
            ways.get(need, lambda: self.pass_time(60))()

    def look_at_all(self, finding: Finding) -> None:
        self.pass_time(60)
        for number in range(3):
            self.look(number, finding, 4)

    def decide_all(self) -> None:
        for number in range(3):
            self.decide(number, upheld=False)

    def let_others_sign(self) -> None:
        self.withdraw()
        self.propose(ProposalKind.TERMINATION, complete=True)
        for person in OTHERS:
            self.approve(person)

    @invariant()
    def no_clock_runs_backwards(self) -> None:
        """However it is paused, credited and resumed, a clock has never run for less than it had."""
        readings = [t.clock.elapsed(self.now if t.ended_at is None else t.ended_at) for t in self.facts.clocks]

        assert all(before <= now for before, now in zip(self.readings, readings, strict=False))
        self.readings = readings

    @invariant()
    def the_table_knows_the_stage(self) -> None:
        """No event but a step has moved the case."""
        known = {Stage.OPEN} | {to for _, to in STEPS}

        assert self.facts.stage in known


def test_ten_thousand_random_events() -> None:
    """No stage outside the table, no clock running backwards, no suspension without its eleven preconditions."""
    ran.clear()
    reached.clear()
    run_state_machine_as_test(
        Quarrel,
        settings=settings(
            max_examples=EVENTS // STEPS_A_RUN + 50,
            stateful_step_count=STEPS_A_RUN,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert ran.total() >= EVENTS
    assert {Stage.SUSPENDED, Stage.SUSPENSION_PROPOSED, Stage.RESTRICTED, Stage.WARNED} <= reached.keys()


def test_every_stage_can_be_left_unless_it_is_final() -> None:
    """A case cannot get stuck, and what is over is over."""
    assert {stage for stage in Stage if not next_stages(stage)} == {stage for stage in Stage if stage.final}


def test_every_stage_can_be_reached() -> None:
    """From `open` the table leads to each of the fifteen stages."""
    found, edge = {Stage.OPEN}, [Stage.OPEN]
    while edge:
        edge = [to for stage in edge for to in next_stages(stage) if to not in found]
        found |= set(edge)

    assert found == set(Stage)


def test_a_step_that_is_not_in_the_table_does_not_exist() -> None:
    """From `open` nobody is suspended, whatever is recorded."""
    facts = CaseFacts(Stage.OPEN, Terms(), HEIDI, NOON, ())

    with pytest.raises(Refused, match="no step from “Open” to “Suspended”"):
        enter(facts, Stage.SUSPENDED, NOON)


def test_only_time_and_people_are_needed_for_silence() -> None:
    """Without an answer the time to acknowledge runs out after a day, and not a moment before."""
    started = Timed(ClockName.ACKNOWLEDGE, Clock.start(NOON, timedelta(hours=24)))
    facts = CaseFacts(Stage.NOTIFIED, Terms(), HEIDI, NOON, (), clocks=(started,))
    due = NOON + timedelta(hours=24)

    assert lacking(facts, Stage.UNANSWERED, due - timedelta(milliseconds=1)) == (Need.SILENCE.sentence,)
    assert lacking(facts, Stage.UNANSWERED, due) == ()
    assert lacking(replace(facts, answered_at=NOON), Stage.UNANSWERED, due) == (Need.SILENCE.sentence,)
