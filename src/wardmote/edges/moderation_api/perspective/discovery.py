"""The document from which Google's clients build themselves; with it, one changed URL is the whole migration."""

from typing import Any

PATH = "/$discovery/rest"
VERSION = "v1alpha1"


def document(base_url: str) -> dict[str, Any]:
    """The description of this server at `base_url`, in Google's discovery format, version 1."""
    root = base_url.rstrip("/") + "/"
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"commentanalyzer:{VERSION}",
        "name": "commentanalyzer",
        "version": VERSION,
        "revision": "20261122",
        "title": "Perspective Comment Analyzer API",
        "description": "Scores of comments, answered by Wardmote in the shape of Perspective.",
        "documentationLink": f"{root}openapi.json",
        "protocol": "rest",
        "rootUrl": root,
        "servicePath": "",
        "baseUrl": root,
        "batchPath": "batch",
        "parameters": {
            "key": _parameter("API key."),
            "alt": {**_parameter("Data format for response."), "default": "json", "enum": ["json"]},
            "fields": _parameter("Selector of fields; not applied."),
            "prettyPrint": {"type": "boolean", "location": "query", "default": "true", "description": "Not applied."},
            "quotaUser": _parameter("Not applied."),
        },
        "resources": {
            "comments": {"methods": {"analyze": _method("analyze"), "suggestscore": _method("suggestscore")}}
        },
        "schemas": _schemas(),
    }


def _parameter(description: str) -> dict[str, Any]:
    return {"type": "string", "location": "query", "description": description}


def _method(name: str) -> dict[str, Any]:
    stem = {"analyze": "AnalyzeComment", "suggestscore": "SuggestCommentScore"}[name]
    return {
        "id": f"commentanalyzer.comments.{name}",
        "httpMethod": "POST",
        "path": f"{VERSION}/comments:{name}",
        "flatPath": f"{VERSION}/comments:{name}",
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": f"{stem}Request"},
        "response": {"$ref": f"{stem}Response"},
    }


_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_NUMBER = {"type": "number", "format": "float"}
_PLACE = {"type": "integer", "format": "int32"}
_TEXTS = {"type": "array", "items": _TEXT}


def _map(name: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"$ref": name}}


def _schemas() -> dict[str, Any]:
    about = {"comment": {"$ref": "TextEntry"}, "context": {"$ref": "Context"}, "languages": _TEXTS}
    echoed = {"clientToken": _TEXT, "communityId": _TEXT}
    return {
        "TextEntry": _object("TextEntry", text=_TEXT, type=_TEXT),
        "ArticleAndParentComment": _object(
            "ArticleAndParentComment", article={"$ref": "TextEntry"}, parentComment={"$ref": "TextEntry"}
        ),
        "Context": _object(
            "Context",
            entries={"type": "array", "items": {"$ref": "TextEntry"}},
            articleAndParentComment={"$ref": "ArticleAndParentComment"},
        ),
        "AttributeParameters": _object("AttributeParameters", scoreType=_TEXT, scoreThreshold=_NUMBER),
        "Score": _object("Score", value=_NUMBER, type=_TEXT),
        "SpanScore": _object("SpanScore", begin=_PLACE, end=_PLACE, score={"$ref": "Score"}),
        "AttributeScores": _object(
            "AttributeScores",
            summaryScore={"$ref": "Score"},
            spanScores={"type": "array", "items": {"$ref": "SpanScore"}},
        ),
        "AnalyzeCommentRequest": _object(
            "AnalyzeCommentRequest",
            **about,
            **echoed,
            requestedAttributes=_map("AttributeParameters"),
            spanAnnotations=_FLAG,
            doNotStore=_FLAG,
            dropUnsupportedAttributes=_FLAG,
            sessionId=_TEXT,
        ),
        "AnalyzeCommentResponse": _object(
            "AnalyzeCommentResponse",
            attributeScores=_map("AttributeScores"),
            languages=_TEXTS,
            detectedLanguages=_TEXTS,
            clientToken=_TEXT,
        ),
        "SuggestCommentScoreRequest": _object(
            "SuggestCommentScoreRequest", **about, **echoed, attributeScores=_map("AttributeScores")
        ),
        "SuggestCommentScoreResponse": _object(
            "SuggestCommentScoreResponse", clientToken=_TEXT, detectedLanguages=_TEXTS, requestedLanguages=_TEXTS
        ),
    }


def _object(identifier: str, **properties: Any) -> dict[str, Any]:
    return {"id": identifier, "type": "object", "properties": properties}
