"""`GET /v1/models`: what answers here, and what it does and does not cover."""

from typing import Any

from wardmote.edges.moderation_api.coverage import NOTES, Coverage, flag_at

OWN = "wardmote-moderation"
NAMES = (
    OWN,
    "omni-moderation-latest",
    "omni-moderation-2024-09-26",
    "text-moderation-latest",
    "text-moderation-stable",
)
"""Names under which a client may ask; the one model answers to all."""
_CREATED = 1_795_305_600
"""Seconds since 1970, of the day on which this interface was made; the client's type asks for one."""


def listing(coverage: Coverage, screener: str) -> dict[str, Any]:
    """The list of models."""
    return {"object": "list", "data": [model(name, coverage, screener) for name in NAMES]}


def model(name: str, coverage: Coverage, screener: str) -> dict[str, Any]:
    """One model in OpenAI's shape, with what `wardmote` adds: coverage in both vocabularies."""
    return {
        "id": name,
        "object": "model",
        "created": _CREATED,
        "owned_by": "wardmote",
        "wardmote": {
            "screener": screener,
            "languages": list(coverage.languages),
            "categories": {
                theirs: {"from": list(ours), "flagged_from": {c: flag_at(c) for c in ours}}
                | ({"note": NOTES[theirs]} if theirs in NOTES else {})
                for theirs, ours in coverage.categories.items()
                if ours
            },
            "categories_not_covered": [theirs for theirs, ours in coverage.categories.items() if not ours],
            "attributes": {theirs: list(ours) for theirs, ours in coverage.attributes.items() if ours},
            "attributes_not_covered": [theirs for theirs, ours in coverage.attributes.items() if not ours],
        },
    }
