"""Who may not judge a case, and why: its author, its reporters, and whoever it names or answers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Lower

from wardmote.communities.models import Membership
from wardmote.communities.policy import Role
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, CaseText, HandedOn, Report
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.policy.parties import check_impartial, names
from wardmote.network.models import Post, Profile


@dataclass(frozen=True, slots=True)
class NotYours:
    """Why somebody does not decide a case. `for_host`, `away`: as in a line of the queue."""

    case_id: int
    why_not: str
    for_host: bool
    away: str | None


def not_yours(*, community_id: int, case_id: int, member_id: int) -> NotYours | None:
    """What a case's own page says to a moderator who may not judge it; None where they may."""
    cases = list(Case.objects.filter(community_id=community_id, pk=case_id).select_related("item"))
    sentence = why_not(cases, community_id=community_id, member_id=member_id).get(case_id, "")
    if not sentence:
        return None
    for_host = case_id in nobody_left(cases, community_id=community_id)
    away = whereabouts([case_id], community_id=community_id) if for_host else {}
    return NotYours(case_id, sentence, for_host, away.get(case_id))


def addressed(cases: Sequence[Case], *, community_id: int, member_ids: Collection[int]) -> dict[int, set[int]]:
    """Case -> those of these members whom one of its texts names, or whom it answers: the author of the post above it
    and of the thread's first. `cases` are fetched with their items."""
    texts: dict[int, list[str]] = defaultdict(list)
    for case in cases:
        texts[case.pk].append(case.item.text)
    kept = CaseText.objects.filter(case__in=[case.pk for case in cases], community_id=community_id)
    for case_id, text in kept.values_list("case_id", "item__text"):
        texts[case_id].append(text)
    answered = _answered(cases, community_id)
    people = list(
        Profile.objects.filter(community_id=community_id, pk__in=member_ids).values_list("pk", "handle", "display_name")
    )
    shared = _shared(community_id, [name for _, _, name in people])
    return {
        case.pk: {
            pk
            for pk, handle, name in people
            if pk in answered[case.subject]
            or any(
                names(text, handle=handle, display_name=name, shared=name.lower() in shared) for text in texts[case.pk]
            )
        }
        for case in cases
    }


def why_not(cases: Sequence[Case], *, community_id: int, member_id: int) -> dict[int, str]:
    """Case -> the sentence that says why this member may not judge it; cases that they may are left out."""
    reported = set(
        Report.objects.filter(case__in=[case.pk for case in cases], reporter_id=member_id).values_list(
            "case_id", flat=True
        )
    )
    named = addressed(cases, community_id=community_id, member_ids=[member_id])
    return {
        case.pk: sentence
        for case in cases
        if (
            sentence := _sentence(
                case, member_id=member_id, reported=case.pk in reported, named=member_id in named[case.pk]
            )
        )
    }


def check_may_judge(case: Case, *, member_id: int) -> None:
    """Refuse whoever may not judge this case."""
    if sentence := why_not([case], community_id=case.community_id, member_id=member_id).get(case.pk):
        raise Refused(sentence)


def may_take(case: Case, *, member_id: int, now: datetime) -> bool:
    """Whether this member moderates here, is not suspended, and may judge the case."""
    member = Membership.objects.filter(community_id=case.community_id, pk=member_id).first()
    if member is None or not Role(member.role).moderates:
        return False
    suspended = member.suspended_until is not None and now < member.suspended_until
    return not suspended and not why_not([case], community_id=case.community_id, member_id=member_id)


def nobody_left(cases: Sequence[Case], *, community_id: int) -> set[int]:
    """The cases that no moderator of this community may judge, nor its owner: they are the host's."""
    moderators = _moderators(community_id)
    named = addressed(cases, community_id=community_id, member_ids=moderators)
    barred = {case.pk: {case.item.author_id} | named[case.pk] for case in cases}
    reports = Report.objects.filter(case__in=[case.pk for case in cases], reporter_id__in=moderators)
    for case_id, reporter_id in reports.values_list("case_id", "reporter_id"):
        barred[case_id].add(reporter_id)
    return {case_id for case_id, members in barred.items() if set(moderators) <= members}


def nobody_hears(row: Appeal) -> bool:
    """Whether nobody at home may hear this appeal: each is barred from its case or decided it."""
    held = row.decision.case
    moderators = _moderators(row.community_id)
    named = addressed([held], community_id=row.community_id, member_ids=moderators)[held.pk]
    reported = held.reports.filter(reporter_id__in=moderators).values_list("reporter_id", flat=True)
    barred = {*named, *reported, held.item.author_id, row.appellant_id, *first_deciders(row)}
    return set(moderators) <= barred


def first_deciders(row: Appeal) -> set[int]:
    """Who, of its community, made the decision that an appeal is against; also where they made it elsewhere, or as one
    of the host's staff, and moderate here by now."""
    first = row.first_decider
    if first is not None and first.community_id == row.community_id:
        return {first.pk}
    here = Membership.objects.filter(community_id=row.community_id, person_id=person_who_decided(row))
    return set(here.values_list("pk", flat=True))


def person_who_decided(row: Appeal) -> int:
    """The person who made the decision that an appeal is against."""
    return row.first_decider.person_id if row.first_decider else row.first_decider_staff_id or 0


def appeals_away(appeals: Collection[int], *, community_id: int) -> dict[int, str]:
    """Appeal -> the title of the community that hears it, or "" for the host; appeals at home are left out."""
    rows = HandedOn.objects.filter(community_id=community_id, appeal_id__in=appeals, ended_at=None)
    return {row.appeal_id or 0: row.to.title if row.to else "" for row in rows.select_related("to")}


def whereabouts(cases: Collection[int], *, community_id: int) -> dict[int, str]:
    """Case -> the title of the community that decides it, or "" for the host; cases at home are left out."""
    rows = HandedOn.objects.filter(
        community_id=community_id, case_id__in=cases, appeal=None, ended_at=None
    ).select_related("to")
    return {row.case_id: row.to.title if row.to else "" for row in rows}


def _sentence(case: Case, *, member_id: int, reported: bool, named: bool) -> str:
    try:
        check_impartial(
            member_id=member_id,
            author_id=case.item.author_id,
            reporter_ids=[member_id] if reported else (),
            decided_by=None,
            addressed={member_id} if named else (),
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def _answered(cases: Sequence[Case], community_id: int) -> dict[str, set[int | None]]:
    found: dict[str, set[int | None]] = defaultdict(set)
    urns = {case.subject: Urn.parse(case.subject) for case in cases if not is_url(case.subject)}
    posts = {urn.id: subject for subject, urn in urns.items() if urn.kind == "post"}
    rows = Post.objects.filter(community_id=community_id, pk__in=posts)
    for pk, *above in rows.values_list("pk", "parent__author_id", "root__author_id"):
        found[posts[pk]].update(above)
    return found


def _shared(community_id: int, display_names: Collection[str]) -> set[str]:
    """Display names, in lower case, that more than one member has."""
    wanted = {name.lower() for name in display_names if name}
    rows = Profile.objects.filter(community_id=community_id).annotate(name=Lower("display_name"))
    counted = rows.filter(name__in=wanted).values_list("name").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    return {name for name, _ in counted}


def _moderators(community_id: int) -> list[int]:
    rows = Membership.objects.filter(community_id=community_id).exclude(role=Role.MEMBER.value)
    return list(rows.values_list("pk", flat=True))
