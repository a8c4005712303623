"""Erasing a member's words from what moderation keeps."""

from datetime import datetime

from django.db import transaction

from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.moderation.models import Appeal, CaseNote, Item, Naming, Opinion, Report
from wardmote.moderation.queries.erasing import in_the_way_of_erasing


@transaction.atomic
def erase_items(*, community_id: int, member_id: int, now: datetime) -> int:
    """Empty the snapshots, comments and appeals of one member; refused while a case about them is undecided."""
    appeals = Appeal.objects.filter(community_id=community_id, appellant_id=member_id)
    if in_the_way_of_erasing(community_id=community_id, member_id=member_id).is_anything:
        raise Refused(_("A case about what you wrote is not decided yet. You can erase everything once it is."))
    Report.objects.filter(community_id=community_id, reporter_id=member_id).update(comment="")
    appeals.update(text="")
    CaseNote.objects.filter(community_id=community_id, author_id=member_id).update(text="")
    Naming.objects.filter(community_id=community_id, case__item__author_id=member_id).delete()
    Opinion.objects.filter(community_id=community_id, item__author_id=member_id).update(reason="")
    return Item.objects.filter(community_id=community_id, author_id=member_id).update(
        text="", context={}, erased_at=now
    )
