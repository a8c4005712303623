"""What a thing looks like under moderation: the one place where that is worked out, and what it says now."""

from dataclasses import dataclass

from wardmote.communities.policy import Action
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Cover, Decision, Item, OutsidePost, Screening
from wardmote.moderation.policy import CaseState, Route, Source
from wardmote.moderation.policy.decisions import Standing, judgement_from
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.queries.known import waits_quarantined
from wardmote.network import queries as network
from wardmote.network.policy import Judgement
from wardmote.notices.policy import Fate, origin


def judgement_of(
    *, community_id: int, subject: str, without_case: int | None = None, without_decision: int | None = None
) -> Judgement:
    """What follows from every decision about it that was not reversed, and from the open case that holds or covers it.

    `without_case`: as if that case were decided already; `without_decision`: as if that decision were undone.
    """
    holding = holding_case(community_id=community_id, subject=subject)
    held = (holding is not None and holding != without_case) or is_out_of_reach(
        community_id=community_id, subject=subject
    )
    covering = covering_case(community_id=community_id, subject=subject)
    return judgement_from(
        standing(community_id, without=without_decision, case__subject=subject),
        is_held=held,
        is_covered=covering is not None and covering != without_case,
    )


def is_held(*, community_id: int, subject: str) -> bool:
    """Whether it waits unpublished for a case that nobody has decided."""
    return holding_case(community_id=community_id, subject=subject) is not None


def is_out_of_reach(*, community_id: int, subject: str) -> bool:
    """Whether a post elsewhere says what only the owner may read, or the owner has not yet looked at what it said."""
    if not is_url(subject):
        return False
    posts = OutsidePost.objects.filter(community_id=community_id, url=subject, text="", deleted_at=None)
    return posts.exists() or waits_quarantined(community_id=community_id, subject=subject)


def holding_case(*, community_id: int, subject: str) -> int | None:
    """The case that nobody has decided and for which it waits."""
    undecided = Case.objects.filter(community_id=community_id, subject=subject, held=True)
    return undecided.exclude(state=CaseState.DECIDED.value).values_list("pk", flat=True).first()


def covering_case(*, community_id: int, subject: str) -> int | None:
    """The case that nobody has decided and for which it is covered."""
    covered = Cover.objects.filter(community_id=community_id, case__subject=subject, ended_at=None)
    return covered.exclude(case__state=CaseState.DECIDED.value).values_list("case_id", flat=True).first()


def has_waited(case: Case) -> bool:
    """Whether what a case is about is, or was until the decision, kept from its readers for it."""
    return case.held or Cover.objects.filter(case=case, ended_at=None).exists()


def fate_of(*, community_id: int, subject: str) -> Fate:
    """What became of a thing, for whoever is written to about it."""
    if is_url(subject):
        post = OutsidePost.objects.filter(community_id=community_id, url=subject).first()
        if post is not None and post.deleted_at is not None:
            return Fate.DELETED
        return Fate(judgement_of(community_id=community_id, subject=subject).visibility.value)
    urn = Urn.parse(subject)
    if urn.kind not in ("post", "profile"):
        return Fate.PUBLIC
    visibility, deleted, erased = network.state_of_text(community_id=community_id, kind=urn.kind, subject_id=urn.id)
    if erased:
        return Fate.ERASED
    return Fate.DELETED if deleted else Fate(visibility.value)


@dataclass(frozen=True, slots=True)
class Origin:
    """How a case came here: what opened it, as it was stored, and what else pointed to the same thing since."""

    source: Source
    reported: bool
    screened: bool
    outside: bool

    def sentence(self) -> str:
        """As its author reads it."""
        return origin(
            reported=self.reported,
            screened=self.screened,
            by_host=self.source is Source.HOST,
            by_owner=self.source is Source.OWNER,
            outside=self.outside,
        )


def origin_of(case: Case) -> Origin:
    """The one place in which it is read, for letters, pages, the desk and messages to platforms alike."""
    pointed = Screening.objects.filter(case_texts__case=case).exclude(route=Route.PUBLISH.value)
    named = case.screening is not None and case.screening.route != Route.PUBLISH.value
    return Origin(
        source=Source(case.source),
        reported=case.source == Source.REPORT
        or case.reports.exists()
        or case.outside_reports.exists()
        or case.visitor_reports.exists(),
        screened=case.source == Source.SCREENING or named or pointed.exists(),
        outside=is_url(case.subject),
    )


def kept_text(*, community_id: int, subject: str, content_hash: str) -> str | None:
    """The text of that hash, where a case has kept it; None where none has, or it was erased since."""
    rows = Item.objects.filter(community_id=community_id, subject=subject, content_hash=content_hash, erased_at=None)
    return rows.values_list("text", flat=True).first()


def author_of_case(*, community_id: int, case_id: int) -> int | None:
    """The member whose words a case is about; None where there is no such case, or no member."""
    rows = Case.objects.filter(community_id=community_id, pk=case_id)
    return rows.values_list("item__author_id", flat=True).first()


def author_of_decision(*, community_id: int, decision_id: int) -> int | None:
    """The same of a decision."""
    rows = Decision.objects.filter(community_id=community_id, pk=decision_id)
    return rows.values_list("item__author_id", flat=True).first()


def author_of_appeal(*, community_id: int, appeal_id: int) -> int | None:
    """The same of an appeal."""
    rows = Appeal.objects.filter(community_id=community_id, pk=appeal_id)
    return rows.values_list("decision__item__author_id", flat=True).first()


def case_of_appeal(*, community_id: int, appeal_id: int) -> int | None:
    """The case that an appeal of this community is about."""
    rows = Appeal.objects.filter(community_id=community_id, pk=appeal_id)
    return rows.values_list("decision__case_id", flat=True).first()


def standing(community_id: int, *, without: int | None = None, **about: object) -> list[Standing]:
    """The decisions that still hold, oldest first; `without`: but for this one."""
    rows = Decision.objects.filter(community_id=community_id, reversed_at=None, **about).select_related("clause")
    if without is not None:
        rows = rows.exclude(pk=without)
    return [Standing(Action(d.action), d.clause.title if d.clause else "", d.until) for d in rows.order_by("pk")]


def present_text(*, community_id: int, subject: str) -> str | None:
    """What is there now, whoever may see it; None where there is nothing: deleted, erased, emptied."""
    if is_url(subject):
        post = OutsidePost.objects.filter(community_id=community_id, url=subject, deleted_at=None).first()
        return (post.text or None) if post else None
    urn = Urn.parse(subject)
    if urn.kind not in ("post", "profile"):
        return None
    return network.judged_text(community_id=community_id, kind=urn.kind, subject_id=urn.id) or None
