"""The owner hands the community over to a member who says yes to exactly what they were shown."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.scenario import HELD, Town, run_jobs
from tests.web.conftest import Browser, said

from wardmote.communities.models import OwnershipOffer
from wardmote.communities.policy import Action, Role
from wardmote.communities.queries import PolicyView, community, current_policy, standing_of_member
from wardmote.config import tables
from wardmote.journeys.operator import found_community, operator
from wardmote.journeys.owners import ownership
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn
from wardmote.notices import queries as notices
from wardmote.record import queries as record

HERE = "/owner/ownership"


def _entries(town: Town) -> list[str]:
    """What the record says of the offer and of roles since the founding of the town."""
    names = {str(Urn("member", pk)): name for name, pk in town.members.items()}
    told = []
    for entry in record.history([Urn("community", town.plaza)]):
        if entry.verb.startswith("ownership_offer."):
            told.append(f"{names.get(str(entry.actor), entry.actor.kind)}: {entry.verb}")
        elif entry.verb == "member.appointed":
            told.append(f"{names[str(entry.subject)]} is {entry.values['role']}")
    return told[2:]


def _role(town: Town, name: str) -> Role:
    return standing_of_member(community_id=town.plaza, member_id=town.members[name]).role


def _letters(town: Town, name: str) -> list[str]:
    return [row.subject for row in notices.inbox(community_id=town.plaza, person_id=town.people[name])]


def _offer(alice: Client, *, to: str = "dave", stays: str = "moderator") -> int:
    answer = alice.post(HERE, {"who": "other", "handle": f"@{to}", "stays": stays})
    assert answer.status_code == 302, said(answer.content.decode())
    return OwnershipOffer.objects.latest("pk").pk


def _seen(client: Client, offer_id: int) -> str:
    """What the page's form carries of what it showed."""
    found_it = re.search(r'name="seen" value="([^"]+)"', client.get(f"/ownership/{offer_id}").content.decode())
    assert found_it is not None
    return found_it[1]


def _answer(client: Client, offer_id: int, *, seen: str = "", answer: str = "accept") -> tuple[int, str]:
    response = client.post(
        f"/ownership/{offer_id}", {"answer": answer, "seen": seen or _seen(client, offer_id), "understood": "on"}
    )
    return response.status_code, said(response.content.decode())


@pytest.mark.parametrize(("to", "stays"), [("dave", "moderator"), ("bob", "member")])
def test_a_community_changes_hands_by_consent(town: Town, browser: Browser, to: str, stays: str) -> None:
    """Alice offers it, nothing changes until the other says yes; then roles change, and all concerned are told."""
    alice, other = browser("alice"), browser(to)
    offer = _offer(alice, to=to, stays=stays)

    assert (_role(town, "alice"), _role(town, to) is Role.OWNER) == (Role.OWNER, False)
    assert _letters(town, to) == ["Would you take over The Plaza?"]
    page = said(other.get(f"/ownership/{offer}").content.decode())
    assert "The Plaza" in page
    assert "@alice" in page

    assert _answer(other, offer)[0] == 302
    assert (_role(town, "alice"), _role(town, to)) == (Role(stays), Role.OWNER)
    assert community(town.plaza).owner_id == town.people[to]
    assert _letters(town, "alice") == [f"@{to} owns The Plaza now"]
    assert _letters(town, to)[0] == "You own The Plaza"
    assert _letters(town, "erin") == [f"@{to} owns The Plaza now"]
    assert other.get("/owner/rules").status_code == 200
    assert alice.get("/owner/rules").status_code == 403
    assert _entries(town) == [
        "alice: ownership_offer.made",
        f"{to}: ownership_offer.accepted",
        f"alice is {stays}",
        f"{to} is owner",
    ]
    assert tables.compare().differences == []


def test_whoever_declines_stays_what_they_are(town: Town, browser: Browser) -> None:
    """Dave declines: Alice is told, and he cannot accept any more."""
    alice, dave = browser("alice"), browser("dave")
    offer = _offer(alice)
    seen = _seen(dave, offer)

    assert _answer(dave, offer, answer="decline")[0] == 302
    status, words = _answer(dave, offer, seen=seen)
    assert (status, "You have declined" in words) == (409, True)
    assert (_role(town, "alice"), _role(town, "dave")) == (Role.OWNER, Role.MODERATOR)
    assert _letters(town, "alice") == ["@dave does not take over The Plaza"]
    assert _entries(town) == ["alice: ownership_offer.made", "dave: ownership_offer.declined"]
    assert tables.compare().differences == []


