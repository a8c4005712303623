"""The one place that reads the time. Everything below an edge is handed `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC, to the millisecond (the precision of ids and of the record)."""
    return floor_to_millisecond(datetime.now(UTC))


def floor_to_millisecond(moment: datetime) -> datetime:
    """`moment` in UTC without its microseconds; a naive moment is refused, since its meaning depends on the machine."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {moment!r}")
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00Z, exactly (no floating point)."""
    utc = floor_to_millisecond(moment)
    delta = utc - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def to_rfc3339(moment: datetime) -> str:
    """`2026-11-22T21:40:00.123Z`: RFC 3339 in UTC with milliseconds, always of the same width."""
    utc = floor_to_millisecond(moment)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
