"""A case's ladder as the page draws it: the stages it went through, and what each next step still needs."""

from dataclasses import dataclass
from datetime import datetime

from django import forms

from wardmote.edges.console.hosts import labels
from wardmote.edges.console.hosts.forms import EvidenceForm
from wardmote.hosting import queries
from wardmote.hosting.policy import Stage

_RECORDED_AT = frozenset({Stage.WARNED, Stage.RESTRICTED, Stage.SUSPENSION_PROPOSED})
"""Before a warning there is nothing to weigh."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage that the case reached, when, and by which entry of the record; the last one is its present one."""

    name: object
    at: datetime
    entry_index: int | None
    sentence: str
    current: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Where the ladder leads: `missing` is the checklist of what is not met; `how` tells who or what takes the step."""

    to: Stage
    name: object
    ready: bool
    missing: tuple[str, ...]
    by_hand: bool


def rungs(case: queries.CaseView) -> list[Rung]:
    """The stages in the order in which the case entered them."""
    entered = {"host_case.opened": Stage.OPEN, **{f"host_case.{stage}": stage for stage in Stage}}
    reached = [(row, entered[row.verb]) for row in case.timeline if row.verb in entered]
    last = len(reached) - 1
    return [
        Rung(labels.STAGES[stage], row.at, row.entry_index, row.sentence, current=number == last)
        for number, (row, stage) in enumerate(reached)
    ]


def steps(case: queries.CaseView) -> list[Step]:
    """Every step that the ladder has from here."""
    return [Step(move.to, labels.STAGES[move.to], move.ready, move.missing, move.by_hand) for move in case.moves]


def checklist(
    case: queries.CaseView, tried: forms.Form | None
) -> list[tuple[queries.PreconditionView, EvidenceForm | None]]:
    """The eleven preconditions, each with the form for its record where staff write one; `tried` as it was typed."""
    rows: list[tuple[queries.PreconditionView, EvidenceForm | None]] = []
    for view in case.preconditions:
        about = view.precondition
        form = None
        if isinstance(tried, EvidenceForm) and tried.about is about:
            form = tried
        elif about.parts and case.stage in _RECORDED_AT:
            form = EvidenceForm(about=about, initial={"precondition": about}, auto_id=f"{about}_%s")
        rows.append((view, form))
    return rows
