"""Handles: the one rule of how a member is addressed. Stored in lower case; upper case is taken as the same.

`STORED` and `WRITTEN` are parts of regular expressions: a handle as it is kept, and as it may be in a text or an
address.
"""

import re

from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _

LIMIT = 30
TYPED_LIMIT = LIMIT + 1
"""Characters that a field takes: the handle, and an @ before it."""
STORED = f"[a-z0-9_]{{1,{LIMIT}}}"
WRITTEN = f"[A-Za-z0-9_]{{1,{LIMIT}}}"
_STORED = re.compile(STORED)


def is_handle(text: str) -> bool:
    """Whether it is a handle as stored."""
    return _STORED.fullmatch(text) is not None


def clean_handle(raw: str) -> str:
    """A handle as stored, of one as typed, with or without the @. Raises Invalid, with one sentence, for no handle."""
    handle = raw.strip().removeprefix("@").lower()
    if not is_handle(handle):
        raise Invalid(_("A handle has 1 to 30 letters a to z, digits or underscores."), field="handle")
    return handle


def handle_like(name: str) -> str:
    """A handle made of a name: what cannot be in one is an underscore."""
    return re.sub(r"[^a-z0-9_]", "_", name.lower())[:LIMIT]


def gone_handle(member_id: int) -> str:
    """What is left of an erased handle: a number, so that nobody takes it."""
    return f"gone_{member_id:x}"[:LIMIT]
