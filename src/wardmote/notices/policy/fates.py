"""What may have become of a thing by the time somebody is written to about it, and the sentence that says so. Pure.

Each letter takes its sentences from a table here, one for every fate: none is written as if nothing had happened.
"""

from collections.abc import Mapping
from enum import StrEnum

from wardmote.communities.policy import Action
from wardmote.kernel.i18n import noted
from wardmote.network.policy import Visibility


class Fate(StrEnum):
    """How a thing is when the letter is written, the decision that it tells of carried out."""

    PUBLIC = Visibility.PUBLIC.value
    HIDDEN = Visibility.HIDDEN.value
    HELD = Visibility.HELD.value
    COVERED = Visibility.COVERED.value
    REMOVED = Visibility.REMOVED.value
    DELETED = "deleted"
    ERASED = "erased"

    @property
    def is_gone(self) -> bool:
        """Whether its author took it away: nothing that is decided changes who sees it."""
        return self in (Fate.DELETED, Fate.ERASED)


RELEASED: Mapping[Fate, str] = {
    Fate.PUBLIC: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. Everybody can see it now."
    ),
    Fate.HIDDEN: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. "
        "By another decision it is behind a notice; readers can open it."
    ),
    Fate.HELD: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. "
        "It is held for another reason: nobody else can see it yet."
    ),
    Fate.COVERED: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. "
        "It is covered for another reason: nobody else can read it yet."
    ),
    Fate.REMOVED: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. By another decision it is removed."
    ),
    Fate.DELETED: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. "
        "You had deleted it by then: nobody else can see it."
    ),
    Fate.ERASED: noted(
        "A moderator has read your %(thing)s and found nothing against the rules. You had it erased by then."
    ),
}
"""To the author, when nothing is found in what was held."""

UNCOVERED: Mapping[Fate, str] = {
    Fate.PUBLIC: noted("The cover over your %(thing)s is taken away. Everybody can read it again."),
    Fate.HIDDEN: noted("The cover over your %(thing)s is taken away. By another decision it is behind a notice."),
    Fate.HELD: noted("The cover over your %(thing)s is taken away. It is held for another reason."),
    Fate.COVERED: noted("A cover over your %(thing)s is taken away. Another is still there."),
    Fate.REMOVED: noted("The cover over your %(thing)s is taken away. By another decision it is removed."),
    Fate.DELETED: noted("The cover over your %(thing)s is taken away. You had deleted it by then."),
    Fate.ERASED: noted("The cover over your %(thing)s is taken away. You had it erased by then."),
}
"""To the author, when a cover ends before anybody has decided."""

FIRST_UNCOVERED: Mapping[Fate, str] = {
    **UNCOVERED,
    Fate.PUBLIC: noted("The cover over your %(thing)s is taken away. Everybody can read it."),
}
"""The same of a text that nobody else could read before."""

GONE: Mapping[Action, str] = {
    Action.LABEL: noted("You had deleted your %(thing)s before this was decided. It broke the rule below."),
    Action.HIDE: noted("You had deleted your %(thing)s before this was decided. It broke the rule below."),
    Action.REMOVE: noted("You had deleted your %(thing)s before this was decided. It broke the rule below."),
    Action.WARN: noted("You are warned about a %(thing)s that you have deleted."),
    Action.SUSPEND: noted(
        "Your account is suspended until %(until)s, for a %(thing)s that you have deleted. "
        "You can still read, appeal, and take your posts with you."
    ),
}
"""To the author, about a measure against what was deleted by then."""

REPORTED: Mapping[Fate, str] = {
    Fate.PUBLIC: "",
    Fate.HIDDEN: noted("It is hidden behind a notice."),
    Fate.HELD: noted("Nobody but its author and the moderators can see it at present."),
    Fate.COVERED: noted("Nobody but its author and the moderators can read it at present."),
    Fate.REMOVED: noted("It is removed."),
    Fate.DELETED: noted("Its author had deleted it by then."),
    Fate.ERASED: noted("Its author had it erased by then."),
}
"""To whoever reported, after what was decided."""

ACTED: Mapping[Action, str] = {
    Action.LABEL: noted("It now carries a label that names the rule."),
    Action.HIDE: noted("It is now hidden behind a notice that names the rule."),
    Action.REMOVE: noted("It is removed."),
    Action.WARN: noted("Its author is warned."),
    Action.SUSPEND: noted("It is removed, and its author is suspended for a time."),
}
"""To whoever reported: what was done about what is still there."""

GRANTED: Mapping[Fate, str] = {
    Fate.PUBLIC: "",
    Fate.HIDDEN: noted("By another decision it is behind a notice."),
    Fate.HELD: noted("It is held for another reason: a moderator has not yet decided about what it says now."),
    Fate.COVERED: noted("It is covered for another reason: a moderator has not yet decided about what it says now."),
    Fate.REMOVED: noted("By another decision it is removed."),
    Fate.DELETED: noted("You have deleted it; it stays deleted."),
    Fate.ERASED: noted("You had it erased; nothing of it is left to show."),
}
"""To the appellant whose appeal succeeded, after that the decision is undone."""
