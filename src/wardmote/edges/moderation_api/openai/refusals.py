"""Refusals as OpenAI words them: `{"error": {"message", "type", "param", "code"}}`; Wardmote's own endpoints too."""

from wardmote.edges.moderation_api.wire import Refusal, Reply, reply

_KINDS = {
    401: "invalid_request_error",
    403: "permission_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}


def render(refusal: Refusal) -> Reply:
    """The refusal in OpenAI's shape."""
    kind = "insufficient_quota" if refusal.code == "insufficient_quota" else _KINDS.get(refusal.status)
    error = {
        "message": str(refusal),
        "type": kind or "invalid_request_error",
        "param": refusal.field,
        "code": refusal.code or None,
    }
    return reply(refusal.status, {"error": error}, refusal.headers)


def invalid(message: str, field: str | None, code: str = "invalid_value") -> Refusal:
    """Something in the body is not what it must be."""
    return Refusal(400, message, code=code, field=field)
