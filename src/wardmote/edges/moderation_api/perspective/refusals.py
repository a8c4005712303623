"""Refusals as Google words them: `{"error": {"code", "message", "status", "details"}}`."""

from collections.abc import Mapping, Sequence
from typing import Any

from wardmote.edges.moderation_api.wire import Refusal, Reply, reply

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
# Google's names for the kinds of detail; a client compares them letter by letter.
_TYPES = f"type.{'google'}apis.com"
_ERROR = f"{_TYPES}/google.commentanalyzer.v1alpha1.Error"
_BAD_REQUEST = f"{_TYPES}/google.rpc.BadRequest"


def render(refusal: Refusal) -> Reply:
    """The refusal in Google's shape."""
    # Google answers a bad key with 403 where others say 401.
    status = 403 if refusal.status == 401 else refusal.status
    error: dict[str, Any] = {
        "code": status,
        "message": str(refusal),
        "status": _STATUSES.get(status, "UNKNOWN"),
    }
    if refusal.details:
        error["details"] = refusal.details
    return reply(status, {"error": error}, refusal.headers)


def refuse(message: str, kind: str = "INVALID_REQUEST", **more: Mapping[str, Any]) -> Refusal:
    """A comment or an attribute that is not scored; `kind` is Perspective's `errorType`."""
    return Refusal(400, message, code=kind.lower(), details=({"@type": _ERROR, "errorType": kind, **more},))


def malformed(message: str, field: str = "") -> Refusal:
    """JSON that does not fit the request: what Google's own front refuses before Perspective sees it."""
    violation = {"description": message} | ({"field": field} if field else {})
    details = ({"@type": _BAD_REQUEST, "fieldViolations": [violation]},)
    return Refusal(400, message, code="invalid_json", field=field or None, details=details)


def unsupported_language(attribute: str, languages: Sequence[str], *, requested: bool) -> Refusal:
    """An attribute that is not covered in a language; or in none, which clients know how to drop."""
    which = "requestedLanguages" if requested else "detectedLanguages"
    return refuse(
        f"Attribute {attribute} does not support request languages: {', '.join(languages)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError={which: list(languages), "attribute": attribute},
    )
