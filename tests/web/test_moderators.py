from django.test import Client
from tests.scenario import QUEUED, Town
from tests.web.conftest import Browser, said

from wardmote.communities.policy import Role
from wardmote.communities.queries import desk, standing_of_member
from wardmote.config import tables
from wardmote.journeys.moderators import review
from wardmote.kernel.urn import Urn
from wardmote.notices import queries as notices
from wardmote.record import queries as record


def _entries(town: Town) -> list[str]:
    """What the record says of invitations and roles since the founding of the town."""
    told = [f"{e.verb} {e.values.get('role', '')}".strip() for e in record.history([Urn("community", town.plaza)])]
    return [line for line in told if line.startswith(("invitation.", "member.appointed", "case.released"))][2:]


def _role(town: Town, name: str) -> Role:
    return standing_of_member(community_id=town.plaza, member_id=town.members[name]).role


def _letters(town: Town, name: str) -> list[str]:
    rows = notices.inbox(community_id=town.plaza, person_id=town.people[name])
    return [row.subject for row in rows]


def _invite(alice: Client, town: Town, name: str = "bob") -> int:
    answer = alice.post("/owner/moderators", {"handle": f"@{name}"})
    assert answer.status_code == 302, said(answer.content.decode())
    (invitation,) = desk.open_invitations(community_id=town.plaza)
    return invitation.id


def test_nobody_moderates_without_having_said_yes(town: Town, browser: Browser) -> None:
    """Alice asks Bob; he is a member until he accepts on his page, then he moderates and Alice is told."""
    alice, bob = browser("alice"), browser("bob")
    invitation = _invite(alice, town)

    assert _role(town, "bob") is Role.MEMBER
    assert _letters(town, "bob") == ["Would you moderate The Plaza?"]
    assert "You can step down at any time" in said(bob.get(f"/invitations/{invitation}").content.decode())

    bob.post(f"/invitations/{invitation}", {"answer": "accept"})

    assert _role(town, "bob") is Role.MODERATOR
    assert bob.get("/console/").status_code == 200
    assert _letters(town, "alice") == ["@bob moderates now (The Plaza)"]
    assert _entries(town) == ["invitation.made moderator", "invitation.accepted", "member.appointed moderator"]
    assert tables.compare().differences == []


def test_whoever_declines_stays_a_member(town: Town, browser: Browser) -> None:
    """Bob declines: nothing changes for him, Alice is told, and the invitation cannot be accepted any more."""
    alice, bob = browser("alice"), browser("bob")
    invitation = _invite(alice, town)
    bob.post(f"/invitations/{invitation}", {"answer": "decline"})
    again = bob.post(f"/invitations/{invitation}", {"answer": "accept"})

    assert again.status_code == 409
    assert _role(town, "bob") is Role.MEMBER
    assert _letters(town, "alice") == ["@bob does not want to moderate (The Plaza)"]
    assert _entries(town) == ["invitation.made moderator", "invitation.declined"]


def test_an_invitation_is_the_invited_members_alone(town: Town, browser: Browser) -> None:
    """Carol can neither read nor accept what was sent to Bob."""
    invitation = _invite(browser("alice"), town)
    carol = browser("carol")

    assert carol.get(f"/invitations/{invitation}").status_code == 404
    assert carol.post(f"/invitations/{invitation}", {"answer": "accept"}).status_code == 404
    assert _role(town, "carol") is Role.MEMBER


def test_a_withdrawn_invitation_makes_nobody_a_moderator(town: Town, browser: Browser) -> None:
    """Alice takes it back before Bob answers."""
    alice, bob = browser("alice"), browser("bob")
    invitation = _invite(alice, town)
    alice.post(f"/owner/moderators/invitations/{invitation}/withdraw")

    assert bob.post(f"/invitations/{invitation}", {"answer": "accept"}).status_code == 409
    assert _role(town, "bob") is Role.MEMBER
    assert _entries(town) == ["invitation.made moderator", "invitation.withdrawn"]


def test_nobody_is_asked_twice_or_asked_to_be_what_they_are(town: Town, browser: Browser) -> None:
    """A second invitation, one to a moderator, and one to nobody are refused on the page."""
    alice = browser("alice")
    _invite(alice, town)
    for handle, status, sentence in (
        ("bob", 409, "is invited already"),
        ("dave", 403, "moderates already"),
        ("nobody_here", 422, "There is no such member here."),
    ):
        answer = alice.post("/owner/moderators", {"handle": handle})

        assert answer.status_code == status
        assert sentence in said(answer.content.decode())


def test_a_dismissed_moderator_reads_why_and_holds_nothing(town: Town, browser: Browser) -> None:
    """Dave holds a case when Alice dismisses him: it is in the queue again, and his letter has her reason."""
    town.post("bob", QUEUED)
    case_id = review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now)
    alice = browser("alice")
    address = f"/owner/moderators/{town.members['dave']}/dismiss"

    assert alice.post(address, {"reason": " "}).status_code == 422
    assert alice.post(address, {"reason": "You have been away for a year."}).status_code == 302
    assert _role(town, "dave") is Role.MEMBER
    assert _letters(town, "dave") == ["You moderate no more (The Plaza)"]
    assert browser("dave").get("/console/").status_code == 403
    assert _entries(town) == ["member.appointed member", "case.released"]
    assert review.claim_next(community_id=town.plaza, member_id=town.members["erin"], now=town.now) == case_id
    assert tables.compare().differences == []


def test_a_moderator_steps_down_and_the_owner_is_told(town: Town, browser: Browser) -> None:
    """Dave does it himself, in his settings; who moderates nothing finds no such page."""
    dave = browser("dave")

    assert "/settings/moderating" in dave.get("/settings").content.decode()
    assert dave.post("/settings/moderating").status_code == 302
    assert _role(town, "dave") is Role.MEMBER
    assert _letters(town, "alice") == ["@dave moderates no more (The Plaza)"]
    assert _entries(town) == ["member.appointed member"]
    assert browser("carol").get("/settings/moderating").status_code == 404
    assert browser("alice").post("/settings/moderating").status_code == 404


def test_the_owner_shows_again_who_they_are_before_inviting(town: Town, browser: Browser) -> None:
    """A browser that was left open invites nobody."""
    answer = browser("alice", confirmed=False).post("/owner/moderators", {"handle": "bob"})

    assert "reauthenticate" in answer.headers["Location"]
    assert desk.open_invitations(community_id=town.plaza) == []
