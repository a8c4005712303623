"""The ladder: which stage may follow which, and what must be so before it does. Pure; the clock is handed in.

The table is `STEPS`. A step that is not in it does not exist, and one that is needs everything it names. Time alone
moves a case to `unanswered` and to `recheck`; people do the rest, and nothing suspends by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from wardmote.hosting.policy.clocks import Clock
from wardmote.hosting.policy.facts import CaseFacts, Timed
from wardmote.hosting.policy.kinds import ClockName, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.preconditions import APPROVERS, TO_PROPOSE, Precondition, missing
from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import noted


class Need(StrEnum):
    """What a step asks for; `sentence` is what a person reads who may not take it yet."""

    NOTICE = "notice"
    ANSWER = "answer"
    SILENCE = "silence"
    SECOND_CHANNEL = "second_channel"
    CURE_OR_CLAIM = "cure_or_claim"
    DISPUTE = "dispute"
    NO_DISPUTE = "no_dispute"
    SETTLED = "settled"
    STILL_UP = "still_up"
    WARNING = "warning"
    PLAN = "plan"
    WARNING_OVER = "warning_over"
    RESTRICTION = "restriction"
    MILESTONE_OVER = "milestone_over"
    RESTRICTION_OVER = "restriction_over"
    PRECONDITIONS = "preconditions"
    PROPOSAL = "proposal"
    REPLY_HEARD = "reply_heard"
    NO_PROPOSAL = "no_proposal"
    RETURN_PROVEN = "return_proven"
    OTHER_SIGN_OFFS = "other_sign_offs"
    PROBATION_OVER = "probation_over"

    @property
    def sentence(self) -> str:
        return _(_SENTENCES[self])


_SENTENCES = {
    Need.NOTICE: noted("A notice must be delivered."),
    Need.ANSWER: noted("Somebody at the customer must answer."),
    Need.SILENCE: noted("The time to acknowledge must be over without an answer."),
    Need.SECOND_CHANNEL: noted("A reminder by a second channel must be delivered, and its time be over."),
    Need.CURE_OR_CLAIM: noted("The time to cure must be over for an item, or its removal be claimed."),
    Need.DISPUTE: noted("An item must be in dispute."),
    Need.NO_DISPUTE: noted("No dispute may be undecided."),
    Need.SETTLED: noted("Every item must be gone, by the checks, or withdrawn."),
    Need.STILL_UP: noted("Enough items must be seen standing after their time to cure."),
    Need.WARNING: noted("A warning that names the breach must be delivered."),
    Need.PLAN: noted("The customer must have sent a plan."),
    Need.WARNING_OVER: noted("The warning's time must be over."),
    Need.RESTRICTION: noted("A letter that names the restriction and its end must be delivered."),
    Need.MILESTONE_OVER: noted("The time of the plan's milestone must be over."),
    Need.RESTRICTION_OVER: noted("The restriction's time must be over."),
    Need.PRECONDITIONS: noted("Every precondition of a suspension must hold."),
    Need.PROPOSAL: noted("The proposal must be delivered to the customer."),
    Need.REPLY_HEARD: noted("The time to reply to the proposal must be over."),
    Need.NO_PROPOSAL: noted("The proposal must be withdrawn."),
    Need.RETURN_PROVEN: noted("The conditions for return must be shown to be met."),
    Need.OTHER_SIGN_OFFS: noted("Two people must approve who neither opened the case nor approved the suspension."),
    Need.PROBATION_OVER: noted("The probation must be over."),
}

STEPS: Mapping[tuple[Stage, Stage], tuple[Need, ...]] = {
    (Stage.OPEN, Stage.NOTIFIED): (Need.NOTICE,),
    (Stage.OPEN, Stage.REJECTED): (),
    (Stage.NOTIFIED, Stage.ACKNOWLEDGED): (Need.ANSWER,),
    (Stage.NOTIFIED, Stage.UNANSWERED): (Need.SILENCE,),
    (Stage.UNANSWERED, Stage.ACKNOWLEDGED): (Need.ANSWER,),
    (Stage.UNANSWERED, Stage.WARNED): (Need.SECOND_CHANNEL, Need.STILL_UP, Need.NO_DISPUTE, Need.WARNING),
    (Stage.ACKNOWLEDGED, Stage.RECHECK): (Need.CURE_OR_CLAIM,),
    (Stage.RECHECK, Stage.CLOSED): (Need.SETTLED,),
    (Stage.RECHECK, Stage.DISPUTED): (Need.DISPUTE,),
    (Stage.RECHECK, Stage.WARNED): (Need.STILL_UP, Need.NO_DISPUTE, Need.WARNING),
    (Stage.DISPUTED, Stage.RECHECK): (Need.NO_DISPUTE,),
    (Stage.DISPUTED, Stage.CLOSED): (Need.NO_DISPUTE, Need.SETTLED),
    (Stage.WARNED, Stage.PLAN): (Need.PLAN,),
    (Stage.WARNED, Stage.RESTRICTED): (Need.WARNING_OVER, Need.RESTRICTION),
    (Stage.PLAN, Stage.CLOSED): (Need.SETTLED,),
    (Stage.PLAN, Stage.RESTRICTED): (Need.MILESTONE_OVER, Need.RESTRICTION),
    (Stage.RESTRICTED, Stage.WARNED): (Need.RESTRICTION_OVER,),
    (Stage.RESTRICTED, Stage.SUSPENSION_PROPOSED): (Need.PRECONDITIONS, Need.PROPOSAL),
    (Stage.SUSPENSION_PROPOSED, Stage.SUSPENDED): (Need.REPLY_HEARD, Need.PRECONDITIONS),
    (Stage.SUSPENSION_PROPOSED, Stage.RESTRICTED): (Need.NO_PROPOSAL,),
    (Stage.SUSPENDED, Stage.REINSTATED): (Need.RETURN_PROVEN,),
    (Stage.SUSPENDED, Stage.TERMINATED): (Need.OTHER_SIGN_OFFS,),
    (Stage.REINSTATED, Stage.CLOSED): (Need.PROBATION_OVER,),
    (Stage.REINSTATED, Stage.WARNED): (Need.STILL_UP, Need.NO_DISPUTE, Need.WARNING),
}
"""(from, to) -> what must be so. A plan that a customer sends while restricted leads back by `warned`."""

BY_HAND = frozenset({Stage.REJECTED, Stage.UNANSWERED, Stage.RECHECK, Stage.PLAN, Stage.WARNED, Stage.CLOSED})
"""Where one of the staff may lead a case; to everywhere else only a letter, an answer or a decision of two leads."""

CLOCK_OF: Mapping[Stage, ClockName] = {
    Stage.OPEN: ClockName.TRIAGE,
    Stage.NOTIFIED: ClockName.ACKNOWLEDGE,
    Stage.UNANSWERED: ClockName.SECOND_CHANNEL,
    Stage.WARNED: ClockName.WARNING,
    Stage.PLAN: ClockName.MILESTONE,
    Stage.RESTRICTED: ClockName.RESTRICTION,
    Stage.SUSPENSION_PROPOSED: ClockName.REPLY,
    Stage.SUSPENDED: ClockName.SUSPENSION_REVIEW,
    Stage.REINSTATED: ClockName.PROBATION,
    Stage.TERMINATED: ClockName.EXPORT,
}
"""The clock that begins with a stage and ends with it. A case in `acknowledged` waits for its items' own clocks."""


