"""Every text a member writes is screened here, before any transaction is open."""

from collections.abc import Mapping, Sequence
from functools import cache

from wardmote.communities.policy import ClauseDraft
from wardmote.communities.queries import current_policy
from wardmote.detect import Screener, Screening, TextError
from wardmote.kernel.errors import Invalid
from wardmote.kernel.words import gettext as _
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
        raise Invalid(_("This text cannot be read: %(error)s") % {"error": error}, field="text") from error
    return _screened(text, screening.scores, screening, clauses=_clauses(community_id))


def screen_texts(*, community_id: int, texts: Sequence[str]) -> list[Screened]:
    """The same for many texts that are not empty, several times as fast. Invalid where one of them cannot be read."""
    import pyarrow as pa

    clauses = _clauses(community_id)
    try:
        table = screener().screen_batch(pa.array(texts, pa.large_string()))
        return [
            _screened(
                text,
                scores,
                # Only where there is something to show is the text asked about by itself, for the words behind it.
                screener().screen(text) if max(scores.values()) >= SPAN_MINIMUM else None,
                clauses=clauses,
            )
            for text, scores in zip(texts, table.to_pylist(), strict=True)
        ]
    except TextError as error:
        raise Invalid(_("This text cannot be read: %(error)s") % {"error": error}, field="text") from error


def _clauses(community_id: int) -> tuple[ClauseDraft, ...]:
    policy = current_policy(community_id=community_id)
    return policy.drafts() if policy else ()


def _screened(
    text: str, scores: Mapping[str, float], screening: Screening | None, *, clauses: tuple[ClauseDraft, ...]
) -> Screened:
    spans = tuple(
        (signal.category, span.start, span.end, span.weight)
        for signal in (screening.signals if screening else ())
        if signal.score >= SPAN_MINIMUM
        for span in signal.spans
    )
    return Screened(text, screener().fingerprint, scores, spans, route(scores, clauses))
