import pytest
from tests.scenario import PLAIN, Town

from wardmote.communities.queries import current_policy
from wardmote.journeys.members import delete_post, edit_post, follow, join, publish
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.network import queries as network


def _home(town: Town, name: str) -> list[str]:
    rows = network.home_feed(community_id=town.home_of(name), member_id=town.members[name])
    return [post.text for post in rows]


def test_a_followers_home_feed_has_what_was_written_before_and_after(town: Town) -> None:
    """Following fills the feed with the newest posts, and every later one arrives; unfollowing empties it again."""
    town.post("alice", "before")
    follow.follow(community_id=town.plaza, member_id=town.members["bob"], handle="alice", now=town.now)
    town.post("alice", "after")
    town.post("carol", "by somebody else")
    full = _home(town, "bob")
    follow.unfollow(community_id=town.plaza, member_id=town.members["bob"], handle="alice")

    assert full == ["after", "before"]
    assert _home(town, "bob") == []


def test_a_reply_reaches_only_those_who_follow_both(town: Town) -> None:
    """Carol follows Alice and Bob and reads Bob's answer; Dave follows Bob alone and does not."""
    for follower, followed in (("carol", "alice"), ("carol", "bob"), ("dave", "bob")):
        follow.follow(community_id=town.plaza, member_id=town.members[follower], handle=followed, now=town.now)
    post = town.post("alice", "a question")
    town.post("bob", "an answer", answers=post.post_id)

    assert _home(town, "carol") == ["an answer", "a question"]
    assert _home(town, "dave") == []


def test_many_followers_are_reached_by_a_job(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of followers the author does not wait: a job writes the feeds."""
    from wardmote.jobs.models import Job
    from wardmote.network import tasks

    monkeypatch.setattr("wardmote.network.operations.posts.FAN_OUT_AT_ONCE", 0)
    follow.follow(community_id=town.plaza, member_id=town.members["carol"], handle="bob", now=town.now)
    post = town.post("bob", PLAIN)
    waiting = _home(town, "carol")
    tasks.fan_out(post.post_id, now=town.now)
    tasks.fan_out(post.post_id, now=town.now)

    assert waiting == []
    assert list(Job.objects.filter(name="network.fan_out").values_list("args", flat=True)) == [[post.post_id]]
    assert _home(town, "carol") == [PLAIN]


def test_a_deleted_post_is_gone_from_everywhere(town: Town) -> None:
    """After Bob deletes it, the post is in no feed and on no page."""
    post = town.post("bob", PLAIN)
    delete_post.delete_post(community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, now=town.now)

    assert _home(town, "bob") == []
    assert network.post(community_id=town.plaza, post_id=post.post_id, viewer_id=town.members["bob"]) is None
    assert town.verbs() == ["post.published", "post.deleted"]


def test_an_edit_keeps_the_history(town: Town) -> None:
    """Readers see the new text and can open the old ones."""
    post = town.post("bob", "first")
    for text in ("second", "third"):
        edit_post.edit_post(
            community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text=text, now=town.now
        )
    versions = network.versions(community_id=town.plaza, post_id=post.post_id, viewer_id=town.members["carol"])

    assert [(v.number, v.text) for v in versions] == [(1, "first"), (2, "second")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "empty"), ("  \n ", "empty"), ("x" * 1001, "1,001"), ("a\ud800b", "character 2"), ("a\x00b", "character")],
)
def test_a_text_that_cannot_be_a_post_is_refused_in_words(town: Town, text: str, sentence: str) -> None:
    """Empty, oversize, broken Unicode, control characters: one sentence, and nothing stored."""
    with pytest.raises(Invalid, match=sentence) as refusal:
        town.post("bob", text)
    assert refusal.value.field == "text"
    assert town.verbs() == []


def test_a_post_of_a_thousand_characters_is_published(town: Town) -> None:
    """Characters are counted as people count them: code points, not bytes."""
    post = town.post("bob", "é" * 1000)

    assert post.post_id


def test_nobody_edits_or_deletes_anothers_post(town: Town) -> None:
    """To Carol, Bob's post is not one she could edit or delete."""
    post = town.post("bob", PLAIN)

    with pytest.raises(NotFound):
        edit_post.edit_post(
            community_id=town.plaza, member_id=town.members["carol"], post_id=post.post_id, text="x", now=town.now
        )
    with pytest.raises(NotFound):
        delete_post.delete_post(
            community_id=town.plaza, member_id=town.members["carol"], post_id=post.post_id, now=town.now
        )


def test_a_community_knows_nothing_of_its_neighbour(town: Town) -> None:
    """Ids of the Plaza mean nothing in the Harbour: no post, no answer, no follow, no edit."""
    post = town.post("bob", PLAIN)

    assert network.post(community_id=town.harbour, post_id=post.post_id, viewer_id=town.members["frank"]) is None
    with pytest.raises(NotFound):
        town.post("frank", "an answer", answers=post.post_id)
    with pytest.raises(NotFound):
        follow.follow(community_id=town.harbour, member_id=town.members["frank"], handle="bob", now=town.now)
    with pytest.raises(NotFound):
        publish.publish(community_id=town.harbour, member_id=town.members["bob"], text=PLAIN, now=town.now)


def test_a_handle_is_taken_once_in_a_community(town: Town) -> None:
    """Grace may be bob in the Harbour; nobody else may be bob in the Plaza."""
    policy = current_policy(community_id=town.plaza)
    assert policy is not None

    with pytest.raises(Conflict, match="@bob is taken"):
        join.join(
            community_id=town.plaza,
            person_id=town.people["grace"],
            handle="@Bob",
            policy_hash=policy.hash,
            now=town.now,
        )
    with pytest.raises(Invalid):
        join.join(
            community_id=town.plaza,
            person_id=town.people["grace"],
            handle="no spaces",
            policy_hash=policy.hash,
            now=town.now,
        )


def test_a_new_policy_is_accepted_before_the_next_post(town: Town) -> None:
    """Once Alice publishes another version, Bob accepts it before he writes; version and hash are kept."""
    from wardmote.communities.models import Acceptance
    from wardmote.config.demo import rules
    from wardmote.journeys.operator import found_community

    before = current_policy(community_id=town.plaza)
    found_community.publish_policy(
        community_id=town.plaza,
        member_id=town.members["alice"],
        title="Shorter rules",
        clauses=rules.CLAUSES[:2],
        now=town.now,
    )
    with pytest.raises(Refused, match="new policy"):
        town.post("bob", PLAIN)
    after = current_policy(community_id=town.plaza)
    assert before is not None
    assert after is not None
    with pytest.raises(Conflict, match="changed"):
        join.accept_policy(
            community_id=town.plaza, member_id=town.members["bob"], policy_hash=before.hash, now=town.now
        )
    join.accept_policy(community_id=town.plaza, member_id=town.members["bob"], policy_hash=after.hash, now=town.now)

    assert town.post("bob", PLAIN).post_id
    accepted = Acceptance.objects.filter(membership_id=town.members["bob"]).order_by("accepted_at", "id")
    assert [a.hash for a in accepted] == [before.hash, after.hash]
