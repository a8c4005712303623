"""Keys of the moderation API: what they open, how they are kept, and how much they may use. Pure."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from wardmote.kernel.errors import Invalid
from wardmote.kernel.hosts import ascii_host
from wardmote.kernel.i18n import gettext as _

KEY_MARK = "wm_"
"""Every key begins so: whoever finds one in a file knows what it opens."""
SHOWN = 8
"""Characters of a key that are kept in the clear, to tell it from its owner's others."""
REQUESTS_PER_MINUTE = 600
TEXTS_PER_DAY = 100_000
CHARACTERS_EACH = 1_000
"""Characters that a key may send for each request a minute, and for each text a day, that it is granted."""
CHARACTERS_LEAST = 60_000
"""Characters a minute, and a day, that every key may send: one long text."""
KEYS_OF_A_COMMUNITY = 20
"""How many keys an owner may have in use; the limits of each are at most the two above. The host may give more."""


class Scope(StrEnum):
    """What a key opens."""

    ANALYZE = "analyze"
    MODERATE = "moderate"
    SCREEN = "screen"
    EVENTS = "events"


class WayIn(StrEnum):
    """How somebody is let into a community from the host's page."""

    ASKED = "asked"
    """Whoever is signed in there, after a question."""
    DEMO = "demo"
    """One of a demonstration's cast, with one click."""


class Window(StrEnum):
    """Over what time something is counted, and what: requests, texts, characters. All begin on the clock, in UTC."""

    MINUTE = "minute"
    DAY = "day"
    MINUTE_CHARACTERS = "minute_ch"
    DAY_CHARACTERS = "day_ch"

    @property
    def _is_minute(self) -> bool:
        return self in (Window.MINUTE, Window.MINUTE_CHARACTERS)

    def begin(self, now: datetime) -> datetime:
        """The start of the window that `now` is in."""
        utc = now.astimezone(UTC)
        if self._is_minute:
            return utc.replace(second=0, microsecond=0)
        return utc.replace(hour=0, minute=0, second=0, microsecond=0)

    def seconds_left(self, now: datetime) -> float:
        """How long until the next one begins."""
        length = timedelta(minutes=1) if self._is_minute else timedelta(days=1)
        return (self.begin(now) + length - now).total_seconds()


@dataclass(frozen=True, slots=True)
class Terms:
    """A key without its secret. A limit of 0 is no limit. `realm`: the URN of the one community it is for, or empty."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    requests_per_minute: int = REQUESTS_PER_MINUTE
    texts_per_day: int = TEXTS_PER_DAY
    realm: str = ""

    @property
    def characters_per_minute(self) -> int:
        """How many characters of text may be sent; 0: no limit."""
        return max(CHARACTERS_EACH * self.requests_per_minute, CHARACTERS_LEAST) if self.requests_per_minute else 0

    @property
    def characters_per_day(self) -> int:
        """The same for a day."""
        return max(CHARACTERS_EACH * self.texts_per_day, CHARACTERS_LEAST) if self.texts_per_day else 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit, and for how long; `granted` is false where it did not suffice."""

    limit: int
    left: int
    seconds: float
    granted: bool = True


WAY_BACK = timedelta(days=7)
"""How long the mail to a former address can take the login back; what was added to sign in with since as long before
the change is taken to be the intruder's."""
HAND_OFF = timedelta(minutes=1)
"""Between leaving the host's page and arriving in a community."""
KEEP_UNVERIFIED = timedelta(days=1)
"""How long a login waits for its first code."""
KEEP_LETTERS = timedelta(days=1)
"""Unsent mail about a login is worth nothing after that: its codes and links have run out."""

ADDRESS_LIMIT = 254
_BOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def clean_address(raw: str) -> str:
    """A mail address as it is kept: a plain box name, and its domain in ASCII (IDNA 2008, as browsers have it).

    Raises Invalid for anything else: a line break, a second address, a quoted box, a box that is not ASCII.
    """
    box, at, domain = raw.strip().rpartition("@")
    try:
        plain = ascii_host(domain)
    except Invalid:
        plain = ""
    address = f"{box}@{plain}"
    if not at or not 0 < len(box) <= 64 or not _BOX.fullmatch(box) or "." not in plain or len(address) > ADDRESS_LIMIT:
        raise Invalid(
            _("This is not a mail address that we can write to. It looks like name@example.org."), field="address"
        )
    return address


def mailbox_of(address: str) -> str:
    """What mails to one box are counted by, however its address is written: lower case, without `+anything`."""
    box, _at, domain = address.lower().rpartition("@")
    return f"{box.partition('+')[0] or box}@{domain}"


def new_secret() -> str:
    """A new key: 43 random characters behind the mark. It is shown once and kept nowhere."""
    return KEY_MARK + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a key, or of a token in a link: SHA-256 in hex. It is so random that nothing slower is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
