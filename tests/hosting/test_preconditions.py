from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wardmote.hosting.policy.clocks import Clock
from wardmote.hosting.policy.facts import CaseFacts, EvidenceFacts, ItemFacts, NoticeFacts, ProposalFacts, Timed
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.ladder import lacking
from wardmote.hosting.policy.preconditions import Precondition, check_record, examine, missing
from wardmote.hosting.policy.terms import Terms
from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import Urn

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=30)
HEIDI, IVAN, JUDY = 1, 2, 3
ITEM, PROPOSAL = Urn("host_item", 1), Urn("host_proposal", 9)


def ripe() -> CaseFacts:
    """A case in which all eleven hold."""
    over = Clock.start(LONG_AGO, timedelta(days=7))
    return CaseFacts(
        stage=Stage.SUSPENSION_PROPOSED,
        terms=Terms(),
        opened_by=HEIDI,
        entered_at=LONG_AGO,
        items=(ItemFacts(ITEM, ItemStatus.STILL_UP, up_at=NOON - timedelta(hours=1)),),
        notices=(
            NoticeFacts(Urn("host_notice", 1), NoticeKind.NOTICE, LONG_AGO),
            NoticeFacts(Urn("host_notice", 2), NoticeKind.WARNING, LONG_AGO, names_breach=True),
        ),
        clocks=(
            Timed(ClockName.CURE, over, ITEM),
            Timed(ClockName.WARNING, over, None, LONG_AGO + timedelta(days=8)),
            Timed(ClockName.REPLY, over),
        ),
        accepted=(Urn("acceptable_use", 1), Urn("acceptance", 1)),
        answered_at=LONG_AGO,
        evidence={p.number: EvidenceFacts(Urn("host_evidence", p.number), NOON) for p in Precondition if p.parts},
        proposal=ProposalFacts(PROPOSAL, ProposalKind.SUSPENSION, complete=True, approvers=(IVAN, JUDY)),
    )


def without_evidence(facts: CaseFacts, precondition: Precondition) -> CaseFacts:
    return replace(facts, evidence={n: e for n, e in facts.evidence.items() if n != precondition.number})


def with_item(facts: CaseFacts, item: ItemFacts) -> CaseFacts:
    return replace(facts, items=(*facts.items, item))


def with_cure(facts: CaseFacts, clock: Clock) -> CaseFacts:
    return replace(facts, clocks=(replace(facts.clocks[0], clock=clock), *facts.clocks[1:]))


def with_warning_ended(facts: CaseFacts, at: datetime) -> CaseFacts:
    return replace(facts, clocks=(facts.clocks[0], replace(facts.clocks[1], ended_at=at), *facts.clocks[2:]))


def proposal_of(facts: CaseFacts) -> ProposalFacts:
    assert facts.proposal is not None
    return facts.proposal


def approved_by(facts: CaseFacts, *people: int) -> CaseFacts:
    return replace(facts, proposal=replace(proposal_of(facts), approvers=people))


