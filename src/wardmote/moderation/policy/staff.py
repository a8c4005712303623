"""Who may act against whom. Pure.

A measure on what was written touches the text, and any moderator decides it. A measure on the account binds a person:
against a moderator only the owner takes one, against the owner nobody here does. Otherwise one moderator could silence
the others and the owner, and nobody would be left to hear the appeal.
"""

from wardmote.communities.policy import Action, Role
from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _

BINDS_ACCOUNT = frozenset({Action.WARN, Action.SUSPEND})
"""What is done to a member rather than to a text: it counts against them, or shuts them out."""


def why_not(*, decider: Role, author: Role | None) -> str:
    """Why whoever decides takes no measure on the author's account, in a sentence; empty where they may.

    `author` is None for somebody without a membership here.
    """
    if author is Role.OWNER:
        return _("The author owns this community. Nobody here warns or suspends its owner; the host can be told.")
    if author is Role.MODERATOR and decider is not Role.OWNER:
        return _("The author moderates here. Only the owner of the community warns or suspends a moderator.")
    return ""


def check_rank(action: Action, *, decider: Role, author: Role | None) -> None:
    """Refuse a measure on an account that is not this decider's to take."""
    sentence = why_not(decider=decider, author=author) if action in BINDS_ACCOUNT else ""
    if sentence:
        raise Refused(sentence)
