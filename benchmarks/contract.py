"""What every benchmark is: a module of this package that says what it is about and measures at a size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from benchmarks.figures import Figure

Size = Literal["tiny", "usual", "full"]
NAMES = ("screen", "cascade", "worst", "api", "slow", "post", "claim", "home_timeline", "record", "backlog")
"""In the order in which they run."""


@dataclass(frozen=True, slots=True)
class About:
    """`what` is measured, where the `aim` comes from, and what `limit`s the figures, in sentences for the page.

    `databases` are those it runs on, each in a process of its own; empty for one that needs none. `only_full` are
    added under `SIZE=full`.
    """

    what: str
    aim: str
    limit: str
    databases: tuple[str, ...] = ()
    only_full: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One of them, found by its name."""

    name: str
    about: About
    measure: Callable[[Size, str], Sequence[Figure]]


def find(name: str) -> Benchmark:
    """The benchmark of that name; raises KeyError for one that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    module = import_module(f"benchmarks.{name}")
    return Benchmark(name, module.ABOUT, module.measure)
