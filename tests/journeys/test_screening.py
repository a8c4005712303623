import pytest
from tests.town import HELD, PLAIN, QUEUED, Town

from wardmote.journeys import edit_post, edit_profile, publish
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Screening
from wardmote.moderation.policy import Route
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.notices import queries as notices


def _seen(town: Town, post_id: int) -> str | None:
    """What Carol reads of a post."""
    post = network.post(community_id=town.plaza, post_id=post_id, viewer_id=town.members["carol"])
    return post.text if post else None


def test_a_plain_post_is_published_at_once(town: Town) -> None:
    """Bob's harmless post is read by Carol, opens no case, and its scores are kept."""
    post = town.post("bob", PLAIN)

    assert post.route is Route.PUBLISH
    assert _seen(town, post.post_id) == PLAIN
    assert not Case.objects.exists()
    assert Screening.objects.filter(subject=str(Urn("post", post.post_id))).count() == 1
    assert town.verbs() == ["post.published"]


def test_a_doubtful_post_is_published_and_queued(town: Town) -> None:
    """A score over the clause's first threshold publishes the post and opens a case."""
    post = town.post("bob", QUEUED)

    assert post.route is Route.QUEUE
    assert _seen(town, post.post_id) == QUEUED
    assert Case.objects.get().subject == str(Urn("post", post.post_id))
    assert town.verbs() == ["post.published", "case.opened"]


def test_a_threat_is_held_before_anybody_reads_it(town: Town) -> None:
    """A score over the clause's second threshold is never public, not for a moment; its author is told."""
    post = town.post("bob", HELD)

    assert post.route is Route.HOLD
    assert _seen(town, post.post_id) is None
    assert network.community_feed(community_id=town.plaza, viewer_id=town.members["carol"]) == []
    assert town.verbs() == ["post.held", "case.opened", "notice.sent"]
    inbox = notices.inbox(community_id=town.plaza, person_id=town.people["bob"])
    assert [n.kind for n in inbox] == ["held"]


def test_an_edit_is_screened(town: Town) -> None:
    """Bob cannot publish a plain post and edit a threat into it."""
    post = town.post("bob", PLAIN)

    edited = edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text=HELD, now=town.now
    )

    assert edited.route is Route.HOLD
    assert _seen(town, post.post_id) is None
    assert town.verbs() == ["post.published", "post.edited", "case.opened", "notice.sent"]


def test_a_held_post_cannot_be_edited_out_of_its_case(town: Town) -> None:
    """An edit to harmless words leaves a held post held: a person decides."""
    post = town.post("bob", HELD)

    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text=PLAIN, now=town.now
    )

    assert _seen(town, post.post_id) is None


def test_a_reply_is_screened(town: Town) -> None:
    """A threat in a reply is held like a threat in a post."""
    post = town.post("alice", PLAIN)

    reply = town.post("bob", HELD, answers=post.post_id)

    thread = network.thread(community_id=town.plaza, post_id=post.post_id, viewer_id=town.members["carol"])
    assert reply.route is Route.HOLD
    assert thread is not None
    assert thread.replies == ()


@pytest.mark.parametrize(("name", "bio"), [(HELD, ""), ("", HELD)], ids=["display name", "bio"])
def test_a_profile_text_is_screened(town: Town, name: str, bio: str) -> None:
    """A threat in a display name or a bio is shown to nobody but its author until a person has decided."""
    result = edit_profile.edit_profile(
        community_id=town.plaza, member_id=town.members["bob"], display_name=name, bio=bio, now=town.now
    )

    seen = network.profile_by_handle(community_id=town.plaza, handle="bob", viewer_id=town.members["carol"])
    assert result is Route.HOLD
    assert seen is not None
    assert (seen.display_name, seen.bio, seen.visibility) == ("bob", "", Visibility.HELD)
    assert town.verbs() == ["profile.changed", "case.opened", "notice.sent"]


def test_screening_comes_before_the_transaction(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a text is examined no row of it exists and no transaction of the journey is open."""
    from django.db import connection

    from wardmote.journeys import screening

    outer = len(connection.atomic_blocks)
    depths: list[int] = []
    examine = screening.screener().screen

    class Watching:
        fingerprint = "watching"

        def screen(self, text: str) -> object:
            depths.append(len(connection.atomic_blocks))
            assert not network.community_feed(community_id=town.plaza, viewer_id=town.members["bob"])
            return examine(text)

    monkeypatch.setattr(screening, "screener", Watching)
    publish.publish(community_id=town.plaza, member_id=town.members["bob"], text=PLAIN, now=town.now)

    assert depths == [outer]
