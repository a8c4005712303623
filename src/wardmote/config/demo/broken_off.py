"""A demonstration whose loading was broken off: seen by a file in the home, and cleared away before it is loaded again.

The file is made before the first row of a demonstration and removed after the last. It is only made in a database
whose record has not begun, so what is cleared away is that half demonstration and nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from wardmote.config import home
from wardmote.config.snapshot import sqlite
from wardmote.outside.signing import forget_key, key_path

MARK = "demo.loading"


def broken_off() -> bool:
    """Whether what is in the database is half of a demonstration."""
    return _mark().exists()


@contextmanager
def loading() -> Iterator[None]:
    """Around all that a demonstration writes."""
    _mark().touch(mode=0o600)
    yield
    _mark().unlink()


def clear_away() -> bool:
    """Leave an empty database, and no key of its record, where a demonstration was broken off; else do nothing.

    The caller holds the home: nobody has the database open.
    """
    if not broken_off():
        return False
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in {*connection.introspection.django_table_names(), MigrationRecorder.Migration._meta.db_table}:
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    connections.close_all()
    if connection.vendor == "sqlite":
        for suffix in sqlite.SUFFIXES:
            sqlite.path().with_name(sqlite.path().name + suffix).unlink(missing_ok=True)
    key_path().unlink(missing_ok=True)
    forget_key()
    _mark().unlink()
    return True


def clear_away_alone() -> bool:
    """As `clear_away`, for a command that does not hold the home; raises CannotStart where a server runs on it."""
    if not broken_off():
        return False
    with home.held(settings.WARDMOTE_HOME, by="wardmote demo"):
        return clear_away()


def _mark() -> Path:
    return Path(settings.WARDMOTE_HOME) / MARK
