"""What is handed on, and who may decide it: nobody sees more of another community than the case that is theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.db.models import Q

from wardmote.communities.models import Membership
from wardmote.communities.policy import Role
from wardmote.communities.queries import CommunityView, community
from wardmote.communities.queries.agreements import judges_for
from wardmote.kernel.errors import Refused
from wardmote.moderation.models import Appeal, Case, CaseText, Decision, HandedOn, Report
from wardmote.moderation.policy import AppealState, CaseState, Lane
from wardmote.moderation.policy.parties import check_impartial, names
from wardmote.moderation.queries.appeals import AppealView, appeal
from wardmote.moderation.queries.cases import CaseView, case
from wardmote.moderation.queries.parties import addressed, nobody_hears, nobody_left, person_who_decided
from wardmote.network.models import Profile


@dataclass(frozen=True, slots=True)
class AwayRow:
    """A case or an appeal of another community in the list of those who decide it. `why_not`: why this reader may
    not, "" where they may."""

    case_id: int
    appeal_id: int | None
    home: CommunityView
    category: str
    lane: Lane
    since: datetime
    mine: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class AwayCase:
    """One case of another community: its home, and the case. `why_not` as above."""

    home: CommunityView
    case: CaseView
    why_not: str


@dataclass(frozen=True, slots=True)
class AwayAppeal:
    """The same of an appeal."""

    home: CommunityView
    appeal: AppealView
    why_not: str


LISTED = 50
"""Rows of a list, whose page says so where there may be more."""
_AT_ONCE = 200


def stranded(*, community_id: int) -> Iterator[tuple[int, int | None]]:
    """(case, appeal or None) of all that is undecided and that nobody at home may decide; read piece by piece."""
    after = 0
    waiting = Case.objects.filter(community_id=community_id).exclude(state=CaseState.DECIDED.value)
    while piece := list(waiting.filter(pk__gt=after).select_related("item").order_by("pk")[:_AT_ONCE]):
        after = piece[-1].pk
        yield from ((case_id, None) for case_id in sorted(nobody_left(piece, community_id=community_id)))
    appeals = Appeal.objects.filter(community_id=community_id, state=AppealState.OPEN.value)
    for row in list(appeals.select_related("decision__case__item", "first_decider").order_by("pk")):
        if nobody_hears(row):
            yield row.decision.case_id, row.pk


def why_not_away(held: Case, *, judges_id: int, member_id: int, first_person_id: int | None = None) -> str:
    """Why this member of another community may not judge the case, in a sentence; "" where they may.

    They are the person they are everywhere: who is a member of both may not where that other membership may not, and
    who is named by the name they have in their own community is named. `first_person_id`: the person who made the
    decision that an appeal is against.
    """
    me = Membership.objects.filter(community_id=judges_id, pk=member_id).values_list("person_id", flat=True).first()
    here = Membership.objects.filter(community_id=held.community_id, person_id=me or 0)
    mine = list(here.values_list("pk", flat=True))
    author, reporters, at_home = held.item.author_id, [], set()
    for own in mine:
        at_home |= addressed([held], community_id=held.community_id, member_ids=[own])[held.pk]
        reporters += list(Report.objects.filter(case=held, reporter_id=own).values_list("reporter_id", flat=True))
    afar = Profile.objects.filter(community_id=judges_id, pk=member_id)
    named = bool(at_home) or named_from_afar(held, profiles=afar)
    try:
        check_impartial(
            member_id=member_id,
            author_id=member_id if author in mine else None,
            reporter_ids=[member_id] if reporters else (),
            decided_by=member_id if first_person_id is not None and first_person_id == me else None,
            addressed=[member_id] if named else (),
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def named_from_afar(held: Case, *, profiles: Iterable[Profile]) -> bool:
    """Whether a case names one of these profiles of other communities."""
    kept = set(CaseText.objects.filter(case=held).values_list("item__text", flat=True))
    return any(
        names(text, handle=profile.handle, display_name=profile.display_name, shared=False)
        for profile in profiles
        for text in {held.item.text, *kept}
    )


def free_judges(held: Case, *, judges_id: int, first_person_id: int | None = None, now: datetime) -> list[int]:
    """The moderators of the other community who may decide it now."""
    there = Membership.objects.filter(community_id=judges_id).exclude(role=Role.MEMBER.value).order_by("pk")
    return [
        row.pk
        for row in there
        if (row.suspended_until is None or row.suspended_until <= now)
        and not why_not_away(held, judges_id=judges_id, member_id=row.pk, first_person_id=first_person_id)
    ]


def handed_on(*, community_id: int, case_id: int, appeal_id: int | None = None) -> HandedOn | None:
    """Where a case of this community, or an appeal in it, is; None while it is at home."""
    there = HandedOn.objects.filter(about(appeal_id), community_id=community_id, case__pk=case_id, ended_at=None)
    return there.first()


def about(appeal_id: int | None) -> Q:
    """Rows about an appeal; without one, about the case itself."""
    # By `appeal__pk`, and `case__pk` in what follows: Django lets a number pass as no row that no column holds; by
    # `appeal_id` SQLite refuses it.
    return Q(appeal__pk=appeal_id) if appeal_id else Q(appeal__isnull=True)


def handed_here(*, judges_id: int, case_id: int, appeal_id: int | None = None) -> HandedOn | None:
    """The same as those see it to whom it was handed: None for whatever was not handed to them, or is not theirs any
    more: the agreement ended, or somebody at home may decide it again or has decided."""
    row = (
        HandedOn.objects.filter(about(appeal_id), to_id=judges_id, case__pk=case_id, ended_at=None)
        .select_related("case__item", "appeal__decision__case__item", "appeal__first_decider")
        .first()
    )
    return row if row is not None and _is_still_theirs(row, judges_id=judges_id) else None


def case_of_appeal_handed_to(*, judges_id: int, appeal_id: int) -> int | None:
    """The case of an appeal that was handed to this community; None for any other."""
    handed = HandedOn.objects.filter(about(appeal_id), to_id=judges_id)
    return handed.values_list("case_id", flat=True).first()


def _is_still_theirs(row: HandedOn, *, judges_id: int) -> bool:
    if judges_id not in judges_for(row.community_id):
        return False
    if row.appeal is not None and row.appeal.state != AppealState.OPEN:
        return _is_of(judges_id, row.appeal.decided_by_id)
    if row.appeal is None and row.case.state == CaseState.DECIDED:
        newest = Decision.objects.filter(case=row.case).order_by("-pk").values_list("decided_by_id", flat=True).first()
        return _is_of(judges_id, newest)
    if row.appeal is not None:
        return nobody_hears(row.appeal)
    return bool(nobody_left([row.case], community_id=row.community_id))


def _is_of(judges_id: int, decider_id: int | None) -> bool:
    """Whether they decided it themselves: what anybody at home has written since is not theirs to read."""
    return Membership.objects.filter(community_id=judges_id, pk=decider_id or 0).exists()


def away_rows(*, judges_id: int, member_id: int) -> list[AwayRow]:
    """What other communities have handed to this one and nobody has decided: the oldest, `LISTED` at most."""
    rows = (
        HandedOn.objects.filter(to_id=judges_id, ended_at=None)
        .exclude(appeal=None, case__state=CaseState.DECIDED.value)
        .exclude(appeal__state__in=[AppealState.UPHELD.value, AppealState.REVERSED.value])
        .select_related("case__item", "appeal__decision__case__item", "appeal__first_decider")
        .order_by("pk")
    )
    theirs = (row for row in rows.iterator(chunk_size=LISTED) if _is_still_theirs(row, judges_id=judges_id))
    return [
        AwayRow(
            row.case_id,
            row.appeal_id,
            community(row.community_id),
            row.case.category,
            Lane(row.case.lane),
            row.handed_at,
            row.case.claimed_by_id == member_id and row.case.state == CaseState.CLAIMED,
            why_not_away(
                row.case,
                judges_id=judges_id,
                member_id=member_id,
                first_person_id=person_who_decided(row.appeal) if row.appeal else None,
            ),
        )
        for row in islice(theirs, LISTED)
    ]


def away_case(*, judges_id: int, member_id: int, case_id: int) -> AwayCase | None:
    """One case that was handed to this community; None for any other."""
    row = handed_here(judges_id=judges_id, case_id=case_id)
    found = case(community_id=row.community_id, case_id=case_id, member_id=member_id) if row else None
    if row is None or found is None:
        return None
    why_not = why_not_away(row.case, judges_id=judges_id, member_id=member_id)
    # What else its author did there, and what happened around it, is the other community's own.
    return AwayCase(community(row.community_id), replace(found, earlier=(), timeline=()), why_not)


def away_appeal(*, judges_id: int, member_id: int, appeal_id: int) -> AwayAppeal | None:
    """One appeal that was handed to this community; None for any other."""
    case_id = case_of_appeal_handed_to(judges_id=judges_id, appeal_id=appeal_id)
    row = handed_here(judges_id=judges_id, case_id=case_id, appeal_id=appeal_id) if case_id else None
    found = appeal(community_id=row.community_id, appeal_id=appeal_id, member_id=member_id) if row else None
    if row is None or row.appeal is None or found is None:
        return None
    first = person_who_decided(row.appeal)
    why_not = why_not_away(row.case, judges_id=judges_id, member_id=member_id, first_person_id=first)
    return AwayAppeal(community(row.community_id), as_heard(found), why_not)


def as_heard(found: AppealView) -> AppealView:
    """An appeal as those from elsewhere see it: what its author writes once it was heard is not theirs to read."""
    return found if found.state is AppealState.OPEN else replace(found, present="")


def judges_of_decision(*, community_id: int, decision_id: int) -> str | None:
    """Whose moderators made this decision: the title of another community, "" for the host; None where this community's
    own did."""
    row = Decision.objects.filter(community_id=community_id, pk=decision_id).first()
    return judges_of(row) if row else None


def judges_of(decision: Decision) -> str | None:
    """The same of a row."""
    return _judges(decision.community_id, decision.decided_by_id, by_host=decision.decided_by_staff_id is not None)


def judges_of_appeal(row: Appeal) -> str | None:
    """The same of whoever heard an appeal."""
    return _judges(row.community_id, row.decided_by_id, by_host=row.decided_by_staff_id is not None)


def _judges(home_id: int, decider_id: int | None, *, by_host: bool) -> str | None:
    if by_host:
        return ""
    there = Membership.objects.filter(pk=decider_id or 0).exclude(community_id=home_id)
    return there.values_list("community__title", flat=True).first()
