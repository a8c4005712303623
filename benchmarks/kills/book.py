"""What was written and what was said of it: the side that the installation's own books are compared with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

KINDS = ("post", "reply", "edit", "follow", "report", "decision", "appeal", "hearing", "event")


@dataclass(slots=True)
class Write:
    """One thing that somebody did, under a word that stands nowhere else.

    `acknowledged`: the installation said that it is done. `cut`: how often the connection ended after the request was
    sent and before there was an answer; `retried`: how often it was sent again after that. `refused`: the status of an
    answer that says no.
    """

    kind: str
    token: str
    about: tuple[str, ...] = ()
    acknowledged: bool = False
    cut: int = 0
    retried: int = 0
    refused: int = 0


@dataclass(slots=True)
class Book:
    """All writes so far; threads share it."""

    writes: list[Write] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, kind: str, *about: str) -> Write:
        """Note that something is about to be written."""
        with self._lock:
            write = Write(kind, f"kq{len(self.writes):07d}", about)
            self.writes.append(write)
        return write

    def acknowledged(self) -> int:
        """How many so far."""
        with self._lock:
            return sum(write.acknowledged for write in self.writes)

    def of(self, kind: str) -> list[Write]:
        """Those of one kind, in the order in which they were begun."""
        with self._lock:
            return [write for write in self.writes if write.kind == kind]


@dataclass(slots=True)
class Faults:
    """What is wrong at the end, in sentences; and what is worth saying although it is not."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """Something is wrong."""
        self.faults.append(sentence)

    @contextmanager
    def named(self, what: str) -> Iterator[None]:
        """A check that cannot be made is a fault, and the others are made all the same."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said
            self.add(f"{what} could not be checked: {type(error).__name__}: {error}")
