"""A town is founded once in each process; every further test is given a copy of what that put into the database.

Founding one takes some three hundred milliseconds of journeys, and more than a thousand tests begin with one. The copy
holds the same rows, written down by the database itself as statements that insert them.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from tests.scenario import Town

_LITERAL = {"sqlite": "quote({})", "postgresql": "quote_nullable({}::text)"}
_ROWS_OF_A_STATEMENT = 200
"""SQLite takes up to 500 terms of a compound VALUES."""


class Mould:
    """The first town, and the statements that make another like it."""

    def __init__(self) -> None:
        self._first: Town | None = None
        self._statements: list[str] = []

    def town(self, found: "Callable[[], Town]") -> "Town":
        """A town of the test's own in its database, made by `found` where there is none to copy yet."""
        if self._first is None:
            before = _rows()
            town = found()
            after = _rows()
            new = sorted(table for table in after if after[table] != before[table])
            # Where another fixture has been here already, what is the town's cannot be told from the rest.
            if not any(before[table] for table in new):
                self._statements = [insert for table in new for insert in _inserts(table)]
                self._first = deepcopy(town)
            return town
        # Keys that lead from one row to another are asked about when the transaction ends, so any order will do.
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in self._statements:
                cursor.execute(statement)
        return deepcopy(self._first)


def _rows() -> dict[str, int]:
    """Every table -> how many rows it has."""
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - the database's own names
            (counts[table],) = cursor.fetchone()
    return counts


def _inserts(table: str) -> list[str]:
    """Statements that write the table's rows as they are now."""
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        columns = [quoted(column.name) for column in connection.introspection.get_table_description(cursor, table)]
        literals = ", ".join(_LITERAL[connection.vendor].format(column) for column in columns)
        cursor.execute(f"SELECT {literals} FROM {quoted(table)}")  # noqa: S608
        rows = [f"({', '.join(row)})" for row in cursor.fetchall()]
    into = f"INSERT INTO {quoted(table)} ({', '.join(columns)}) VALUES "  # noqa: S608
    starts = range(0, len(rows), _ROWS_OF_A_STATEMENT)
    return [into + ", ".join(rows[start : start + _ROWS_OF_A_STATEMENT]) for start in starts]