def test_a_withdrawn_offer_is_nobodys_to_accept(town: Town, browser: Browser) -> None:
    """Alice withdraws while Dave has the page open: he gets 409 and reads that it is withdrawn."""
    alice, dave = browser("alice"), browser("dave")
    offer = _offer(alice)
    seen = _seen(dave, offer)

    assert alice.post(f"{HERE}/{offer}/withdraw").status_code == 302
    status, words = _answer(dave, offer, seen=seen)
    assert (status, "The owner has withdrawn it" in words) == (409, True)
    assert _role(town, "alice") is Role.OWNER
    assert _letters(town, "dave")[0] == "The offer of The Plaza is withdrawn"
    assert alice.post(f"{HERE}/{offer}/withdraw").status_code == 409
    assert _entries(town) == ["alice: ownership_offer.made", "alice: ownership_offer.withdrawn"]


def test_an_accepted_offer_is_neither_accepted_again_nor_withdrawn(town: Town, browser: Browser) -> None:
    """Two windows of Dave's: the second acceptance is a 409, and so is the withdrawal that came too late."""
    alice, dave = browser("alice"), browser("dave")
    offer = _offer(alice)
    seen = _seen(dave, offer)
    _answer(dave, offer)

    assert _answer(dave, offer, seen=seen)[0] == 409
    assert alice.post(f"{HERE}/{offer}/withdraw").status_code == 403
    with pytest.raises(Refused):
        ownership.withdraw(community_id=town.plaza, member_id=town.members["alice"], offer_id=offer, now=town.now)
    assert _entries(town).count("dave is owner") == 1


def test_what_has_changed_since_the_page_is_not_accepted_blindly(town: Town, browser: Browser) -> None:
    """Alice publishes other rules while Dave reads: 409 says so, and the page that comes has what is new."""
    alice, dave = browser("alice"), browser("dave")
    offer = _offer(alice)
    seen = _seen(dave, offer)
    found_community.publish_policy(
        community_id=town.plaza,
        member_id=town.members["alice"],
        title="Stricter rules",
        clauses=_rules(town).drafts()[:1],
        now=town.pass_time(minutes=1),
    )
    dave.post("/policy/accept", {"policy_hash": _rules(town).hash, "accept": "on"})
    status, words = _answer(dave, offer, seen=seen)

    assert status == 409
    assert "The rules were changed after you opened this page." in words
    assert "Stricter rules" in words
    assert _role(town, "dave") is Role.MODERATOR
    assert _answer(dave, offer)[0] == 302
    assert _role(town, "dave") is Role.OWNER


def _rules(town: Town) -> PolicyView:
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    return policy


def test_an_offer_that_nobody_answered_runs_out(town: Town, browser: Browser) -> None:
    """After fourteen days it lapses, both are told, the record says so, and another may be made."""
    alice, dave = browser("alice"), browser("dave")
    offer = _offer(alice)
    seen = _seen(dave, offer)
    town.pass_time(days=14)

    # Before the job comes round, too.
    assert _answer(dave, offer, seen=seen)[0] == 409
    run_jobs(town.now + timedelta(seconds=1))
    status, words = _answer(dave, offer, seen=seen)
    assert (status, "has run out" in words) == (409, True)
    assert _letters(town, "alice") == ["@dave has not answered (The Plaza)"]
    assert _letters(town, "dave")[0] == "The offer of The Plaza has run out"
    assert _entries(town) == ["alice: ownership_offer.made", "system: ownership_offer.lapsed"]
    _offer(browser("alice"), to="erin")
    assert tables.compare().differences == []


def test_one_offer_at_a_time_and_none_to_who_cannot_take_it(town: Town, browser: Browser) -> None:
    """To herself, to nobody, to a suspended member, and a second one beside the first are refused on the page."""
    alice = browser("alice")
    town.post("bob", HELD)
    town.decide("dave", Action.SUSPEND, days=7)
    for to, status, sentence in (
        ("alice", 403, "You own it already."),
        ("nobody_here", 422, "There is no such member here."),
        ("bob", 403, "This member is suspended."),
    ):
        answer = alice.post(HERE, {"who": "other", "handle": to, "stays": "member"})
        assert (answer.status_code, sentence in said(answer.content.decode())) == (status, True), to
    _offer(alice)
    again = alice.post(HERE, {"who": "other", "handle": "erin", "stays": "member"})

    assert again.status_code == 409
    assert "is not answered yet" in said(again.content.decode())
    assert _entries(town) == ["alice: ownership_offer.made"]


