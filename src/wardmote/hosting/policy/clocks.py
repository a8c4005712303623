"""A clock that can stand still, be given more time, and never runs backwards. Pure.

It keeps the time it has run until it last stood still, so that a pause takes nothing back and a credit, which is how
the host's own outage reaches a customer's clock, only ever moves the deadline away.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Clock:
    """`ran`: the time counted before `running_since`, which is None while the clock stands still."""

    started_at: datetime
    length: timedelta
    ran: timedelta = _NONE
    running_since: datetime | None = None

    @classmethod
    def start(cls, now: datetime, length: timedelta) -> Self:
        """A clock that begins to run."""
        return cls(now, length, _NONE, now)

    @property
    def paused(self) -> bool:
        return self.running_since is None

    @property
    def due_at(self) -> datetime | None:
        """When it runs out if it is left to run; None while it stands still."""
        return None if self.running_since is None else self.running_since + self.length - self.ran

    def elapsed(self, now: datetime) -> timedelta:
        """How long it has run. A `now` before it was set going counts as that moment."""
        return self.ran if self.running_since is None else self.ran + max(now - self.running_since, _NONE)

    def remaining(self, now: datetime) -> timedelta:
        """How long it still has; negative once it is late."""
        return self.length - self.elapsed(now)

    def lapsed(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.remaining(now) <= _NONE

    def pause(self, now: datetime) -> Self:
        """Stop from now on; a stopped clock stays as it is."""
        return self if self.paused else replace(self, ran=self.elapsed(now), running_since=None)

    def resume(self, now: datetime) -> Self:
        """Run on from now; a clock that runs already stays as it is."""
        return replace(self, running_since=now) if self.paused else self

    def credit(self, more: timedelta) -> Self:
        """Give more time."""
        if more < _NONE:
            raise Invalid(_("Time that was given is not taken back."), field="hours")
        return replace(self, length=self.length + more)

    def credit_outage(self, start: datetime, end: datetime) -> Self:
        """Give back what an outage of the host's took, `start` to `end`; in doubt in the customer's favour."""
        lost = max(end - max(start, self.started_at), _NONE)
        # Which part of it fell into a pause is not kept, but no more can have been lost than was counted.
        return self.credit(min(lost, self.ran) if self.paused else lost)


def check_outage(start: datetime, end: datetime, now: datetime) -> None:
    """Refuse an outage that cannot have been."""
    if not start < end:
        raise Invalid(_("An outage begins before it ends."), field="started_at")
    if end > now:
        raise Invalid(_("Note an outage once it is over: nobody knows yet how long it will last."), field="ended_at")


def check_extension(hours: int, extended_before: bool) -> None:
    """One extension a case, of at most a week."""
    if extended_before:
        raise Conflict(_("This case was given an extension already; the ladder allows one."))
    if not 1 <= hours <= 7 * 24:
        raise Invalid(_("An extension is between 1 and 168 hours."), field="hours")
