"""The cascade and each of its stages alone, as scorers: what every stage adds can be judged on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import LinearDetector
from wardmote.detect.categories import JUDGED
from wardmote.detect.models.cascade import CascadeDetector
from wardmote.detect.models.stage import ReadingStage
from wardmote.detect.training.data.testset import Scorer
from wardmote.detect.training.fit.train import Say
from wardmote.detect.training.measure.assess import assess, peers
from wardmote.detect.training.measure.scorers import detector_scorer, linear_scorer

F64 = NDArray[np.float64]

CASCADE, LINEAR, STUDENT, LANGUAGE = "cascade", "linear alone", "student alone", "MiniLM alone"
LANGUAGE_POSTS = 3000
"""Ordinary posts that set the thresholds of the language model alone, which reads a few hundred in a second."""


def logit_scorer(names: Sequence[str], logits_of: Callable[[Sequence[str]], F64]) -> Scorer:
    """Return a scorer from a function that gives logits, shape (texts, columns); the first columns have the names."""

    def scored(texts: Sequence[str]) -> Mapping[str, F64]:
        logits = logits_of(texts)
        return {name: 1.0 / (1.0 + np.exp(-logits[:, number])) for number, name in enumerate(names)}

    return scored


def stage_scorers(detector: CascadeDetector, linear: LinearDetector, language: ReadingStage) -> dict[str, Scorer]:
    """Return the whole cascade and its stages alone, by name, the cascade first."""
    tables = linear.weights.tables

    def student(texts: Sequence[str]) -> F64:
        encoded = [text.encode("utf-8", "replace") for text in texts]
        offsets = np.zeros(len(texts) + 1, np.int64)
        np.cumsum([len(each) for each in encoded], out=offsets[1:])
        return detector.student.logits(np.frombuffer(b"".join(encoded) or b"\0", np.uint8), offsets, tables)

    return {
        CASCADE: detector_scorer(detector),
        LINEAR: linear_scorer(linear.weights),
        STUDENT: logit_scorer(detector.plan.heads, student),
        LANGUAGE: logit_scorer(JUDGED, lambda texts: language.logits(texts, tables)),
    }


def assess_cascade(folder: Path, seed: int, say: Say) -> dict[str, Any]:
    """Return what `assess` says of the cascade that ships, its stages alone and the peers beside it.

    Raises `DataMissing` and `WeightsError`.
    """
    detector, linear = CascadeDetector.shipped(), LinearDetector.shipped()
    tables = linear.weights.tables
    scorers = {**stage_scorers(detector, linear, detector.language), **peers(folder, tables, say)}
    return assess(folder, detector, scorers, tables, seed, say, most={LANGUAGE: LANGUAGE_POSTS})
