"""The description of the API in OpenAPI 3.1, served at `/openapi.json`; `docs/reference/api.md` is made from it."""

from typing import Any

from wardmote import __version__
from wardmote.edges.moderation_api import schemas
from wardmote.edges.moderation_api.wire import BATCH_LIMIT, BODY_LIMIT, LINE_LIMIT, STREAM_TYPE

_GOOGLE = "GoogleError"
_OURS = "Error"
_LIMITS = (
    f"A body has at most {BODY_LIMIT:,} bytes and {BATCH_LIMIT:,} texts; a line of a stream at most {LINE_LIMIT:,} "
    "bytes. Offsets count Unicode code points from 0, the end excluded."
)


def document(base_url: str, *, communities: bool = False) -> dict[str, Any]:
    """The whole description of the server at `base_url`; `communities`: of one that has them."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wardmote moderation API",
            "version": __version__,
            "description": f"Scores of texts, in the shapes of Perspective, of OpenAI, and of Wardmote. {_LIMITS}",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url or "/"}],
        "security": [{"key": []}, {"bearer": []}],
        "paths": {**_perspective(), **_openai(), **_own(), **(_platform() if communities else {})},
        "components": {
            "schemas": schemas.SCHEMAS,
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _perspective() -> dict[str, Any]:
    return {
        "/v1alpha1/comments:analyze": {
            "post": _operation(
                "analyze",
                "Score one comment, as Perspective did. Nothing of it is kept, whatever doNotStore says.",
                "AnalyzeCommentRequest",
                "AnalyzeCommentResponse",
                errors=_GOOGLE,
            )
        },
        "/v1alpha1/comments:suggestscore": {
            "post": _operation(
                "suggestscore",
                "Say what a comment's scores should have been. It is kept, for a person to review.",
                "SuggestCommentScoreRequest",
                "SuggestCommentScoreResponse",
                errors=_GOOGLE,
                more={"501": "This server keeps no suggestions."},
            )
        },
    }


def _openai() -> dict[str, Any]:
    name = {"name": "model", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/v1/moderations": {
            "post": _operation(
                "moderate",
                "Judge one text, several, or text parts of one thing, as OpenAI's endpoint does.",
                "ModerationRequest",
                "ModerationResponse",
            )
        },
        "/v1/models": {"get": _operation("listModels", "What answers here, and what it does not cover.", "", "Models")},
        "/v1/models/{model}": {
            "get": {**_operation("showModel", "One of them.", "", "Model"), "parameters": [name]},
        },
    }


def _own() -> dict[str, Any]:
    operation = _operation(
        "screen",
        "Screen one text, a batch, or a stream; with explanations, and with what a community's policy would do. "
        f"As {STREAM_TYPE} each line is a text, or an object with text, answered by a line; read while you write.",
        "ScreenRequest",
        "ScreenResponse",
    )
    operation["requestBody"]["content"][STREAM_TYPE] = {"schema": {"type": "string"}}
    operation["responses"]["200"]["content"][STREAM_TYPE] = {"schema": {"type": "string"}}
    operation["parameters"] = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"{words} Of a stream; otherwise it stands in the body.",
            "schema": schema,
        }
        for name, words, schema in (
            ("explain", "Whether to say which words carried the scores.", {"type": "boolean"}),
            ("community", "Whose policy to apply.", {"type": "string"}),
        )
    ]
    return {"/v1/screen": {"post": operation}}


def _platform() -> dict[str, Any]:
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"}}
    told = _operation(
        "tell",
        "Tell of posts, edits, deletions and reports. Each event counts once, by its source and id: send it again "
        "when in doubt. What is decided comes back by webhook.",
        "Events",
        "EventResults",
    )
    matched = _operation(
        "match",
        "Ask which of a community's lists of known content a text is on, or an image by its PDQ hash and quality (100 "
        "where none is given; below 50 nothing matches). Of each list the nearest entry: alike is 1 for the same, "
        "distance says how many of 256 bits differ, at most 31. Nothing of what is asked is kept.",
        "MatchRequest",
        "MatchResponse",
    )
    return {
        "/v1/match": {"post": matched},
        "/v1/events": {"post": told},
        "/v1/webhook": {
            "get": _operation("showWebhook", "Where decisions are told.", "", "Webhook"),
            "post": _operation(
                "setWebhook",
                "Set it; the answer has the secret of the signatures. Without a URL it is ended.",
                "WebhookRequest",
                "WebhookSecret",
            ),
        },
        "/v1/webhook/deliveries": {
            "get": _operation("listDeliveries", "The newest messages, and how each try went.", "", "Deliveries"),
        },
        "/v1/webhook/deliveries/{id}/resend": {
            "post": {**_operation("resend", "Send a message again.", "", "Resent"), "parameters": [number]},
        },
    }


def _operation(
    name: str, summary: str, request: str, response: str, *, errors: str = _OURS, more: dict[str, str] | None = None
) -> dict[str, Any]:
    refusals = {
        "400": "The request cannot be answered; the message says why.",
        "403": "The key does not open this.",
        "404": "There is no such thing.",
        "408": "The body did not arrive in time.",
        "413": "The body, or a line of it, is too large.",
        "429": "The key's limit is reached; Retry-After says for how many seconds.",
        "500": "Something broke on the server's side.",
        "503": "The server is busy; try again.",
    }
    if errors == _OURS:
        refusals["401"] = "No key, or one that opens nothing."
    described: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": "The answer.", "content": _json(response)},
            **{
                status: {"description": words, "content": _json(errors)}
                for status, words in sorted((refusals | (more or {})).items())
            },
        },
    }
    if request:
        described["requestBody"] = {"required": True, "content": _json(request)}
    return described


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
