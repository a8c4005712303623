"""Pure rules of judgement: where a text goes, what ranks first, what follows from a decision, who may make it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wardmote.communities.policy import Action, ClauseDraft, Severity
from wardmote.detect.despair import speaks_of_ending_it
from wardmote.kernel.errors import Invalid, Refused
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.kernel.words import gettext as _
from wardmote.kernel.words import too_long
from wardmote.ledger import Json
from wardmote.network.policy import Judgement, Visibility

CLAIM_TIME = timedelta(minutes=15)
HANDED_TIME = timedelta(hours=1)
"""How long a case that was handed to somebody is kept for them."""
APPEAL_WINDOW = timedelta(days=183)
REASON_LIMIT = 2000
MARK_FROM = 0.4
"""The score from which the words behind a category are underlined: below it is unlikely, and they explain nothing."""
MARKS = 6
"""Runs of words that are underlined in one text at most."""
SUSPENSIONS = (1, 3, 7, 30)
"""Lengths of a suspension on offer, in days."""


class Route(StrEnum):
    """What screening does with a text."""

    PUBLISH = "publish"
    QUEUE = "queue"
    HOLD = "hold"


class CaseState(StrEnum):
    """A case waits, is in somebody's hands, or is decided."""

    OPEN = "open"
    CLAIMED = "claimed"
    DECIDED = "decided"


class Source(StrEnum):
    """What opened a case."""

    REPORT = "report"
    SCREENING = "screening"
    HOST = "host"
    OWNER = "owner"


class Lane(StrEnum):
    """The skill a case asks for; threats to people are looked at before everything else."""

    THREAT = "threat"
    GENERAL = "general"


class Purpose(StrEnum):
    """What a list of known content is for: a match raises a score, holds the text, or goes to the locked lane."""

    FLAG = "flag"
    HOLD = "hold"
    ILLEGAL = "illegal"


class LockedState(StrEnum):
    """What the owner has found: nothing yet, that it is what the list says, or that the list is mistaken."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    MISTAKEN = "mistaken"


class ReportReason(StrEnum):
    """What a member or a visitor may report something as."""

    THREAT = "threat"
    INCITEMENT = "incitement"
    HARASSMENT = "harassment"
    IDENTITY_ATTACK = "identity_attack"
    SPAM = "spam"
    OTHER = "other"
    CHILD_ABUSE = "child_abuse"


class AppealState(StrEnum):
    """An appeal waits, or ended one way or the other."""

    OPEN = "open"
    UPHELD = "upheld"
    REVERSED = "reversed"


REASON_CATEGORY: Mapping[ReportReason, str] = {
    ReportReason.THREAT: "violence.threat",
    ReportReason.INCITEMENT: "violence.incitement",
    ReportReason.HARASSMENT: "harassment",
    ReportReason.IDENTITY_ATTACK: "identity_attack",
    ReportReason.SPAM: "spam",
    ReportReason.OTHER: "other",
    ReportReason.CHILD_ABUSE: "child_abuse",
}
SEVERITY_UNSAID: Mapping[str, Severity] = {"child_abuse": Severity.CRITICAL}
"""How severe a report is in whose category a policy has no clause; all others are low."""


NOT_COVERED = "not_covered"
"""Stands among the scores, with 1, where no detector reads the text's language. A clause of this category with
`queue_at` sends such texts to people; without one it is only on record, for whoever judges a report."""


SELF_HARM = "self_harm"
SELF_HARM_AT = 0.9
"""From such a score on, or by their words, somebody may be thinking of harming themselves."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Where screening sends a text, and which clause and score made it so."""

    route: Route
    clause_key: str = ""
    category: str = ""
    score: float = 0.0

    @classmethod
    def nothing(cls) -> "Routing":
        """No rule has anything to say."""
        return cls(Route.PUBLISH)


@dataclass(frozen=True, slots=True)
class ListMatch:
    """An entry of a list that a text is, or is like: `alike` is 1 for the same, less for nearly.

    `category` and `score` are what a list to flag or to hold by was given; of an image `alike` is 1 less the share of
    bits that differ.
    """

    list_id: int
    name: str
    purpose: Purpose
    category: str
    score: float | None
    entry_id: int
    alike: float

    @property
    def urn(self) -> Urn:
        return Urn("known_list", self.list_id)


