"""Scores in Perspective's shape."""

from collections.abc import Callable, Mapping
from typing import Any

from wardmote.edges.moderations.coverage import Coverage, highest
from wardmote.edges.moderations.perspective.request import Analyze
from wardmote.edges.moderations.sentences import sentences

Score = Callable[[str], Mapping[str, float]]
"""Text to category to score; raises `wardmote.detect.TextError`."""


def answer_analyze(asked: Analyze, coverage: Coverage, score: Score) -> dict[str, Any]:
    """The body of the answer. A score that does not exceed its threshold is left out; when all are, so is the map."""
    whole = score(asked.text)
    spans = sentences(asked.text) if asked.spans else [(0, len(asked.text))]
    pieces = [whole if end - begin == len(asked.text) else score(asked.text[begin:end]) for begin, end in spans]
    content: dict[str, Any] = {"languages": list(asked.languages), "detectedLanguages": list(asked.detected)}
    if asked.client_token:
        content["clientToken"] = asked.client_token
    found = {}
    for name, threshold in asked.thresholds.items():
        categories = coverage.reads(name)
        value = highest(whole, categories)
        if threshold and value <= threshold:
            continue
        found[name] = {
            "spanScores": [
                {"begin": begin, "end": end, "score": _score(highest(piece, categories))}
                for (begin, end), piece in zip(spans, pieces, strict=True)
            ],
            "summaryScore": _score(value),
        }
    return ({"attributeScores": found} if found else {}) | content


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}
