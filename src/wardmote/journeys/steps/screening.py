"""Every text a member writes is screened here, before any transaction is open."""

from collections.abc import Mapping, Sequence
from functools import cache

from wardmote.communities.policy import ClauseDraft
from wardmote.communities.queries import current_policy
from wardmote.detect import Coverage, Screener, Screening, TextError
from wardmote.journeys.steps.recalibrate import corrected, in_use
from wardmote.kernel.errors import Invalid, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.moderation.engine import known_content
from wardmote.moderation.policy import NOT_COVERED, ListMatch, Purpose, Routing, Screened, held_by_list, raised, route

SPAN_MINIMUM = 0.03
"""A span is shown where its category scored at least this much: below it the words carried nothing."""


class Locked(Refused):
    """A text matches a list of what is illegal. Whoever does not know what to do with that stores nothing.

    `str()` is all that its author is told.
    """

    def __init__(self, text: str, match: ListMatch) -> None:
        super().__init__(_("This cannot be published here."))
        self.text, self.match = text, match


@cache
def shipped() -> Screener:
    """The detectors of this process as they ship; the weights are read with the first text."""
    return Screener.default()


def screener() -> Screener:
    """The detectors that every text is asked of: the shipped ones, corrected where a correction is in use."""
    return corrected(shipped())


def as_screened(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores that the shipped detectors gave elsewhere, as `screener` would have given them."""
    correction = in_use(shipped())
    return dict(scores) if correction is None else correction.scores(scores)


def screen_text(*, community_id: int, text: str) -> Screened:
    """What the detectors and lists say of a text, and where the community's policy sends it. An empty one says nothing.

    Raises Locked where it is on a list of what is illegal; no detector sees it then.
    """
    if not text:
        return Screened(text, screener().fingerprint, {}, (), Routing.nothing())
    live = screener()
    matches = _legal(text, known_content.match_text(community_id=community_id, text=text))
    try:
        screening = live.screen(text)
    except TextError as error:
        raise Invalid(_("This text cannot be read: %(error)s") % {"error": error}, field="text") from error
    scores = with_coverage(screening.scores, screening.covered)
    return _screened(text, scores, screening, matches, fingerprint=live.fingerprint, clauses=_clauses(community_id))


def check_legal(*, community_id: int, text: str) -> None:
    """Raise Locked where a text is on a list of what is illegal; for what is kept without being screened."""
    _legal(text, known_content.match_text(community_id=community_id, text=text))


def screen_each(*, community_id: int, texts: Sequence[str]) -> list[Screened | Locked]:
    """The same for many texts that are not empty, several times as fast; an illegal one is answered in its place.

    Invalid where one of them cannot be read.
    """
    answers: list[Screened | Locked | None] = []
    matched: dict[int, tuple[ListMatch, ...]] = {}
    for place, found_in in enumerate(known_content.match_texts(community_id=community_id, texts=texts)):
        try:
            matched[place] = _legal(texts[place], found_in)
            answers.append(None)
        except Locked as found:
            answers.append(found)
    legal = iter(_screen_all(community_id, [texts[place] for place in matched], list(matched.values())))
    return [next(legal) if answer is None else answer for answer in answers]


def screen_texts(*, community_id: int, texts: Sequence[str]) -> list[Screened]:
    """The same where none is illegal; raises Locked for the first that is."""
    screened = []
    for answer in screen_each(community_id=community_id, texts=texts):
        if isinstance(answer, Locked):
            raise answer
        screened.append(answer)
    return screened


def _screen_all(community_id: int, texts: Sequence[str], matches: Sequence[tuple[ListMatch, ...]]) -> list[Screened]:
    import pyarrow as pa

    clauses, live = _clauses(community_id), screener()
    fingerprint = live.fingerprint
    try:
        column = pa.array(texts, pa.large_string())
        table = live.screen_batch(column)
        return [
            _screened(
                text,
                with_coverage(scores, covered),
                # Only where there is something to show is the text asked about by itself, for the words behind it.
                live.screen(text) if max(scores.values()) >= SPAN_MINIMUM else None,
                listed,
                fingerprint=fingerprint,
                clauses=clauses,
            )
            for text, scores, covered, listed in zip(
                texts, table.to_pylist(), live.covered_batch(column), matches, strict=True
            )
        ]
    except TextError as error:
        raise Invalid(_("This text cannot be read: %(error)s") % {"error": error}, field="text") from error


def with_coverage(scores: Mapping[str, float], covered: Coverage) -> Mapping[str, float]:
    """The scores of a text, and beside them that its language is not covered, where it is not."""
    return scores if covered else {**scores, NOT_COVERED: 1.0}


def _legal(text: str, matches: tuple[ListMatch, ...]) -> tuple[ListMatch, ...]:
    """The same matches; raises Locked where one of them is of a list of what is illegal."""
    illegal = [match for match in matches if match.purpose is Purpose.ILLEGAL]
    if illegal:
        raise Locked(text, max(illegal, key=lambda match: match.alike))
    return matches


def _clauses(community_id: int) -> tuple[ClauseDraft, ...]:
    policy = current_policy(community_id=community_id)
    return policy.drafts() if policy else ()


def _screened(
    text: str,
    scores: Mapping[str, float],
    screening: Screening | None,
    matches: tuple[ListMatch, ...],
    *,
    fingerprint: str,
    clauses: tuple[ClauseDraft, ...],
) -> Screened:
    spans = tuple(
        (signal.category, span.start, span.end, span.weight)
        for signal in (screening.signals if screening else ())
        if signal.score >= SPAN_MINIMUM
        for span in signal.spans
    )
    scores = raised(scores, matches)
    routing = held_by_list(route(scores, clauses), clauses, matches)
    return Screened(text, fingerprint, scores, spans, routing, matches)
