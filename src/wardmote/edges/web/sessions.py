"""Sessions: fourteen days for who is signed in; for strangers small, short-lived, and no more than so many.

A stranger has one only while something is under way: an address that is being verified, a passkey that is asked for.
Whoever signs in takes nothing of it along but what signing in is about: somebody else may have put it there.
"""

import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone

from wardmote.edges.web.errors import is_full_disk

log = logging.getLogger(__name__)

STRANGER_SECONDS = 3_600
STRANGER_BYTES = 4_000
STRANGERS = 10_000
"""Sessions of strangers at the same time; past that the oldest end."""
COME_BY = "come_by"
"""Where a session keeps the link by which somebody was invited; it is anybody's who has it."""
SIGN_UP = "sign_up"
"""Where a session keeps what is to happen once the address is verified; taken out right after signing in."""
_TAKEN_ALONG = {SIGN_UP, COME_BY, "account_authentication_methods", "account_authentication_methods_user"}
"""The other two are allauth's: how one has signed in just now, and as whom."""
_EVERY = 100
"""So many new ones of strangers until somebody counts, on average."""


class SessionStore(db.SessionStore):
    """Django's sessions in the database, within bounds."""

    def get_session_cookie_age(self) -> int:
        """Seconds that it lives, for the cookie and the row."""
        return STRANGER_SECONDS if self._is_strangers() else settings.SESSION_COOKIE_AGE

    def encode(self, session_dict: dict[str, object]) -> str:
        """As Django does; raises SuspiciousOperation where a stranger would have us keep too much."""
        text: str = super().encode(session_dict)
        if SESSION_KEY not in session_dict and len(text) > STRANGER_BYTES:
            raise SuspiciousOperation("too large a session for a stranger")
        return text

    def save(self, must_create: bool = False) -> None:
        """A full disk keeps nobody from reading: what a page would have noted by the way is then not kept."""
        if must_create and self._is_strangers() and secrets.randbelow(_EVERY) == 0:
            clear()
        try:
            super().save(must_create=must_create)
        except UpdateError as error:
            if not is_full_disk(error.__context__):
                raise
            log.warning("a session was not kept: the disk is full")

    def cycle_key(self) -> None:
        """A new key; where a stranger signs in, for little more than an empty session."""
        if SESSION_KEY not in self:
            for name in set(self.keys()) - _TAKEN_ALONG:
                del self[name]
        super().cycle_key()

    def _is_strangers(self) -> bool:
        # Not by loading it: one that is being made is not there yet.
        return SESSION_KEY not in getattr(self, "_session_cache", {})


def clear() -> int:
    """Remove what has expired, and the strangers' oldest where they are too many; gives how many."""
    now = timezone.now()
    sessions = db.SessionStore.get_model_class().objects
    gone, _rows = sessions.filter(expire_date__lt=now).delete()
    # A signed-in one in its last hour counts among them: it ends a little sooner, and only under an attack.
    strangers = sessions.filter(expire_date__lte=now + timedelta(seconds=STRANGER_SECONDS))
    over = strangers.count() - STRANGERS
    if over > 0:
        last = strangers.order_by("expire_date").values_list("expire_date", flat=True)[over - 1]
        more, _rows = strangers.filter(expire_date__lte=last).delete()
        gone += more
    return gone
