"""The host's desk through the journeys of its staff."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.hosting.desk import CLAUSES, Desk
from tests.scenario import PLAIN

from wardmote.communities.policy import CommunityState, Severity
from wardmote.communities.queries import community
from wardmote.hosting import queries
from wardmote.hosting.policy import (
    ClauseDraft,
    ClockName,
    ItemDraft,
    ItemStatus,
    NoticeDraft,
    NoticeKind,
    Precondition,
    ProposalKind,
    Stage,
    Terms,
)
from wardmote.journeys.hosts import cases, enrol, evidence, notices, policy, recheck, suspend
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.record import queries as record
from wardmote.upstream.policy import AnswerKind

TEXT = "I will be at your door on Friday, and you will be sorry."


def move(desk: Desk, case_id: int, to: Stage, reason: str = "It is time.") -> None:
    cases.move(staff_id=desk.staff("ivan"), case_id=case_id, to=to, reason=reason, now=desk.now)


DRAFT = NoticeDraft(NoticeKind.NOTICE, "", "We may restrict you.", "Remove it.")
ATTEMPTS: list[Callable[[int, int, Desk], object]] = [
    lambda who, case, d: policy.publish_acceptable_use(staff_id=who, title="Mine", clauses=CLAUSES, now=d.now),
    lambda who, case, d: enrol.enrol_community(staff_id=who, community_id=d.town.harbour, now=d.now),
    lambda who, case, d: enrol.enrol_remote(
        staff_id=who, name="x", slug="x", base_url="https://x.example", key="x", now=d.now
    ),
    lambda who, case, d: cases.open_host_case(
        staff_id=who, customer_id=d.plaza, summary="x", life_threat=False, items=[], now=d.now
    ),
    lambda who, case, d: cases.move(staff_id=who, case_id=case, to=Stage.CLOSED, reason="x", now=d.now),
    lambda who, case, d: cases.withdraw_item(staff_id=who, case_id=case, item_id=1, reason="x", now=d.now),
    lambda who, case, d: cases.settle_item(
        staff_id=who, case_id=case, item_id=1, status=ItemStatus.REMOVED, reason="x", now=d.now
    ),
    lambda who, case, d: cases.decide_dispute(
        staff_id=who, case_id=case, item_id=1, upheld=True, reason="x", now=d.now
    ),
    lambda who, case, d: cases.extend(staff_id=who, case_id=case, hours=1, reason="x", now=d.now),
    lambda who, case, d: cases.note_outage(staff_id=who, started_at=d.now, ended_at=d.now, reason="x", now=d.now),
    lambda who, case, d: notices.preview(staff_id=who, case_id=case, draft=DRAFT, now=d.now),
    lambda who, case, d: notices.send(staff_id=who, case_id=case, draft=DRAFT, now=d.now),
    lambda who, case, d: recheck.check_now(staff_id=who, case_id=case, now=d.now),
    lambda who, case, d: evidence.record_evidence(
        staff_id=who, case_id=case, precondition=Precondition.MEASURES, parts={}, reference="x", now=d.now
    ),
    lambda who, case, d: suspend.propose(
        staff_id=who,
        case_id=case,
        kind=ProposalKind.SUSPENSION,
        reasons="x",
        effect="x",
        return_conditions="x",
        data_plan="x",
        now=d.now,
    ),
    lambda who, case, d: suspend.approve(staff_id=who, proposal_id=1, now=d.now),
    lambda who, case, d: suspend.carry_out(staff_id=who, proposal_id=1, now=d.now),
    lambda who, case, d: suspend.withdraw(staff_id=who, proposal_id=1, reason="x", now=d.now),
    lambda who, case, d: suspend.reinstate(staff_id=who, case_id=case, reason="x", evidence="x", now=d.now),
]


def test_nobody_but_the_staff_sits_at_the_desk(desk: Desk, notified: int) -> None:
    """An owner, a moderator and a member are refused each of the desk's journeys, and nothing is written."""
    before = record.count()
    for name in ("alice", "dave", "bob"):
        for attempt in ATTEMPTS:
            with pytest.raises(Refused, match="Only the host's staff"):
                attempt(desk.staff(name), notified, desk)

    assert record.count() == before


def test_a_case_needs_a_policy_that_the_customer_accepted(desk: Desk) -> None:
    """Whoever has accepted nothing has broken nothing."""
    harbour = enrol.enrol_community(staff_id=desk.staff("heidi"), community_id=desk.town.harbour, now=desk.now)

    with pytest.raises(Refused, match="has not accepted our policy"):
        cases.open_host_case(
            staff_id=desk.staff("heidi"),
            customer_id=harbour,
            summary="A threat",
            life_threat=False,
            items=[ItemDraft("http://harbour.localhost/@grace/1", "2.1", TEXT, desk.now)],
            now=desk.now,
        )


