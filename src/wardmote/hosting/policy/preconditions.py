"""The eleven preconditions of a suspension: each is looked at, linked to what shows it, and missed by name. Pure.

After AWS v. Parler, and Article 23 of the Digital Services Act. What can be computed is; for the rest the host's staff
write a record with a reference. None is skipped, and one that is missing blocks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from wardmote.hosting.policy.facts import CaseFacts
from wardmote.hosting.policy.kinds import ClockName, NoticeKind
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import ngettext, noted
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn

FRESH = timedelta(hours=6)
APPROVERS = 2


class Precondition(StrEnum):
    """In the order of the ladder's list."""

    CONTRACT = "contract"
    NOTICES = "notices"
    DEADLINES = "deadlines"
    RECHECK = "recheck"
    MEASURES = "measures"
    LESSER_MEASURE = "lesser_measure"
    ANSWERS = "answers"
    DISPUTES = "disputes"
    APPROVERS = "approvers"
    COMPARABLE = "comparable"
    RETURN = "return"

    @property
    def number(self) -> int:
        """1 to 11."""
        return list(Precondition).index(self) + 1

    @property
    def sentence(self) -> str:
        """What must be so."""
        return _(_SENTENCES[self])

    @property
    def parts(self) -> tuple[str, ...]:
        """What a staff record must say, by name; nothing where a record cannot stand for the fact."""
        return _PARTS.get(self, ())


_SENTENCES = {
    Precondition.CONTRACT: noted("The clause stands in a version of the policy that the customer accepted."),
    Precondition.NOTICES: noted("Two or more notices were delivered, and one of them names the breach."),
    Precondition.DEADLINES: noted("Every deadline that was set is over."),
    Precondition.RECHECK: noted("A check of the last six hours shows enough items still standing."),
    Precondition.MEASURES: noted("Number, proportion, gravity and intention were weighed (Article 23 DSA)."),
    Precondition.LESSER_MEASURE: noted("A lesser measure was tried, or is shown to be unfit."),
    Precondition.ANSWERS: noted("The customer's answers, plan and backlog were assessed."),
    Precondition.DISPUTES: noted("No dispute about an item relied on is undecided."),
    Precondition.APPROVERS: noted("Two people approved, neither of whom opened the case."),
    Precondition.COMPARABLE: noted("The treatment of comparable customers was looked at."),
    Precondition.RETURN: noted("The conditions for return and the plan for the data are written."),
}
_PARTS: Mapping[Precondition, tuple[str, ...]] = {
    Precondition.MEASURES: ("number", "proportion", "gravity", "intention"),
    Precondition.LESSER_MEASURE: ("measure", "why_unfit"),
    Precondition.ANSWERS: ("answers", "plan", "backlog"),
    Precondition.COMPARABLE: ("customers", "treatment"),
}
TO_PROPOSE = tuple(p for p in Precondition if p is not Precondition.APPROVERS)
"""What must hold before a suspension is proposed: all but the approvals, which are given to the proposal."""


@dataclass(frozen=True, slots=True)
class Met:
    """Whether a precondition holds, why (in a clause), and the subjects that show it."""

    precondition: Precondition
    met: bool
    why: str
    evidence: tuple[Urn, ...] = ()


def examine(facts: CaseFacts, now: datetime) -> tuple[Met, ...]:
    """All eleven, in order."""
    return tuple(_CHECKS[precondition](facts, now) for precondition in Precondition)


def missing(facts: CaseFacts, now: datetime, *, among: tuple[Precondition, ...] = tuple(Precondition)) -> list[Met]:
    """Those that do not hold."""
    return [m for m in examine(facts, now) if m.precondition in among and not m.met]


def check_record(precondition: Precondition, parts: Mapping[str, str], reference: str) -> None:
    """Refuse a staff record that says less than it must, or that points at nothing."""
    if not precondition.parts:
        raise Invalid(
            _("This is computed from the record and cannot be written: %(sentence)s")
            % {"sentence": precondition.sentence},
            field="parts",
        )
    if lacking := [name for name in precondition.parts if is_blank(parts.get(name, ""))]:
        raise Invalid(_("The record says nothing about: %(names)s.") % {"names": ", ".join(lacking)}, field=lacking[0])
    if unknown := parts.keys() - set(precondition.parts):
        raise Invalid(_("Nothing was asked about: %(names)s.") % {"names": ", ".join(sorted(unknown))}, field="parts")
    if is_blank(reference):
        raise Invalid(_("Name the evidence: a document, a URN, a file with its hash."), field="reference")


def _met(precondition: Precondition, why: str, *evidence: Urn) -> Met:
    return Met(precondition, met=True, why=why, evidence=evidence)


def _unmet(precondition: Precondition, why: str, *evidence: Urn) -> Met:
    return Met(precondition, met=False, why=why, evidence=evidence)


def _contract(facts: CaseFacts, _now: datetime) -> Met:
    if not facts.accepted:
        return _unmet(Precondition.CONTRACT, _("the customer has not accepted the policy that the clauses stand in"))
    return _met(Precondition.CONTRACT, _("accepted"), *facts.accepted)


