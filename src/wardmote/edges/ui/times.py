"""Moments and spans of time in words."""

from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardmote.kernel import i18n

Urgency = Literal["", "warn", "danger"]
_WARN_SHARE = 0.25
_WARN_AT_MOST = timedelta(hours=24)


def length(delta: timedelta) -> str:
    """`4 min`, `3 h`, `2 d`: the largest unit that fits, rounded down; never negative."""
    seconds = max(0, int(delta.total_seconds()))
    if seconds < 60:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    if seconds < 86_400:
        return _("%(n)d h") % {"n": seconds // 3600}
    return ngettext("%(n)d day", "%(n)d days", seconds // 86_400) % {"n": seconds // 86_400}


def absolute(moment: datetime) -> str:
    """`22 November 2026, 21:40 UTC`."""
    return i18n.moment(moment)


def day(moment: date) -> str:
    """`22 November 2026`."""
    return date_format(moment, _("j F Y"))


def short_day(moment: date) -> str:
    """`22 Nov`."""
    return date_format(moment, _("j M"))


def relative(moment: datetime, now: datetime) -> str:
    """`now`, `4 min`, `3 h`, `2 days`, and from a week on the date itself."""
    age = now - moment
    if age >= timedelta(days=7) or age < -timedelta(minutes=1):
        # Translators: a day without and with its year, in the letters of Django's `date` filter.
        return date_format(moment, _("j M") if moment.year == now.year else _("j M Y"))
    return _("now") if age < timedelta(minutes=1) else length(age)


def due_in(due: datetime, now: datetime, since: datetime | None) -> tuple[str, Urgency]:
    """What a clock chip says of something due, and how urgent it is.

    It warns in the last quarter of the time (at most the last day), and is in danger once late.
    """
    left = due - now
    if left < timedelta(0):
        return _("late by %(time)s") % {"time": length(-left)}, "danger"
    whole = due - since if since else _WARN_AT_MOST * 4
    urgency: Urgency = "warn" if left <= min(whole * _WARN_SHARE, _WARN_AT_MOST) else ""
    return _("due in %(time)s") % {"time": length(left)}, urgency
