"""Scores in OpenAI's shape."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from wardmote.edges.moderation_api.coverage import Coverage, highest
from wardmote.edges.moderation_api.openai.models import OWN


def answer_moderate(
    scores: Iterable[Mapping[str, float]], languages: Iterable[str | None], coverage: Coverage
) -> dict[str, Any]:
    """The body of the answer, one result for each text's scores; `languages`: None for a text that can be judged."""
    results = [
        _result(each, coverage) if language is None else _not_covered(language, coverage)
        for each, language in zip(scores, languages, strict=True)
    ]
    return {"id": f"modr-{secrets.token_hex(16)}", "model": OWN, "results": results}


def _not_covered(language: str, coverage: Coverage) -> dict[str, Any]:
    """A text in a language that no model reads: nothing was applied to it, and beside OpenAI's fields it says so."""
    none = dict.fromkeys(coverage.categories, False)
    return {
        "flagged": False,
        "categories": none,
        "category_scores": dict.fromkeys(coverage.categories, 0.0),
        "category_applied_input_types": {name: [] for name in coverage.categories},
        "not_covered": {"language": language},
    }


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