P = Precondition
SPOILED: list[tuple[Precondition, Callable[[CaseFacts], CaseFacts]]] = [
    (P.CONTRACT, lambda f: replace(f, accepted=())),
    (P.NOTICES, lambda f: replace(f, notices=f.notices[1:])),
    (P.NOTICES, lambda f: replace(f, notices=tuple(replace(n, names_breach=False) for n in f.notices))),
    (P.DEADLINES, lambda f: replace(f, clocks=f.clocks[1:])),
    (P.DEADLINES, lambda f: with_cure(f, Clock.start(LONG_AGO, timedelta(days=7)).pause(LONG_AGO))),
    (P.DEADLINES, lambda f: with_warning_ended(f, LONG_AGO)),
    (P.RECHECK, lambda f: replace(f, items=(replace(f.items[0], up_at=NOON - timedelta(hours=6)),))),
    (P.RECHECK, lambda f: replace(f, items=(replace(f.items[0], up_at=None),))),
    (P.MEASURES, lambda f: without_evidence(f, P.MEASURES)),
    (P.LESSER_MEASURE, lambda f: without_evidence(f, P.LESSER_MEASURE)),
    (P.ANSWERS, lambda f: without_evidence(f, P.ANSWERS)),
    (P.ANSWERS, lambda f: replace(f, answered_at=NOON + timedelta(seconds=1))),
    (P.DISPUTES, lambda f: with_item(f, ItemFacts(Urn("host_item", 2), ItemStatus.DISPUTED, in_dispute=True))),
    (P.APPROVERS, lambda f: approved_by(f, IVAN)),
    (P.APPROVERS, lambda f: approved_by(f, IVAN, IVAN)),
    (P.APPROVERS, lambda f: approved_by(f, IVAN, HEIDI)),
    (P.COMPARABLE, lambda f: without_evidence(f, P.COMPARABLE)),
    (P.RETURN, lambda f: replace(f, proposal=replace(proposal_of(f), complete=False))),
]


def test_a_ripe_case_may_be_suspended() -> None:
    """All eleven hold, each says by what it is shown, and the ladder lets the step pass."""
    met = examine(ripe(), NOON)

    assert [m.precondition.number for m in met] == list(range(1, 12))
    assert [m.precondition for m in met if not m.met] == []
    assert [m.precondition for m in met if not m.evidence] == [P.DISPUTES]
    assert lacking(ripe(), Stage.SUSPENDED, NOON) == ()


@pytest.mark.parametrize(("lost", "spoil"), SPOILED)
def test_what_is_missing_is_named_and_blocks(lost: Precondition, spoil: Callable[[CaseFacts], CaseFacts]) -> None:
    """Take one away, and exactly that one is missed by name; the ladder refuses the step for it."""
    spoiled = spoil(ripe())

    assert [m.precondition for m in missing(spoiled, NOON)] == [lost]
    (sentence,) = lacking(spoiled, Stage.SUSPENDED, NOON)
    assert sentence.startswith(f"({lost.number}) {lost.sentence[:-1]}")


def test_every_precondition_can_be_missing() -> None:
    """Not one of the eleven is taken for granted by the test above."""
    assert {lost for lost, _ in SPOILED} == set(Precondition)


def test_a_restriction_is_a_lesser_measure_that_was_tried() -> None:
    """Where one was delivered nobody need record that none is fit."""
    restricted = replace(without_evidence(ripe(), P.LESSER_MEASURE), restrictions=(Urn("host_notice", 3),))

    assert missing(restricted, NOON) == []


def test_a_dispute_about_what_is_gone_does_not_block() -> None:
    """Only what is relied on must be undisputed."""
    gone = with_item(ripe(), ItemFacts(Urn("host_item", 2), ItemStatus.REMOVED, in_dispute=True))

    assert missing(gone, NOON) == []


@pytest.mark.parametrize("precondition", [p for p in Precondition if not p.parts])
def test_a_computed_precondition_cannot_be_written(precondition: Precondition) -> None:
    """Nobody records that two approved, or that a check was made."""
    with pytest.raises(Invalid, match="computed"):
        check_record(precondition, {}, "file 7")


@pytest.mark.parametrize("precondition", [p for p in Precondition if p.parts])
def test_a_record_says_every_part_and_where_the_evidence_is(precondition: Precondition) -> None:
    """A part that is left out, a part that nobody asked for, and no reference: each is refused."""
    whole = dict.fromkeys(precondition.parts, "what was found")
    check_record(precondition, whole, "file 7")

    with pytest.raises(Invalid, match=precondition.parts[0]):
        check_record(precondition, {**whole, precondition.parts[0]: "  "}, "file 7")
    with pytest.raises(Invalid, match="mood"):
        check_record(precondition, {**whole, "mood": "bad"}, "file 7")
    with pytest.raises(Invalid, match="evidence"):
        check_record(precondition, whole, " ")