def lacking(facts: CaseFacts, to: Stage, now: datetime) -> tuple[str, ...]:
    """The sentences of what is missing for a step; Refused where the ladder has no such step."""
    needs = STEPS.get((facts.stage, to))
    if needs is None:
        wrong = _("The ladder has no step from “%(stage)s” to “%(to)s”.")
        raise Refused(wrong % {"stage": _named(facts.stage), "to": _named(to)})
    sentences: list[str] = []
    for need in needs:
        if need is Need.PRECONDITIONS:
            among = TO_PROPOSE if to is Stage.SUSPENSION_PROPOSED else tuple(Precondition)
            sentences += [
                f"({m.precondition.number}) {m.precondition.sentence[:-1]}: {m.why}."
                for m in missing(facts, now, among=among)
            ]
        elif not _MET[need](facts, now):
            sentences.append(need.sentence)
    return tuple(sentences)


def _named(stage: Stage) -> str:
    # The desk's own names for the stages are in the catalogue in this shape.
    return _(stage.replace("_", " ").capitalize())


def check_step(facts: CaseFacts, to: Stage, now: datetime) -> None:
    """Refused, with everything that is missing, unless the case may go there now."""
    if sentences := lacking(facts, to, now):
        raise Refused(" ".join(sentences))


def may_step(facts: CaseFacts, to: Stage, now: datetime) -> bool:
    """Whether the case may go there now."""
    return (facts.stage, to) in STEPS and not lacking(facts, to, now)


