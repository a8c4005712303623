"""Whose database this is and of which version; and bringing it to this one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from wardmote.config import boot, home
from wardmote.edges.cli.failure import CannotStart
from wardmote.outside.signing import key_path

OURS = frozenset({("record", "0001_initial"), ("jobs", "0001_initial"), ("people", "0001_initial")})
_MIGRATING = 0x776D6F74
"""The advisory lock on PostgreSQL under which one process at a time changes tables."""


class Standing(StrEnum):
    """What a database is to this version of Wardmote."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Look:
    """A database's standing; `steps` are the migrations that it lacks, or has too many, as `app.name`."""

    standing: Standing
    steps: tuple[str, ...] = ()


def look() -> Look:
    """Look without changing anything; raises CannotStart where there is nothing to look at."""
    with _in_one_line():
        tables = set(connection.introspection.table_names())
        if not tables:
            return Look(Standing.EMPTY, tuple(_missing(set())))
        applied = set(MigrationRecorder(connection).applied_migrations())
        strange = sorted(applied - set(MigrationLoader(None).disk_migrations))
        if not applied >= OURS:
            # A first migration that was cut short left some of our tables and nobody else's.
            ours = set(connection.introspection.django_table_names()) | {"django_migrations"}
            if strange or not tables <= ours:
                return Look(Standing.FOREIGN)
        if strange:
            return Look(Standing.NEWER, tuple(".".join(key) for key in strange))
        missing = tuple(_missing(applied))
        return Look(Standing.OLDER if missing else Standing.CURRENT, missing)


def bring_up_to_date() -> list[str]:
    """`wardmote migrate`: take the steps that are lacking, with the home held; gives their names."""
    boot.setup()
    home.check_home(settings.WARDMOTE_HOME)
    with home.held(settings.WARDMOTE_HOME, by="wardmote migrate"):
        return migrate()


def migrate() -> list[str]:
    """Take the steps that are lacking; raises CannotStart, having changed nothing, where the database is not ours."""
    seen = require(Standing.EMPTY, Standing.OLDER, Standing.CURRENT)
    if seen.standing == Standing.EMPTY and key_path().exists():
        # The key is made after the tables: a home that has it has lost them, or looks at another database.
        raise CannotStart(
            f"the database {_name()} is empty, but {key_path()} has signed a record: restore a backup, or name the "
            "right database with DATABASE_URL; to begin anew, use an empty home"
        )
    if seen.steps:
        with _in_one_line(), _alone():
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return list(seen.steps)


def require(*standings: Standing) -> Look:
    """Look, and raise CannotStart unless the database is one of these."""
    seen = look()
    if seen.standing not in standings:
        raise CannotStart(_sentence(seen))
    return seen


def _sentence(seen: Look) -> str:
    name = _name()
    if seen.standing == Standing.FOREIGN:
        return f"the database {name} belongs to something else; nothing in it was changed"
    if seen.standing == Standing.NEWER:
        return f"the database {name} was made by a newer Wardmote (it has {seen.steps[0]}); update Wardmote"
    if seen.standing == Standing.EMPTY:
        return f"the database {name} is empty; run: wardmote migrate"
    return f"the database {name} was made by an older Wardmote; run: wardmote migrate"


def _missing(applied: set[tuple[str, str]]) -> list[str]:
    loader = MigrationLoader(None)
    return [".".join(key) for key in sorted(loader.graph.nodes) if key not in applied]


def _name() -> str:
    setting = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(setting["NAME"])
    return f"{setting['NAME']} at {setting['HOST'] or 'this machine'}:{setting['PORT'] or 5432}"


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


@contextmanager
def _in_one_line() -> Iterator[None]:
    """Turn what a database says into one line for the person who started this."""
    try:
        yield
    except DatabaseError as error:
        raise CannotStart(explain(error)) from error


def wait_until_there(say: Callable[[str], None], *, pause: float = 2.0) -> None:
    """Wait for a database whose server is away or only just starting, however long it takes; `say` is told whenever a
    while has passed. What a server that is there refuses is not waited for: `look` says it."""
    began = said = time.monotonic()
    while (words := _what_is_away()) is not None:
        if time.monotonic() - said >= _SAY_EVERY or said == began:
            said = time.monotonic()
            say(f"waiting for the database {_name()} since {said - began:,.0f} s: {words}")
        connection.close()
        time.sleep(pause)


def _what_is_away() -> str | None:
    """One line about a server that cannot be reached; None where one answers, whatever it says."""
    if connection.vendor == "sqlite":
        return None
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        words = " ".join(str(error).split())
        refuses = "FATAL" in words and not any(part in words for part in _COMING)
        return None if refuses else words[:200]
    return None


_COMING = ("starting up", "shutting down", "recovery mode", "too many", "not yet accepting")
_SAY_EVERY = 15.0


def explain(error: DatabaseError) -> str:
    """One line about a database that cannot be used."""
    words = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if "is not a database" in words:
        return f"{_name()} is not a database"
    if "disk is full" in words or "No space left" in words:
        return f"the disk that holds the database {_name()} is full"
    return f"the database {_name()} cannot be used: {words}"
