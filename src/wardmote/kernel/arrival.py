"""How bodies arrive: whole, within a deadline, and within what memory there is for all of them together."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

BODY_LIMIT = 1_100_000
"""Bytes of one body: a little more than Django takes of a form, so that Django says that it is too much."""
BODY_SECONDS = 20.0
"""For a whole body, however it is cut up: a byte now and then does not lengthen it."""
ROOM = 64_000_000
"""Bytes of all bodies that are on their way or wait for their answer."""


class Incoming(Protocol):
    """The part of granian's RSGI protocol that a body is read by."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class TooLarge(Exception):
    """A body past the limit; the argument is the bytes that were seen or announced."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size


class BrokenOff(Exception):
    """The client went away before the body was whole: what came is not to be taken for all of it."""


class GivenUp(TimeoutError):
    """The room was needed for others; this body was the longest on its way."""


class _Arrival:
    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.held = 0
        self.given_up = False
        self.deadline: asyncio.Timeout | None = None


class Room:
    """Room in memory for bodies. What arrives counts, not what is announced: an empty promise takes no room.

    When it is full, the body that has been on its way the longest is given up: those who send as browsers do are done
    within moments, those who would keep others out are not. Nobody who is known has more than half of the room.
    """

    def __init__(self, *, size: int = ROOM, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS) -> None:
        self._size, self._limit, self._seconds = size, limit, seconds
        self._held = 0
        self._of: Counter[str] = Counter()
        self._arriving: dict[_Arrival, None] = {}

    @asynccontextmanager
    async def body(self, incoming: Incoming, announced: int | None, *, owner: str = "") -> AsyncIterator[bytes]:
        """The whole body, its room kept until the end of the block; raises TooLarge, BrokenOff, GivenUp, or another
        TimeoutError where it came too slowly.

        `announced` is None where no length was; `owner` is who sends it, empty where nobody is told from others.
        """
        if announced is not None and announced > self._limit:
            raise TooLarge(announced)
        arrival = _Arrival(owner)
        try:
            body = await self._read(incoming, arrival)
            if announced is not None and len(body) != announced:
                raise BrokenOff
            yield body
        finally:
            self._count(arrival, -arrival.held)

    async def _read(self, incoming: Incoming, arrival: _Arrival) -> bytes:
        pieces: list[bytes] = []
        self._arriving[arrival] = None
        try:
            async with asyncio.timeout(self._seconds) as arrival.deadline:
                async for piece in incoming:
                    pieces.append(bytes(piece))
                    self._count(arrival, len(piece))
                    if arrival.held > self._limit:
                        raise TooLarge(arrival.held)
                    self._make_room(arrival.owner)
            return b"".join(pieces)
        except TimeoutError:
            if arrival.given_up:
                raise GivenUp from None
            raise
        finally:
            del self._arriving[arrival]

    def _count(self, arrival: _Arrival, size: int) -> None:
        arrival.held += size
        self._held += size
        self._of[arrival.owner] += size
        if not self._of[arrival.owner]:
            del self._of[arrival.owner]

    def _make_room(self, owner: str) -> None:
        if owner:
            self._give_up([each for each in self._arriving if each.owner == owner], self._of[owner] - self._size // 2)
        self._give_up(list(self._arriving), self._held - self._size)

    @staticmethod
    def _give_up(arriving: list[_Arrival], over: int) -> None:
        for arrival in arriving:
            if over <= 0:
                return
            if arrival.given_up:
                over -= arrival.held
            elif arrival.held and arrival.deadline is not None and not arrival.deadline.expired():
                arrival.given_up = True
                arrival.deadline.reschedule(asyncio.get_running_loop().time())
                over -= arrival.held
