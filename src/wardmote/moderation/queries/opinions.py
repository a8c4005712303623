"""What a machine outside said of a case: apart from the case, for nobody sees it who must judge unadvised."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from wardmote.moderation.models import Case, Opinion, OpinionUse
from wardmote.moderation.policy import CaseState


@dataclass(frozen=True, slots=True)
class OpinionView:
    """One opinion, for moderators: never for a juror who has not voted, nor for members.

    `clause_key` is empty where the model sees no clause broken; `former`: it was said of an earlier text.
    """

    model: str
    clause_key: str
    clause_title: str
    probability: float
    reason: str
    quote: str
    given_at: datetime
    former: bool


@dataclass(frozen=True, slots=True)
class ToJudge:
    """The text of a case that nobody has decided yet; `around` is where screening minds it most."""

    community_id: int
    item_id: int
    text: str
    around: int


@dataclass(frozen=True, slots=True)
class KnownOpinion:
    """What was said before about the same words under the same clauses."""

    clause_key: str | None
    probability: float
    reason: str
    start: int
    end: int


def opinions(*, community_id: int, case_id: int) -> list[OpinionView]:
    """Every opinion of one case, newest first."""
    rows = Opinion.objects.filter(community_id=community_id, case_id=case_id).select_related("clause", "item", "case")
    return [
        OpinionView(
            model=row.model,
            clause_key=row.clause.key if row.clause else "",
            clause_title=row.clause.title if row.clause else "",
            probability=row.probability,
            reason=row.reason,
            quote=row.item.text[row.start : row.end],
            given_at=row.given_at,
            former=row.item_id != row.case.item_id,
        )
        for row in rows.order_by("-pk")
    ]


def to_judge(*, case_id: int) -> ToJudge | None:
    """What a second opinion is asked about; None where the case is decided or its text is gone."""
    case = Case.objects.select_related("item", "screening").filter(pk=case_id).first()
    if case is None or case.state == CaseState.DECIDED or not case.item.text.strip():
        return None
    spans = case.screening.spans if case.screening else []
    heaviest = max(spans, key=lambda span: float(span["weight"]), default=None)
    return ToJudge(case.community_id, case.item_id, case.item.text, int(heaviest["start"]) if heaviest else 0)


def has_opinion(*, community_id: int, case_id: int, digest: str) -> bool:
    """Whether this very opinion is with the case already."""
    return Opinion.objects.filter(community_id=community_id, case_id=case_id, digest=digest).exists()


def known_opinion(*, community_id: int, digest: str) -> KnownOpinion | None:
    """An earlier answer to the same question in this community, unless its words were erased since."""
    rows = Opinion.objects.filter(community_id=community_id, digest=digest).exclude(reason="")
    row = rows.select_related("clause").first()
    if row is None:
        return None
    return KnownOpinion(row.clause.key if row.clause else None, row.probability, row.reason, row.start, row.end)


def uses_of(community_id: int | None) -> QuerySet[OpinionUse]:
    """The rows of one community, or with None those of the installation."""
    if community_id is None:
        return OpinionUse.objects.filter(community__isnull=True)
    return OpinionUse.objects.filter(community_id=community_id)


def opinion_use(*, community_id: int | None, day: date) -> tuple[int, int]:
    """Calls and tokens spent on a day, by a community or with None by the installation."""
    row = uses_of(community_id).filter(day=day).first()
    return (row.calls, row.tokens) if row else (0, 0)
