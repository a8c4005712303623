"""Scorers to judge: the linear model, any detector, and peers that others made, where they are installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import JUDGED
from wardmote.detect.contract import Detector
from wardmote.detect.models.weights import Weights
from wardmote.detect.training.data.sources import Row
from wardmote.detect.training.data.testset import HEADLINE, Scorer
from wardmote.detect.training.fit.train import targets_for
from wardmote.detect.training.measure.evaluate import scores_of

F64 = NDArray[np.float64]

PROFANITY = "alt-profanity-check"
PLAIN = "scikit-learn, TF-IDF and logistic regression"


def linear_scorer(weights: Weights) -> Scorer:
    """Return the linear model alone, its scores rounded as everywhere."""

    def scored(texts: Sequence[str]) -> Mapping[str, F64]:
        return dict(zip(weights.heads, scores_of(texts, weights).T, strict=True))

    return scored


def detector_scorer(detector: Detector) -> Scorer:
    """Return any detector, asked for all texts at once. A text that it cannot examine raises `TextError`."""

    def scored(texts: Sequence[str]) -> Mapping[str, F64]:
        import pyarrow as pa

        found = detector.examine_batch(pa.array(list(texts), pa.string()))
        return {name: np.asarray(found.column(name).to_numpy(), np.float64) for name in detector.categories}

    return scored


def profanity_scorer() -> Scorer | None:
    """Return `alt-profanity-check`, which says one probability for everything, or None where it is not installed."""
    if find_spec("profanity_check") is None:
        return None
    predict = import_module("profanity_check").predict_prob

    def scored(texts: Sequence[str]) -> Mapping[str, F64]:
        return dict.fromkeys((HEADLINE, *JUDGED), np.asarray(predict(list(texts)), np.float64))

    return scored


def plain_scorer(rows: Sequence[Row], heads: Sequence[str]) -> Scorer | None:
    """Return a plain scikit-learn pipeline trained on these very rows, or None where it is not installed.

    Words and pairs of words by TF-IDF with its usual settings, and one logistic regression per head. A soft target is
    two rows, one of each kind, that share its weight.
    """
    if find_spec("sklearn") is None:
        return None
    vectorizer: Any = import_module("sklearn.feature_extraction.text").TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True
    )
    logistic: Any = import_module("sklearn.linear_model").LogisticRegression
    matrix = vectorizer.fit_transform([row.text for row in rows])
    models = {}
    for head in heads:
        targets, weights = targets_for(rows, head)
        yes, no = np.flatnonzero(weights * targets > 0), np.flatnonzero(weights * (1 - targets) > 0)
        if not len(yes) or not len(no):
            continue
        places = np.concatenate([yes, no])
        shares = np.concatenate([(weights * targets)[yes], (weights * (1 - targets))[no]])
        model = logistic(solver="liblinear", C=10.0)
        models[head] = model.fit(matrix[places], np.arange(len(places)) < len(yes), sample_weight=shares)

    def scored(texts: Sequence[str]) -> Mapping[str, F64]:
        read = vectorizer.transform(list(texts))
        return {head: np.asarray(model.predict_proba(read)[:, 1], np.float64) for head, model in models.items()}

    return scored
