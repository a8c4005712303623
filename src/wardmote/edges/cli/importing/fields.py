"""Fields of a foreign row, checked: what comes out can be stored on any database. Raises BadField with the fault."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from wardmote.kernel.errors import WardmoteError
from wardmote.kernel.texts import is_name

NAME_LENGTH = 200
SOURCE_LENGTH = 80
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(hours=24)


class BadField(WardmoteError):
    """A field that is not what it must be, in one sentence."""


def needed(row: Mapping[str, object], field: str) -> object:
    """A field that must be there."""
    value = row.get(field)
    if value is None or value == "":
        raise BadField(f"no {field}")
    return value


def name_in(row: Mapping[str, object], field: str) -> str:
    """An id or a name: a text or a whole number, on one line, at most 200 characters."""
    value = needed(row, field)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadField(f"{field} is neither a text nor a whole number")
    text = str(value).strip()
    if len(text) > NAME_LENGTH:
        raise BadField(f"{field} has {len(text):,} characters; the most is {NAME_LENGTH}")
    if not is_name(text, limit=NAME_LENGTH):
        raise BadField(f"{field} is not a name: nothing of it can be seen, or it has control characters")
    return text


def optional_name_in(row: Mapping[str, object], field: str) -> str:
    """The same, or an empty text where the row has none."""
    return "" if row.get(field) in (None, "") else name_in(row, field)


def text_in(row: Mapping[str, object], field: str) -> str:
    """A text as it is; whether it may be stored is the journey's question."""
    value = row.get(field)
    if value is None:
        raise BadField(f"no {field}")
    if not isinstance(value, str):
        raise BadField(f"{field} is not a text")
    return value


def moment_in(row: Mapping[str, object], field: str, *, now: datetime) -> datetime:
    """A moment from 1970 until tomorrow, as ISO 8601 or as a timestamp of Parquet; without a zone it is UTC."""
    value = needed(row, field)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadField(f"{field} is not an ISO 8601 time: {value!r}") from None
    if not _FIRST <= moment <= now + _CLOCKS_DIFFER:
        raise BadField(f"{field} is not between 1970 and today: {moment.isoformat()}")
    return moment
