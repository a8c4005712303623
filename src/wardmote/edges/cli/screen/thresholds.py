"""From which score on a text is flagged: what the model's own figures say, or what the caller wants."""

import json
from collections.abc import Mapping

from wardmote.edges.cli.failure import CannotStart

ORDINARY_FLAGGED = 0.01
"""Share of ordinary posts that the default flags, for each category by itself."""


def guidance() -> dict[str, float]:
    """The scores at which the shipped model flags that share of ordinary posts, measured when it was trained."""
    from wardmote.detect.linear import WEIGHTS_PATH

    path = WEIGHTS_PATH.with_suffix(".figures.json")
    try:
        heads = json.loads(path.read_text("utf-8"))["evaluation"]["heads"]
    except (OSError, ValueError, KeyError) as error:
        raise CannotStart(f"the model's figures {path} cannot be read: {error}") from error
    return {
        category: step["score"]
        for category, figures in heads.items()
        for step in figures["thresholds"]
        if step["ordinary_flagged"] == ORDINARY_FLAGGED
    }


def thresholds(wanted: Mapping[str, float]) -> dict[str, float]:
    """The model's guidance with the caller's own in place of it; raises CannotStart for a category nobody scores."""
    from wardmote.detect import Screener

    known = Screener.default().categories
    if unknown := [category for category in wanted if category not in known]:
        raise CannotStart(f"nothing scores {', '.join(unknown)}; the categories are {', '.join(known)}")
    return {**guidance(), **wanted}
