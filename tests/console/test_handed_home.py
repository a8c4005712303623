"""What those next door read of another community: what is theirs by agreement, for as long as it is, and no more."""

from tests.console.test_handed_on import _agree, _decide, _entries, _grace, _stranded
from tests.scenario import Town, run_jobs
from tests.web.conftest import Browser, browser, said

from wardmote.communities.policy import Role
from wardmote.communities.queries import current_policy
from wardmote.config import tables
from wardmote.journeys.members import join
from wardmote.journeys.operator import found_community
from wardmote.journeys.owners import agreements
from wardmote.moderation.models import Appeal, Case, Decision, HandedOn
from wardmote.moderation.queries import sheet_of_appeal, sheet_of_case

__all__ = ["browser"]

REASON = "Only for the Plaza's own."


def _join(town: Town, community_id: int, name: str, handle: str, *, moderates_for: str = "") -> None:
    policy = current_policy(community_id=community_id)
    assert policy is not None
    town.members[handle] = join.join(
        community_id=community_id, person_id=town.people[name], handle=handle, policy_hash=policy.hash, now=town.now
    )
    if moderates_for:
        found_community.appoint(
            community_id=community_id,
            actor_member_id=town.members[moderates_for],
            member_id=town.members[handle],
            role=Role.MODERATOR,
            now=town.now,
        )
        run_jobs(town.pass_time(seconds=1))


def test_a_case_decided_at_home_stays_hidden(town: Town, browser: Browser) -> None:
    """It was handed on, then Judy of the Plaza decided it: it is home again, and the Harbour reads nothing of that."""
    _agree(town)
    case_id = _stranded(town)
    _join(town, town.plaza, "judy", "judy", moderates_for="alice")
    grace = _grace(town, browser)
    assert grace.get(f"/console/others/cases/{case_id}").status_code == 404

    judy = browser("judy")
    judy.post(f"/console/cases/{case_id}/claim")
    sheet = {
        "action": "hide",
        "clause": str(town.clause("1.1").id),
        "reason": REASON,
        "days": "",
        "seen": sheet_of_case(community_id=town.plaza, case_id=case_id),
    }
    judy.post(f"/console/cases/{case_id}/decide", sheet)
    assert Case.objects.get(pk=case_id).state == "decided"

    page = grace.get(f"/console/others/cases/{case_id}")
    assert (page.status_code, REASON in said(page.content.decode())) == (404, False)
    assert HandedOn.objects.get().ended_at == town.now
    assert _entries(town, "case.taken", "case.decided") == ["judy: case.taken_home", "judy: case.decided"]
    assert tables.compare().differences == []


def test_an_appeal_heard_at_home_stays_hidden(town: Town, browser: Browser) -> None:
    """The same of an appeal: Judy hears it at home, and Frank, to whom it was handed, finds nothing."""
    _agree(town)
    decision = _decide(town, _grace(town, browser), _stranded(town))
    appeal_id = town.appeal("bob", decision)
    run_jobs(town.pass_time(seconds=1))
    frank = _grace(town, browser, "frank")
    assert frank.get(f"/console/others/appeals/{appeal_id}").status_code == 200
    _join(town, town.plaza, "judy", "judy", moderates_for="alice")

    form = {
        "outcome": "uphold",
        "reason": REASON,
        "seen": sheet_of_appeal(community_id=town.plaza, appeal_id=appeal_id),
    }
    browser("judy").post(f"/console/appeals/{appeal_id}/decide", form)
    assert Appeal.objects.get().state == "upheld"

    assert frank.get(f"/console/others/appeals/{appeal_id}").status_code == 404
    assert HandedOn.objects.get(appeal_id=appeal_id).ended_at == town.now
    assert _entries(town, "appeal.")[-2:] == ["judy: appeal.taken_home", "judy: appeal.decided"]
    assert tables.compare().differences == []


def test_a_case_decided_next_door_is_read_there_only_while_the_agreement_holds(town: Town, browser: Browser) -> None:
    """Grace decided it and reads it again; once Alice has ended the agreement she does not."""
    agreement_id = _agree(town)
    case_id = _stranded(town)
    grace = _grace(town, browser)
    _decide(town, grace, case_id)
    assert grace.get(f"/console/others/cases/{case_id}").status_code == 200

    agreements.end(
        community_id=town.plaza,
        member_id=town.members["alice"],
        agreement_id=agreement_id,
        now=town.pass_time(days=1),
    )
    run_jobs(town.now)
    assert grace.get(f"/console/others/cases/{case_id}").status_code == 404
    assert Decision.objects.get().decided_by_id == town.members["grace"]


def test_who_decided_next_door_does_not_hear_the_appeal_at_home(town: Town, browser: Browser) -> None:
    """Grace decided for the Harbour, then comes to moderate the Plaza: she hears nothing against herself there."""
    _agree(town)
    decision = _decide(town, _grace(town, browser), _stranded(town))
    appeal_id = town.appeal("bob", decision)
    _join(town, town.plaza, "grace", "gracious", moderates_for="alice")
    form = {
        "outcome": "uphold",
        "reason": REASON,
        "seen": sheet_of_appeal(community_id=town.plaza, appeal_id=appeal_id),
    }
    answer = browser("grace").post(f"/console/appeals/{appeal_id}/decide", form)

    assert (answer.status_code, "You decided this" in said(answer.content.decode())) == (403, True)
    assert _entries(town, "appeal.decided") == []
