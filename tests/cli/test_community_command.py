"""The operator founds a second community, lists members, and gives a community back its owner."""

import pytest
from django.test import Client
from tests.scenario import Town

from wardmote.communities.policy import Role
from wardmote.communities.queries import community_by_slug, current_policy, standing, standing_of_member
from wardmote.config import tables
from wardmote.edges.cli.main import main
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.notices import queries as notices
from wardmote.people.queries import person_by_email
from wardmote.record import queries as record


@pytest.fixture(autouse=True)
def _by_the_towns_clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    monkeypatch.setattr("wardmote.edges.cli.server.setup", lambda: None)


def test_a_second_community_is_founded_for_somebody(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Bob, who has a login, is told where to join, and joins as its owner; the founding is the system's on record."""
    status = main(
        ["community", "new", "--domain", "market.example", "--title", "The Market", "--owner-email", "bob@example.org"]
    )
    printed = capsys.readouterr().out
    market = community_by_slug("market")
    assert market is not None
    policy = current_policy(community_id=market.id)
    assert policy is not None
    founded = record.history([Urn("community", market.id)])[0]
    bob = Client(HTTP_HOST="market.example")
    from tests.scenario import sign_in

    sign_in(bob, town.people["bob"])
    bob.post("/join", {"handle": "bob", "policy_hash": policy.hash, "accept": "on"})
    member = standing(community_id=market.id, person_id=town.people["bob"])

    assert status == 0
    assert "https://market.example/join" in printed
    assert (founded.verb, founded.actor) == ("community.founded", SYSTEM)
    assert member is not None
    assert member.is_owner
    assert bob.get("/owner/rules").status_code == 200
    assert tables.compare().differences == []


def test_an_owner_without_a_login_gets_one(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a password: they are told to ask for one."""
    status = main(["community", "new", "--domain", "the-market.example", "--owner-email", "olivia@example.org"])

    assert status == 0
    assert "https://the-market.example/accounts/password/reset/" in capsys.readouterr().out
    assert person_by_email(email="olivia@example.org") is not None
    assert community_by_slug("the-market") is not None


@pytest.mark.parametrize(
    ("domain", "more", "sentence"),
    [
        ("plaza.localhost", [], "a community answers under plaza.localhost already"),
        ("plaza.example", [], "there is a community called 'plaza' already"),
        ("https://x.example/", [], "is not a domain"),
        ("x.example", ["--name", "No Name"], "is no short name"),
    ],
)
def test_what_is_taken_or_no_name_is_refused_in_one_line(
    town: Town, capsys: pytest.CaptureFixture[str], domain: str, more: list[str], sentence: str
) -> None:
    """And nothing is changed."""
    status = main(["community", "new", "--domain", domain, "--owner-email", "bob@example.org", *more])

    assert status == 1
    assert sentence in capsys.readouterr().err


def test_communities_and_members_are_listed(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each."""
    main(["community", "list"])
    main(["member", "list", "plaza", "--search", "al"])
    lines = capsys.readouterr().out.splitlines()

    assert lines == [
        "harbour  harbour.localhost  2 members  active  The Harbour",
        "plaza  plaza.localhost  5 members  active  The Plaza",
        "@alice  owner  2026-11-22",
    ]


def test_the_operator_gives_a_community_another_owner(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Where Alice is gone Dave owns the Plaza: both are told, and the record says that the system did it."""
    status = main(["member", "role", "plaza", "@dave", "owner"])
    roles = {
        name: standing_of_member(community_id=town.plaza, member_id=town.members[name]).role
        for name in ("alice", "dave")
    }
    entries = [e for e in record.history([Urn("community", town.plaza)]) if e.verb == "member.appointed"][-2:]
    told = {
        name: notices.inbox(community_id=town.plaza, person_id=town.people[name])[0].subject
        for name in ("alice", "dave")
    }
    plaza = community_by_slug("plaza")

    assert (status, "@dave is owner of The Plaza now" in capsys.readouterr().out) == (0, True)
    assert roles == {"alice": Role.MEMBER, "dave": Role.OWNER}
    assert [(e.subject.id, e.actor) for e in entries] == [
        (town.members["alice"], SYSTEM),
        (town.members["dave"], SYSTEM),
    ]
    assert told == {"alice": "You are a member of The Plaza", "dave": "You own The Plaza"}
    assert plaza is not None
    assert plaza.owner_id == town.people["dave"]
    assert tables.compare().differences == []


def test_a_role_that_is_held_already_or_nobody_is_refused(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Said in one line, with nothing changed."""
    assert main(["member", "role", "plaza", "dave", "moderator"]) == 1
    assert main(["member", "role", "plaza", "nobody", "moderator"]) == 1
    assert main(["member", "list", "nowhere"]) == 1
    assert "There is no community called 'nowhere'." in capsys.readouterr().err


def test_a_community_whose_owner_is_gone_is_given_to_a_member(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The Plaza is Dave's by the operator's hand: recorded as the system's doing; Alice, Dave and Erin are told."""
    status = main(["community", "owner", "plaza", "@dave"])
    entries = [e for e in record.history([Urn("community", town.plaza)]) if e.verb == "member.appointed"][-2:]
    told = {
        name: [n.subject for n in notices.inbox(community_id=town.plaza, person_id=town.people[name])]
        for name in ("alice", "dave", "erin")
    }

    assert (status, "@dave owns The Plaza now." in capsys.readouterr().out) == (0, True)
    assert [(e.actor, e.values["role"]) for e in entries] == [(SYSTEM, "member"), (SYSTEM, "owner")]
    assert told == {
        "alice": ["You are a member of The Plaza"],
        "dave": ["You own The Plaza"],
        "erin": ["@dave owns The Plaza now"],
    }
    assert main(["community", "owner", "plaza", "dave"]) == 1
    assert main(["community", "owner", "nowhere", "dave"]) == 1
    assert main(["community", "owner", "plaza", "nobody_here"]) == 1
    said = capsys.readouterr().err
    assert "There is no community called 'nowhere'." in said
    assert "There is no @nobody_here at The Plaza." in said
