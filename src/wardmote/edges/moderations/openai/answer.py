"""Scores in OpenAI's shape."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from wardmote.edges.moderations.coverage import Coverage, highest
from wardmote.edges.moderations.openai.models import OWN


def answer_moderate(scores: Iterable[Mapping[str, float]], coverage: Coverage) -> dict[str, Any]:
    """The body of the answer, one result for each text's scores."""
    results = [_result(each, coverage) for each in scores]
    return {"id": f"modr-{secrets.token_hex(16)}", "model": OWN, "results": results}


def _result(scores: Mapping[str, float], coverage: Coverage) -> dict[str, Any]:
    """One result. What no model covers is false and 0, because the clients' types demand a value, and applies to no
    kind of input."""
    flags = coverage.flags(scores)
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": {name: highest(scores, ours) for name, ours in coverage.categories.items()},
        "category_applied_input_types": {name: ["text"] if ours else [] for name, ours in coverage.categories.items()},
    }
