"""Perspective's two requests, read and checked; the messages are its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wardmote.detect import Screener
from wardmote.edges.moderation_api.coverage import ATTRIBUTES, Coverage
from wardmote.edges.moderation_api.languages import base, believed, detect
from wardmote.edges.moderation_api.perspective.fields import Fields
from wardmote.edges.moderation_api.perspective.refusals import malformed, refuse, unsupported_language

TEXT_LIMIT = 20_480
"""Bytes of UTF-8 in a comment."""

_SHARED = frozenset({"comment", "context", "languages", "communityId", "clientToken"})
_ANALYZE = _SHARED | {"requestedAttributes", "spanAnnotations", "doNotStore", "sessionId", "dropUnsupportedAttributes"}
_SUGGEST = _SHARED | {"attributeScores"}
_ENTRY = frozenset({"text", "type"})
_TYPES = ("", "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT")
_MOST_ATTRIBUTES = 100


@dataclass(frozen=True, slots=True)
class Analyze:
    """What is to be scored. `thresholds`: requested attribute to the score that it must exceed, 0.0 for any."""

    text: str
    thresholds: Mapping[str, float]
    spans: bool
    languages: tuple[str, ...]
    detected: tuple[str, ...]
    client_token: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a client believes is right: attribute to score in [0, 1]."""

    text: str
    scores: Mapping[str, float]
    languages: tuple[str, ...]
    community_id: str
    client_token: str


def read_analyze(content: Any, coverage: Coverage, screener: Screener) -> Analyze:
    """The request in `content`; Refusal as Perspective would refuse it."""
    fields = Fields(content, known=_ANALYZE)
    text = _comment(fields)
    _check_context(fields)
    thresholds = _requested(fields)
    detected = detect(text, screener, coverage.languages).languages
    given = fields.texts("languages")
    trusted = bool(given) and believed(given, text, screener, coverage.languages)
    languages = given if trusted else detected[:1]
    thresholds = _covered(
        thresholds, languages, coverage, requested=trusted, drop=fields.flag("dropUnsupportedAttributes")
    )
    for name in ("sessionId", "communityId"):
        fields.text(name)
    fields.flag("doNotStore")
    return Analyze(text, thresholds, fields.flag("spanAnnotations"), languages, detected, fields.text("clientToken"))


def read_suggestion(content: Any) -> Suggestion:
    """The suggestion in `content`; Refusal where it names no attribute or a score that is none."""
    fields = Fields(content, known=_SUGGEST)
    text = _comment(fields)
    _check_context(fields)
    given = fields.raw("attributeScores") or {}
    if not isinstance(given, Mapping) or len(given) > _MOST_ATTRIBUTES:
        raise malformed("Invalid value at 'attributeScores', a map is expected", "attributeScores")
    if not given:
        raise refuse("Missing attribute_scores", "NO_REQUESTED_ATTRIBUTES")
    scores = {name: _suggested(name, content) for name, content in given.items()}
    return Suggestion(text, scores, fields.texts("languages"), fields.text("communityId"), fields.text("clientToken"))


def _comment(fields: Fields) -> str:
    entry = Fields(fields.raw("comment") or {}, "comment", _ENTRY)
    text = entry.text("text")
    if not text.strip():
        raise refuse("Comment must be non-empty.", "COMMENT_EMPTY")
    _check_type(entry)
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise malformed("Invalid value at 'comment.text' (TYPE_STRING), not UTF-8", "comment.text") from None
    if size > TEXT_LIMIT:
        raise refuse("Comment text too long.", "COMMENT_TOO_LONG")
    return text


def _check_type(entry: Fields) -> None:
    kind = entry.text("type")
    if kind == "HTML":
        raise refuse("Currently, only 'PLAIN_TEXT' comments are supported")
    if kind not in _TYPES:
        raise refuse("Unknown text type")


def _check_context(fields: Fields) -> None:
    """Context is read, so that a mistake in it is told, and not used: no model here looks beyond the comment."""
    context = Fields(fields.raw("context") or {}, "context", frozenset({"entries", "articleAndParentComment"}))
    entries = context.raw("entries") or []
    pair = context.raw("articleAndParentComment")
    if entries and pair:
        raise refuse("Context can have either entries or article_and_parent_comment, but both fields were populated.")
    if not isinstance(entries, list):
        raise malformed("Invalid value at 'context.entries', a list is expected", "context.entries")
    for number, entry in enumerate(entries):
        _check_type(Fields(entry, f"context.entries[{number}]", _ENTRY))
    if pair is not None:
        parts = Fields(pair, "context.articleAndParentComment", frozenset({"article", "parentComment"}))
        for name in ("article", "parentComment"):
            _check_type(Fields(parts.raw(name) or {}, parts.at(name), _ENTRY))


def _requested(fields: Fields) -> dict[str, float]:
    given = fields.raw("requestedAttributes") or {}
    if not isinstance(given, Mapping):
        raise malformed("Invalid value at 'requestedAttributes', a map is expected", "requestedAttributes")
    if not given:
        raise refuse("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
    if len(given) > _MOST_ATTRIBUTES:
        raise refuse(f"At most {_MOST_ATTRIBUTES} attributes can be requested")
    thresholds = {}
    for name, settings in given.items():
        one = Fields(settings or {}, f"requestedAttributes.{name[:60]}", frozenset({"scoreType", "scoreThreshold"}))
        kind = one.text("scoreType")
        if kind not in ("", "SCORE_TYPE_UNSPECIFIED", "PROBABILITY"):
            raise refuse(f"Requested score type {kind[:60]} is not supported by attribute {name[:60]}")
        thresholds[name] = one.number("scoreThreshold")
    return thresholds


def _covered(
    thresholds: dict[str, float], languages: tuple[str, ...], coverage: Coverage, *, requested: bool, drop: bool
) -> dict[str, float]:
    """The attributes that are covered in all the languages; Refusal for one that is not, unless it may be dropped."""
    kept = {}
    for name, threshold in thresholds.items():
        try:
            missing = [code for code in languages if not coverage.speaks(name, base(code))]
        except KeyError:
            raise refuse(f"Unknown requested attribute: {name[:60]}") from None
        if not missing:
            kept[name] = threshold
        elif not drop:
            raise unsupported_language(name, missing, requested=requested)
    return kept


def _suggested(name: str, content: object) -> float:
    if name.removesuffix("_EXPERIMENTAL") not in ATTRIBUTES:
        raise refuse(f"Unknown attribute: {name[:60]}")
    path = f"attributeScores.{name}"
    summary = Fields(content, path, frozenset({"summaryScore", "spanScores"})).raw("summaryScore")
    score = Fields(summary or {}, f"{path}.summaryScore", frozenset({"value", "type"}))
    value = score.number("value")
    if not 0 <= value <= 1:
        raise refuse(f"A score lies between 0 and 1: {name[:60]}")
    return value
