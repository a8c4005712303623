"""Pure rules of the random audit: which week a moment is of, and who is drawn."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from heapq import nsmallest

SAMPLE_LIMIT = 500
"""Posts that can be drawn for one week's audit: as many as a few people can judge."""


def week_of(moment: datetime) -> date:
    """The Monday that began the week of a moment, in UTC."""
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def sample_seen(content_hash: str, asked: Iterable[str]) -> str:
    """What the sheet of a judge carries: the text that was shown and the categories that were asked about."""
    questions = hashlib.sha256(" ".join(sorted(asked)).encode()).hexdigest()
    return f"{content_hash}.{questions[:16]}"


def start_of(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(day, time(), UTC)


def drawn_by_lot(seed: str, post_ids: Iterable[int], number: int) -> list[int]:
    """The posts that are drawn, in the order of the draw: those with the lowest SHA-256 of `seed:post id`.

    Each has the same chance; whoever knows the seed and the posts of the week can repeat it.
    """
    return nsmallest(number, post_ids, key=lambda post_id: hashlib.sha256(f"{seed}:{post_id}".encode()).digest())
