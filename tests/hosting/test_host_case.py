import pytest
from django.test import Client
from tests.hosting.desk import Desk
from tests.scenario import PLAIN

from wardmote.communities.policy import Action, CommunityState
from wardmote.communities.queries import community
from wardmote.config.tables import compare
from wardmote.hosting import queries
from wardmote.hosting.policy import ItemStatus, NoticeKind, Precondition, Stage
from wardmote.journeys.hosts import cases, recheck, suspend
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn
from wardmote.ledger import verify_receipt
from wardmote.outside.signing import record_verifier
from wardmote.record import queries as record
from wardmote.upstream import queries as upstream

FIRST = "I will be at your door on Friday, and you will be sorry."
SECOND = "Somebody ought to burn that house down with him in it."


def test_the_whole_quarrel(desk: Desk) -> None:
    """Two posts reported, one removed, one denied; warned, restricted, suspended by two, reinstated; all is proven."""
    town = desk.town
    case_id = desk.open([(desk.publish("bob", FIRST), FIRST), (desk.publish("bob", SECOND), SECOND)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)

    assert desk.stage(case_id) is Stage.NOTIFIED
    assert [row.kind for row in upstream.notices(community_id=town.plaza)] == ["notice"]

    # Our own moderators judge both: one is removed in time, the other defended.
    town.decide("dave", Action.REMOVE)
    town.decide("dave", Action.NONE)
    desk.show_plaza()
    desk.pass_time(hours=2)

    assert desk.stage(case_id) is Stage.DISPUTED
    assert desk.statuses(case_id) == [ItemStatus.REMOVED, ItemStatus.DISPUTED]

    second = desk.view(case_id).items[1].item_id
    with pytest.raises(Refused, match="somebody else"):
        decide(desk, "heidi", case_id, second)
    decide(desk, "ivan", case_id, second)
    desk.pass_time(hours=75)

    assert desk.stage(case_id) is Stage.RECHECK
    assert desk.statuses(case_id) == [ItemStatus.REMOVED, ItemStatus.STILL_UP]

    desk.send(case_id, NoticeKind.WARNING)
    desk.pass_time(days=7)
    desk.send(case_id, NoticeKind.RESTRICTION)
    desk.pass_time(seconds=2)

    assert desk.stage(case_id) is Stage.RESTRICTED
    with pytest.raises(Refused, match="restricted"):
        town.post("bob", PLAIN)

    with pytest.raises(Refused) as refused:
        desk.propose(case_id)
    assert [n for n in range(1, 12) if f"({n})" in str(refused.value)] == [4, 5, 7, 10]

    recheck.check_now(staff_id=desk.staff("ivan"), case_id=case_id, now=desk.now)
    desk.pass_time(seconds=1)
    desk.record_evidence(case_id, Precondition.MEASURES, Precondition.ANSWERS)
    with pytest.raises(Refused, match=r"^\(10\) The treatment of comparable customers was looked at: nobody"):
        desk.propose(case_id)
    desk.record_evidence(case_id, Precondition.COMPARABLE)
    proposal = desk.propose(case_id)

    assert desk.stage(case_id) is Stage.SUSPENSION_PROPOSED

    with pytest.raises(Refused, match="opened this case"):
        suspend.approve(staff_id=desk.staff("heidi"), proposal_id=proposal, now=desk.now)
    suspend.approve(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    desk.pass_time(hours=30)
    with pytest.raises(Refused, match=r"\(4\).*\(9\).*1 of 2 approved"):
        suspend.carry_out(staff_id=desk.staff("ivan"), proposal_id=proposal, now=desk.now)
    suspend.approve(staff_id=desk.staff("judy"), proposal_id=proposal, now=desk.now)
    recheck.check_now(staff_id=desk.staff("judy"), case_id=case_id, now=desk.now)
    desk.pass_time(seconds=1)
    suspend.carry_out(staff_id=desk.staff("judy"), proposal_id=proposal, now=desk.now)
    desk.pass_time(seconds=2)
    state = community(town.plaza).state

    assert desk.stage(case_id) is Stage.SUSPENDED
    assert state.state is CommunityState.SUSPENDED
    assert state.locks_visitors
    assert "2.1 No threats" in state.reason
    assert SECOND not in state.reason
    with pytest.raises(Refused, match="suspended this community"):
        town.post("bob", PLAIN)

    # The moderators find the way back, and nothing was lost meanwhile.
    town.decide("erin", Action.REMOVE)
    desk.show_plaza()
    desk.pass_time(hours=3)

    assert desk.statuses(case_id) == [ItemStatus.REMOVED, ItemStatus.REMOVED]

    suspend.reinstate(
        staff_id=desk.staff("ivan"),
        case_id=case_id,
        reason="The last post is gone and two moderators are on duty.",
        evidence="the checks of today",
        now=desk.now,
    )
    desk.pass_time(seconds=2)

    assert community(town.plaza).state.state is CommunityState.ACTIVE
    assert town.post("bob", PLAIN).post_id
    with pytest.raises(Refused, match="probation"):
        move(desk, case_id, Stage.CLOSED)
    desk.pass_time(days=30)
    move(desk, case_id, Stage.CLOSED)
    desk.pass_time(seconds=2)

    assert desk.stage(case_id) is Stage.CLOSED
    assert_both_sides_hold_proofs(desk, case_id)
    assert stages_on_record(desk, case_id) == [
        "opened",
        "notified",
        "acknowledged",
        "recheck",
        "disputed",
        "recheck",
        "warned",
        "restricted",
        "suspension_proposed",
        "suspended",
        "return_proven",
        "reinstated",
        "closed",
    ]
    assert record.audit().sound
    assert compare().differences == []


def decide(desk: Desk, name: str, case_id: int, item_id: int) -> None:
    cases.decide_dispute(
        staff_id=desk.staff(name),
        case_id=case_id,
        item_id=item_id,
        upheld=False,
        reason="It names a house and a man.",
        now=desk.now,
    )


def move(desk: Desk, case_id: int, to: Stage) -> None:
    cases.move(staff_id=desk.staff("ivan"), case_id=case_id, to=to, reason="It is over.", now=desk.now)


def stages_on_record(desk: Desk, case_id: int) -> list[str]:
    verbs = [entry.verb for entry in record.entries_about(Urn("host_case", case_id))]
    return [verb.removeprefix("host_case.") for verb in verbs]


def assert_both_sides_hold_proofs(desk: Desk, case_id: int) -> None:
    """Each letter and each answer has a receipt each way, which verifies with nothing but the public key."""
    view, key = desk.view(case_id), record_verifier()
    said = len(view.notices) + len(view.answers) + sum(len(item.answers) for item in view.items)
    theirs = upstream.receipts(community_id=desk.town.plaza)
    ours = queries.receipts(case_id=case_id)
    files = [upstream.receipt_file(community_id=desk.town.plaza, receipt_id=r.receipt_id) for r in theirs]
    files += [queries.receipt_file(receipt_id=r.receipt_id) for r in ours]
    texts = [file[1] for file in files if file is not None]

    assert len(view.notices) == 6
    assert sum(r.kept for r in ours) == sum(not r.kept for r in ours) == said
    assert sum(r.kept for r in theirs) == sum(not r.kept for r in theirs) == said
    assert all(verify_receipt(text, key).values["hash"] for text in texts)
    assert record.audit(kept={str(n): text for n, text in enumerate(texts)}).sound


def test_visitors_of_the_plaza_get_the_page_of_a_removed_post(desk: Desk) -> None:
    """What a stranger gets for a removed post does not hold its text, so the checks can tell."""
    url = desk.publish("bob", FIRST)
    path = url.partition(f":{desk.site.port}")[2]
    before = Client(headers={"host": "plaza.localhost"}).get(path).content.decode()
    desk.town.report("carol", int(path.rpartition("/")[2]))
    desk.town.decide("dave", Action.REMOVE)
    after = Client(headers={"host": "plaza.localhost"}).get(path).content.decode()

    assert FIRST in before
    assert FIRST not in after
