"""The database wrapper that Django finds by the engine's name, `wardmote.config.postgresql`.

The server is told to end what takes too long. A server that says nothing at all, though the network takes every byte,
cannot be told, and none of TCP's own timeouts ends a wait for it: so this side has a time as well.
"""

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base

from wardmote.config.postgresql import patience

_T = TypeVar("_T")
_AFTER_THE_SERVER = 2.0
"""Seconds after the server's own timeout, so that a server that lives is the one that ends it."""
_LOCKS = 2 / 3
"""Of the time for one answer, what may pass in waiting for another's lock."""


class _NoAnswer(Exception):
    pass


def _until(waits: Generator[Any, Any, _T], deadline: float) -> Generator[Any, Any, _T]:
    """The same waits, ended once the time is over; psycopg comes by ten times a second when nothing happens."""
    try:
        wanted = next(waits)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > deadline:
                raise _NoAnswer
            wanted = waits.send(ready)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]


class _Connection(psycopg.Connection[Any]):
    def wait(self, gen: Generator[Any, Any, _T], *args: Any, **options: Any) -> _T:
        seconds = patience() + _AFTER_THE_SERVER
        try:
            return super().wait(_until(gen, time.monotonic() + seconds), *args, **options)
        except _NoAnswer:
            # Nobody knows what the server still does with it: this connection is of no more use.
            self.pgconn.finish()
            raise psycopg.OperationalError(f"the database gave no answer within {seconds:g} s") from None


class _Driver:
    """Psycopg, whose connections do not wait for ever."""

    connect = staticmethod(_Connection.connect)

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL with a time for each answer: `postgresql.answer_within` says which."""

    Database = _Driver()  # type: ignore[assignment] # all of it that Django asks for

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.connection is not None:
            milliseconds = int(patience() * 1000)
            with self.connection.cursor() as cursor:
                cursor.execute(
                    f"SET statement_timeout = {milliseconds}; SET lock_timeout = {int(milliseconds * _LOCKS)}"
                )
            if not self.get_autocommit():
                self.connection.commit()
