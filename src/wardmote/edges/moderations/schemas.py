"""The shapes of requests and answers, as JSON Schema."""

from typing import Any

from wardmote.edges.moderations.coverage import CATEGORIES
from wardmote.edges.moderations.openai.models import NAMES
from wardmote.edges.moderations.perspective.request import TEXT_LIMIT
from wardmote.edges.moderations.wire import BATCH_LIMIT

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
PLACE: Schema = {"type": "integer", "minimum": 0}
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
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


_SCREENED = _open(
    id=TEXT,
    languages=TEXTS,
    scores=SCORES,
    spans=_list(
        _open(("category", "start", "end", "weight"), category=TEXT, start=PLACE, end=PLACE, weight={"type": "number"})
    ),
    routing=_open(
        ("route", "clause", "category", "score"),
        route={"type": "string", "enum": ["publish", "queue", "hold"]},
        clause={"type": ["string", "null"]},
        category={"type": ["string", "null"]},
        score={"type": ["number", "null"]},
    ),
    error=_open(("message", "code", "param"), message=TEXT, code=TEXT, param={"type": ["string", "null"]}),
)
_ONE = _closed(("text",), id=TEXT, text=TEXT, language=TEXT)

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
    "Error": _open(
        ("error",),
        error=_open(
            ("message", "type", "param", "code"),
            message=TEXT,
            type=TEXT,
            param={"type": ["string", "null"]},
            code={"type": ["string", "null"]},
        ),
    ),
}
