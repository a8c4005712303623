"""What an outside platform tells, read; `POST /v1/events` takes one event or a list."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.edges.moderation_api.wire import BATCH_LIMIT
from wardmote.journeys.platforms.outside_platform import Event
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.outside import EventKind

_Kind = TypeVar("_Kind", bound=StrEnum)
_EVENT = frozenset({"source", "id", "type", "post", "report"})
_POST = frozenset({"id", "url", "text", "author"})
_REPORT = frozenset({"reporter", "reason", "comment"})


def read_events(content: Any) -> list[Any]:
    """The events of a request, still to be read one by one."""
    if isinstance(content, Mapping) and "events" not in content:
        return [content]
    events = _object(content, frozenset({"events"}), "The body")["events"]
    if not isinstance(events, list) or not events:
        raise invalid("events must be a list that is not empty.", "events", "invalid_type")
    if len(events) > BATCH_LIMIT:
        message = f"events has {len(events):,} entries; at most {BATCH_LIMIT:,} are taken at once."
        raise invalid(message, "events", "array_above_max_length")
    return events


def read_event(content: Any) -> Event:
    """One event; Refusal for one that cannot be understood."""
    fields = _object(content, _EVENT, "event")
    post = _object(fields.get("post"), _POST, "post")
    report = _object(fields.get("report") or {}, _REPORT, "report")
    return Event(
        source=_text(fields, "source"),
        id=_text(fields, "id"),
        kind=_one_of(EventKind, _text(fields, "type"), "type"),
        post_id=_text(post, "id"),
        url=_text(post, "url"),
        author=_text(post, "author"),
        text=_text(post, "text"),
        reporter=_text(report, "reporter"),
        reason=_one_of(ReportReason, _text(report, "reason") or ReportReason.OTHER.value, "reason"),
        comment=_text(report, "comment"),
    )


def name_of(content: Any) -> dict[str, str]:
    """The names by which a client finds its event again in the answer, as far as they can be read."""
    if not isinstance(content, Mapping):
        return {}
    return {name: content[name][:200] for name in ("source", "id") if isinstance(content.get(name), str)}


def text_of(content: Any) -> str:
    """The text of an event, as far as it can be read: what it costs to take it in."""
    post = content.get("post") if isinstance(content, Mapping) else None
    text = post.get("text") if isinstance(post, Mapping) else None
    return text if isinstance(text, str) else ""


def _object(given: Any, known: frozenset[str], where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise invalid(f"{where} must be a JSON object.", where, "invalid_type")
    for name in given:
        if name not in known:
            raise invalid(f"Unknown parameter: '{name[:60]}'.", name[:60], "unknown_parameter")
    return given


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string.", name, "invalid_type")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid(f"{name} is not valid Unicode.", name, "invalid_text") from None
    return value


def _one_of(kinds: type[_Kind], value: str, name: str) -> _Kind:
    try:
        return kinds(value)
    except ValueError:
        raise invalid(f"{name} must be one of {', '.join(kinds)}.", name) from None
