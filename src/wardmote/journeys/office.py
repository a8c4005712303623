"""A letter to a member by their id. Runs inside the caller's transaction; the mail itself goes out by a job."""

from collections.abc import Callable
from datetime import datetime

from wardmote.communities.queries import standing_of_member
from wardmote.kernel import words
from wardmote.kernel.urn import Urn
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind, Letter
from wardmote.people.queries import language_of


def tell(
    community_id: int, member_id: int, *, kind: Kind, about: Urn, write: Callable[[], Letter], path: str, now: datetime
) -> None:
    """Send a member a letter, written in their language."""
    recipient_id = standing_of_member(community_id=community_id, member_id=member_id).person_id
    with words.speaking(language_of(recipient_id)):
        letter = write()
    notices.send_notice(
        community_id=community_id,
        recipient_id=recipient_id,
        addressed_as=Urn("member", member_id),
        kind=kind,
        about=about,
        letter=letter,
        path=path,
        now=now,
    )
