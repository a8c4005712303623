import threading

import pytest

from wardmote.config.processes import run
from wardmote.edges.cli.failure import CannotStart


class Clock:
    """A steady clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


def come_up(after: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what comes up after so many seconds."""
    clock = Clock()
    monkeypatch.setattr(run, "time", clock)

    def ready() -> bool:
        clock.at += 5
        return clock.at >= after

    run._wait(ready, [], threading.Event())  # noqa: SLF001 - what waits is no command


def test_a_busy_machine_has_minutes_to_come_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs two minutes comes up; it is not stopped half way, only to be started again."""
    come_up(120, monkeypatch)


def test_what_never_comes_up_is_said_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After three minutes it hangs."""
    with pytest.raises(CannotStart, match="nothing has come up within 180 seconds; all was stopped"):
        come_up(1000, monkeypatch)
