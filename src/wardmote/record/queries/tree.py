"""Reads of the stored tree, a whole proof at a time."""

from collections.abc import Iterable

from django.db import connection

from wardmote.ledger import Position


def read_nodes(positions: Iterable[Position]) -> dict[Position, bytes]:
    """The stored hashes (32 bytes) at `positions`, in one read; what is not stored is left out."""
    wanted = list(dict.fromkeys(positions))
    if not wanted:
        return {}
    places = ", ".join(["(%s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT level, "offset", hash FROM record_node WHERE (level, "offset") IN (VALUES {places})',  # noqa: S608 - placeholders only
            [number for position in wanted for number in position],
        )
        return {Position(level, offset): bytes(digest) for level, offset, digest in cursor.fetchall()}
