"""Scores in Perspective's shape."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wardmote.detect import perspective_scale
from wardmote.edges.moderation_api.coverage import Coverage, highest
from wardmote.edges.moderation_api.perspective.request import Analyze
from wardmote.edges.moderation_api.sentences import sentences

Score = Callable[[str], Mapping[str, float]]
"""Text to category to score; raises `wardmote.detect.TextError`."""
_HIGHEST_THRESHOLD = 0.9
"""Perspective's users act on scores from 0.7, 0.8 or 0.9."""


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
        value = _on_their_scale(whole, categories)
        if threshold and value <= threshold:
            continue
        found[name] = {
            "spanScores": [
                {"begin": begin, "end": end, "score": _score(_on_their_scale(piece, categories))}
                for (begin, end), piece in zip(spans, pieces, strict=True)
            ],
            "summaryScore": _score(value),
        }
    return ({"attributeScores": found} if found else {}) | content


def _on_their_scale(scores: Mapping[str, float], categories: Iterable[str]) -> float:
    """The value that Perspective's users chose their thresholds for, as far as a map to it is known.

    A map that ends below every threshold in use is worse than none: there our own probability is given.
    """
    mapped = {
        category: perspective_scale(category, scores[category])
        if perspective_scale(category, 1.0) >= _HIGHEST_THRESHOLD
        else scores[category]
        for category in categories
    }
    return highest(mapped, mapped)


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}