def _notices(facts: CaseFacts, _now: datetime) -> Met:
    told = facts.delivered(NoticeKind.NOTICE, NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.RESTRICTION)
    breach = any(notice.names_breach for notice in told)
    why = (
        _("%(count)d delivered, one names the breach") if breach else _("%(count)d delivered, none names the breach")
    ) % {"count": len(told)}
    say = _met if len(told) >= 2 and breach else _unmet
    return say(Precondition.NOTICES, why, *(n.urn for n in told))


def _deadlines(facts: CaseFacts, now: datetime) -> Met:
    relied_on = [item.urn for item in facts.items if item.status.up]
    cures = [facts.cure(item) for item in relied_on]
    # A plan that was accepted takes the place of the warning's time; whichever was set last must be over.
    warnings = [t for t in facts.clocks if t.name in (ClockName.WARNING, ClockName.MILESTONE)]
    last = max(warnings, key=lambda t: t.clock.started_at, default=None)
    if not relied_on or last is None:
        return _unmet(Precondition.DEADLINES, _("no time was set to cure an item and to answer a warning"))
    pending = [t for t in (*cures, last) if t is None or not t.over(now)]
    if pending:
        return _unmet(
            Precondition.DEADLINES,
            ngettext("%(count)d still runs", "%(count)d still run", len(pending)) % {"count": len(pending)},
            *relied_on,
        )
    return _met(Precondition.DEADLINES, _("%(count)d are over") % {"count": len(relied_on) + 1}, *relied_on)


def _recheck(facts: CaseFacts, now: datetime) -> Met:
    up = [i.urn for i in facts.items if i.status.up and i.up_at is not None and now - i.up_at < FRESH]
    why = _("%(count)d seen standing in the last six hours, %(needed)d needed") % {
        "count": len(up),
        "needed": facts.terms.still_up,
    }
    say = _met if len(up) >= facts.terms.still_up else _unmet
    return say(Precondition.RECHECK, why, *up)


def _recorded(precondition: Precondition, facts: CaseFacts) -> Met:
    record = facts.evidence.get(precondition.number)
    if record is None:
        return _unmet(precondition, _("nobody has recorded it"))
    return _met(precondition, _("recorded"), record.urn)


def _lesser_measure(facts: CaseFacts, _now: datetime) -> Met:
    if facts.restrictions:
        return _met(Precondition.LESSER_MEASURE, _("a restriction was tried"), *facts.restrictions)
    return _recorded(Precondition.LESSER_MEASURE, facts)


def _answers(facts: CaseFacts, _now: datetime) -> Met:
    record = facts.evidence.get(Precondition.ANSWERS.number)
    if record is not None and facts.answered_at is not None and record.recorded_at < facts.answered_at:
        return _unmet(Precondition.ANSWERS, _("an answer came in after they were assessed"), record.urn)
    met = _recorded(Precondition.ANSWERS, facts)
    return replace(met, evidence=met.evidence + facts.answered) if met.met else met


def _disputes(facts: CaseFacts, _now: datetime) -> Met:
    undecided = [i.urn for i in facts.items if i.in_dispute and not i.status.settled]
    if undecided:
        return _unmet(Precondition.DISPUTES, _("%(count)d undecided") % {"count": len(undecided)}, *undecided)
    return _met(Precondition.DISPUTES, _("none is undecided"))


def _approvers(facts: CaseFacts, _now: datetime) -> Met:
    if facts.proposal is None:
        return _unmet(Precondition.APPROVERS, _("nothing was proposed"))
    others = set(facts.proposal.approvers) - {facts.opened_by}
    say = _met if len(others) >= APPROVERS else _unmet
    return say(
        Precondition.APPROVERS,
        _("%(count)d of %(needed)d approved") % {"count": len(others), "needed": APPROVERS},
        facts.proposal.urn,
    )


def _return(facts: CaseFacts, _now: datetime) -> Met:
    if facts.proposal is None or not facts.proposal.complete:
        return _unmet(Precondition.RETURN, _("no proposal says how to return and what happens to the data"))
    return _met(Precondition.RETURN, _("written in the proposal"), facts.proposal.urn)


_CHECKS: Mapping[Precondition, Callable[[CaseFacts, datetime], Met]] = {
    Precondition.CONTRACT: _contract,
    Precondition.NOTICES: _notices,
    Precondition.DEADLINES: _deadlines,
    Precondition.RECHECK: _recheck,
    Precondition.MEASURES: lambda facts, _now: _recorded(Precondition.MEASURES, facts),
    Precondition.LESSER_MEASURE: _lesser_measure,
    Precondition.ANSWERS: _answers,
    Precondition.DISPUTES: _disputes,
    Precondition.APPROVERS: _approvers,
    Precondition.COMPARABLE: lambda facts, _now: _recorded(Precondition.COMPARABLE, facts),
    Precondition.RETURN: _return,
}
