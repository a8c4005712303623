"""Rows of SQL written by hand, and what the two databases give differently."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from wardmote.network import policy

SEEN_BY_ALL = ", ".join(f"'{visibility}'" for visibility in policy.SEEN_BY_ALL)
"""In a query: the visibilities of what every reader sees, at least that it is there."""


def moment(value: Any) -> datetime | None:
    """A stored time in UTC; SQLite hands out naive ones."""
    if value is None or isinstance(value, datetime):
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def fetched(sql: str, parameters: Sequence[int | str]) -> list[tuple[Any, ...]]:
    """All rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
