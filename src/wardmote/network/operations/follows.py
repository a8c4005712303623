"""Who reads whom. Follows are not put on the record: nobody needs to prove them, and they say much about a person."""

from datetime import datetime

from django.db import connection, transaction

from wardmote.kernel.errors import Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.network.models import Follow, HomeEntry, Profile

BACKFILL = 40
"""Posts of the newly followed that are put into the follower's home feed."""


@transaction.atomic
def follow(*, community_id: int, follower_id: int, handle: str, now: datetime) -> None:
    """Follow somebody; harmless to repeat."""
    followed = _followed(community_id=community_id, handle=handle)
    if followed.pk == follower_id:
        raise Invalid(_("You cannot follow yourself."), field="handle")
    _unused, created = Follow.objects.get_or_create(
        follower_id=follower_id, followed=followed, defaults={"community_id": community_id, "created_at": now}
    )
    if not created:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO network_homeentry (member_id, post_id)
            SELECT %s, id FROM (
                SELECT id FROM network_post
                WHERE author_id = %s AND deleted_at IS NULL AND parent_id IS NULL AND fanned_out_at IS NOT NULL
                ORDER BY id DESC LIMIT %s) AS newest WHERE true
            ON CONFLICT DO NOTHING
            """,
            [follower_id, followed.pk, BACKFILL],
        )


@transaction.atomic
def unfollow(*, community_id: int, follower_id: int, handle: str) -> None:
    """Stop following; their posts leave the home feed."""
    followed = _followed(community_id=community_id, handle=handle)
    Follow.objects.filter(follower_id=follower_id, followed=followed).delete()
    HomeEntry.objects.filter(member_id=follower_id, post__author=followed).delete()


def _followed(*, community_id: int, handle: str) -> Profile:
    profile = Profile.objects.filter(community_id=community_id, handle=handle.lower()).first()
    if profile is None:
        raise NotFound(_("There is no @%(handle)s here.") % {"handle": handle})
    return profile
