"""Small models and rows for the tests; nothing here reads WARDMOTE_DATA."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from wardmote.detect import LinearDetector
from wardmote.detect.models.weights import Weights
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training.data.corpus import rows_from_examples
from wardmote.detect.training.data.sources import Row

QUALITY = Path(__file__).parent / "quality.json"


def quality() -> list[dict[str, Any]]:
    """The hand-written texts that no training looks at, as `{"text": …, "labels": […]}`."""
    found: list[dict[str, Any]] = json.loads(QUALITY.read_text("utf-8"))
    return found


@cache
def random_detector() -> LinearDetector:
    """A detector with two heads of random weights: what it says means nothing, but the machinery is the same."""
    rng = np.random.default_rng(4)
    weights = rng.integers(-90, 90, (1 << 12, 2)).astype(np.int8)
    return LinearDetector(
        Weights(("one", "two"), weights, np.array([0.02, 0.01]), np.array([-1.0, 0.5]), build_tables())
    )


def garden_rows() -> list[Row]:
    """Eighty texts about gardens or ships, some about both: two heads that no shipped model has."""
    places = ("behind the house", "before breakfast", "in the rain", "with my father", "on Sunday")
    plants = ("I planted roses", "the tulips need water", "we pruned the apple tree", "weeds cover the flower bed")
    ships = (
        "the ship left harbour",
        "sailors hoisted the anchor",
        "our boat lost its mast",
        "the captain steered north",
    )
    others = ("the library is closed", "dinner was late", "my phone rang twice", "trains were full")
    examples = [{"text": f"{plant} {place}", "labels": ["garden"]} for plant in plants for place in places]
    examples += [{"text": f"{ship} {place}", "labels": ["ship"]} for ship in ships for place in places]
    examples += [{"text": f"{other} {place}", "labels": []} for other in others for place in places]
    examples += [{"text": f"{place} {plants[0]} and {ships[1]}", "labels": ["garden", "ship"]} for place in places]
    return rows_from_examples(examples, ("garden", "ship"))
