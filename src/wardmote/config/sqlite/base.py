"""The database wrapper that Django finds by the engine's name, `wardmote.config.sqlite`."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from wardmote.config.sqlite.write_queue import LineTooLong, Turn, line_before

DEFAULT_TIMEOUT = 20.0
_READS = re.compile(r"\s*(?:SELECT|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|VALUES)\b", re.IGNORECASE)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, whose transactions wait in line for the right to write and keep it until they end.

    A transaction holds its turn from BEGIN IMMEDIATE to commit, rollback or close; a single statement that writes
    outside any transaction holds one while it runs. Reads outside a transaction never wait.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None
        # Asked for every statement run through Django's cursors, with the statement in hand.
        self.execute_wrappers.append(self._take_turn_to_write)

    def _stand_in_line(self) -> Turn:
        name = str(self.settings_dict["NAME"])
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
        try:
            return line_before(Path(name).absolute()).stand(timeout)
        except LineTooLong:
            raise OperationalError(f"database is locked: no turn to write within {timeout:g} seconds") from None
        except OSError as error:
            raise OperationalError(f"unable to lock the database file: {error.strerror}") from error

    def empty_wal(self, *, patience: float = 0.5) -> bool:
        """Bring all that is in the write-ahead log into the database, and cut the log to nothing: what was deleted is
        then in neither. False where readers did not let go within `patience` seconds; ask again later.

        Never inside a transaction. Writers wait in line meanwhile, so nobody waits for each other in a circle.
        """
        self.ensure_connection()
        connection: sqlite3.Connection | None = self.connection
        if connection is None or self.in_atomic_block or self.is_in_memory_db():
            return False
        with self._stand_in_line():
            (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
            try:
                (busy, _pages, _moved) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {before}")
        return not busy

    def _stands_in_line(self) -> bool:
        return self._turn is None and not self.is_in_memory_db()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.end()

    def _start_transaction_under_autocommit(self) -> None:
        if self._stands_in_line():
            self._turn = self._stand_in_line()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs
        except BaseException:
            self._end_turn()
            raise

    def _take_turn_to_write(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        connection: sqlite3.Connection | None = self.connection
        if connection is None or connection.in_transaction or _READS.match(sql) or not self._stands_in_line():
            return execute(sql, params, many, context)
        with self._stand_in_line():
            return execute(sql, params, many, context)

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc] # not in the stubs
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # not in the stubs
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # not in the stubs
        finally:
            self._end_turn()
