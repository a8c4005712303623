"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """A `fault` keeps people from something; a `warning` will, or may."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found and, unless all is well, what mends it."""

    check: str
    state: State
    found: str
    mend: str = ""


def ok(check: str, found: str) -> Finding:
    return Finding(check, State.OK, found)


def warning(check: str, found: str, mend: str) -> Finding:
    return Finding(check, State.WARNING, found, mend)


def fault(check: str, found: str, mend: str) -> Finding:
    return Finding(check, State.FAULT, found, mend)