@dataclass(frozen=True, slots=True)
class Screened:
    """What the detectors and the community's lists said of one text, and where that sends it.

    `scores`: category to probability; `spans`: (category, start, end, weight) in characters of the text.
    """

    text: str
    screener: str
    scores: Mapping[str, float]
    spans: tuple[tuple[str, int, int, float], ...]
    routing: Routing
    matches: tuple[ListMatch, ...] = ()

    @property
    def highest(self) -> float:
        """The highest score of any category, 0.0 where there is none."""
        return max((score for category, score in self.scores.items() if category != NOT_COVERED), default=0.0)

    @property
    def despairs(self) -> bool:
        """Whether its author may be thinking of harming themselves: reason to help, never to judge."""
        return self.scores.get(SELF_HARM, 0.0) >= SELF_HARM_AT or speaks_of_ending_it(self.text)

    def as_facts(self) -> dict[str, Json]:
        """For the record: the scores as they were, never to be recomputed."""
        return {
            "screener": self.screener,
            "scores": dict(self.scores),
            "route": self.routing.route.value,
            "clause": self.routing.clause_key or None,
            **({"lists": [str(match.urn) for match in self.matches]} if self.matches else {}),
        }


def raised(scores: Mapping[str, float], matches: Iterable[ListMatch]) -> dict[str, float]:
    """The scores, with what the matched lists to flag by raise."""
    higher = dict(scores)
    for match in matches:
        if match.score is not None:
            higher[match.category] = max(higher.get(match.category, 0.0), match.score)
    return higher


def held_by_list(routing: Routing, clauses: Iterable[ClauseDraft], matches: Iterable[ListMatch]) -> Routing:
    """`routing`, or holding, where a list to hold by matches: under the strictest clause on the list's category.

    A policy that has no such clause any more does not set the list aside: the text is held under none.
    """
    holding = [match for match in matches if match.purpose is Purpose.HOLD]
    if routing.route is Route.HOLD or not holding:
        return routing
    match = max(holding, key=lambda each: each.alike)
    about = [clause for clause in clauses if clause.category == match.category]
    key = max(about, key=lambda clause: clause.severity).key if about else ""
    return Routing(Route.HOLD, key, match.category, round(match.alike, 4))


def route(scores: Mapping[str, float], clauses: Iterable[ClauseDraft]) -> Routing:
    """The strictest route that any clause asks for; among equals, the clause of the highest severity, then score."""
    ranked: list[tuple[int, int, float, Routing]] = []
    for clause in clauses:
        score = scores.get(clause.category)
        if score is None:
            continue
        if clause.hold_at is not None and score >= clause.hold_at:
            verdict = Routing(Route.HOLD, clause.key, clause.category, score)
        elif clause.queue_at is not None and score >= clause.queue_at:
            verdict = Routing(Route.QUEUE, clause.key, clause.category, score)
        else:
            continue
        ranked.append((int(verdict.route is Route.HOLD), int(clause.severity), score, verdict))
    return max(ranked, key=lambda r: r[:3])[3] if ranked else Routing.nothing()


def lane_of(category: str) -> Lane:
    """Violence goes to the threat lane, and so does somebody who may harm themselves."""
    return Lane.THREAT if category.startswith("violence.") or category == SELF_HARM else Lane.GENERAL


def priority_of(*, severity: Severity, score: float, reports: int, held: bool) -> int:
    """A case's rank, higher first: severity counts most, then that its author waits, then the reports, then the score.

    0 to 4,999; it grows as reports join.
    """
    return severity * 1000 + held * 500 + min(reports, 20) * 20 + round(score * 99)


CERTAIN = 0.9
"""A score from which a second opinion is not asked for: screening has made up its mind, and a person looks anyway."""
_ADVICE = 400
"""How much a machine's opinion may raise a rank: less than that an author waits, and never past a severity."""


def worth_a_second_opinion(routing: Routing, *, priority: int) -> bool:
    """Whether somebody else's opinion could change anything: a person will look, screening is unsure, and the case is
    not yet first of its severity."""
    return routing.route is not Route.PUBLISH and routing.score < CERTAIN and priority % 1000 < 999


