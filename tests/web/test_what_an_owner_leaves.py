"""What an owner leaves behind is told to whoever takes over; what they asked of others and nobody answered ends."""

from collections.abc import Callable

import pytest
from tests.scenario import Town, run_jobs
from tests.web.conftest import Browser, said
from tests.web.test_ownership import _answer, _offer, _role, _seen

from wardmote.communities.models import Invitation, JudgingAgreement
from wardmote.communities.policy import Role
from wardmote.communities.queries import community, current_policy
from wardmote.communities.queries.agreements import judges_for
from wardmote.config import tables
from wardmote.journeys.operator import operator
from wardmote.journeys.owners import agreements, moderators
from wardmote.journeys.platforms import outside_platform
from wardmote.kernel.errors import Conflict
from wardmote.kernel.urn import Urn
from wardmote.notices import queries as notices
from wardmote.record import queries as record


def _alice(town: Town) -> dict[str, int]:
    return {"community_id": town.plaza, "member_id": town.members["alice"]}


def _hook(town: Town) -> None:
    outside_platform.set_webhook_as_owner(**_alice(town), url="https://alice.example/hook?token=sesame", now=town.now)


def _ask(town: Town) -> int:
    return agreements.offer(**_alice(town), slug="harbour", now=town.now)


def _invite(town: Town) -> int:
    return moderators.invite(**_alice(town), handle="bob", now=town.now)


def _accept_next_door(town: Town, agreement_id: int) -> None:
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    agreements.answer(
        community_id=town.harbour,
        member_id=town.members["frank"],
        agreement_id=agreement_id,
        accepts=True,
        seen=f"{agreement_id}.{policy.hash[:16]}",
        now=town.now,
    )


def _agree(town: Town) -> None:
    _accept_next_door(town, _ask(town))


def _withdrawals(town: Town) -> list[str]:
    names = {str(Urn("member", pk)): name for name, pk in town.members.items()}
    told = [e for e in record.history([Urn("community", town.plaza)]) if e.verb.endswith(".withdrawn")]
    return [f"{names.get(str(e.actor), e.actor.kind)}: {e.verb}" for e in told]


@pytest.mark.parametrize(
    ("does", "is_new", "shown"),
    [
        (_hook, "Where decisions are sent was changed", "alice.example"),
        (_ask, "The agreements with other communities were changed", "The Harbour (offered; the offer ends"),
        (_agree, "The agreements with other communities were changed", "The Harbour (in force)"),
        (_invite, "Who is invited to moderate has changed", "@bob"),
    ],
)
def test_a_yes_to_less_than_there_is_by_now_changes_nothing(
    town: Town, browser: Browser, does: Callable[[Town], object], is_new: str, shown: str
) -> None:
    """Alice does it while Dave reads: his yes is a 409 that says what is new and shows it, and his next one counts."""
    dave = browser("dave")
    offer = _offer(browser("alice"))
    before = said(dave.get(f"/ownership/{offer}").content.decode())
    seen = _seen(dave, offer)
    does(town)

    status, words = _answer(dave, offer, seen=seen)
    assert (status, _role(town, "dave")) == (409, Role.MODERATOR)
    assert (is_new in words, shown in words, shown in before) == (True, True, False)
    assert "sesame" not in words
    assert _answer(dave, offer)[0] == 302


def test_old_invitations_and_offers_end_when_the_community_changes_hands(town: Town, browser: Browser) -> None:
    """Bob was invited and the Harbour was asked by Alice: neither can say yes once Dave owns the Plaza."""
    invitation, agreement = _invite(town), _ask(town)
    offer = _offer(browser("alice"), stays="member")
    assert _answer(browser("dave"), offer)[0] == 302

    with pytest.raises(Conflict):
        moderators.answer(
            community_id=town.plaza,
            member_id=town.members["bob"],
            invitation_id=invitation,
            accepts=True,
            now=town.now,
        )
    with pytest.raises(Conflict):
        _accept_next_door(town, agreement)
    assert (_role(town, "bob"), judges_for(town.plaza)) == (Role.MEMBER, [])
    assert _withdrawals(town) == ["dave: invitation.withdrawn", "dave: judging_agreement.withdrawn"]
    subjects = [row.subject for row in notices.inbox(community_id=town.harbour, person_id=town.people["frank"])]
    assert subjects[0] == "The offer of The Plaza to judge for each other is withdrawn"
    assert tables.compare().differences == []


def test_they_end_by_the_operators_hand_too(town: Town, browser: Browser) -> None:
    """The operator makes Erin the owner: what Alice had asked of Bob and the Harbour is withdrawn by the system."""
    _invite(town)
    _ask(town)
    operator.set_role(community=community(town.plaza), handle="erin", role=Role.OWNER, now=town.now)

    assert _withdrawals(town) == ["system: invitation.withdrawn", "system: judging_agreement.withdrawn"]
    assert (Invitation.objects.get().state, JudgingAgreement.objects.get().state) == ("withdrawn", "withdrawn")


def test_what_others_ask_and_what_is_agreed_stays(town: Town, browser: Browser) -> None:
    """The Harbour asked the Plaza: Dave reads that he would answer, and as the owner he does."""
    frank = {"community_id": town.harbour, "member_id": town.members["frank"]}
    agreement = agreements.offer(**frank, slug="plaza", now=town.now)
    dave = browser("dave")
    offer = _offer(browser("alice"))
    assert "The Harbour (they ask, and you would answer)" in said(dave.get(f"/ownership/{offer}").content.decode())
    assert _answer(dave, offer)[0] == 302

    policy = current_policy(community_id=town.harbour)
    assert policy is not None
    agreements.answer(
        community_id=town.plaza,
        member_id=town.members["dave"],
        agreement_id=agreement,
        accepts=True,
        seen=f"{agreement}.{policy.hash[:16]}",
        now=town.now,
    )
    run_jobs(town.pass_time(seconds=1))
    assert judges_for(town.plaza) == [town.harbour]
