"""Which decisions can be made, and what follows from those that hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action
from wardmote.kernel.errors import Invalid, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.moderation.policy import APPEAL_WINDOW, REASON_LIMIT, SELF_HARM, SUSPENSIONS
from wardmote.network.policy import Judgement, Visibility


def check_decision(action: Action, *, has_clause: bool, reason: str, days: int | None, lasting: bool = False) -> None:
    """Refuse a decision that could not be explained to the author. `lasting`: a suspension without an end."""
    if action is Action.NONE:
        if days is not None:
            raise Invalid(_("No action has no end."), field="days")
    elif not has_clause:
        raise Invalid(_("Choose the clause that was broken."), field="clause")
    if action is Action.SUSPEND and not lasting and days not in SUSPENSIONS:
        *some, last = map(str, SUSPENSIONS)
        span = {"days": ", ".join(some), "last": last}
        raise Invalid(_("A suspension lasts %(days)s or %(last)s days.") % span, field="days")
    if action is not Action.SUSPEND and days is not None:
        raise Invalid(_("Only a suspension has a length."), field="days")
    if action is not Action.NONE and is_blank(reason):
        raise Invalid(_("Say in a sentence why; the author reads it."), field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid(too_long(len(reason), REASON_LIMIT), field="reason")


def check_kindness(category: str, action: Action) -> None:
    """Refuse to hold it against somebody that they speak of harming themselves."""
    if category == SELF_HARM and action in (Action.WARN, Action.SUSPEND):
        raise Refused(_("Nobody is warned or suspended for speaking of harming themselves; their page leads to help."))


def check_note(note: str) -> None:
    """Refuse a locked case's note that is empty or too long: whoever looks later must know what was done."""
    if is_blank(note):
        raise Invalid(_("Say in a sentence what you found, and whom you told."), field="note")
    if len(note) > REASON_LIMIT:
        raise Invalid(too_long(len(note), REASON_LIMIT), field="note")


_VISIBILITY_OF = {
    Action.LABEL: Visibility.PUBLIC,
    Action.HIDE: Visibility.HIDDEN,
    Action.REMOVE: Visibility.REMOVED,
    Action.SUSPEND: Visibility.REMOVED,
}
"""What an action makes of the content. A warning leaves it as it is; a suspension takes it down too."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision that has not been reversed, as far as it matters for what follows from it."""

    action: Action
    clause_title: str
    until: datetime | None


def judgement_from(standing: Iterable[Standing], *, is_held: bool, is_covered: bool = False) -> Judgement:
    """What follows for a text from the decisions not reversed, oldest first: the last that touches it; none: public.

    `is_held`: an open case holds it. Whatever else was decided, nobody reads it then until that case is. `is_covered`:
    the same for what is covered, except that everybody sees that it is there.
    """
    judgement = Judgement(Visibility.PUBLIC)
    for decision in standing:
        if decision.action in _VISIBILITY_OF:
            judgement = Judgement(_VISIBILITY_OF[decision.action], decision.clause_title)
    if is_held and judgement.visibility is not Visibility.REMOVED:
        return Judgement(Visibility.HELD, judgement.label)
    if is_covered and judgement.visibility is not Visibility.REMOVED:
        return Judgement(Visibility.COVERED, judgement.label)
    return judgement


def suspension_from(standing: Iterable[Standing], *, now: datetime) -> datetime | None:
    """Until when an account is suspended by the decisions that were not reversed; None when by none."""
    ends = [d.until for d in standing if d.action is Action.SUSPEND and d.until is not None and d.until > now]
    return max(ends, default=None)


def may_appeal(*, action: Action, decided_at: datetime, now: datetime) -> bool:
    """Every measure can be appealed for six months."""
    return action is not Action.NONE and now < decided_at + APPEAL_WINDOW
