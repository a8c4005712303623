"""Somebody tries a text: what screening says of it, and what communities would do. Nothing is written anywhere."""

import logging
import traceback
from collections.abc import Iterable
from dataclasses import dataclass

from wardmote.communities.queries import CommunityView, current_policy
from wardmote.detect import Screening, TextError
from wardmote.journeys.steps import screening as live
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import is_blank
from wardmote.moderation.engine import known_content
from wardmote.moderation.policy import Purpose, Route, held_by_list, raised, route

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scored:
    """One category's score, a probability, and the detector that gave it."""

    category: str
    score: float
    detector: str
    version: str


@dataclass(frozen=True, slots=True)
class Carried:
    """Characters [start, end) of the text that carried a score; `strength` is how they are underlined."""

    start: int
    end: int
    category: str
    strength: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """One clause that screening looks at: from which score a text waits in the queue, from which it is held."""

    key: str
    title: str
    category: str
    queue_at: float | None
    hold_at: float | None
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one community would do with the text; `number` is its policy's, None where it has published none."""

    community: str
    number: int | None
    route: Route
    clause: str
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """All that is to be said of one text, the likeliest category first."""

    text: str
    screener: str
    scores: tuple[Scored, ...]
    spans: tuple[Carried, ...]
    covered: bool
    verdicts: tuple[Verdict, ...]


def try_text(*, text: str, communities: Iterable[CommunityView]) -> Trial:
    """What screening says of `text`, and what each of `communities` would do. Invalid where it cannot be read."""
    if is_blank(text):
        raise Invalid(_("There is no text to try."), field="text")
    screening = _screen(text)
    scores = []
    for category in screening.scores:
        signal = screening.strongest(category)
        if signal is not None:
            scores.append(Scored(category, signal.score, signal.detector, signal.version))
    return Trial(
        text=text,
        screener=screening.fingerprint,
        scores=tuple(sorted(scores, key=lambda s: -s.score)),
        spans=_spans(screening),
        covered=bool(screening.covered),
        verdicts=tuple(_verdict(community, text, screening) for community in communities),
    )


def _screen(text: str) -> Screening:
    try:
        return live.screener().screen(text)
    except TextError as error:
        raise Invalid(_("This text cannot be examined: %(error)s.") % {"error": error}, field="text") from None
    except Exception as error:  # noqa: BLE001 - whatever broke may hold the text in its message
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s in %s, line %s", type(error).__name__, where.filename, where.lineno)  # noqa: TRY400
        raise Conflict(_("Screening failed on this text; the log says where, and not what you tried.")) from None


def _verdict(community: CommunityView, text: str, screening: Screening) -> Verdict:
    policy = current_policy(community_id=community.id)
    clauses = policy.drafts() if policy else ()
    # A moderator who tries a text is not told what is on a list of what is illegal: the lane is the owner's.
    matches = tuple(
        match
        for match in known_content.match_text(community_id=community.id, text=text)
        if match.purpose is not Purpose.ILLEGAL
    )
    scores = raised(live.with_coverage(screening.scores, screening.covered), matches)
    routing = held_by_list(route(scores, clauses), clauses, matches)
    watched = [clause for clause in clauses if clause.queue_at is not None or clause.hold_at is not None]
    return Verdict(
        community=community.title,
        number=policy.number if policy else None,
        route=routing.route,
        clause=routing.clause_key,
        thresholds=tuple(
            Threshold(c.key, c.title, c.category, c.queue_at, c.hold_at, scores.get(c.category, 0.0)) for c in watched
        ),
    )


def _spans(screening: Screening) -> tuple[Carried, ...]:
    found = [
        (span, signal.category)
        for signal in screening.signals
        if signal.score >= live.SPAN_MINIMUM
        for span in signal.spans
        if span.weight > 0
    ]
    heaviest = max((span.weight for span, _ in found), default=1.0)
    marks = [Carried(span.start, span.end, category, _strength(span.weight / heaviest)) for span, category in found]
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end)))


def _strength(share: float) -> str:
    """A third of the heaviest weight is solid, two thirds double, as on a case."""
    return "double" if share > 0.66 else "solid" if share > 0.33 else "dotted"