def test_a_clause_binds_once_its_version_is_accepted(desk: Desk) -> None:
    """A clause of a newer version cannot be cited before the customer has accepted that version."""
    spam = ClauseDraft("3.1", "No spam", "Nobody may be flooded.", "spam", Severity.LOW)
    policy.publish_acceptable_use(
        staff_id=desk.staff("ivan"),
        title="Acceptable use",
        clauses=(*CLAUSES, spam),
        terms=Terms(cure=48),
        now=desk.now,
    )
    url = desk.publish("bob", TEXT)

    with pytest.raises(Invalid, match="does not stand in version 1"):
        desk.open([(url, TEXT)], clause="3.1")
    desk.accept()
    assert desk.view(desk.open([(url, TEXT)], clause="3.1")).policy_number == 2


def test_a_newer_policy_than_the_one_shown_is_not_accepted(desk: Desk) -> None:
    """The owner accepts what they have read, to the letter."""
    shown = queries.acceptable_use()
    policy.publish_acceptable_use(staff_id=desk.staff("ivan"), title="Other terms", clauses=CLAUSES, now=desk.now)
    assert shown is not None

    with pytest.raises(Conflict, match="has changed"):
        policy.accept_acceptable_use(
            community_id=desk.town.plaza,
            member_id=desk.town.members["alice"],
            policy_hash=shown.hash,
            now=desk.now,
        )


def test_the_clocks_start_with_the_delivery(desk: Desk, notified: int) -> None:
    """A day to acknowledge and three to cure, from the moment the letter was taken."""
    view = desk.view(notified)
    (letter,) = view.notices
    (cure,) = [item.clock for item in view.items]

    assert [clock.name for clock in view.clocks] == [ClockName.ACKNOWLEDGE]
    assert letter.delivered_at is not None
    assert view.clocks[0].due_at == letter.delivered_at + timedelta(hours=24)
    assert cure is not None
    assert cure.due_at == letter.deadline == letter.delivered_at + timedelta(hours=72)
    assert letter.proof.startswith("taken by the owner's desk")


def test_silence_is_noted_and_nothing_more(desk: Desk, notified: int) -> None:
    """Nobody answers, nobody at the host does anything, a year goes by: nothing is warned, restricted or suspended."""
    desk.pass_time(days=365)

    assert desk.stage(notified) is Stage.UNANSWERED
    assert desk.statuses(notified) == [ItemStatus.STILL_UP]
    assert community(desk.town.plaza).state.state is CommunityState.ACTIVE
    assert desk.town.post("bob", PLAIN).post_id


def test_who_is_silent_is_reminded_before_being_warned(desk: Desk, notified: int) -> None:
    """The warning waits for the second channel, its time, and the checks after the time to cure."""
    desk.pass_time(hours=25)
    with pytest.raises(Refused, match="second channel"):
        desk.send(notified, NoticeKind.WARNING)
    desk.send(notified, NoticeKind.REMINDER)
    desk.pass_time(hours=75)
    desk.send(notified, NoticeKind.WARNING)

    assert desk.stage(notified) is Stage.WARNED


def test_any_answer_acknowledges(desk: Desk, notified: int) -> None:
    """That more time is needed is an answer, also after the silence was noted."""
    desk.pass_time(hours=30)
    desk.answer(0, AnswerKind.NEEDS_TIME, "Our moderator is ill until Monday.")

    assert desk.stage(notified) is Stage.ACKNOWLEDGED
    assert desk.statuses(notified) == [ItemStatus.ACKNOWLEDGED]


def test_more_time_is_given_once(desk: Desk, notified: int) -> None:
    """An extension moves every deadline of the customer's, and there is one."""
    before = desk.view(notified)
    extend(desk, notified)
    after = desk.view(notified)

    assert due(after.clocks[0]) - due(before.clocks[0]) == timedelta(hours=48)
    assert due(after.items[0].clock) - due(before.items[0].clock) == timedelta(hours=48)
    assert after.extended
    with pytest.raises(Conflict, match="allows one"):
        extend(desk, notified)


def extend(desk: Desk, case_id: int) -> None:
    cases.extend(staff_id=desk.staff("ivan"), case_id=case_id, hours=48, reason="They are ill.", now=desk.now)


def due(clock: queries.ClockView | None) -> timedelta:
    assert clock is not None
    return clock.remaining


def test_our_own_outage_is_not_held_against_the_customer(desk: Desk, notified: int) -> None:
    """Five hours in which we could not be reached move every deadline by five hours, and are noted once."""
    start, end = desk.now, desk.pass_time(hours=5)
    before = desk.view(notified)
    cases.note_outage(
        staff_id=desk.staff("judy"), started_at=start, ended_at=end, reason="A cable was cut.", now=desk.now
    )
    after = desk.view(notified)

    assert due(after.clocks[0]) - due(before.clocks[0]) == timedelta(hours=5)
    assert due(after.items[0].clock) - due(before.items[0].clock) == timedelta(hours=5)
    with pytest.raises(Conflict, match="already"):
        cases.note_outage(
            staff_id=desk.staff("judy"),
            started_at=start + timedelta(hours=1),
            ended_at=end,
            reason="The same.",
            now=desk.now,
        )


