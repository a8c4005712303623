"""Every text a member writes is screened here, before any transaction is open."""

from functools import cache

from wardmote.communities.queries import current_policy
from wardmote.detect import Screener, TextError
from wardmote.kernel.errors import Invalid
from wardmote.moderation.policy import Routing, Screened, route

SPAN_MINIMUM = 0.03
"""A span is shown where its category scored at least this much: below it the words carried nothing."""


@cache
def screener() -> Screener:
    """The detectors of this process; the weights are read with the first text."""
    return Screener.default()


def screen_text(*, community_id: int, text: str) -> Screened:
    """What the detectors say of a text, and where the community's policy sends it. An empty text says nothing."""
    if not text:
        return Screened(text, screener().fingerprint, {}, (), Routing.nothing())
    try:
        screening = screener().screen(text)
    except TextError as error:
        raise Invalid(f"This text cannot be read: {error}", field="text") from error
    spans = tuple(
        (signal.category, span.start, span.end, span.weight)
        for signal in screening.signals
        if signal.score >= SPAN_MINIMUM
        for span in signal.spans
    )
    policy = current_policy(community_id=community_id)
    routing = route(screening.scores, policy.drafts() if policy else ())
    return Screened(text, screening.fingerprint, screening.scores, spans, routing)
