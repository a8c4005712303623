"""Wardmote's own endpoint: one text, a batch, or a line of a stream; what it asks, and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs

from wardmote.detect import Screener, Screening, TextError
from wardmote.edges.moderation_api.coverage import Coverage
from wardmote.edges.moderation_api.languages import base, believed, detect
from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.edges.moderation_api.wire import BATCH_LIMIT, Refusal, read_json

_FIELDS = frozenset({"text", "texts", "community", "explain", "language"})
_ENTRY = frozenset({"id", "text", "language"})
_ID_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One text, with the client's own name for it and, where given, its language."""

    text: str
    id: str = ""
    language: str = ""


class Rulebook(Protocol):
    """One community's policy in force."""

    def apply(self, scores: Mapping[str, float]) -> dict[str, Any]:
        """What the policy would do with a text of these scores, as the answer says it."""

    def named(self) -> dict[str, Any]:
        """Which policy of which community this is, as the answer says it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How all the texts of one request are to be screened."""

    explain: bool = False
    community: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The texts of one request; `single`: it was one, and is answered as one."""

    entries: tuple[Entry, ...]
    wishes: Wishes
    single: bool


def read_batch(content: Any) -> Batch:
    """The request in `content`."""
    fields = _object(content, _FIELDS, "")
    wishes = Wishes(_flag(fields, "explain"), _text(fields, "community"))
    if ("text" in fields) == ("texts" in fields):
        raise invalid("Give either text or texts.", "text", "missing_required_parameter")
    if "text" in fields:
        return Batch((Entry(_text(fields, "text"), language=_text(fields, "language")),), wishes, single=True)
    texts = fields["texts"]
    if not isinstance(texts, list) or not texts:
        raise invalid("texts must be a list that is not empty.", "texts", "invalid_type")
    if len(texts) > BATCH_LIMIT:
        message = f"texts has {len(texts):,} entries; at most {BATCH_LIMIT:,} are taken at once. Send them as a stream."
        raise invalid(message, "texts", "array_above_max_length")
    language = _text(fields, "language")
    entries = tuple(_entry(each, f"texts[{number}]", language) for number, each in enumerate(texts))
    return Batch(entries, wishes, single=False)


def read_wishes(query: str) -> Wishes:
    """How a stream is to be screened: `?explain=true&community=NAME`."""
    try:
        given = parse_qs(query, max_num_fields=50)
    except ValueError:
        raise invalid("The query has too many fields.", None) from None
    explain = given.get("explain", ["false"])[0].lower()
    if explain not in ("true", "1", "false", "0"):
        raise invalid("explain must be true or false.", "explain")
    return Wishes(explain in ("true", "1"), given.get("community", [""])[0])


def read_line(line: bytes) -> Entry:
    """One line of a stream: a string, or an object with text and maybe id and language."""
    return _entry(read_json(line), "line", "")


def _entry(given: Any, where: str, language: str) -> Entry:
    if isinstance(given, str):
        return Entry(given, language=language)
    fields = _object(given, _ENTRY, where)
    if "text" not in fields:
        raise invalid(f"{where} has no text.", f"{where}.text", "missing_required_parameter")
    identifier = fields.get("id", "")
    if not isinstance(identifier, str) or len(identifier) > _ID_LIMIT:
        raise invalid(f"{where}.id must be a string of at most {_ID_LIMIT} characters.", f"{where}.id", "invalid_type")
    return Entry(_text(fields, "text"), identifier, _text(fields, "language") or language)


def _object(given: Any, known: frozenset[str], where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise invalid(f"{where or 'The body'} must be a JSON object.", where or None, "invalid_type")
    for name in given:
        if name not in known:
            raise invalid(f"Unknown parameter: '{name[:60]}'.", name[:60], "unknown_parameter")
    return given


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string.", name, "invalid_type")
    return value


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise invalid(f"{name} must be true or false.", name, "invalid_type")
    return value


def examine(
    entry: Entry, *, screener: Screener, coverage: Coverage, rules: Rulebook | None, explain: bool
) -> dict[str, Any]:
    """What is said of one text; Refusal for one that cannot be examined or is in a language that no model reads."""
    given = base(entry.language)
    trusted = given and believed((given,), entry.text, screener, coverage.languages)
    languages = (given,) if trusted else detect(entry.text, screener, coverage.languages).languages
    if languages[0] not in coverage.languages:
        message = f"No model here reads '{languages[0][:20]}'; covered: {', '.join(coverage.languages)}."
        raise Refusal(400, message, code="language_not_supported", field="language")
    try:
        screening = screener.screen(entry.text) if explain else None
        scores = screening.scores if screening else screener.scores(entry.text)
    except TextError as error:
        raise invalid(f"This text cannot be examined: {error}.", "text", "invalid_text") from None
    result: dict[str, Any] = {"id": entry.id} if entry.id else {}
    result |= {"languages": list(languages), "scores": scores}
    if screening:
        result["spans"] = _spans(screening)
    if rules is not None:
        result["routing"] = rules.apply(scores)
    return result


def refused(entry: Entry | None, refusal: Refusal) -> dict[str, Any]:
    """What is in a batch or a stream in place of a result."""
    error = {"message": str(refusal), "code": refusal.code, "param": refusal.field}
    return ({"id": entry.id} if entry and entry.id else {}) | {"error": error}


def _spans(screening: Screening) -> list[dict[str, Any]]:
    return [
        {"category": signal.category, "start": span.start, "end": span.end, "weight": round(span.weight, 4)}
        for signal in screening.signals
        for span in signal.spans
    ]
