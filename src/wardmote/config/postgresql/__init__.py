"""Django's PostgreSQL backend, with a time for every answer."""

import threading

PAGE_SECONDS = 15
WORK_SECONDS = 300
BOOKKEEPING_SECONDS = 30
PATIENT_SECONDS = 3600
"""For a migration, a backup, an import: one statement may take long by rights."""

_thread = threading.local()
_seconds: float = PATIENT_SECONDS


def answer_within(seconds: float) -> None:
    """Called once, at the start of a process: how long it waits for any one answer of the database."""
    global _seconds  # noqa: PLW0603 - a property of the process: connections are made in every thread of it
    _seconds = seconds


def this_thread_within(seconds: float) -> None:
    """The same for the connection of this thread alone, before it is made."""
    _thread.seconds = seconds


def patience() -> float:
    """Seconds for one answer in this thread."""
    return getattr(_thread, "seconds", _seconds)
