"""Turns at places that are few: whoever asks much waits for themselves, not the others for them."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Gone = Callable[[], Awaitable[None]]
"""Comes back once the other end has gone away."""


class Busy(Exception):
    """More wait already than may, or this one has waited for as long as it may."""


class WentAway(Exception):
    """Who waited is no longer there."""


class _Waiting:
    def __init__(self, *, sure: bool) -> None:
        self.sure = sure
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, error: Exception) -> None:
        if not self.turn.done():
            self.turn.set_exception(error)


class Turns:
    """At most `places` have their turn at once. Of those who wait, the next is one of whoever has the fewest turns now,
    and among these it goes round; each one's own come in the order in which they came.

    At most `waiting` wait in all, and at most `each` of one. When it is full, somebody who waits more often than the
    newcomer loses their last. Belongs to one event loop.
    """

    def __init__(self, places: int, *, waiting: int, each: int) -> None:
        self._free, self._most, self._each = places, waiting, each
        self._having: Counter[str] = Counter()
        self._lines: dict[str, deque[_Waiting]] = {}
        """In the order in which their turns come."""

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    @asynccontextmanager
    async def turn(
        self, who: str, *, seconds: float | None = None, gone: Gone | None = None, sure: bool = False
    ) -> AsyncIterator[None]:
        """A turn for the length of the block. Raises Busy, or WentAway where `gone` came back first.

        `seconds` is how long to wait at most; `sure`: what has been begun is waited for, however many wait.
        """
        if self._free:
            self._free -= 1
            self._having[who] += 1
        else:
            await self._wait(who, self._join(who, sure=sure), seconds, gone)
        try:
            yield
        finally:
            self._end(who)

    def _join(self, who: str, *, sure: bool) -> _Waiting:
        line = self._lines.get(who, ())
        if not sure:
            if len(line) >= self._each:
                raise Busy
            if self.waiting >= self._most:
                self._push_out(len(line) + 1)
        mine = _Waiting(sure=sure)
        self._lines.setdefault(who, deque()).append(mine)
        return mine

    def _push_out(self, more_than: int) -> None:
        longest = max(self._lines.values(), key=len, default=None)
        if longest is None or len(longest) <= more_than or longest[-1].sure:
            raise Busy
        longest.pop().fail(Busy())

    async def _wait(self, who: str, mine: _Waiting, seconds: float | None, gone: Gone | None) -> None:
        watch = asyncio.ensure_future(_tell(mine, gone)) if gone is not None else None
        try:
            async with asyncio.timeout(seconds):
                await mine.turn
        except BaseException as error:
            if mine.turn.done() and not mine.turn.cancelled() and mine.turn.exception() is None:
                # The turn came at the very moment at which it was no longer wanted.
                self._end(who)
            else:
                self._leave(who, mine)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise
        finally:
            if watch is not None:
                watch.cancel()

    def _leave(self, who: str, mine: _Waiting) -> None:
        line = self._lines.get(who)
        if line is None:
            return
        with suppress(ValueError):
            line.remove(mine)
        if not line:
            del self._lines[who]

    def _end(self, who: str) -> None:
        self._having[who] -= 1
        if not self._having[who]:
            del self._having[who]
        self._free += 1
        self._call_next()

    def _call_next(self) -> None:
        while self._free and self._lines:
            # The first of those with the fewest: `min` takes the first, and who has had a turn goes to the end.
            who = min(self._lines, key=self._having.__getitem__)
            line = self._lines.pop(who)
            mine = line.popleft()
            if line:
                self._lines[who] = line
            if not mine.turn.done():
                self._free -= 1
                self._having[who] += 1
                mine.turn.set_result(None)


async def _tell(mine: _Waiting, gone: Gone) -> None:
    await gone()
    mine.fail(WentAway())
