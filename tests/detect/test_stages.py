"""The cascade's stages as scorers."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest
from tests.detect.models import random_detector

from wardmote.detect.categories import JUDGED
from wardmote.detect.training.measure.stages import CASCADE, LANGUAGE, LINEAR, STUDENT, logit_scorer, stage_scorers

TEXTS = ["roses in the rain", "a", "über den Fluss"]


def test_logits_become_probabilities_by_name() -> None:
    """The first columns have the names, in order; what has no name is left out."""
    found = logit_scorer(("one", "two"), lambda texts: np.array([[0.0, 2.0, 9.0]] * len(texts)))(TEXTS)

    assert set(found) == {"one", "two"}
    assert found["one"].tolist() == [0.5] * 3
    assert found["two"][0] == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_each_stage_is_asked_alone_about_every_text() -> None:
    """The student reads the texts' bytes, the language model the texts, each with the linear model's tables."""
    linear = random_detector()
    seen: dict[str, Any] = {}

    class Student:
        def logits(self, data: Any, offsets: Any, tables: Any) -> Any:
            seen[STUDENT] = [bytes(data[a:b]).decode() for a, b in pairwise(offsets)]
            assert tables is linear.weights.tables
            return np.zeros((len(offsets) - 1, 1))

    class Language:
        def logits(self, texts: Any, tables: Any) -> Any:
            seen[LANGUAGE] = list(texts)
            assert tables is linear.weights.tables
            return np.full((len(texts), len(JUDGED)), -1.0)

    whole = SimpleNamespace(
        student=Student(),
        plan=SimpleNamespace(heads=("violence.threat",)),
        categories=("violence.threat",),
        examine_batch=lambda texts: pa.table({"violence.threat": [0.25] * len(texts)}),
    )
    scorers = stage_scorers(cast("Any", whole), linear, cast("Any", Language()))
    found = {name: scorer(TEXTS) for name, scorer in scorers.items()}

    assert list(scorers) == [CASCADE, LINEAR, STUDENT, LANGUAGE]
    assert seen == {STUDENT: TEXTS, LANGUAGE: TEXTS}
    assert found[CASCADE]["violence.threat"].tolist() == [0.25] * 3
    assert set(found[LINEAR]) == {"one", "two"}
    assert found[STUDENT]["violence.threat"].tolist() == [0.5] * 3
    assert set(found[LANGUAGE]) == set(JUDGED)
