"""Suspended by two, and what stays possible; reinstated, or terminated by two others."""

import pytest
from django.db import IntegrityError, transaction
from tests.hosting.desk import DATA_PLAN, HEARD, Desk
from tests.scenario import PLAIN

from wardmote.communities.policy import Action, CommunityState
from wardmote.communities.queries import community, current_policy
from wardmote.hosting import queries
from wardmote.hosting.models import Approval
from wardmote.hosting.policy import Precondition, ProposalKind, Stage
from wardmote.journeys.hosts import cases, suspend
from wardmote.journeys.members import delete_post, edit_profile, follow, join, read_notice
from wardmote.journeys.operator import create_login
from wardmote.journeys.owners import answer_host
from wardmote.kernel.errors import Conflict, Invalid, Refused
from wardmote.network import queries as network
from wardmote.notices import queries as notices
from wardmote.record import queries as record
from wardmote.upstream import queries as upstream
from wardmote.upstream.policy import AnswerKind

TEXT = "I will be at your door on Friday, and you will be sorry."


def proposed(desk: Desk) -> tuple[int, int]:
    """A case and its proposal, delivered and heard."""
    case_id = desk.bring_to_restricted(TEXT)
    desk.look(case_id)
    desk.record_evidence(case_id, *HEARD)
    proposal = desk.propose(case_id)
    desk.pass_time(hours=31)
    desk.look(case_id)
    return case_id, proposal


def test_whoever_opened_the_case_cannot_approve_even_in_the_database(desk: Desk) -> None:
    """The journey refuses Heidi, and if it did not, the table would."""
    _, proposal = proposed(desk)

    with pytest.raises(Refused, match="two others"):
        suspend.approve(staff_id=desk.staff("heidi"), proposal_id=proposal, now=desk.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            proposal_id=proposal,
            opener_id=desk.staff("heidi"),
            approver_id=desk.staff("heidi"),
            approved_at=desk.now,
        )


