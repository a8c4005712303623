"""How something is written so that it is written once: the same form, with the same key, until there is an answer."""

import time
from collections.abc import Callable
from random import Random

from benchmarks.kills.book import Write
from benchmarks.kills.browser import Answer, CutOff

GIVES_UP = 0.15
"""So many who are cut off do not try again: what they wrote may be there or not, but not twice."""
LONGEST = 180.0
"""Seconds for which somebody tries again. Whoever has no answer by then never had one."""


def persist(write: Write, send: Callable[[], Answer], rng: Random, taken: Callable[[Answer], bool]) -> Answer | None:
    """Send until there is an answer, and note what it was; None where there is none."""
    deadline = time.monotonic() + LONGEST
    gives_up = rng.random() < GIVES_UP
    while True:
        try:
            answer = send()
        except CutOff as cut:
            write.cut += cut.sent
            if (cut.sent and gives_up) or time.monotonic() > deadline:
                return None
            time.sleep(rng.uniform(0.1, 0.7))
            write.retried += write.cut > 0
            continue
        if taken(answer):
            write.acknowledged = True
        else:
            write.refused = answer.status
        return answer


def moved(answer: Answer) -> bool:
    """A form that was taken leads somewhere else, and not to where one signs in."""
    return answer.status in (302, 303) and not answer.where.startswith("/accounts/")
