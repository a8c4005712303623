"""What a community says of itself, and who may join it: anybody, whoever is approved, whoever has a link."""

import re

import pytest
from django.core import mail
from django.test import Client
from tests.scenario import Town, run_jobs, sign_in
from tests.web.conftest import Browser, said

from wardmote.communities.models import JoinRequest
from wardmote.communities.policy import SignUp
from wardmote.communities.queries import community, current_policy, desk, standing
from wardmote.config import tables
from wardmote.kernel.urn import Urn
from wardmote.network.queries import profile_by_handle
from wardmote.notices import queries as notices
from wardmote.record import queries as record


@pytest.fixture
def alice(town: Town, browser: Browser) -> Client:
    return browser("alice")


def _told(town: Town, *prefixes: str) -> list[str]:
    return [e.verb for e in record.history([Urn("community", town.plaza)]) if e.verb.startswith(prefixes)]


def _form(town: Town, **more: str) -> dict[str, str]:
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    return {"handle": "frank", "policy_hash": policy.hash, "accept": "on", **more}


def _is_member(town: Town, name: str) -> bool:
    return standing(community_id=town.plaza, person_id=town.people[name]) is not None


def test_the_owner_says_what_the_community_is(town: Town, alice: Client, browser: Browser) -> None:
    """Title, sentence, description and contact stand on the front page and on the page about it, and on record."""
    face = {
        "title": "The Square",
        "tagline": "Neighbours of the old market",
        "description": "We talk about the market.\n\nBe kind.",
        "contact": "square@example.org",
    }
    assert alice.post("/owner/community", face).headers["Location"] == "/about"
    front, about = (said(browser().get(path).content.decode()) for path in ("/", "/about"))

    assert "We talk about the market." in front
    for words in ("The Square", "Neighbours of the old market", "We talk about the market.", "square@example.org"):
        assert words in about
    assert _told(town, "community.changed") == ["community.changed"]
    assert tables.compare().differences == []


def test_a_changed_column_that_no_entry_tells_of_is_found(town: Town, alice: Client) -> None:
    """A description that somebody wrote into the table differs from the record."""
    from wardmote.communities.models import Community

    Community.objects.filter(pk=town.plaza).update(description="Bought and paid for.")

    assert [d.detail for d in tables.compare().differences] == ["description is not what the record says"]


def test_a_face_that_is_too_long_or_has_no_title_is_refused(town: Town, alice: Client) -> None:
    """What was typed stays."""
    answer = alice.post("/owner/community", {"title": "", "tagline": "x" * 201, "description": "kept", "contact": ""})

    assert answer.status_code == 422
    assert "kept" in answer.content.decode()
    assert community(town.plaza).title == "The Plaza"


def test_a_closed_community_lets_nobody_in_without_a_link(town: Town, alice: Client, browser: Browser) -> None:
    """Neither the page nor the form lets Frank in, and nobody signs up; members are as before."""
    alice.post("/owner/joining", {"sign_up": "closed"})
    frank = browser("frank")

    assert community(town.plaza).sign_up is SignUp.CLOSED
    assert "whoever has an invitation link" in said(frank.get("/join").content.decode())
    assert frank.post("/join", _form(town)).status_code == 403
    assert not _is_member(town, "frank")
    closed = said(browser().get("/accounts/signup/").content.decode())
    assert "whoever has an invitation link" in closed
    assert "takes no sign-ups" in closed
    assert not [
        path for path in ("/", "/local", "/accounts/login/") if "Sign up" in browser().get(path).content.decode()
    ]


def test_a_link_lets_in_so_many_and_no_more(town: Town, alice: Client, browser: Browser) -> None:
    """Frank comes by a link for one; for Judy it is used up. It was shown once, and each use is on record."""
    alice.post("/owner/joining", {"sign_up": "closed"})
    made = alice.post("/owner/joining/links", {"most": "1", "days": "7"}).content.decode()
    link = re.search(r"/come/[\w-]+", made)
    assert link is not None
    assert link[0] not in alice.get("/owner/joining").content.decode()
    frank = browser("frank")

    assert frank.get(link[0]).headers["Location"] == "/join"
    assert frank.post("/join", _form(town)).headers["Location"] == "/"
    assert _is_member(town, "frank")
    assert browser("judy").get(link[0]).status_code == 404
    assert _told(town, "entry_link.", "community.changed") == [
        "community.changed",
        "entry_link.made",
        "entry_link.used",
    ]
    assert tables.compare().differences == []


@pytest.mark.parametrize("end", ["revoked", "time"])
def test_a_link_that_has_ended_lets_nobody_in(town: Town, alice: Client, browser: Browser, end: str) -> None:
    """Also for whoever opened it before."""
    alice.post("/owner/joining", {"sign_up": "closed"})
    made = alice.post("/owner/joining/links", {"most": "5", "days": "7"}).content.decode()
    link = re.search(r"/come/[\w-]+", made)
    assert link is not None
    frank = browser("frank")
    frank.get(link[0])
    if end == "revoked":
        (row,) = desk.entry_links(community_id=town.plaza, now=town.now)
        alice.post(f"/owner/joining/links/{row.id}/revoke")
    else:
        town.pass_time(days=8)
        sign_in(frank, town.people["frank"])

    assert frank.post("/join", _form(town)).status_code == 403
    assert not _is_member(town, "frank")


