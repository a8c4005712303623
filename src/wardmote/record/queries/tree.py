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
        # A cross join, because SQLite then looks up each place instead of walking the whole tree.
        cursor.execute(
            f"""
            WITH wanted (level, place) AS (VALUES {places})
            SELECT node.level, node."offset", node.hash FROM wanted CROSS JOIN record_node AS node
            WHERE node.level = wanted.level AND node."offset" = wanted.place
            """,  # noqa: S608 - placeholders only
            [number for position in wanted for number in position],
        )
        return {Position(level, offset): bytes(digest) for level, offset, digest in cursor.fetchall()}
