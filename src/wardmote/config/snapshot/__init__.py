"""The database as files at one moment, and back: one module for each kind of database, with the same three functions.

`size()`: bytes that `take` may write at most. `take(folder)`: write the files, without stopping any writer, and give
the facts that `put_back(folder, facts)` needs beside them; both raise CannotStart.
"""

from types import ModuleType
from typing import Any, TypedDict

from django.db import connection

from wardmote.config.snapshot import postgresql, sqlite


class Facts(TypedDict):
    """What a snapshot holds: migrations as `app.name`, the note of the last checkpoint ("" for none), and the rest."""

    migrations: list[str]
    checkpoint: str
    tables: list[Any]
    sequences: list[Any]


def engine() -> ModuleType:
    """The module for the database of this process."""
    return postgresql if connection.vendor == "postgresql" else sqlite
