"""The shapes of requests and answers, as JSON Schema."""

from typing import Any

from wardmote.edges.moderation_api.coverage import CATEGORIES
from wardmote.edges.moderation_api.openai.models import NAMES
from wardmote.edges.moderation_api.perspective.request import TEXT_LIMIT
from wardmote.edges.moderation_api.wire import BATCH_LIMIT
from wardmote.moderation.policy import ReportReason, Route
from wardmote.moderation.policy.outside import EventKind

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
PLACE: Schema = {"type": "integer", "minimum": 0}
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
MAYBE: Schema = {"type": ["string", "null"]}
TEXTS: Schema = {"type": "array", "items": TEXT}
SCORES: Schema = {"type": "object", "additionalProperties": SCORE}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _open(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def _closed(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return _open(required, **properties) | {"additionalProperties": False}


def _batch(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": BATCH_LIMIT}


def _name(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest}


def _map(items: Schema) -> Schema:
    return {"type": "object", "additionalProperties": items}


_ENTRY = _closed(
    ("text",),
    text={"type": "string", "minLength": 1, "description": f"At most {TEXT_LIMIT:,} bytes of UTF-8."},
    type={"type": "string", "enum": ["PLAIN_TEXT"]},
)
_CONTEXT = _closed(entries=_list(_ENTRY), articleAndParentComment=_closed(article=_ENTRY, parentComment=_ENTRY))
_PERSPECTIVE_SCORE = _open(("value", "type"), value=SCORE, type={"type": "string", "enum": ["PROBABILITY"]})
_ABOUT = {"comment": _ENTRY, "context": _CONTEXT, "languages": TEXTS, "communityId": TEXT, "clientToken": TEXT}
_PARAMETERS = _closed(scoreType={"type": "string", "enum": ["PROBABILITY"]}, scoreThreshold=SCORE)
_INPUT: Schema = {
    "oneOf": [
        TEXT,
        {"type": "array", "items": TEXT, "minItems": 1, "maxItems": BATCH_LIMIT},
        {
            "type": "array",
            "minItems": 1,
            "maxItems": BATCH_LIMIT,
            "items": _open(("type", "text"), type={"type": "string", "enum": ["text"]}, text=TEXT),
        },
    ]
}


def _by_category(items: Schema) -> Schema:
    return _open(tuple(CATEGORIES), **dict.fromkeys(CATEGORIES, items))


_ITEM_ERROR = _open(("message", "code", "param"), message=TEXT, code=TEXT, param=MAYBE)
_SCREENED = _open(
    id=TEXT,
    languages=TEXTS,
    scores=SCORES,
    spans=_list(
        _open(("category", "start", "end", "weight"), category=TEXT, start=PLACE, end=PLACE, weight={"type": "number"})
    ),
    routing=_open(
        ("route", "clause", "category", "score"),
        route={"type": "string", "enum": [route.value for route in Route]},
        clause=MAYBE,
        category=MAYBE,
        score={"type": ["number", "null"]},
    ),
    error=_ITEM_ERROR,
)
_ONE = _closed(("text",), id=TEXT, text=TEXT, language=TEXT)

_EVENT = _closed(
    ("source", "id", "type", "post"),
    source=_name(80),
    id=_name(200),
    type={"type": "string", "enum": [kind.value for kind in EventKind]},
    post=_closed(("id",), id=_name(200), url=_name(500), author=_name(200), text=TEXT),
    report=_closed(
        ("reporter",),
        reporter=_name(200),
        reason={"type": "string", "enum": [reason.value for reason in ReportReason]},
        comment=TEXT,
    ),
)
_TAKEN = _open(
    source=TEXT,
    id=TEXT,
    route={"type": ["string", "null"], "enum": [*(route.value for route in Route), None]},
    clause=MAYBE,
    scores=SCORES,
    case=MAYBE,
    again=FLAG,
    error=_ITEM_ERROR,
)

SCHEMAS: dict[str, Schema] = {
    "AnalyzeCommentRequest": _closed(
        ("comment", "requestedAttributes"),
        **_ABOUT,
        requestedAttributes=_map(_PARAMETERS) | {"minProperties": 1},
        spanAnnotations=FLAG,
        doNotStore=FLAG,
        dropUnsupportedAttributes=FLAG,
        sessionId=TEXT,
    ),
    "AnalyzeCommentResponse": _open(
        ("languages", "detectedLanguages"),
        attributeScores=_map(
            _open(
                ("summaryScore", "spanScores"),
                summaryScore=_PERSPECTIVE_SCORE,
                spanScores=_list(_open(("begin", "end", "score"), begin=PLACE, end=PLACE, score=_PERSPECTIVE_SCORE)),
            )
        ),
        languages=TEXTS,
        detectedLanguages=TEXTS,
        clientToken=TEXT,
    ),
    "SuggestCommentScoreRequest": _closed(
        ("comment", "attributeScores"),
        **_ABOUT,
        attributeScores=_map(_open(summaryScore=_open(value=SCORE, type=TEXT))) | {"minProperties": 1},
    ),
    "SuggestCommentScoreResponse": _open(clientToken=TEXT),
    "GoogleError": _open(
        ("error",),
        error=_open(
            ("code", "message", "status"),
            code={"type": "integer"},
            message=TEXT,
            status=TEXT,
            details=_list({"type": "object"}),
        ),
    ),
    "ModerationRequest": _closed(("input",), input=_INPUT, model={"type": "string", "enum": list(NAMES)}),
    "ModerationResponse": _open(
        ("id", "model", "results"),
        id=TEXT,
        model=TEXT,
        results=_list(
            _open(
                ("flagged", "categories", "category_scores", "category_applied_input_types"),
                flagged=FLAG,
                categories=_by_category(FLAG),
                category_scores=_by_category(SCORE),
                category_applied_input_types=_by_category(_list({"type": "string", "enum": ["text"]})),
            )
        ),
    ),
    "Model": _open(
        ("id", "object", "created", "owned_by"),
        id=TEXT,
        object={"type": "string", "enum": ["model"]},
        created={"type": "integer"},
        owned_by=TEXT,
        wardmote={"type": "object"},
    ),
    "Models": _open(("object", "data"), object={"type": "string", "enum": ["list"]}, data=_list(_ref("Model"))),
    "ScreenRequest": _closed(
        (),
        text=TEXT,
        texts={"type": "array", "items": {"oneOf": [TEXT, _ONE]}, "minItems": 1, "maxItems": BATCH_LIMIT},
        community=TEXT,
        explain=FLAG,
        language=TEXT,
    )
    | {"oneOf": [{"required": ["text"]}, {"required": ["texts"]}]},
    "ScreenResponse": _open(
        ("screener", "detectors", "results"),
        screener=TEXT,
        detectors=_list(_open(("name", "version"), name=TEXT, version=TEXT)),
        policy=_open(("community", "number", "hash"), community=TEXT, number={"type": "integer"}, hash=TEXT),
        results=_list(_SCREENED),
    ),
    "MatchRequest": _closed(
        (),
        text=TEXT,
        pdq={"type": "string", "pattern": "^[0-9A-Fa-f]{64}$"},
        quality={"type": "integer", "minimum": 0, "maximum": 100},
        community=TEXT,
    )
    | {"oneOf": [{"required": ["text"]}, {"required": ["pdq"]}]},
    "MatchResponse": _open(
        ("community", "matches"),
        community=TEXT,
        matches=_list(
            _open(
                ("list", "purpose", "category", "alike"),
                list=TEXT,
                purpose={"type": "string", "enum": ["flag", "hold", "illegal"]},
                category=MAYBE,
                alike=SCORE,
                distance=PLACE,
            )
        ),
    ),
    "Events": {"oneOf": [_EVENT, _closed(("events",), events=_batch(_EVENT))]},
    "EventResults": _open(("results",), results=_list(_TAKEN)),
    "Webhook": _open(("url",), url=MAYBE),
    "WebhookRequest": _closed((), url=MAYBE),
    "WebhookSecret": _open(("url", "secret"), url=MAYBE, secret=MAYBE),
    "Deliveries": _open(
        ("deliveries",),
        deliveries=_list(
            _open(
                ("id", "decision", "event", "state", "created_at", "delivered_at", "tries"),
                id=TEXT,
                decision=TEXT,
                event={"type": "string", "enum": ["decision.made", "decision.reversed"]},
                state={"type": "string", "enum": ["waiting", "delivered", "failed"]},
                created_at=TEXT,
                delivered_at=MAYBE,
                tries=_list(
                    _open(
                        ("at", "status", "reply", "content_hash"),
                        at=TEXT,
                        status={"type": ["integer", "null"]},
                        reply=TEXT,
                        content_hash=TEXT,
                    )
                ),
            )
        ),
    ),
    "Resent": _open(("id", "state"), id=TEXT, state=TEXT),
    "Error": _open(
        ("error",),
        error=_open(
            ("message", "type", "param", "code"),
            message=TEXT,
            type=TEXT,
            param=MAYBE,
            code=MAYBE,
        ),
    ),
}
