"""Posts, people, policies and letters that were forged in the tables are named: their dates, places and ties too."""

from datetime import timedelta

import pytest
from django.db.models import F
from tests.record.forging import Forgery, unseen
from tests.scenario import PLAIN, Town, run_jobs

from wardmote.communities.models import Acceptance, Community, Membership, Policy
from wardmote.communities.policy import Action
from wardmote.config.tables import compare
from wardmote.journeys.members import delete_post, edit_post, read_notice
from wardmote.journeys.platforms import import_posts
from wardmote.network.models import Post, PostVersion, Profile
from wardmote.notices.models import Delivery, Notice

DAY = timedelta(days=1)


@pytest.fixture
def written(town: Town) -> Town:
    """Bob writes, edits, is answered and judged, and reads it; Carol deletes; a post comes in from elsewhere."""
    post = town.post("bob", PLAIN)
    answer = town.post("carol", "They are.", answers=post.post_id)
    town.post("bob", "Thank you.", answers=answer.post_id)
    town.pass_time(seconds=1)
    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text="Edited.", now=town.now
    )
    gone = town.post("carol", "A mistake.").post_id
    delete_post.delete_post(
        community_id=town.plaza, member_id=town.members["carol"], post_id=gone, now=town.pass_time(seconds=1)
    )
    old = import_posts.ForeignPost("7", "oscar", "From elsewhere.", town.now - 300 * DAY)
    import_posts.import_posts(community_id=town.plaza, source="agora", posts=[old], now=town.now)
    town.report("carol", post.post_id)
    town.decide("dave", Action.LABEL)
    run_jobs(town.now)
    letter = Notice.objects.filter(recipient=town.people["bob"])[0]
    read_notice.read_notice(
        community_id=town.plaza, person_id=town.people["bob"], notice_id=letter.pk, now=town.pass_time(seconds=1)
    )
    return town


def test_forged_letters_are_named(written: Town) -> None:
    """A letter to somebody else, in another place or of another day, and a delivery undone or deleted, is named."""
    mail = Delivery.objects.filter(channel="email").exclude(delivered_at=None)
    forgeries: list[Forgery] = [
        ("to another", lambda: Notice.objects.update(recipient=written.people["carol"]), "recipient is not"),
        ("elsewhere", lambda: Notice.objects.update(community=written.harbour), "community is not"),
        ("earlier", lambda: Notice.objects.update(created_at=F("created_at") - DAY), "created_at is not"),
        ("read by nobody", lambda: Notice.objects.filter(read_at=None).update(read_at=written.now), "read_at is not"),
        ("not read", lambda: Notice.objects.update(read_at=None), "read_at is not"),
        ("deliveries deleted", Delivery.objects.all().delete, "inbox: delivered_at is not"),
        ("mail undone", lambda: mail.update(state="pending", delivered_at=None), "mail: delivered_at is not"),
        ("mail deleted", mail.delete, "mail: delivered_at is not"),
        ("mail earlier", lambda: mail.update(delivered_at=F("delivered_at") - DAY), "mail: delivered_at is not"),
        ("another reply", lambda: mail.update(transport_reply="250 another"), "mail: reply is not"),
        ("other bytes", lambda: mail.update(content_hash="0" * 64), "mail: hash is not"),
        ("other bytes here", lambda: Delivery.objects.update(content_hash="0" * 64), "inbox: hash is not"),
    ]

    assert mail.exists()
    assert compare().differences == []
    assert unseen(forgeries) == []


def test_forged_dates_and_ties_are_named(written: Town) -> None:
    """Every date of posts, people, policies and communities, what posts belong to and came from, is compared."""
    imported, plain = Post.objects.exclude(source=""), Post.objects.filter(source="")
    forgeries: list[Forgery] = [
        ("another thread", lambda: Post.objects.exclude(root=None).update(root=F("parent")), "root is not"),
        ("no thread", lambda: Post.objects.update(root=None), "root is not"),
        ("another origin", lambda: imported.update(source_id="8"), "source is not"),
        ("an invented origin", lambda: plain.filter(text="Edited.").update(source="agora"), "source is not"),
        ("written earlier", lambda: plain.update(created_at=F("created_at") - DAY), "created_at is not"),
        ("written elsewhere earlier", lambda: imported.update(created_at=F("created_at") - DAY), "created_at is not"),
        ("never edited", lambda: Post.objects.update(edited_at=None), "edited_at is not"),
        ("deleted earlier", lambda: Post.objects.update(deleted_at=F("deleted_at") - DAY), "deleted_at is not"),
        ("a version's date", lambda: PostVersion.objects.update(written_at=F("written_at") - DAY), "written_at is"),
        ("a profile elsewhere", lambda: Profile.objects.update(community=written.harbour), "profiles: "),
        ("a profile's date", lambda: Profile.objects.update(created_at=F("created_at") - DAY), "created_at is not"),
        ("joined earlier", lambda: Membership.objects.update(joined_at=F("joined_at") - DAY), "joined_at is not"),
        ("accepted earlier", lambda: Acceptance.objects.update(accepted_at=F("accepted_at") - DAY), "says otherwise"),
        ("in force earlier", lambda: Policy.objects.update(published_at=F("published_at") - DAY), "published_at is"),
        ("founded earlier", lambda: Community.objects.update(created_at=F("created_at") - DAY), "created_at is not"),
        ("stopped earlier", lambda: Community.objects.update(state_since=written.now), "since is not"),
    ]

    assert unseen(forgeries) == []
