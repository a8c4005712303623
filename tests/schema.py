"""The tables of a parallel run are made once, by every migration from nothing; its other workers copy them.

Making them takes a dozen seconds of work, a copy next to none.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """What one worker of the run does while the others wait at the same lock file."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def shared_schema(folder: Path, make: Callable[..., Any], destroy: Callable[[Any], None]) -> Iterator[None]:
    """This worker's test database, for as long as the context lasts.

    `make` makes it, with `keepdb=True` out of one that is there; `destroy` takes what `make` gave.
    """
    with alone(folder / "schema.lock"):
        kept = folder / f"schema-of-{connection.vendor}"
        maker = not kept.exists()
        if maker:
            made = make()
            _keep(connection, kept)
        else:
            _copy(connection, kept)
            made = make(keepdb=True)
    yield
    with alone(folder / "schema.lock"):
        if maker:
            # A worker that has not needed a database until now makes one by itself.
            _forget(connection, kept)
        destroy(made)


def _keep(made: BaseDatabaseWrapper, kept: Path) -> None:
    if made.vendor == "sqlite":
        with made.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(kept)])
        return
    # A database in use cannot be copied.
    made.close()
    _copy_on_the_server(made, made.settings_dict["NAME"], name := f"{made.settings_dict['NAME']}_schema")
    kept.write_text(name, encoding="utf-8")


def _copy(own: BaseDatabaseWrapper, kept: Path) -> None:
    name = own.settings_dict["TEST"]["NAME"]
    if own.vendor == "sqlite":
        shutil.copy(kept, name)
        return
    _copy_on_the_server(own, kept.read_text(encoding="utf-8"), name)


def _forget(own: BaseDatabaseWrapper, kept: Path) -> None:
    if own.vendor == "postgresql":
        _on_the_server(own, f'DROP DATABASE "{kept.read_text(encoding="utf-8")}"')
    kept.unlink()


def _copy_on_the_server(database: BaseDatabaseWrapper, source: str, target: str) -> None:
    # One of that name is what a run left that was killed.
    _on_the_server(database, f'DROP DATABASE IF EXISTS "{target}"', f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _on_the_server(database: BaseDatabaseWrapper, *statements: str) -> None:
    """Run statements outside any database of the tests."""
    with database._nodb_cursor() as cursor:  # noqa: SLF001 - as Django makes and destroys its test databases
        for statement in statements:
            cursor.execute(statement)
