"""An open hold keeps a thing held, whatever else is decided about it meanwhile."""

from typing import Any

import pytest
from tests.known import ILLEGAL, bring_in
from tests.scenario import HELD, PLAIN, Town

from wardmote.communities.policy import Action
from wardmote.journeys.members import edit_post, edit_profile, report
from wardmote.kernel.errors import NotFound
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.decisions import Standing, judgement_from
from wardmote.moderation.policy.texts import hash_text
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.record import queries as record


def hear(town: Town, appeal_id: int, *, reverse: bool = True) -> None:
    """Erin hears it."""
    town.hear("erin", appeal_id, reverse=reverse)


def edit(town: Town, post_id: int, text: str) -> None:
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post_id,
        text=text,
        now=town.pass_time(seconds=1),
    )


def seen_by_strangers(town: Town, post_id: int) -> str | None:
    """What a stranger reads of a post; None where they see nothing."""
    post = network.post(community_id=town.plaza, post_id=post_id, viewer_id=None)
    return post.text if post else None


@pytest.mark.parametrize("action", [Action.WARN, Action.LABEL])
def test_reversing_an_old_measure_does_not_publish_what_a_newer_case_holds(town: Town, action: Action) -> None:
    """Bob is warned, appeals, edits into a threat; Erin reverses the warning, and nobody sees the threat."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    appealed = town.appeal("bob", town.decide("dave", action))
    edit(town, post.post_id, HELD)
    hear(town, appealed)

    assert seen_by_strangers(town, post.post_id) is None
    judged = [e for e in record.history([Urn("post", post.post_id)]) if e.verb == "post.judged"]
    assert judged[-1].values["visibility"] == "held"


def test_once_the_newer_case_is_decided_the_text_follows_from_that_decision(town: Town) -> None:
    """After the reversal the hold still waits; Erin finds nothing, and the post is public without a label."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    appealed = town.appeal("bob", town.decide("dave", Action.LABEL))
    edit(town, post.post_id, HELD)
    hear(town, appealed)
    town.decide("erin", Action.NONE)

    assert seen_by_strangers(town, post.post_id) == HELD


def test_a_removal_is_stricter_than_a_hold() -> None:
    """Whatever holds a removed post, it is removed and not only held."""
    remove = Standing(Action.REMOVE, "Threats", None)

    assert judgement_from([remove], is_held=True).visibility is Visibility.REMOVED
    assert judgement_from([], is_held=True).visibility is Visibility.HELD


def test_reversing_an_old_measure_does_not_publish_a_profile_that_a_newer_case_holds(town: Town) -> None:
    """The same for what Bob says about himself."""
    bob: dict[str, Any] = {"community_id": town.plaza, "member_id": town.members["bob"], "display_name": "Bob"}
    edit_profile.edit_profile(**bob, bio=PLAIN, now=town.pass_time(seconds=1))
    report.report_profile(
        community_id=town.plaza,
        member_id=town.members["carol"],
        handle="bob",
        reason=ReportReason.OTHER,
        comment="",
        now=town.pass_time(seconds=1),
    )
    appealed = town.appeal("bob", town.decide("dave", Action.WARN))
    edit_profile.edit_profile(**bob, bio=HELD, now=town.pass_time(seconds=1))
    hear(town, appealed)

    profile = network.profile_by_handle(community_id=town.plaza, handle="bob")
    assert profile is not None
    assert (profile.bio, profile.visibility) == ("", Visibility.HELD)


def test_a_profile_whose_held_text_was_locked_away_is_not_held_for_ever(town: Town) -> None:
    """What Bob's profile said besides is still judged: until then it is held, and after that it is read by all."""
    bob: dict[str, Any] = {"community_id": town.plaza, "member_id": town.members["bob"], "display_name": "Bob"}
    carol: dict[str, Any] = {"community_id": town.plaza, "handle": "bob", "reason": ReportReason.OTHER, "comment": ""}
    edit_profile.edit_profile(**bob, bio=ILLEGAL, now=town.pass_time(seconds=1))
    report.report_profile(**carol, member_id=town.members["carol"], now=town.pass_time(seconds=1))
    edit_profile.edit_profile(**bob, bio=HELD, now=town.pass_time(seconds=1))
    bring_in(town, f"Bob\n{ILLEGAL}")
    with pytest.raises(NotFound, match="Nobody can see this any more"):
        report.report_profile(
            **carol, member_id=town.members["erin"], seen=hash_text(f"Bob\n{ILLEGAL}"), now=town.pass_time(seconds=1)
        )
    edit_profile.edit_profile(**bob, bio=PLAIN, now=town.pass_time(seconds=1))
    before = network.profile_by_handle(community_id=town.plaza, handle="bob")
    town.decide("dave", Action.NONE)
    profile = network.profile_by_handle(community_id=town.plaza, handle="bob")

    assert before is not None
    assert before.visibility is Visibility.HELD
    assert profile is not None
    assert (profile.bio, profile.visibility) == (PLAIN, Visibility.PUBLIC)
