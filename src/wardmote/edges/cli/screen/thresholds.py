"""From which score on a text is flagged: what the model's own plan says, or what the caller wants."""

from collections.abc import Mapping

from wardmote.edges.cli.failure import CannotStart

ORDINARY_FLAGGED = 0.01
"""Share of ordinary posts that the default flags, for each category by itself."""


def guidance() -> dict[str, float]:
    """The scores at which the shipped model flags that share of ordinary posts, measured when it was made."""
    from wardmote.detect import CascadeDetector, WeightsError

    try:
        return dict(CascadeDetector.shipped().plan.levels)
    except WeightsError as error:
        raise CannotStart(str(error)) from error


def thresholds(wanted: Mapping[str, float]) -> dict[str, float]:
    """The model's guidance with the caller's own in place of it; raises CannotStart for a category nobody scores."""
    from wardmote.detect import Screener

    known = Screener.default().categories
    if unknown := [category for category in wanted if category not in known]:
        raise CannotStart(f"nothing scores {', '.join(unknown)}; the categories are {', '.join(known)}")
    return {**guidance(), **wanted}
