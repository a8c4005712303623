"""Pure rules of answering a host: what can be said, of what, and what a letter does to the community."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wardmote.communities.policy import Action, CommunityState
from wardmote.kernel.errors import Invalid
from wardmote.kernel.handles import WRITTEN
from wardmote.kernel.hosts import same_host
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import is_blank

WORDS_LIMIT = 4000


class AnswerKind(StrEnum):
    """What a community can answer; the host's desk knows the same names."""

    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    DISPUTED = "disputed"
    REFERRED = "referred"
    NEEDS_TIME = "needs_time"
    PLAN = "plan"
    APPEAL = "appeal"

    @property
    def about_an_item(self) -> bool:
        """Given for one post; the others are given for a whole notice."""
        return self in (AnswerKind.REMOVED, AnswerKind.DISPUTED, AnswerKind.REFERRED, AnswerKind.NEEDS_TIME)


STATE_AFTER: Mapping[str, CommunityState] = {
    "restriction": CommunityState.RESTRICTED,
    "suspension": CommunityState.SUSPENDED,
    "reinstatement": CommunityState.ACTIVE,
    "termination": CommunityState.TERMINATED,
}
"""The kinds of letter that change what the community may do, from the moment it takes them."""
_SEVERITY = (CommunityState.ACTIVE, CommunityState.RESTRICTED, CommunityState.SUSPENDED, CommunityState.TERMINATED)
ASKS_ABOUT_ITEMS = frozenset({"notice", "warning"})
"""The kinds of letter whose posts the community's moderators must look at."""
ASKS = frozenset({"notice", "reminder", "warning", "proposal"})
"""The kinds of letter whose deadline is the community's; of the others it is the host's, or a measure's end."""
_LEAVES_OPEN = frozenset({"", AnswerKind.NEEDS_TIME.value})
_POST = re.compile(
    rf"https?://(?P<host>[^\s/:?#@\[\]]+)(?::[0-9]+)?/(?:@|%40){WRITTEN}/(?P<post>[1-9][0-9]{{0,18}})/?(?:[?#].*)?"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A letter that changes what the community may do: in which of the host's cases, its state, its deadline.

    `issuer` is the first of the keys of which the letter's is one; empty for this installation.
    """

    notice_id: int
    host_case: str
    state: CommunityState
    until: datetime
    issuer: str = ""


def measure_in_force(letters: Iterable[Measure], now: datetime) -> Measure | None:
    """What follows from the host's letters, oldest first: in each case the last one counts, and of all cases the
    severest. Lifting one case's measure does not lift another's, and a restriction is over at its end. A case is its
    issuer's: another who names the same case says nothing about it."""
    latest = {(letter.issuer, letter.host_case): letter for letter in letters}
    standing = [m for m in latest.values() if m.state is not CommunityState.RESTRICTED or now < m.until]
    severest = max(standing, key=lambda m: (_SEVERITY.index(m.state), m.until), default=None)
    return None if severest is None or severest.state is CommunityState.ACTIVE else severest


def check_answer(kind: AnswerKind, words: str, *, about_an_item: bool) -> None:
    """Refuse an answer to something else, and a contradiction or a plan without its words."""
    if kind.about_an_item != about_an_item:
        raise Invalid(_("This kind of answer is about one post, or about none."), field="kind")
    if kind not in (AnswerKind.ACKNOWLEDGED, AnswerKind.REMOVED) and is_blank(words):
        raise Invalid(_("Say in a sentence why; the host reads it."), field="words")


def answer_to(action: Action) -> AnswerKind:
    """What a moderator's decision says to the host: only what takes a post away from everybody is a removal."""
    return AnswerKind.REMOVED if action in (Action.REMOVE, Action.SUSPEND) else AnswerKind.DISPUTED


def is_awaited(kind: str, answers: Sequence[str], *, replied: bool) -> bool:
    """Whether a letter still waits for us: `answers` are the last one of each of its posts, empty where there is none.

    A proposal waits for one reply to the whole of it.
    """
    if kind not in ASKS:
        return False
    return not replied if kind == "proposal" else bool(_LEAVES_OPEN.intersection(answers))


def own_post(url: str, domain: str) -> int | None:
    """The id of the community's own post at that address; None for any other address."""
    match = _POST.fullmatch(url)
    if match is None or not same_host(match["host"], domain):
        return None
    post_id = int(match["post"])
    return post_id if post_id < 2**63 else None
