"""A letter to a member by their id, or to a visitor by their report.

Runs inside the caller's transaction; the mail itself goes out by a job.
"""

from collections.abc import Callable
from datetime import datetime

from wardmote.communities.queries import standing_of_member
from wardmote.kernel import i18n
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import VisitorReport
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind, Letter
from wardmote.outside.report_links import report_path
from wardmote.people import queries as people


def tell_visitor(report: VisitorReport, *, kind: Kind, write: Callable[[], Letter], now: datetime) -> None:
    """Mail a visitor a letter about their report, in the language in which they made it; not once they are erased."""
    contact = people.contact(contact_id=report.contact_id) if report.contact_id else None
    if contact is None or contact.is_erased:
        return
    with i18n.speaking(contact.language):
        letter = write()
    notices.send_to_contact(
        community_id=report.community_id,
        contact_id=contact.contact_id,
        kind=kind,
        about=report.urn,
        letter=letter,
        path=report_path(report.pk),
        now=now,
    )


def tell(
    community_id: int, member_id: int, *, kind: Kind, about: Urn, write: Callable[[], Letter], path: str, now: datetime
) -> None:
    """Send a member a letter, written in their language."""
    recipient_id = standing_of_member(community_id=community_id, member_id=member_id).person_id
    with i18n.speaking(people.language_of(recipient_id)):
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