def test_a_member_suspended_meanwhile_cannot_accept(town: Town, browser: Browser) -> None:
    """Bob was asked and is suspended before he answers: refused, though declining is always open."""
    alice, bob = browser("alice"), browser("bob")
    offer = _offer(alice, to="bob")
    town.post("bob", HELD)
    town.decide("dave", Action.SUSPEND, days=7)

    assert _answer(bob, offer)[0] == 403
    assert _role(town, "bob") is Role.MEMBER
    assert _answer(bob, offer, answer="decline")[0] == 302


def test_whoever_is_dismissed_or_removed_is_offered_nothing_any_more(town: Town, browser: Browser) -> None:
    """Alice dismisses Dave, whom she had asked: the offer is withdrawn with it."""
    alice, dave = browser("alice"), browser("dave")
    offer = _offer(alice)
    seen = _seen(dave, offer)
    alice.post(f"/owner/moderators/{town.members['dave']}/dismiss", {"reason": "You have been away for a year."})

    assert _answer(dave, offer, seen=seen)[0] == 409
    assert _entries(town) == ["alice: ownership_offer.made", "dave is member", "alice: ownership_offer.withdrawn"]

    second = _offer(alice, to="bob")
    clause = town.clause("1.1").id
    alice.post(f"/owner/members/{town.members['bob']}/remove", {"clause": clause, "reason": "Threats, again."})
    assert OwnershipOffer.objects.get(pk=second).state == "withdrawn"


def test_whoever_erases_everything_has_declined(town: Town, browser: Browser) -> None:
    """Bob leaves: the owner reads that he does not take over."""
    offer = _offer(browser("alice"), to="bob")
    browser("bob").post("/settings/erase", {"handle": "bob"})

    assert OwnershipOffer.objects.get(pk=offer).state == "declined"
    assert _letters(town, "alice")[0].endswith("does not take over The Plaza")


def test_where_the_operator_has_named_another_owner_the_offer_is_void(town: Town, browser: Browser) -> None:
    """Erin owns the Plaza by the operator's hand: Dave cannot take up what Alice had offered."""
    dave = browser("dave")
    offer = _offer(browser("alice"))
    seen = _seen(dave, offer)
    operator.set_role(community=community(town.plaza), handle="erin", role=Role.OWNER, now=town.now)

    assert _answer(dave, offer, seen=seen)[0] == 409
    assert (_role(town, "erin"), _role(town, "dave"), _role(town, "alice")) == (
        Role.OWNER,
        Role.MODERATOR,
        Role.MEMBER,
    )
    assert "system: ownership_offer.withdrawn" in _entries(town)


def test_an_offer_is_the_chosen_members_alone(town: Town, browser: Browser) -> None:
    """Carol, Erin and Alice can neither read nor accept what was offered to Dave."""
    offer = _offer(browser("alice"))
    seen = _seen(browser("dave"), offer)
    for name in ("carol", "erin", "alice"):
        client = browser(name)
        assert client.get(f"/ownership/{offer}").status_code == 404
        answer = client.post(f"/ownership/{offer}", {"answer": "accept", "seen": seen, "understood": "on"})
        assert answer.status_code == 404
    assert _role(town, "alice") is Role.OWNER


def test_both_show_again_who_they_are(town: Town, browser: Browser) -> None:
    """A browser that was left open neither offers a community nor takes it."""
    answer = browser("alice", confirmed=False).post(HERE, {"who": "other", "handle": "dave", "stays": "member"})
    assert "reauthenticate" in answer.headers["Location"]
    assert OwnershipOffer.objects.count() == 0

    offer = _offer(browser("alice"))
    seen = _seen(browser("dave"), offer)
    taken = browser("dave", confirmed=False).post(
        f"/ownership/{offer}", {"answer": "accept", "seen": seen, "understood": "on"}
    )
    assert "reauthenticate" in taken.headers["Location"]
    assert _role(town, "dave") is Role.MODERATOR


def test_the_new_owner_does_not_hear_appeals_against_themselves(town: Town, browser: Browser) -> None:
    """Dave decided about Bob before he owned the Plaza: as its owner he may not hear the appeal, Alice may."""
    town.post("bob", HELD)
    appeal_id = town.appeal("bob", town.decide("dave", Action.HIDE))
    offer = _offer(browser("alice"))
    _answer(browser("dave"), offer)

    with pytest.raises(Refused, match="You decided this"):
        town.hear("dave", appeal_id, reverse=False)
    town.hear("alice", appeal_id, reverse=False)
    assert "appeal.decided" in town.verbs()
