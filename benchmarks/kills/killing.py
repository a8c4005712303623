"""The killing: who, when, and how long it was felt."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.kills.processes import KINDS, Kind, Running
from benchmarks.kills.watch import Watch

BACK_WITHIN = 240.0


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: seconds until pages came again, and until the record grew again (None where it never stood still)."""

    kind: Kind
    pages: float
    record: float | None


def order(each: int, rng: Random, only: Sequence[Kind] = KINDS) -> list[Kind]:
    """All kills in rounds of one of each kind, so that no part ends often enough for all to be given up."""
    rounds: list[Kind] = []
    for _ in range(each):
        some = list(only)
        rng.shuffle(some)
        rounds += some
    return rounds


def kill(kind: Kind, running: Running, watch: Watch, rng: Random) -> Killed:
    """Kill one process of that kind and wait until another stands in its place; raises RuntimeError where none does."""
    before = running.family()
    victims = before[kind]
    if not victims:
        raise RuntimeError(f"there is no process of the kind {kind} to be killed")
    since = time.monotonic()
    running.kill(rng.choice(victims))
    if kind == "parent":
        if left := running.left(within=10):
            raise RuntimeError(f"killed the parent, and {len(left)} processes of its tree live on")
        running.start()
    deadline = since + BACK_WITHIN
    _until(lambda: _is_new(kind, before[kind], running), deadline, running)
    there = time.monotonic()
    pages = _until(lambda: watch.pages_away(since), deadline, running)
    stood = kind in ("worker", "parent")
    record = _until(lambda: watch.record_grew(since, there), deadline, running) if stood else None
    return Killed(kind, pages, record)


def _is_new(kind: Kind, before: list[int], running: Running) -> float | None:
    now = running.family()
    whole = all(now[each] for each in KINDS)
    return 1.0 if whole and set(now[kind]) - set(before) else None


def _until(look: Callable[[], float | None], deadline: float, running: Running) -> float:
    while (found := look()) is None:
        if running.status is not None:
            raise RuntimeError(f"`wardmote run` ended by itself with status {running.status}; see {running.log}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"not back within {BACK_WITHIN:g} seconds; see {running.log}")
        time.sleep(0.05)
    return found
