import pytest
from tests.scenario import HELD, PLAIN, Town

from wardmote.communities.policy import Action
from wardmote.journeys.members import edit_post, edit_profile, erase
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Item
from wardmote.moderation.queries import sheet_of_appeal
from wardmote.network import queries as network
from wardmote.network.models import Post, PostVersion
from wardmote.notices.models import Notice
from wardmote.record import queries as record
from wardmote.record.engine import sequence
from wardmote.record.models import Disclosure


def test_erasing_a_members_words_leaves_every_proof_true(town: Town) -> None:
    """After Bob's erasure none of his words is anywhere, and the whole record still verifies."""
    secret = "the word xylophone"
    post = town.post("bob", f"First {secret}")
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post.post_id,
        text=f"Second {secret}",
        now=town.now,
    )
    edit_profile.edit_profile(
        community_id=town.plaza, member_id=town.members["bob"], display_name="Bob", bio=secret, now=town.now
    )
    town.report("carol", post.post_id)
    town.appeal("bob", town.decide("dave", Action.LABEL), text=f"About {secret}")
    _hear_appeal(town)
    sequence(town.now)

    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.now)
    sequence(town.now)
    everything = [
        *Post.objects.values_list("text", flat=True),
        *PostVersion.objects.values_list("text", flat=True),
        *Item.objects.values_list("text", flat=True),
        *Notice.objects.values_list("body", flat=True),
        *(bytes(content or b"").decode() for content in Disclosure.objects.values_list("content", flat=True)),
    ]

    assert not [text for text in everything if "xylophone" in text]
    assert record.audit().faults == ()
    assert "content.erased" in town.verbs()
    seen = network.profile(community_id=town.plaza, member_id=town.members["bob"])
    assert seen is not None
    assert (seen.bio, seen.posts) == ("", 0)


def _hear_appeal(town: Town) -> None:
    from wardmote.journeys.members import appeal
    from wardmote.moderation.models import Appeal

    appeal.decide_appeal(
        community_id=town.plaza,
        member_id=town.members["erin"],
        appeal_id=Appeal.objects.get().pk,
        reverse=False,
        reason="It stands.",
        seen=sheet_of_appeal(community_id=town.plaza, appeal_id=Appeal.objects.get().pk),
        now=town.now,
    )


def test_evidence_of_an_undecided_case_is_not_erased(town: Town) -> None:
    """While a case about Bob waits, his erasure is refused in words, and nothing is lost."""
    town.post("bob", HELD)

    with pytest.raises(Refused, match="not decided yet"):
        erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.now)
    assert Post.objects.get().text == HELD


def test_erasing_bob_keeps_what_carol_wrote(town: Town) -> None:
    """An erasure touches one member only."""
    town.post("bob", PLAIN)
    kept = town.post("carol", "Carol’s own words")

    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.now)
    entries = record.entries_about(Urn("post", kept.post_id))

    assert Post.objects.get(pk=kept.post_id).text == "Carol’s own words"
    assert entries[0].values["text"] == "Carol’s own words"
