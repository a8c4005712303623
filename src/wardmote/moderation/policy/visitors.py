"""Reports by visitors, who have no account: how many are taken, how long they wait, what they must say. Pure.

The law asks a notice for its reasons, the exact place, a name and an address, and good faith; for child sexual abuse
neither name nor address (Digital Services Act, Article 16).
"""

from dataclasses import dataclass
from datetime import timedelta

from wardmote.communities.policy import Severity
from wardmote.kernel.errors import TooOften
from wardmote.kernel.i18n import gettext as _
from wardmote.moderation.policy import APPEAL_WINDOW

KEEP_UNCONFIRMED = timedelta(days=3)
"""How long a report waits for its address to be confirmed; then nothing of it is kept."""
MAIL_EVERY = timedelta(minutes=3)
"""Between two mails to one box that nobody has confirmed."""
KEEP_CONTACTS = APPEAL_WINDOW
"""How long after the last decision a name and an address are kept: as long as somebody may come back to it."""
NAME_LIMIT = 120
UNADDRESSED_AT_MOST = Severity.MEDIUM
"""A report that nobody answers for never ranks above this, whatever it calls a thing."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`most` in `within`: of what waits unconfirmed, or of what was filed."""

    most: int
    within: timedelta

    def check(self, used: int, *, factor: int) -> None:
        """TooOften where it is used up; `factor` multiplies it, 0: nothing is counted."""
        if factor and used >= self.most * factor:
            seconds = int(self.within.total_seconds())
            raise TooOften(
                _("Too many reports have come in just now; nothing was saved. Please try again later."), seconds=seconds
            )


OF_BOX = Quota(6, timedelta(days=1))
"""Unconfirmed for one mail box, in all communities together: so many mails at most come to who asked for none."""
OF_ITEM = Quota(200, timedelta(days=1))
"""Unconfirmed about one thing. Many, for its author could use it up to keep others from reporting it."""
OF_ITEM_UNADDRESSED = Quota(20, timedelta(days=1))
OF_COMMUNITY = Quota(300, timedelta(hours=1))
OF_CONTACT = Quota(30, timedelta(days=1))
"""Filed by one confirmed address."""
