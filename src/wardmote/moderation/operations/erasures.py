"""Erasing a member's words from what moderation keeps."""

from datetime import datetime

from django.db import transaction

from wardmote.kernel.errors import Refused
from wardmote.kernel.words import gettext as _
from wardmote.moderation.models import Appeal, Case, Item, Report
from wardmote.moderation.policy import AppealState, CaseState


@transaction.atomic
def erase_items(*, community_id: int, member_id: int, now: datetime) -> int:
    """Empty the snapshots, comments and appeals of one member; refused while a case about them is undecided."""
    cases = Case.objects.filter(community_id=community_id, item__author_id=member_id)
    appeals = Appeal.objects.filter(community_id=community_id, appellant_id=member_id)
    if cases.exclude(state=CaseState.DECIDED.value).exists() or appeals.filter(state=AppealState.OPEN.value).exists():
        raise Refused(_("A case about what you wrote is not decided yet. You can erase everything once it is."))
    Report.objects.filter(community_id=community_id, reporter_id=member_id).update(comment="")
    appeals.update(text="")
    return Item.objects.filter(community_id=community_id, author_id=member_id).update(
        text="", context={}, erased_at=now
    )