def test_no_letter_goes_out_before_its_step_is_due(desk: Desk, notified: int) -> None:
    """A warning before the time to cure is over, and a restriction out of nowhere, are not even written."""
    before = len(desk.view(notified).notices)
    desk.answer(0, AnswerKind.NEEDS_TIME, "Until Monday.")
    with pytest.raises(Refused, match="no step from “Acknowledged” to “Warned”"):
        desk.send(notified, NoticeKind.WARNING)
    with pytest.raises(Refused, match="no step"):
        desk.send(notified, NoticeKind.RESTRICTION)
    with pytest.raises(Refused, match="not sent by one person"):
        desk.send(notified, NoticeKind.SUSPENSION)

    assert len(desk.view(notified).notices) == before


def test_nobody_moves_a_case_to_where_only_a_decision_leads(desk: Desk, notified: int) -> None:
    """Suspended, restricted or notified by hand: none of it."""
    for to in (Stage.SUSPENDED, Stage.RESTRICTED, Stage.NOTIFIED, Stage.REINSTATED, Stage.TERMINATED):
        with pytest.raises(Refused, match="not by hand"):
            move(desk, notified, to)
    with pytest.raises(Invalid, match="why"):
        move(desk, notified, Stage.UNANSWERED, reason=" ")


def test_the_desk_shows_what_each_step_needs(desk: Desk, notified: int) -> None:
    """The next steps stand there with what is missing, and the eleven preconditions with why."""
    view = desk.view(notified)

    assert {(m.to, m.ready) for m in view.moves} == {(Stage.ACKNOWLEDGED, False), (Stage.UNANSWERED, False)}
    assert [p.precondition.number for p in view.preconditions] == list(range(1, 12))
    assert [p.precondition for p in view.preconditions if p.met] == [Precondition.CONTRACT, Precondition.DISPUTES]
    assert [row.verb for row in view.timeline][:4] == [
        "host_case.opened",
        "host_item.reported",
        "host_notice.issued",
        "host_notice.delivered",
    ]
    assert all(row.sentence != row.verb for row in view.timeline)
    assert all(row.entry_index is not None for row in view.timeline)


def test_the_case_that_is_due_first_comes_first(desk: Desk, notified: int) -> None:
    """The list is by clock; what is over comes last."""
    url = desk.publish("bob", PLAIN)
    urgent = cases.open_host_case(
        staff_id=desk.staff("judy"),
        customer_id=desk.plaza,
        summary="Somebody may be hurt",
        life_threat=True,
        items=[ItemDraft(url, "2.2", PLAIN, desk.now)],
        now=desk.now,
    )
    rejected = desk.open([(url, PLAIN)])
    move(desk, rejected, Stage.REJECTED)
    rows = queries.cases(now=desk.now)

    assert [row.case_id for row in rows] == [urgent, notified, rejected]
    assert rows[0].clock is not None
    assert rows[0].clock.remaining == timedelta(hours=1)
    assert rows[2].clock is None
    assert [row.case_id for row in queries.cases(now=desk.now, stage=Stage.NOTIFIED)] == [notified]


def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    """A wrong number is an answer, not a crash."""
    assert queries.case(case_id=7, now=desk.now) is None
    with pytest.raises(NotFound):
        move(desk, 7, Stage.CLOSED)
    with pytest.raises(NotFound):
        suspend.approve(staff_id=desk.staff("ivan"), proposal_id=7, now=desk.now)


def test_the_record_names_no_reporter_to_the_customer(desk: Desk, notified: int) -> None:
    """What the customer is told, and the receipt that it keeps, hold neither Heidi's name nor her number."""
    from wardmote.upstream import queries as upstream

    (row,) = upstream.notices(community_id=desk.town.plaza)
    letter = upstream.notice(community_id=desk.town.plaza, notice_id=row.notice_id)
    kept = [r for r in upstream.receipts(community_id=desk.town.plaza) if r.kept]
    files = [upstream.receipt_file(community_id=desk.town.plaza, receipt_id=r.receipt_id) for r in kept]

    assert len(files) == 1
    for text in (repr(letter), repr(files)):
        assert "heidi" not in text.lower()
        assert str(desk.staff("heidi")) not in text


def test_every_event_of_a_case_names_its_customer_on_the_record(desk: Desk, notified: int) -> None:
    """The community's own history holds what its host did about it."""
    entries = record.history([Urn("community", desk.town.plaza)])

    assert {"host_case.opened", "host_notice.delivered", "upstream_notice.received"} <= {e.verb for e in entries}
