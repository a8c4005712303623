"""What moderators keep at their desk, and what they may still take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wardmote.communities.models import Membership
from wardmote.communities.policy import Action, Role
from wardmote.moderation.models import Appeal, Case, CaseNote, Decision, DeskChoice, ReasonTemplate
from wardmote.moderation.policy import CaseState
from wardmote.moderation.queries.parties import why_not
from wardmote.moderation.queries.seen import case_seen
from wardmote.network.models import Profile


@dataclass(frozen=True, slots=True)
class NoteView:
    """An internal note. `to` is the handle of whoever the case was handed to with it."""

    note_id: int
    text: str
    written_at: datetime
    handle: str
    mine: bool
    to: str


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A reason written beforehand; without a clause it is for every one."""

    template_id: int
    clause_key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A moderator to whom a case can be handed."""

    member_id: int
    handle: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """One's own newest decision while it can be taken back; `seen` is what its form carries."""

    decision_id: int
    case_id: int
    action: Action
    until: datetime
    seen: str


def notes(*, community_id: int, case_id: int, member_id: int) -> list[NoteView]:
    """The notes on a case, oldest first."""
    rows = list(CaseNote.objects.filter(community_id=community_id, case_id=case_id).exclude(text="").order_by("pk"))
    people = {n.author_id for n in rows} | {n.handed_to_id for n in rows if n.handed_to_id}
    handles = _handles(community_id, people)
    return [
        NoteView(
            note_id=n.pk,
            text=n.text,
            written_at=n.written_at,
            handle=handles.get(n.author_id, ""),
            mine=n.author_id == member_id,
            to=handles.get(n.handed_to_id or 0, ""),
        )
        for n in rows
    ]


def templates(*, community_id: int) -> list[TemplateView]:
    """Every reason written beforehand, by clause."""
    rows = ReasonTemplate.objects.filter(community_id=community_id).order_by("clause_key", "title")
    return [TemplateView(t.pk, t.clause_key, t.title, t.text) for t in rows]


def colleagues(*, community_id: int, case_id: int, member_id: int, now: datetime) -> list[Colleague]:
    """The other moderators who may decide a case now."""
    case = Case.objects.select_related("item").filter(community_id=community_id, pk=case_id).first()
    if case is None:
        return []
    others = Membership.objects.filter(community_id=community_id).exclude(role=Role.MEMBER.value).exclude(pk=member_id)
    free = [m.pk for m in others if m.suspended_until is None or m.suspended_until <= now]
    may = [pk for pk in free if not why_not([case], community_id=community_id, member_id=pk)]
    handles = _handles(community_id, may)
    return sorted((Colleague(pk, handles.get(pk, "")) for pk in may), key=lambda c: c.handle)


def goes_on(*, member_id: int) -> bool:
    """Whether this moderator wants the next case after a decision; yes, unless they said otherwise."""
    chosen = DeskChoice.objects.filter(member_id=member_id).values_list("goes_on", flat=True).first()
    return chosen is not False


def undoable(*, community_id: int, member_id: int, within: timedelta, now: datetime) -> Undoable | None:
    """The newest decision that this moderator can still take back."""
    if not within:
        return None
    mine = Decision.objects.filter(
        community_id=community_id,
        decided_by_id=member_id,
        decided_at__gt=now - within,
        told_at=None,
        reversed_at=None,
        corrects=None,
        case__state=CaseState.DECIDED.value,
    )
    decision = mine.select_related("case__item").order_by("-pk").first()
    if decision is None or Appeal.objects.filter(decision=decision).exists():
        return None
    return Undoable(
        decision_id=decision.pk,
        case_id=decision.case_id,
        action=Action(decision.action),
        until=decision.decided_at + within,
        seen=case_seen(decision.case).encode(),
    )


def case_of_decision(*, community_id: int, decision_id: int) -> int | None:
    """The case that a decision is of."""
    rows = Decision.objects.filter(community_id=community_id, pk=decision_id)
    return rows.values_list("case_id", flat=True).first()


def _handles(community_id: int, member_ids: "set[int] | list[int]") -> dict[int, str]:
    return dict(Profile.objects.filter(community_id=community_id, pk__in=member_ids).values_list("pk", "handle"))
