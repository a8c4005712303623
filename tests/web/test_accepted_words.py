"""Members agree to words: a version that changes only scores stops nobody, one that changes words shows which."""

from django.test import Client
from tests.scenario import PLAIN, Town, run_jobs
from tests.web.conftest import Browser, said
from tests.web.test_rules import _letter, _publish, _sheet, alice

from wardmote.communities.queries import current_policy, standing_of_member
from wardmote.journeys.members import join

__all__ = ["alice"]


def _accepted(town: Town, name: str = "bob") -> bool:
    return standing_of_member(community_id=town.plaza, member_id=town.members[name]).accepted_policy


def test_other_scores_are_a_new_version_that_stops_nobody(town: Town, alice: Client, browser: Browser) -> None:
    """Alice moves a threshold: version 2 is in force, Bob is told and writes on; no page asks him for anything."""
    alice.post("/owner/rules/draft", _sheet(town, clause0_hold_at="0.9"))
    _publish(town, alice)
    run_jobs(town.pass_time(seconds=1))
    policy, bob = current_policy(community_id=town.plaza), browser("bob")
    assert policy is not None
    town.post("bob", PLAIN)
    letter, accept = _letter(town, "bob"), said(bob.get("/policy/accept").content.decode())

    assert policy.number == 2
    assert [v for v in _verbs(town) if v == "policy.published"] == ["policy.published"] * 2
    assert _accepted(town)
    assert "This community has a new policy." not in bob.get("/").content.decode()
    assert "No rule reads differently" in letter.body
    assert "You need do nothing" in letter.body
    assert letter.path == "/policy"
    assert "What you accepted reads the same." in accept


def test_a_change_of_words_is_shown_beside_what_was_accepted(town: Town, alice: Client, browser: Browser) -> None:
    """Twice the words change, and once the scores: Bob, who accepted version 1, reads all that differs from it."""
    alice.post("/owner/rules/draft", _sheet(town, clause0_text="No threats whatsoever."))
    _publish(town, alice)
    alice.post("/owner/rules/draft", _sheet(town, drop="3.1"))
    _publish(town, alice)
    alice.post("/owner/rules/draft", _sheet(town, clause0_hold_at="0.9"))
    _publish(town, alice)
    bob = browser("bob")
    raw = bob.get("/policy/accept").content.decode()
    page = said(raw)
    policy = current_policy(community_id=town.plaza)
    assert policy is not None

    assert not _accepted(town)
    assert "What is different from version 1, which you accepted" in page
    assert "<del>" in raw
    assert "whatsoever." in page
    assert "no longer a rule 3.1 No spam" in page
    assert bob.post("/policy/accept", {"policy_hash": policy.hash}).status_code == 302
    assert _accepted(town)


def test_words_that_come_back_were_accepted(town: Town, alice: Client) -> None:
    """Alice takes a change back before Bob has accepted it: he agreed to what is in force."""
    old = town.clause().text
    alice.post("/owner/rules/draft", _sheet(town, clause0_text="No threats whatsoever."))
    _publish(town, alice)
    changed = _accepted(town)
    alice.post("/owner/rules/draft", _sheet(town, clause0_text=old))
    _publish(town, alice)

    assert not changed
    assert _accepted(town)


def test_who_read_the_same_words_joins_though_scores_changed_meanwhile(town: Town, alice: Client) -> None:
    """Frank reads version 1 and joins under version 2, which differs in scores alone."""
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    alice.post("/owner/rules/draft", _sheet(town, clause0_hold_at="0.9"))
    _publish(town, alice)
    member_id = join.join(
        community_id=town.plaza,
        person_id=town.people["frank"],
        handle="frank",
        policy_hash=policy.hash,
        now=town.pass_time(seconds=1),
    )

    assert standing_of_member(community_id=town.plaza, member_id=member_id).accepted_policy


def _verbs(town: Town) -> list[str]:
    from wardmote.kernel.urn import Urn
    from wardmote.record import queries as record

    return [entry.verb for entry in record.history([Urn("community", town.plaza)])]
