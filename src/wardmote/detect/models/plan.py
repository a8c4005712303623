"""The cascade's plan: a small file beside the weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wardmote.detect.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "wardmote-cascade"
FOLDER = Path(__file__).parents[1] / "weights"
NEVER = 2.0
"""A gate that no probability reaches."""
PLAN_PATH = FOLDER / f"{NAME}.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """When each stage is asked, and what its answer means.

    `heads` are refined by the later stages. From the probability `second` of any of them on a text goes to the student,
    from `third` on to the language model. `blends[stage][head]` is (constant, a factor for the logit of each stage so
    far): the logit of the probability. `levels` maps every category to the score that 1% of
    ordinary posts reach, `rare` to the one that 0.1% do.
    """

    heads: tuple[str, ...]
    second: float
    third: float
    blends: tuple[Mapping[str, tuple[float, ...]], ...]
    levels: Mapping[str, float]
    rare: Mapping[str, float]

    @classmethod
    def from_json(cls, content: str) -> Plan:
        """Read the file's content. Raises `WeightsError`."""
        try:
            raw = json.loads(content)
            blends = tuple({head: tuple(each) for head, each in stage.items()} for stage in raw["blends"])
            gates = float(raw["second"]), float(raw["third"])
            return cls(tuple(raw["heads"]), *gates, blends, dict(raw["levels"]), dict(raw["rare"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsError(f"the cascade's plan is damaged: {error}") from None

    def to_json(self) -> str:
        """Return the file's content."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"
