"""The evasion suite: how much of what a detector finds it loses to each trick, at the threshold in use.

The texts are the threats and calls to violence of the contrast pairs that training leaves out. Ordinary posts give the
threshold; no text of theirs is kept. Figures come as plain JSON values, for a model card.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import VIOLENCE
from wardmote.detect.contract import Coverage
from wardmote.detect.training.data.ranking import ROUNDS, Interval, threshold_at
from wardmote.detect.training.data.shipped import training_text
from wardmote.detect.training.data.tricks import QUOTES, Trick, tricks

F64 = NDArray[np.float64]
Scores = Callable[[Sequence[str]], F64]
"""Texts to one score each: how likely each threatens or calls for violence."""

EVERY = 10
"""Training leaves out the pairs whose number is a multiple of this; the suite uses no others."""
SHARE = 0.01
"""The share of ordinary posts that may be flagged."""
DRAWS = 3
"""How often each text is disguised by each trick."""


def held_out_texts() -> list[str]:
    """Return the threats and calls to violence of the contrast pairs that no training sees."""
    content = training_text("contrast_pairs.jsonl")
    lines = [json.loads(line) for line in content.splitlines()]
    return [line["text"] for line in lines if line["pair"] % EVERY == 0 and set(line["labels"]) & set(VIOLENCE)]


def sentences() -> dict[str, list[str]]:
    """Return five sentences, two of them threats, in each of forty languages by ISO 639-1 code; none is English."""
    content = training_text("languages.json")
    found: dict[str, list[str]] = json.loads(content)
    return found


def measure(
    scores: Scores, ordinary: Sequence[str], covered: Callable[[str], Coverage], seed: int, texts: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the figures of one detector over `texts`, by default those held out; the same seed gives the same.

    `tricks` holds for each trick the recall and what is lost of it, each with its 95% interval over the texts;
    `should_fall` the same for quoting and negation. `languages` says how much of what is not English goes to people.
    """
    plain = list(texts) or held_out_texts()
    threshold = threshold_at(scores(ordinary), SHARE)
    found = (scores(plain) >= threshold).astype(float)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(plain), size=(ROUNDS, len(plain)))

    def losses(named: Mapping[str, Trick]) -> dict[str, Any]:
        return {name: _loss(scores, threshold, plain, found, trick, drawn, seed) for name, trick in named.items()}

    return {
        "texts": len(plain),
        "ordinary_posts": len(ordinary),
        "ordinary_flagged": SHARE,
        "threshold": threshold,
        "recall": asdict(_interval(found, drawn)),
        "tricks": losses(tricks(ordinary)),
        "should_fall": losses(QUOTES),
        "languages": _languages(covered),
    }


def _loss(
    scores: Scores,
    threshold: float,
    plain: Sequence[str],
    found: F64,
    trick: Trick,
    drawn: NDArray[np.int64],
    seed: int,
) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    disguised = [trick(text, rng) for _ in range(DRAWS) for text in plain]
    still = (scores(disguised) >= threshold).reshape(DRAWS, len(plain)).mean(axis=0)
    changed = sum(new != text for new, text in zip(disguised, list(plain) * DRAWS, strict=True))
    return {
        "recall": asdict(_interval(still, drawn)),
        "lost": asdict(_interval(found - still, drawn)),
        "changed": changed / len(disguised),
    }


def _interval(values: F64, drawn: NDArray[np.int64]) -> Interval:
    """Return the mean over the texts with the 2.5 and 97.5 percentiles over resamples of them."""
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))


def _languages(covered: Callable[[str], Coverage]) -> dict[str, Any]:
    told = {code: [not covered(text) for text in texts] for code, texts in sentences().items()}
    every = [each for answers in told.values() for each in answers]
    return {
        "languages": len(told),
        "sentences": len(every),
        "not_covered": sum(every) / len(every),
        "by_language": {code: sum(answers) / len(answers) for code, answers in told.items()},
    }
