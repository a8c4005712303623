"""Where a benchmark that needs a database does its work: a home and a database of its own, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

LOCAL = "postgresql://postgres@127.0.0.1:5432/wardmote"


def postgresql() -> str | None:
    """The address of a PostgreSQL that answers, or None."""
    import psycopg

    named = os.environ.get("DATABASE_URL", "")
    url = named if named.startswith("postgres") else LOCAL
    try:
        with psycopg.connect(url, dbname="postgres", connect_timeout=5):
            return url
    except psycopg.Error:
        return None


@contextmanager
def place(database: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh installation on `sqlite` or `postgresql`."""
    with tempfile.TemporaryDirectory(prefix="wardmote-bench-") as home:
        # One member who posts as fast as they can is what is measured here.
        environment = _without_settings() | {"WARDMOTE_HOME": home, "DATABASE_URL": "", "WARDMOTE_PACE": "0"}
        url = postgresql() if database == "postgresql" else None
        if url is None:
            yield environment
            return
        with _database(url) as fresh:
            yield environment | {"DATABASE_URL": fresh}


def _without_settings() -> dict[str, str]:
    """The environment without any setting of an installation; where the texts are is none."""
    others = ("WARDMOTE_", "DJANGO_", "PYTEST_", "COLUMNS")
    return {name: value for name, value in os.environ.items() if name == "WARDMOTE_DATA" or not name.startswith(others)}


@contextmanager
def _database(url: str) -> Iterator[str]:
    import psycopg

    name = f"wardmote_bench_{uuid4().hex[:12]}"
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def database_size() -> int:
    """Bytes of the database of this process."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