def test_an_applicant_waits_for_a_moderators_yes(town: Town, alice: Client, browser: Browser) -> None:
    """Frank says why, and is no member; Dave reads it and approves; Frank is one, and hears it by mail."""
    alice.post("/owner/joining", {"sign_up": "approval"})
    frank, dave = browser("frank"), browser("dave")
    page = frank.get("/join").content.decode()
    asked = frank.post("/join", _form(town, reason="I live across the street."))

    assert "Why would you like to join?" in page
    assert asked.headers["Location"] == "/join"
    assert not _is_member(town, "frank")
    assert "the answer comes by mail" in said(frank.get("/join").content.decode())
    waiting = dave.get("/requests").content.decode()
    assert "I live across the street." in waiting
    request = JoinRequest.objects.get()
    dave.post(f"/requests/{request.pk}", {"answer": "approve", "reason": ""})
    run_jobs(town.now)
    request.refresh_from_db()

    assert _is_member(town, "frank")
    assert profile_by_handle(community_id=town.plaza, handle="frank") is not None
    assert frank.get("/post").status_code == 200
    assert (request.reason, request.handle) == ("", "")
    assert [m.subject for m in mail.outbox if m.to == ["frank@example.org"]] == ["You are a member of The Plaza"]
    assert _told(town, "join_request.") == ["join_request.made", "join_request.approved"]
    assert tables.compare().differences == []


def test_a_declined_applicant_reads_why(town: Town, alice: Client, browser: Browser) -> None:
    """A no needs its reason; it goes by mail, and Frank can ask again after a week, not before."""
    alice.post("/owner/joining", {"sign_up": "approval"})
    frank = browser("frank")
    frank.post("/join", _form(town, reason="Let me in."))
    address = f"/requests/{JoinRequest.objects.get().pk}"

    assert alice.post(address, {"answer": "decline", "reason": " "}).status_code == 422
    assert alice.post(address, {"answer": "decline", "reason": "We take neighbours only."}).status_code == 302
    assert alice.post(address, {"answer": "approve", "reason": ""}).status_code == 409
    run_jobs(town.now)
    (letter,) = [m for m in mail.outbox if m.to == ["frank@example.org"]]
    assert "We take neighbours only." in letter.body
    assert frank.post("/join", _form(town, reason="Please.")).status_code == 403
    town.pass_time(days=8)
    sign_in(frank, town.people["frank"])
    assert frank.post("/join", _form(town, reason="Please.")).status_code == 302
    assert not _is_member(town, "frank")


def test_an_applicants_handle_is_kept_for_them(town: Town, alice: Client, browser: Browser) -> None:
    """While Frank waits nobody else becomes @frank, and Frank's form does not ask twice."""
    alice.post("/owner/joining", {"sign_up": "approval"})
    browser("frank").post("/join", _form(town, reason="Neighbour."))
    judy = browser("judy").post("/join", _form(town, reason="Me too."))

    assert judy.status_code == 409
    assert JoinRequest.objects.count() == 1


def test_who_signs_up_where_one_asks_is_asked_why(town: Town, alice: Client, browser: Browser) -> None:
    """The sign-up form has the question; who verifies the address waits, and is told so where one joins."""
    from tests.web.test_joining import _form as fill

    alice.post("/owner/joining", {"sign_up": "approval"})
    new = browser()
    filled = fill(new, "/accounts/signup/")
    assert new.post("/accounts/signup/", filled).status_code == 200

    sent = new.post("/accounts/signup/", {**filled, "reason": "I am new in town."})
    run_jobs(town.now)
    code = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None
    assert JoinRequest.objects.count() == 0
    new.post(sent.headers["Location"], {"code": code[1]})

    assert [row.reason for row in desk.join_requests(community_id=town.plaza)] == ["I am new in town."]


def test_moderators_are_told_that_somebody_waits_and_members_see_nothing(
    town: Town, alice: Client, browser: Browser
) -> None:
    """Alice, Dave and Erin have a notice; Bob finds the page shut."""
    alice.post("/owner/joining", {"sign_up": "approval"})
    browser("frank").post("/join", _form(town, reason="Neighbour."))
    told = {
        name: [row.subject for row in notices.inbox(community_id=town.plaza, person_id=town.people[name])]
        for name in ("alice", "dave", "erin", "bob")
    }

    assert told == {
        "alice": ["@frank asks to join (The Plaza)"],
        "dave": ["@frank asks to join (The Plaza)"],
        "erin": ["@frank asks to join (The Plaza)"],
        "bob": [],
    }
    assert browser("bob").get("/requests").status_code == 403


def test_a_link_counts_whoever_comes_by_it_while_anybody_may_join(town: Town, alice: Client, browser: Browser) -> None:
    """Frank and Judy come by a link though they need none, and Alice reads how many; Ivan, for whom it is used up
    meanwhile, joins as anybody does."""
    made = alice.post("/owner/joining/links", {"most": "2", "days": "7"}).content.decode()
    link = re.search(r"/come/[\w-]+", made)
    assert link is not None
    visitors = {name: browser(name) for name in ("frank", "judy", "ivan")}
    for client in visitors.values():
        client.get(link[0])
    joined, counted = [], []
    for name, client in visitors.items():
        joined.append(client.post("/join", _form(town, handle=name)).headers["Location"])
        counted.append("1 of 2 have come" in said(alice.get("/owner/joining").content.decode()))

    assert joined == ["/", "/", "/"]
    assert counted == [True, False, False]
    assert _told(town, "entry_link.") == ["entry_link.made", "entry_link.used", "entry_link.used"]
    assert tables.compare().differences == []
