"""From which score on a text is flagged: what flags one ordinary text in a hundred, or what the caller wants."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from wardmote.edges.cli.failure import CannotStart

_STEPS = ("queue_at", "hold_at")


def guidance() -> dict[str, float]:
    """The scores that one ordinary text in a hundred reaches in any category; `detect.training.joint` measured them."""
    content = files("wardmote.detect").joinpath("data", "joint_thresholds.json").read_text("utf-8")
    found: dict[str, float] = json.loads(content)["thresholds"]
    return found


def thresholds(wanted: Mapping[str, float], policy: Path | None = None) -> dict[str, float]:
    """The guidance, or a policy's thresholds and no others, with the caller's own in place of them.

    Raises CannotStart for a category nobody scores, and for a file that is no policy.
    """
    from wardmote.detect import Screener

    known = Screener.default().categories
    found = guidance() if policy is None else read_policy(policy)
    if unknown := [category for category in (*wanted, *found) if category not in known]:
        raise CannotStart(f"nothing scores {', '.join(unknown)}; the categories are {', '.join(known)}")
    return {**found, **wanted}


def read_policy(path: Path) -> dict[str, float]:
    """The least score at which a policy does anything, by category.

    The file is JSON: an object of category to score, or of clauses as a community's policy has them, each with
    `category` and `queue_at`, `hold_at` or both.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise CannotStart(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CannotStart(f"{path} is not JSON in UTF-8: {error}") from None
    clauses = content.get("clauses") if isinstance(content, dict) else content
    if clauses is None:
        clauses = [{"category": category, "queue_at": score} for category, score in content.items()]
    if not isinstance(clauses, list) or not all(isinstance(clause, dict) for clause in clauses):
        raise CannotStart(f"{path} is no policy: it needs clauses with category and queue_at or hold_at")
    found: dict[str, float] = {}
    for clause in clauses:
        for score in _scores(path, clause):
            category = str(clause["category"])
            found[category] = min(score, found.get(category, 1.0))
    if not found:
        raise CannotStart(f"{path} has no clause with a threshold")
    return found


def _scores(path: Path, clause: Mapping[str, Any]) -> list[float]:
    if not clause.get("category"):
        return []
    given = [clause[step] for step in _STEPS if clause.get(step) is not None]
    for score in given:
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 < score <= 1:
            raise CannotStart(f"{path}: a threshold of {clause['category']} is not above 0 and at most 1: {score!r}")
    return [float(score) for score in given]
