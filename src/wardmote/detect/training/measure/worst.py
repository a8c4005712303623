"""The worst errors on the test set: named by row, never by words, so that a person can read them and describe them."""

from __future__ import annotations

from typing import Any

import numpy as np

from wardmote.detect.training.data.testset import HEADLINE
from wardmote.detect.training.measure.judge import Held, Scored

MOST = 20


def worst(held: Held, scored: Scored, category: str = HEADLINE, most: int = MOST) -> dict[str, list[dict[str, Any]]]:
    """Return the positives that score least, `misses`, and the negatives that score most, `alarms`, the worst first.

    Each is `{"order", "dataset", "row", "score", "stands_for", "labels", "reason"}`: its place in `data/test_set.csv`,
    its score of the category, how many posts it stands for, what was read of it and why. Plain JSON values.
    """
    test = held.test
    places = np.flatnonzero(test.counted)
    truth, scores = held.truth(category), scored.rows[category]
    ranked = np.argsort(scores, kind="stable")
    misses = [place for place in ranked.tolist() if truth[place]][:most]
    alarms = [place for place in ranked[::-1].tolist() if not truth[place]][:most]
    lists = {"misses": misses, "alarms": alarms}
    return {
        name: [
            {
                "order": int(test.orders[row]),
                "dataset": test.datasets[row],
                "row": int(test.numbers[row]),
                "score": round(float(scores[place]), 4),
                "stands_for": round(float(test.weights[row]), 1),
                "labels": [label for label, said in test.labels.items() if said[row] and label != HEADLINE],
                "reason": test.reasons[row],
            }
            for place, row in ((place, int(places[place])) for place in chosen)
        ]
        for name, chosen in lists.items()
    }