def test_one_person_is_not_two(desk: Desk) -> None:
    """Ivan approves once, and alone he suspends nobody."""
    _, proposal = proposed(desk)
    suspend.approve(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)

    with pytest.raises(Conflict, match="already"):
        suspend.approve(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    with pytest.raises(Refused, match=r"^\(9\) .*1 of 2"):
        suspend.carry_out(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    assert community(desk.town.plaza).state.state is not CommunityState.SUSPENDED


def test_a_reply_must_be_heard(desk: Desk) -> None:
    """An answer that comes in after the assessment blocks the suspension until it is assessed too."""
    case_id, proposal = proposed(desk)
    (latest, *_) = upstream.notices(community_id=desk.town.plaza)
    answer_host.answer_notice(
        community_id=desk.town.plaza,
        member_id=desk.town.members["alice"],
        notice_id=latest.notice_id,
        kind=AnswerKind.PLAN,
        words="From Monday on two moderators are on duty.",
        now=desk.now,
    )
    for name in ("ivan", "judy"):
        suspend.approve(staff_id=desk.staff(name), proposal_id=proposal, now=desk.now)

    with pytest.raises(Refused, match=r"^\(7\) .*after they were assessed"):
        suspend.carry_out(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    desk.record_evidence(case_id, Precondition.ANSWERS)
    suspend.carry_out(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    assert desk.stage(case_id) is Stage.SUSPENDED


def test_a_proposal_can_be_taken_back(desk: Desk) -> None:
    """Withdrawn, the case is restricted again, and the approvals are void."""
    case_id, proposal = proposed(desk)
    suspend.approve(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    suspend.withdraw(staff_id=desk.staff("judy"), proposal_id=proposal, reason="They did act.", now=desk.now)
    view = desk.view(case_id).proposal

    assert desk.stage(case_id) is Stage.RESTRICTED
    assert view is not None
    assert not view.may_approve(desk.staff("judy"))
    with pytest.raises(Conflict, match="no longer"):
        suspend.approve(staff_id=desk.staff("judy"), proposal_id=proposal, now=desk.now)


def test_a_suspended_community_can_still_answer_moderate_and_leave(desk: Desk) -> None:
    """Nothing new is written and nobody joins; reading, deleting, moderating, answering and appealing go on."""
    town, here = desk.town, desk.town.plaza
    kept = town.post("carol", PLAIN)
    desk.bring_to_suspended(TEXT)
    bob, alice = town.members["bob"], town.members["alice"]
    policy = current_policy(community_id=here)
    assert policy is not None

    with pytest.raises(Refused, match="suspended this community"):
        town.post("bob", PLAIN)
    with pytest.raises(Refused, match="suspended this community"):
        edit_profile.edit_profile(community_id=here, member_id=bob, display_name="Bob", bio="", now=desk.now)
    with pytest.raises(Refused, match="suspended this community"):
        follow.follow(community_id=here, member_id=bob, handle="carol", now=desk.now)
    with pytest.raises(Refused, match="nobody can join"):
        join.join(
            community_id=here, person_id=town.people["grace"], handle="grace", policy_hash=policy.hash, now=desk.now
        )

    shown = network.post(community_id=here, post_id=kept.post_id, viewer_id=bob)
    assert shown is not None
    assert shown.text == PLAIN
    letters = notices.inbox(community_id=here, person_id=town.people["alice"])
    assert [letter.kind for letter in letters][:1] == ["host_notice"]
    read_notice.read_notice(
        community_id=here, person_id=town.people["alice"], notice_id=letters[0].notice_id, now=desk.now
    )
    town.decide("dave", Action.REMOVE)
    delete_post.delete_post(community_id=here, member_id=town.members["carol"], post_id=kept.post_id, now=desk.now)
    (latest, *_) = upstream.notices(community_id=here)
    answer_host.answer_notice(
        community_id=here,
        member_id=alice,
        notice_id=latest.notice_id,
        kind=AnswerKind.APPEAL,
        words="It is gone now, and we have hired.",
        now=desk.now,
    )
    assert community(here).state.appeal_path == f"/owner/notices/{latest.notice_id}"


def test_reinstated_everything_is_as_it_was(desk: Desk) -> None:
    """Posts, profiles, roles and the policy are those from before; the history of the case is kept."""
    town = desk.town
    town.post("carol", PLAIN)
    before = network.community_feed(community_id=town.plaza, viewer_id=None)
    case_id = desk.bring_to_suspended(TEXT)
    with pytest.raises(Invalid, match="what shows"):
        suspend.reinstate(staff_id=desk.staff("ivan"), case_id=case_id, reason="Fine.", evidence=" ", now=desk.now)
    suspend.reinstate(staff_id=desk.staff("ivan"), case_id=case_id, reason="All done.", evidence="file 9", now=desk.now)
    after = network.community_feed(community_id=town.plaza, viewer_id=None)

    assert [p for p in after if p.text != TEXT] == before
    assert community(town.plaza).state.reason == ""
    assert desk.stage(case_id) is Stage.REINSTATED
    assert town.post("bob", PLAIN).post_id


def test_a_restriction_ends_by_itself(desk: Desk) -> None:
    """After its three days members write again, though nobody has done anything."""
    desk.bring_to_restricted(TEXT)
    with pytest.raises(Refused, match="restricted this community until"):
        desk.town.post("bob", PLAIN)
    desk.pass_time(hours=72)

    assert desk.town.post("bob", PLAIN).post_id
    assert not community(desk.town.plaza).state.locks_visitors


def test_a_termination_needs_two_others(desk: Desk) -> None:
    """Who suspended does not also terminate; it takes a suspension first, and its own reasons."""
    more = {
        name: create_login.create_login(email=f"{name}@example.org", password=None, is_host_staff=True, now=desk.now)
        for name in ("niaj", "sybil")
    }
    case_id = desk.bring_to_suspended(TEXT)
    proposal = suspend.propose(
        staff_id=desk.staff("heidi"),
        case_id=case_id,
        kind=ProposalKind.TERMINATION,
        reasons="After a month of suspension the conditions are not met, and clause 9 of the contract applies.",
        effect="The agreement is terminated.",
        return_conditions="A new agreement can be asked for after a year.",
        data_plan=DATA_PLAN,
        now=desk.now,
    )
    for name in ("ivan", "judy"):
        with pytest.raises(Refused, match="two others must approve the termination"):
            suspend.approve(staff_id=desk.staff(name), proposal_id=proposal, now=desk.now)
    suspend.approve(staff_id=more["niaj"], proposal_id=proposal, now=desk.now)
    with pytest.raises(Refused, match="neither opened the case nor approved"):
        suspend.carry_out(staff_id=more["niaj"], proposal_id=proposal, now=desk.now)
    suspend.approve(staff_id=more["sybil"], proposal_id=proposal, now=desk.now)
    suspend.carry_out(staff_id=more["sybil"], proposal_id=proposal, now=desk.now)

    assert desk.stage(case_id) is Stage.TERMINATED
    assert community(desk.town.plaza).state.state is CommunityState.TERMINATED
    assert [m.to for m in desk.view(case_id).moves] == []
    assert desk.view(case_id).notices[-1].kind == "termination"


def test_only_who_is_suspended_can_be_terminated(desk: Desk) -> None:
    """There is no way from a restriction straight to the end."""
    case_id = desk.bring_to_restricted(TEXT)

    with pytest.raises(Refused, match="Only a customer that is suspended"):
        suspend.propose(
            staff_id=desk.staff("heidi"),
            case_id=case_id,
            kind=ProposalKind.TERMINATION,
            reasons="Enough.",
            effect="The agreement is terminated.",
            return_conditions="None needed.",
            data_plan=DATA_PLAN,
            now=desk.now,
        )
    assert queries.case(case_id=case_id, now=desk.now) == desk.view(case_id)


def test_every_decision_of_two_is_on_the_record(desk: Desk) -> None:
    """Who proposed, who approved, and what was carried out, each its own entry; the whole record verifies."""
    case_id = desk.bring_to_suspended(TEXT)
    view = desk.view(case_id).proposal
    assert view is not None
    rows = [row.verb for row in desk.view(case_id).timeline if row.verb.startswith(("host_proposal", "host_evidence"))]

    assert rows == [
        *["host_evidence.recorded"] * 3,
        "host_proposal.made",
        "host_proposal.approved",
        "host_proposal.approved",
        "host_proposal.carried_out",
    ]
    assert view.approvals == 2
    assert record.audit().sound
    with pytest.raises(Refused, match="not by hand"):
        cases.move(staff_id=desk.staff("ivan"), case_id=case_id, to=Stage.REINSTATED, reason="x", now=desk.now)
