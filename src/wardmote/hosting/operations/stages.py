"""The one way in which a case changes its stage: by a step of the ladder, with everything that step needs."""

from datetime import datetime, timedelta

from django.db import transaction

from wardmote.hosting.models import Case, Clock
from wardmote.hosting.operations.clocks import end_clocks, start_clock
from wardmote.hosting.policy.facts import CaseFacts
from wardmote.hosting.policy.kinds import Stage
from wardmote.hosting.policy.ladder import CLOCK_OF, check_step
from wardmote.hosting.queries.facts import facts_of
from wardmote.hosting.queries.seen import seen_of
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json
from wardmote.record import operations as record


def locked_case(case_id: int, *, seen: str | None = None) -> Case:
    """The case, held until this transaction ends; NotFound where there is none.

    `seen` is what the page of whoever acts was made of (`queries.seen_of`): Conflict where it is another by now. None:
    nobody looks at a page.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("customer", "contract__policy")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise NotFound(_("There is no such case."))
    if seen is not None and seen != seen_of(case):
        raise Conflict(_("The case has changed since you opened this page. Nothing was done. Look again, then decide."))
    return case


@transaction.atomic
def move_case(
    *, case: Case, to: Stage, actor: Urn, reason: str = "", hours: int | None = None, now: datetime
) -> CaseFacts:
    """Take a step; Refused with everything that is missing. `hours` is the new stage's own deadline, if not the terms'.

    Gives what the case was before. The case must be locked.
    """
    facts = facts_of(case)
    check_step(facts, to, now)
    case.stage, case.entered_at = to.value, now
    case.save(update_fields=["stage", "entered_at"])
    running = Clock.objects.filter(case=case, ended_at=None)
    end_clocks(running if to.final else running.filter(item=None), now=now)
    name = CLOCK_OF.get(to)
    if name is not None:
        length = facts.terms.length(name) if hours is None else timedelta(hours=hours)
        start_clock(case=case, name=name, length=length, now=now)
    record_case(case, verb=f"host_case.{to}", actor=actor, facts={"from": facts.stage.value, "reason": reason}, now=now)
    return facts


def record_case(case: Case, *, verb: str, actor: Urn, facts: dict[str, Json], now: datetime) -> None:
    """An entry about a case."""
    record.append(now=now, actor=actor, verb=verb, subject=case.urn, community=case.customer.community_urn, facts=facts)


def check_reason(reason: str) -> str:
    """A step that a person takes has a reason, of at most 2,000 characters."""
    words = reason.strip()
    if is_blank(words):
        raise Invalid(_("Say in a sentence why; it stands on the record."), field="reason")
    if len(words) > 2000:
        raise Invalid(
            too_long(len(words), 2000),
            field="reason",
        )
    return words
