"""Who may act against whom: nobody here binds the owner, and only the owner binds a moderator."""

import pytest
from tests.console.conftest import Browser
from tests.scenario import QUEUED, Town
from tests.sheets import carried

from wardmote.communities.policy import Action, Role
from wardmote.communities.queries import standing
from wardmote.journeys.moderators import review
from wardmote.journeys.operator import found_community
from wardmote.kernel.errors import Refused
from wardmote.moderation.models import Case, Decision
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.queries import sheet_of_case

BINDING = [(Action.WARN, None), (Action.SUSPEND, 30)]


def _case_about(town: Town, author: str) -> int:
    post = town.post(author, QUEUED)
    town.report("carol", post.post_id, ReportReason.THREAT)
    return Case.objects.get().pk


def _decide(town: Town, name: str, case_id: int, action: Action, days: int | None) -> None:
    review.claim(community_id=town.plaza, member_id=town.members[name], case_id=case_id, now=town.now)
    review.decide(
        community_id=town.plaza,
        member_id=town.members[name],
        case_id=case_id,
        action=action,
        clause_id=town.clause("1.1").id,
        reason="It is a threat.",
        days=days,
        seen=sheet_of_case(community_id=town.plaza, case_id=case_id),
        now=town.now,
    )


@pytest.mark.parametrize(("action", "days"), BINDING)
@pytest.mark.parametrize(("decider", "author"), [("dave", "alice"), ("dave", "erin")])
def test_a_moderator_binds_neither_the_owner_nor_a_moderator(
    town: Town, decider: str, author: str, action: Action, days: int | None
) -> None:
    """Neither warning nor suspension; nothing is decided and nothing is on the record."""
    case_id = _case_about(town, author)
    with pytest.raises(Refused):
        _decide(town, decider, case_id, action, days)
    who = standing(community_id=town.plaza, person_id=town.people[author])

    assert who is not None
    assert who.suspended_until is None
    assert not Decision.objects.exists()
    assert "case.decided" not in town.verbs()


@pytest.mark.parametrize(("action", "days"), BINDING)
def test_the_owner_binds_a_moderator(town: Town, action: Action, days: int | None) -> None:
    """Alice may warn or suspend Dave."""
    _decide(town, "alice", _case_about(town, "dave"), action, days)

    assert "case.decided" in town.verbs()
    assert ("member.suspended" in town.verbs()) is (action is Action.SUSPEND)


@pytest.mark.parametrize("author", ["alice", "erin"])
@pytest.mark.parametrize("action", [Action.NONE, Action.LABEL, Action.HIDE, Action.REMOVE])
def test_what_staff_wrote_is_judged_like_anybodys(town: Town, author: str, action: Action) -> None:
    """A threat is removed whoever wrote it."""
    case_id = _case_about(town, author)
    _decide(town, "dave", case_id, action, None)

    assert Decision.objects.get().action == action.value
    assert "case.decided" in town.verbs()


def test_whoever_was_appointed_since_the_claim_is_a_moderator(town: Town) -> None:
    """The role that counts is the one at the decision."""
    case_id = _case_about(town, "bob")
    found_community.appoint(
        community_id=town.plaza,
        actor_member_id=town.members["alice"],
        member_id=town.members["bob"],
        role=Role.MODERATOR,
        now=town.now,
    )

    with pytest.raises(Refused):
        _decide(town, "dave", case_id, Action.SUSPEND, 1)


def test_the_sheet_says_so_before_the_click(town: Town, browser: Browser) -> None:
    """The two actions cannot be chosen, and a sentence tells why; the preview and the refusal say the same."""
    case_id = _case_about(town, "alice")
    client = browser("dave")
    client.post(f"/console/cases/{case_id}/claim")
    page = client.get(f"/console/cases/{case_id}").content.decode()
    typed = carried(page) | {
        "clause": str(town.clause("1.1").id),
        "action": "suspend",
        "days": "30",
        "reason": "A threat.",
    }
    preview = client.post(f"/console/cases/{case_id}/preview", typed, HTTP_HX_REQUEST="true").content.decode()
    refused = client.post(f"/console/cases/{case_id}/decide", typed)

    for action in ("warn", "suspend"):
        assert f'name="action" value="{action}" required disabled' in page
    assert 'name="action" value="remove" required>' in page
    assert "Nobody here warns or suspends its owner" in page
    assert "Nobody here warns or suspends its owner" in preview
    assert refused.status_code == 403
    assert "Nobody here warns or suspends its owner" in refused.content.decode()
    assert "A threat." in refused.content.decode()


def test_the_owner_cannot_step_down_by_appointment(town: Town) -> None:
    """Nobody takes the owner's office by making them a member."""
    with pytest.raises(Refused):
        found_community.appoint(
            community_id=town.plaza,
            actor_member_id=town.members["alice"],
            member_id=town.members["alice"],
            role=Role.MEMBER,
            now=town.now,
        )
