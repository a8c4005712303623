"""Rows of SQL written by hand, and what the two databases give differently."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection

from wardmote.network import policy

SEEN_BY_ALL = ", ".join(f"'{visibility}'" for visibility in policy.SEEN_BY_ALL)
"""In a query: the visibilities of what every reader sees, at least that it is there."""

_Row = TypeVar("_Row")


def moment(value: Any) -> datetime | None:
    """A stored time in UTC; SQLite hands out naive ones."""
    if value is None or isinstance(value, datetime):
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def fetched(sql: str, parameters: Sequence[int | str], row: Callable[..., _Row]) -> list[_Row]:
    """All rows of one query, each made from its columns by their names; TypeError where the two do not fit."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [row(**dict(zip(names, values, strict=True))) for values in cursor.fetchall()]
