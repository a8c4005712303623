"""Wakes the worker of this process when a job was put; other processes find it at their next look."""

import threading

_new_work = threading.Event()


def wake() -> None:
    """There may be something to do."""
    _new_work.set()


def sleep(seconds: float) -> None:
    """Wait until woken, or so long."""
    _new_work.wait(seconds)
    _new_work.clear()
