"""Our scores on Perspective's scale: which attribute is which category, and the monotone maps that ship."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from wardmote.detect.categories import INSULT, PROFANITY, SEXUAL
from wardmote.detect.errors import WeightsError
from wardmote.detect.statistics.monotone import MonotoneMap

ATTRIBUTES: Mapping[str, str] = {
    "TOXICITY": "toxicity",
    "SEVERE_TOXICITY": "severe_toxicity",
    "INSULT": INSULT.name,
    "PROFANITY": PROFANITY.name,
    "SEXUALLY_EXPLICIT": SEXUAL.name,
    "IDENTITY_ATTACK": "attribute.identity_attack",
    "THREAT": "attribute.threat",
}
"""Perspective's attribute to the category of ours that means the same, in the order of the model's heads.

`attribute.threat` and `attribute.identity_attack` are what Perspective meant by the words; `violence.threat` and
`identity_attack` are the narrower categories by which posts are screened.
"""


def perspective_scale(category: str, score: float) -> float:
    """Return what our `score` in `category` means on Perspective's scale of August 2018, to four decimals.

    Fitted on Perspective's own scores of Wikipedia comments, each scored by a model that had not seen it. Keeps the
    order of scores. A category without a map keeps its score. Raises `WeightsError` if the maps are damaged.
    """
    line = perspective_maps().get(category)
    return score if line is None else round(line(score), 4)


@cache
def perspective_maps() -> Mapping[str, MonotoneMap]:
    """Read the maps that ship in the package, by category. Raises `WeightsError`."""
    path = files("wardmote.detect").joinpath("weights", "wardmote-attributes.perspective.json")
    try:
        stored = json.loads(path.read_text("utf-8"))
        return {name: MonotoneMap(tuple(each["ours"]), tuple(each["theirs"])) for name, each in stored.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"the maps to Perspective's scale cannot be read: {error}") from None