def raised_by_opinion(priority: int, probability: float, *, before: float) -> int:
    """A case's rank once a machine finds a clause broken with this probability, where it had found `before` at most.

    It rises within its severity only, so that no machine, and nobody who talks one into something, outranks what a
    clause says; and it never falls.
    """
    rise = max(0, round(_ADVICE * probability) - round(_ADVICE * before))
    return max(priority, min(priority + rise, priority // 1000 * 1000 + 999))


def check_decision(action: Action, *, has_clause: bool, reason: str, days: int | None, lasting: bool = False) -> None:
    """Refuse a decision that could not be explained to the author. `lasting`: a suspension without an end."""
    if action is Action.NONE:
        if days is not None:
            raise Invalid(_("No action has no end."), field="days")
    elif not has_clause:
        raise Invalid(_("Choose the clause that was broken."), field="clause")
    if action is Action.SUSPEND and not lasting and days not in SUSPENSIONS:
        *some, last = map(str, SUSPENSIONS)
        span = {"days": ", ".join(some), "last": last}
        raise Invalid(_("A suspension lasts %(days)s or %(last)s days.") % span, field="days")
    if action is not Action.SUSPEND and days is not None:
        raise Invalid(_("Only a suspension has a length."), field="days")
    if action is not Action.NONE and is_blank(reason):
        raise Invalid(_("Say in a sentence why; the author reads it."), field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid(too_long(len(reason), REASON_LIMIT), field="reason")


FIRST = 4_999
"""The rank before all others of a lane."""


def check_kindness(category: str, action: Action) -> None:
    """Refuse to hold it against somebody that they speak of harming themselves."""
    if category == SELF_HARM and action in (Action.WARN, Action.SUSPEND):
        raise Refused(_("Nobody is warned or suspended for speaking of harming themselves; their page leads to help."))


def check_note(note: str) -> None:
    """Refuse a locked case's note that is empty or too long: whoever looks later must know what was done."""
    if is_blank(note):
        raise Invalid(_("Say in a sentence what you found, and whom you told."), field="note")
    if len(note) > REASON_LIMIT:
        raise Invalid(too_long(len(note), REASON_LIMIT), field="note")


_VISIBILITY_OF = {
    Action.LABEL: Visibility.PUBLIC,
    Action.HIDE: Visibility.HIDDEN,
    Action.REMOVE: Visibility.REMOVED,
    Action.SUSPEND: Visibility.REMOVED,
}
"""What an action makes of the content. A warning leaves it as it is; a suspension takes it down too."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision that has not been reversed, as far as it matters for what follows from it."""

    action: Action
    clause_title: str
    until: datetime | None


def judgement_from(standing: Iterable[Standing], *, is_held: bool, is_covered: bool = False) -> Judgement:
    """What follows for a text from the decisions that stand, oldest first: the last that touches it; none: public.

    `is_held`: an open case holds it. Whatever else was decided, nobody reads it then until that case is. `is_covered`:
    the same for what is covered, except that everybody sees that it is there.
    """
    judgement = Judgement(Visibility.PUBLIC)
    for decision in standing:
        if decision.action in _VISIBILITY_OF:
            judgement = Judgement(_VISIBILITY_OF[decision.action], decision.clause_title)
    if is_held and judgement.visibility is not Visibility.REMOVED:
        return Judgement(Visibility.HELD, judgement.label)
    if is_covered and judgement.visibility is not Visibility.REMOVED:
        return Judgement(Visibility.COVERED, judgement.label)
    return judgement


def suspension_from(standing: Iterable[Standing], *, now: datetime) -> datetime | None:
    """Until when an account is suspended by the decisions that stand; None when by none."""
    ends = [d.until for d in standing if d.action is Action.SUSPEND and d.until is not None and d.until > now]
    return max(ends, default=None)


def may_appeal(*, action: Action, decided_at: datetime, now: datetime) -> bool:
    """Every measure can be appealed for six months."""
    return action is not Action.NONE and now < decided_at + APPEAL_WINDOW


class EventKind(StrEnum):
    """What an outside platform tells of."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"
    REPORT = "report"


class DeliveryState(StrEnum):
    """A webhook's message waits, was taken by the platform, or was given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


OUTSIDE_TEXT_LIMIT = 50_000
"""Characters of an outside post: as many as the detectors read."""
_WAITS = (10, 60, 300, 1_800, 7_200, 18_000, 43_200, 86_400, 86_400)
"""Seconds to the next try of a webhook, after the first, second … failure: three days in all."""


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after `attempts` failed tries of a webhook; None: give up."""
    return timedelta(seconds=_WAITS[attempts - 1]) if attempts <= len(_WAITS) else None


def is_url(subject: str) -> bool:
    """Whether a subject is somebody else's, by its URL, and not a URN of ours."""
    return not subject.startswith("urn:")
