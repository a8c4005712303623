"""What communities have handed to their host, and who of its staff may judge it; of a community they see only that."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.db.models import Q

from wardmote.communities.models import Membership
from wardmote.communities.queries import CommunityView, community
from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.moderation.models import Appeal, Case, Decision, HandedOn, Report
from wardmote.moderation.policy import AppealState, CaseState
from wardmote.moderation.policy.parties import check_impartial
from wardmote.moderation.queries.appeals import appeal
from wardmote.moderation.queries.away import LISTED, AwayAppeal, AwayCase, about, as_heard, named_from_afar
from wardmote.moderation.queries.cases import case
from wardmote.moderation.queries.parties import addressed, nobody_hears, nobody_left
from wardmote.network.models import Profile

NOBODY = 0
"""In place of a member's id, where whoever reads is none."""


@dataclass(frozen=True, slots=True)
class ForHost:
    """What nobody of a community may decide and the host was asked about; without any of its words.

    `path` is where it was in the community, "" where nowhere. `why_not` as for `AwayCase`.
    """

    case_id: int
    appeal_id: int | None
    home: CommunityView
    category: str
    since: datetime
    path: str
    why_not: str


def for_host(*, person_id: int) -> list[ForHost]:
    """What communities of this installation have asked their host about and nobody has decided: the oldest, `LISTED` at
    most."""
    return [
        ForHost(
            row.case_id,
            row.appeal_id,
            community(row.community_id),
            row.case.category,
            row.handed_at,
            row.case.item.context.get("path", ""),
            why_not_staff(row.case, person_id=person_id),
        )
        for row in islice(_waiting(), LISTED)
    ]


def _waiting() -> Iterator[HandedOn]:
    rows = (
        HandedOn.objects.filter(to=None, ended_at=None)
        .exclude(appeal=None, case__state=CaseState.DECIDED.value)
        .exclude(appeal__state__in=[AppealState.UPHELD.value, AppealState.REVERSED.value])
        .select_related("case__item", "appeal__decision__case__item", "appeal__first_decider")
        .order_by("pk")
    )
    return (row for row in rows.iterator(chunk_size=LISTED) if nobody_at_home(row))


def handed_to_host(*, case_id: int, appeal_id: int | None = None) -> HandedOn | None:
    """What is the host's to judge, or was judged by it; None for any other."""
    row = (
        HandedOn.objects.filter(about(appeal_id), to=None, case__pk=case_id, ended_at=None)
        .select_related("case__item", "appeal__decision__case__item", "appeal__first_decider")
        .first()
    )
    if row is None:
        return None
    if row.appeal is not None and row.appeal.state != AppealState.OPEN:
        return row if row.appeal.decided_by_staff_id else None
    if row.appeal is None and row.case.state == CaseState.DECIDED:
        # What anybody at home has written since is not the host's to read.
        newest = Decision.objects.filter(case=row.case).order_by("-pk").values_list("decided_by_staff_id", flat=True)
        return row if newest.first() else None
    return row


def nobody_at_home(row: HandedOn) -> bool:
    """Whether still nobody of its own community may judge what the host was asked about."""
    if row.appeal is not None:
        return row.appeal.state != AppealState.OPEN or nobody_hears(row.appeal)
    return row.case.state == CaseState.DECIDED or bool(nobody_left([row.case], community_id=row.community_id))


def was_asked(*, case_id: int, appeal_id: int | None = None) -> bool:
    """Whether the host was ever asked about it, also where it went home again."""
    return HandedOn.objects.filter(about(appeal_id), to=None, case__pk=case_id).exists()


def case_of_appeal_at_host(*, appeal_id: int) -> int | None:
    """The case of an appeal about which the host was ever asked; None for any other."""
    rows = HandedOn.objects.filter(about(appeal_id), to=None)
    return rows.values_list("case_id", flat=True).first()


def is_against_host(*, appeal_id: int) -> bool:
    """Whether an appeal is against what the host decided."""
    return Appeal.objects.filter(pk=appeal_id, first_decider_staff__isnull=False).exists()


def why_not_staff(held: Case, *, person_id: int) -> str:
    """Why this person of the host's staff may not judge the case, or hear an appeal in it; "" where they may."""
    if barred := why_not_read(held, person_id=person_id):
        return barred
    decided = Decision.objects.filter(case=held)
    if decided.filter(Q(decided_by_staff_id=person_id) | Q(decided_by__person_id=person_id)).exists():
        return _("You have decided about this before; somebody else must judge it.")
    return ""


def why_not_read(held: Case, *, person_id: int) -> str:
    """The same of reading it, whose decider may: its author, a reporter or whoever is named may not, by any membership
    and any name that they have here."""
    mine = Membership.objects.filter(community_id=held.community_id, person_id=person_id)
    own = list(mine.values_list("pk", flat=True))
    reported = Report.objects.filter(case=held, reporter_id__in=own).exists()
    named = addressed([held], community_id=held.community_id, member_ids=own)[held.pk] if own else set()
    elsewhere = Profile.objects.filter(membership__person_id=person_id).exclude(community_id=held.community_id)
    try:
        check_impartial(
            member_id=person_id,
            author_id=person_id if held.item.author_id in own else None,
            reporter_ids=[person_id] if reported else (),
            decided_by=None,
            addressed=[person_id] if named or named_from_afar(held, profiles=elsewhere) else (),
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def host_case(*, person_id: int, case_id: int) -> AwayCase | None:
    """One case that was handed to the host; None for any other."""
    row = handed_to_host(case_id=case_id)
    found = case(community_id=row.community_id, case_id=case_id, member_id=NOBODY) if row else None
    if row is None or found is None or not nobody_at_home(row):
        return None
    barred = why_not_read if row.case.state == CaseState.DECIDED else why_not_staff
    # What else its author did there, and what happened around it, is the community's own.
    return AwayCase(
        community(row.community_id), replace(found, earlier=(), timeline=()), barred(row.case, person_id=person_id)
    )


def host_appeal(*, person_id: int, appeal_id: int) -> AwayAppeal | None:
    """One appeal that was handed to the host; None for any other."""
    case_id = case_of_appeal_at_host(appeal_id=appeal_id)
    row = handed_to_host(case_id=case_id, appeal_id=appeal_id) if case_id else None
    found = appeal(community_id=row.community_id, appeal_id=appeal_id, member_id=NOBODY) if row else None
    if row is None or row.appeal is None or found is None or not nobody_at_home(row):
        return None
    barred = why_not_staff if row.appeal.state == AppealState.OPEN else why_not_read
    return AwayAppeal(community(row.community_id), as_heard(found), barred(row.case, person_id=person_id))
