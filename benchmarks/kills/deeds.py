"""How something is written so that it is written once: the same form, with the same key, until there is an answer."""

import time
from collections.abc import Callable
from random import Random

from benchmarks.kills.book import Write
from benchmarks.kills.browser import Answer, CutOff

GIVES_UP = 0.15
"""Of those who are cut off, so many do not try again: what they wrote may be there or not, but not twice."""
LONGEST = 180.0
"""Seconds for which somebody tries again. Whoever has no answer by then never had one."""
TAKEN = (200, 302, 303)


def persist(write: Write, send: Callable[[], Answer], rng: Random, taken: Callable[[Answer], bool]) -> Answer | None:
    """Send until there is an answer, and note what it was; None where there is none."""
    deadline = time.monotonic() + LONGEST
    while True:
        try:
            answer = send()
        except CutOff:
            write.cut += 1
            if rng.random() < GIVES_UP or time.monotonic() > deadline:
                return None
            time.sleep(rng.uniform(0.05, 0.5))
            write.retried += 1
            continue
        if taken(answer):
            write.acknowledged = True
        else:
            write.refused = answer.status
        return answer


def moved(answer: Answer) -> bool:
    """A form that was taken leads somewhere else, and not to where one signs in."""
    return answer.status in (302, 303) and not answer.where.startswith("/accounts/")


def patiently(look: Callable[[], Answer], stop: Callable[[], bool], pause: float = 0.2) -> Answer | None:
    """A page, asked for until it comes; None where `stop` says so first."""
    while not stop():
        try:
            return look()
        except CutOff:
            time.sleep(pause)
    return None
