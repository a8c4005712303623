"""The owner finds members, removes one with a statement of reasons, and lets them back in."""

import pytest
from django.test import Client
from tests.scenario import Town
from tests.web.conftest import Browser, said

from wardmote.communities.queries import standing_of_member
from wardmote.config import tables
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Decision
from wardmote.moderation.queries import sheet_of_appeal
from wardmote.notices import queries as notices
from wardmote.record import queries as record


@pytest.fixture
def alice(town: Town, browser: Browser) -> Client:
    return browser("alice")


def _remove(town: Town, alice: Client, name: str = "bob", reason: str = "Forty warnings in a month.") -> int:
    form = {"clause": str(town.clause("2.1").id), "reason": reason}
    return alice.post(f"/owner/members/{town.members[name]}/remove", form).status_code


def _letters(town: Town, name: str) -> list[str]:
    return [row.subject for row in notices.inbox(community_id=town.plaza, person_id=town.people[name])]


def _suspended(town: Town, name: str) -> bool:
    return standing_of_member(community_id=town.plaza, member_id=town.members[name]).suspended(town.now)


def test_members_are_listed_and_found_by_their_handle(town: Town, alice: Client) -> None:
    """Each with what they are; a search leaves those whose handle or name has it."""
    everybody = said(alice.get("/owner/members").content.decode())
    found = alice.get("/owner/members?q=@da").content.decode()

    for handle in ("@alice", "@bob", "@carol", "@dave", "@erin"):
        assert handle in everybody
    assert "@dave" in found
    assert "@bob" not in found
    assert "Nobody here has that" in said(alice.get("/owner/members?q=zzz").content.decode())


def test_the_list_goes_on_where_it_ends(town: Town, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest members first; the next page begins after the last of this one."""
    monkeypatch.setattr("wardmote.edges.web.views.desk.members.AT_ONCE", 2)
    first = alice.get("/owner/members").content.decode()
    older = town.members["dave"]

    assert "@erin" in first
    assert f"?before={older}" in first
    assert "@carol" in alice.get(f"/owner/members?before={older}").content.decode()


def test_a_removed_member_reads_why_writes_nothing_and_may_appeal(town: Town, alice: Client, browser: Browser) -> None:
    """Bob gets the statement of reasons; he cannot post, nobody sees his profile's text, and Dave may hear him."""
    assert _remove(town, alice) == 302
    bob, decision = browser("bob"), Decision.objects.get()
    letter = notices.inbox(community_id=town.plaza, person_id=town.people["bob"])[0]
    body = bob.get(f"/notices/{letter.notice_id}").content.decode()
    refused = bob.post("/post", {"text": "Hello?"})
    verbs = [e.verb for e in record.history([Urn("community", town.plaza)])]

    assert letter.subject == "You are removed as a member (The Plaza)"
    for words in ("you cannot write here until this is lifted", "Forty warnings", "The owner of this community took"):
        assert words in body
    assert refused.status_code == 403
    assert "suspended until further notice" in said(refused.content.decode())
    assert "It lasts until further notice" in said(bob.get(f"/why/{decision.pk}").content.decode())
    assert bob.post(f"/why/{decision.pk}/appeal", {"text": "It was thirty-nine."}).status_code == 302
    assert verbs[-8:].count("case.decided") == 1
    assert "member.suspended" in verbs
    assert "removed" in said(alice.get("/owner/members?q=bob").content.decode())
    assert tables.compare().differences == []


def test_an_appeal_lets_a_removed_member_back_in(town: Town, alice: Client, browser: Browser) -> None:
    """Dave, who had no part in it, reverses: Bob writes again."""
    _remove(town, alice)
    browser("bob").post(f"/why/{Decision.objects.get().pk}/appeal", {"text": "It was thirty-nine."})
    town.hear("dave", Appeal.objects.get().pk, reverse=True)

    assert not _suspended(town, "bob")
    assert browser("bob").post("/post", {"text": "Back."}).status_code == 302


def test_the_owner_does_not_hear_the_appeal_against_themselves(town: Town, alice: Client, browser: Browser) -> None:
    """Alice decided it."""
    _remove(town, alice)
    browser("bob").post(f"/why/{Decision.objects.get().pk}/appeal", {"text": "It was thirty-nine."})
    appeal = Appeal.objects.get()
    seen = sheet_of_appeal(community_id=town.plaza, appeal_id=appeal.pk)
    answer = alice.post(f"/console/appeals/{appeal.pk}/decide", {"outcome": "uphold", "reason": "No.", "seen": seen})

    assert answer.status_code == 403
    assert _suspended(town, "bob")


def test_the_owner_lets_somebody_back_in_and_says_why(town: Town, alice: Client, browser: Browser) -> None:
    """The decision is undone on record, the profile is shown, and Bob is told."""
    _remove(town, alice)
    address = f"/owner/members/{town.members['bob']}/reinstate"

    assert alice.post(address, {"reason": ""}).status_code == 422
    assert alice.post(address, {"reason": "I counted wrong."}).status_code == 302
    assert alice.post(address, {"reason": "Again."}).status_code == 404
    assert not _suspended(town, "bob")
    assert _letters(town, "bob")[0] == "You are a member again (The Plaza)"
    assert browser("bob").post("/post", {"text": "Back."}).status_code == 302
    verbs = [e.verb for e in record.history([Urn("community", town.plaza)])]
    assert "case.removal_lifted" in verbs
    assert "member.reinstated" in verbs
    assert tables.compare().differences == []


def test_a_removal_needs_a_clause_and_a_reason(town: Town, alice: Client) -> None:
    """Without either nothing happens."""
    address = f"/owner/members/{town.members['bob']}/remove"

    assert alice.post(address, {"clause": "", "reason": "x"}).status_code == 422
    assert _remove(town, alice, reason=" ") == 422
    assert not _suspended(town, "bob")


def test_neither_the_owner_nor_a_moderator_is_removed(town: Town, alice: Client) -> None:
    """A moderator is dismissed first; the owner is nobody's to remove."""
    assert _remove(town, alice, "dave") == 403
    assert _remove(town, alice, "alice") == 403


def test_a_removal_while_nobody_else_moderates_says_that_an_appeal_waits(town: Town, alice: Client) -> None:
    """The page says so before it is done."""
    address = f"/owner/members/{town.members['bob']}/remove"
    before = said(alice.get(address).content.decode())
    for name in ("dave", "erin"):
        alice.post(f"/owner/moderators/{town.members[name]}/dismiss", {"reason": "Thank you."})

    assert "it waits" not in before
    assert "Nobody else moderates here." in said(alice.get(address).content.decode())
