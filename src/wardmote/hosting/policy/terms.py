"""The numbers of the ladder: versioned and accepted with the acceptable-use policy, never a setting. Pure."""

from dataclasses import asdict, dataclass, fields
from datetime import timedelta

from wardmote.communities.policy import Severity
from wardmote.hosting.policy.kinds import ClockName
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.ledger import Json


@dataclass(frozen=True, slots=True)
class Terms:
    """Lengths in hours; `still_up` is how many items must be up before a warning, and before a suspension."""

    triage: int = 24
    triage_life: int = 1
    acknowledge: int = 24
    cure: int = 72
    cure_severe: int = 24
    second_channel: int = 24
    review: int = 48
    warning: int = 7 * 24
    milestone: int = 7 * 24
    restriction: int = 72
    reply: int = 30
    suspension_review: int = 7 * 24
    probation: int = 30 * 24
    export: int = 30 * 24
    still_up: int = 1

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or not 1 <= value <= 365 * 24:
                wrong = _("%(name)s is a whole number of hours, at least 1: not %(value)s")
                raise Invalid(wrong % {"name": field.name, "value": repr(value)}, field=field.name)
        if self.reply < 24:
            raise Invalid(
                _("Between the proposal of a suspension and the suspension lie at least 24 hours."), field="reply"
            )
        if self.cure_severe < 4 or self.cure < self.cure_severe:
            wrong = _("A cure takes at least 4 hours, and a severe breach no longer than another.")
            raise Invalid(wrong, field="cure")

    def length(self, clock: ClockName) -> timedelta:
        """How long the clock of that name runs, where nothing else is said."""
        return timedelta(hours=int(getattr(self, clock.value)))

    def cure_hours(self, severity: Severity) -> int:
        """How long a customer has to cure a breach of that severity."""
        return self.cure_severe if severity >= Severity.CRITICAL else self.cure

    def as_json(self) -> dict[str, Json]:
        return dict(asdict(self))
