"""Whether the shown words are why: a flagged text without them should no longer be flagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from wardmote.detect.contract import Detector
from wardmote.detect.training.data.ranking import proportion
from wardmote.detect.training.measure.scorers import detector_scorer
from wardmote.detect.training.measure.weighted import as_json

Spans = Sequence[tuple[int, int]]

MARKED = 2000
"""Ordinary posts whose flags are checked, beside those of the test set."""


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return what is left of a text when half-open stretches of code points are cut out, with a space for each."""
    left, upto = [], 0
    for start, end in sorted(spans):
        left.append(text[upto:start])
        upto = max(upto, end)
    return " ".join(" ".join([*left, text[upto:]]).split())


def as_many_words(text: str, spans: Spans, rng: np.random.Generator) -> Spans:
    """Return words drawn at random until they have as many characters as the spans."""
    wanted, words, upto = sum(end - start for start, end in spans), [], 0
    for word in text.split():
        start = text.index(word, upto)
        upto = start + len(word)
        words.append((start, upto))
    drawn: list[tuple[int, int]] = []
    for place in rng.permutation(len(words)).tolist():
        if sum(end - start for start, end in drawn) >= wanted:
            break
        drawn.append(words[place])
    return drawn


def faithfulness(
    detector: Detector, posts: Mapping[str, Sequence[str]], above: Mapping[str, float], seed: int
) -> dict[str, Any]:
    """Return by category of `above`, and there by name of `posts` and over all, how often cutting the spans un-flags.

    A text is flagged that scores more than `above`. `flagged` counts those; `below` is the part of them that no longer
    scores so much without the shown words, with Wilson's interval; `shown` what part of the characters is shown, on
    average; `at_random` the part that falls below when as many characters of words drawn at random are cut instead:
    where that is as high, the shown words are not why. Plain JSON values.
    """
    scorer = detector_scorer(detector)
    rng = np.random.default_rng(seed)
    found: dict[str, dict[str, Any]] = {category: {} for category in above}
    rows: dict[str, list[tuple[str, float, bool, bool]]] = {category: [] for category in above}
    for name, texts in posts.items():
        scores = scorer(texts)
        places = {category: np.flatnonzero(scores[category] > cut).tolist() for category, cut in above.items()}
        # Asking for the words is slow in some detectors, so only flagged texts are examined.
        examined = {
            place: {signal.category: signal.spans for signal in detector.examine(texts[place])}
            for place in sorted(set().union(*places.values()))
        }
        for category, cut in above.items():
            flagged = [
                (texts[place], [(span.start, span.end) for span in examined[place][category]])
                for place in places[category]
            ]
            left = scorer([without(text, spans) for text, spans in flagged])[category]
            other = scorer([without(text, as_many_words(text, spans, rng)) for text, spans in flagged])[category]
            rows[category] += [
                (name, sum(end - start for start, end in spans) / len(text), bool(less <= cut), bool(chance <= cut))
                for (text, spans), less, chance in zip(flagged, left.tolist(), other.tolist(), strict=True)
            ]
    for category, each in rows.items():
        found[category] = {name: _summary([row for row in each if row[0] == name]) for name in posts}
        found[category]["all"] = _summary(each)
    return found


def _summary(rows: Sequence[tuple[str, float, bool, bool]]) -> dict[str, Any]:
    many = len(rows)
    if not many:
        return {"flagged": 0, "below": None, "shown": None, "at_random": None}
    return {
        "flagged": many,
        "below": as_json(proportion(sum(row[2] for row in rows) / many, many)),
        "shown": round(sum(row[1] for row in rows) / many, 3),
        "at_random": as_json(proportion(sum(row[3] for row in rows) / many, many)),
    }
