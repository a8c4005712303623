"""PostgreSQL: every table by COPY, as text, in one transaction that sees one moment; none of its programs is needed.

Back it goes into an empty database: the migrations that the backup had are taken, and their rows replaced, all in one
transaction. Foreign keys are checked at its end, so the tables may come in any order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from wardmote.config.database import explain
from wardmote.edges.cli.failure import CannotStart

_CHUNK = 1 << 20
_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


def size() -> int:
    """Bytes that the database takes on its server, indexes included: more than its rows take as text."""
    with _told():
        return int(_raw().execute("SELECT pg_database_size(current_database())").fetchone()[0])


def take(folder: Path) -> dict[str, Any]:
    """Write `folder/TABLE.copy` for every table."""
    with _told(), transaction.atomic():
        raw = _raw()
        raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = {table: [str(row[0]) for row in raw.execute(_COLUMNS, [table])] for table in _tables()}
        for table, columns in tables.items():
            with (folder / f"{table}.copy").open("xb") as file, raw.cursor().copy(_copy(table, columns, "TO")) as rows:
                for data in rows:
                    file.write(data)
        note = raw.execute("SELECT note FROM record_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
        applied = raw.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
        # Sequences are outside transactions: read last, they are past every row above.
        sequences = [list(row) for row in raw.execute(_SEQUENCES)]
    return {
        "migrations": [row[0] for row in applied],
        "checkpoint": note[0] if note else "",
        "tables": list(tables.items()),
        "sequences": sequences,
    }


def put_back(folder: Path, facts: dict[str, Any]) -> None:
    """Fill the database, which must be empty; raises CannotStart, having changed nothing, where that does not go."""
    if _tables():
        raise CannotStart("the database is not empty; set DATABASE_URL to an empty one")
    with _told(), transaction.atomic():
        _make_tables(facts["migrations"])
        raw = _raw()
        if set(_tables()) != {table for table, _ in facts["tables"]}:
            raise CannotStart("the backup's tables are not those that its migrations make; nothing was restored")
        names = sql.SQL(", ").join(sql.Identifier(table) for table, _ in facts["tables"])
        raw.execute(sql.SQL("TRUNCATE {}").format(names))
        # A migration leaves the keys that it has just made checked at once until its transaction ends.
        raw.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, columns in facts["tables"]:
            with (
                (folder / f"{table}.copy").open("rb") as file,
                raw.cursor().copy(_copy(table, columns, "FROM")) as rows,
            ):
                while data := file.read(_CHUNK):
                    rows.write(data)
        for sequence, last in facts["sequences"]:
            if last is not None:
                raw.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [sequence, last])


def _make_tables(migrations: list[str]) -> None:
    executor = MigrationExecutor(connection)
    keys = {(app, name) for app, _, name in (key.partition(".") for key in migrations)}
    if strange := sorted(keys - set(executor.loader.disk_migrations)):
        raise CannotStart(f"the backup was made by a newer Wardmote (it has {'.'.join(strange[0])}); update Wardmote")
    # A target that is on the way to another would be taken for a wish to go back to it.
    nodes = executor.loader.graph.node_map
    passed = {key for key in keys for child in nodes[key].children if child in keys and child[0] == key[0]}
    executor.migrate(sorted(keys - passed))


def _copy(table: str, columns: list[str], way: str) -> sql.Composed:
    end = sql.SQL("TO STDOUT") if way == "TO" else sql.SQL("FROM STDIN")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, end)


def _tables() -> list[str]:
    with _told():
        return sorted(connection.introspection.table_names())


def _raw() -> Any:
    """Psycopg's own connection below Django's: COPY has no other way."""
    connection.ensure_connection()
    return connection.connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise CannotStart(explain(error)) from error
    except psycopg.Error as error:
        words = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise CannotStart(f"the database cannot be copied: {words}") from error
