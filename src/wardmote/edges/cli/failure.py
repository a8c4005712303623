"""How a command fails: one line, and a status."""

from wardmote.kernel.errors import WardmoteError

FAILED = 1
MISUSED = 2


class CannotStart(WardmoteError):
    """A command cannot do its work on this machine as things are; `str()` says what is in its way."""
