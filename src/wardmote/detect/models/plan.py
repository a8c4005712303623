"""The cascade's plan: a small file beside the weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from wardmote.detect.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping

NEVER = 2.0
"""A gate that no probability reaches."""

_STORED = {"student_gate": "second", "transformer_gate": "third"}
"""What the file calls them, which is frozen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When each stage is asked, and what its answer means.

    `heads` are refined by the later stages. From the probability `student_gate` of any of them on a text goes to the
    student, from `transformer_gate` on to the transformer. `blends[stage][head]` is (constant, a factor for the logit
    of each stage so far): the logit of the probability. `levels` maps every category to the score that 1% of ordinary
    posts reach, `rare` to the one that 0.1% do.
    """

    heads: tuple[str, ...]
    student_gate: float
    transformer_gate: float
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
        fields = {_STORED.get(name, name): value for name, value in asdict(self).items()}
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"