def enter(facts: CaseFacts, to: Stage, now: datetime) -> CaseFacts:
    """The case one step on: the old stage's clock ends, the new one's begins. The step is checked first."""
    check_step(facts, to, now)
    ended = tuple(replace(t, ended_at=now) if t.item is None and t.ended_at is None else t for t in facts.clocks)
    name = CLOCK_OF.get(to)
    begun = () if name is None else (Timed(name, Clock.start(now, facts.terms.length(name))),)
    return replace(facts, stage=to, entered_at=now, clocks=ended + begun)


def next_stages(stage: Stage) -> tuple[Stage, ...]:
    """Where the ladder leads from here."""
    return tuple(to for from_, to in STEPS if from_ is stage)


def _over(facts: CaseFacts, name: ClockName, now: datetime) -> bool:
    timed = facts.running(name)
    return timed is not None and timed.over(now)


def _cure_or_claim(facts: CaseFacts, now: datetime) -> bool:
    return any(
        item.removal_claimed or ((timed := facts.cure(item.urn)) is not None and timed.over(now))
        for item in facts.items
    )


def _second_channel(facts: CaseFacts, now: datetime) -> bool:
    return bool(facts.delivered(NoticeKind.REMINDER)) and _over(facts, ClockName.SECOND_CHANNEL, now)


def _since_stage(facts: CaseFacts, kind: NoticeKind) -> bool:
    """The letter that brings a stage about was delivered after the case last entered the stage it leaves."""
    return any(n.delivered_at >= facts.entered_at for n in facts.delivered(kind))


def _other_sign_offs(facts: CaseFacts, _now: datetime) -> bool:
    proposal = facts.proposal
    if proposal is None or proposal.kind is not ProposalKind.TERMINATION or not proposal.complete:
        return False
    return len(set(proposal.approvers) - {facts.opened_by, *facts.suspended_by}) >= APPROVERS


_MET: Mapping[Need, Callable[[CaseFacts, datetime], bool]] = {
    Need.NOTICE: lambda f, _now: bool(f.delivered(NoticeKind.NOTICE)),
    Need.ANSWER: lambda f, _now: f.answered_at is not None,
    Need.SILENCE: lambda f, now: f.answered_at is None and _over(f, ClockName.ACKNOWLEDGE, now),
    Need.SECOND_CHANNEL: _second_channel,
    Need.CURE_OR_CLAIM: _cure_or_claim,
    Need.DISPUTE: lambda f, _now: any(i.in_dispute for i in f.items),
    Need.NO_DISPUTE: lambda f, _now: not any(i.in_dispute for i in f.items),
    Need.SETTLED: lambda f, _now: all(i.status.settled for i in f.items),
    Need.STILL_UP: lambda f, now: len(f.overdue(now)) >= f.terms.still_up,
    Need.WARNING: lambda f, _now: _since_stage(f, NoticeKind.WARNING),
    Need.PLAN: lambda f, _now: f.plan_at is not None,
    Need.WARNING_OVER: lambda f, now: _over(f, ClockName.WARNING, now),
    Need.RESTRICTION: lambda f, _now: _since_stage(f, NoticeKind.RESTRICTION),
    Need.MILESTONE_OVER: lambda f, now: _over(f, ClockName.MILESTONE, now),
    Need.RESTRICTION_OVER: lambda f, now: _over(f, ClockName.RESTRICTION, now),
    Need.PROPOSAL: lambda f, _now: _since_stage(f, NoticeKind.PROPOSAL),
    Need.REPLY_HEARD: lambda f, now: _over(f, ClockName.REPLY, now),
    Need.NO_PROPOSAL: lambda f, _now: f.proposal is None,
    Need.RETURN_PROVEN: lambda f, _now: f.return_proven,
    Need.OTHER_SIGN_OFFS: _other_sign_offs,
    Need.PROBATION_OVER: lambda f, now: _over(f, ClockName.PROBATION, now),
}
