"""What a thing looks like under moderation: the one place where that is worked out, and what it says now."""

from wardmote.communities.policy import Action
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision, Item, OutsidePost
from wardmote.moderation.policy import CaseState, Standing, is_url, judgement_from
from wardmote.network import queries as network
from wardmote.network.policy import Judgement


def judgement_of(*, community_id: int, subject: str) -> Judgement:
    """What follows from every decision about it that stands, and from the open case that holds it, if there is one."""
    return judgement_from(
        standing(community_id, case__subject=subject),
        is_held=is_held(community_id=community_id, subject=subject),
    )


def is_held(*, community_id: int, subject: str) -> bool:
    """Whether it waits unpublished for a case that nobody has decided."""
    return holding_case(community_id=community_id, subject=subject) is not None


def holding_case(*, community_id: int, subject: str) -> int | None:
    """The case that nobody has decided and for which it waits."""
    undecided = Case.objects.filter(community_id=community_id, subject=subject, held=True)
    return undecided.exclude(state=CaseState.DECIDED.value).values_list("pk", flat=True).first()


def kept_text(*, community_id: int, subject: str, content_hash: str) -> str | None:
    """The text of that hash, where a case has kept it; None where none has, or it was erased since."""
    rows = Item.objects.filter(community_id=community_id, subject=subject, content_hash=content_hash, erased_at=None)
    return rows.values_list("text", flat=True).first()


def author_of_case(*, community_id: int, case_id: int) -> int | None:
    """The member whose words a case is about; None where there is no such case, or no member."""
    rows = Case.objects.filter(community_id=community_id, pk=case_id)
    return rows.values_list("item__author_id", flat=True).first()


def author_of_appeal(*, community_id: int, appeal_id: int) -> int | None:
    """The same of an appeal."""
    rows = Appeal.objects.filter(community_id=community_id, pk=appeal_id)
    return rows.values_list("decision__item__author_id", flat=True).first()


def standing(community_id: int, **about: object) -> list[Standing]:
    """The decisions that were not reversed, oldest first."""
    rows = Decision.objects.filter(community_id=community_id, reversed_at=None, **about).select_related("clause")
    return [Standing(Action(d.action), d.clause.title if d.clause else "", d.until) for d in rows.order_by("pk")]


def present_text(*, community_id: int, subject: str) -> str | None:
    """What stands there now, whoever may see it; None where nothing does: deleted, erased, emptied."""
    if is_url(subject):
        post = OutsidePost.objects.filter(community_id=community_id, url=subject, deleted_at=None).first()
        return (post.text or None) if post else None
    urn = Urn.parse(subject)
    if urn.kind not in ("post", "profile"):
        return None
    return network.judged_text(community_id=community_id, kind=urn.kind, subject_id=urn.id) or None
