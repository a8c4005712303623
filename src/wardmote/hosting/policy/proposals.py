"""Who may approve what. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from wardmote.hosting.policy.kinds import ProposalKind, Stage
from wardmote.kernel.errors import Conflict, Refused
from wardmote.kernel.i18n import gettext as _


class ProposalState(StrEnum):
    """Before the approvers, or ended one way or the other."""

    OPEN = "open"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"


OUTCOME: Mapping[ProposalKind, Stage] = {
    ProposalKind.SUSPENSION: Stage.SUSPENDED,
    ProposalKind.TERMINATION: Stage.TERMINATED,
}


def check_approver(
    person_id: int,
    *,
    kind: ProposalKind,
    opened_by: int,
    approvers: Collection[int],
    suspended_by: Collection[int],
) -> None:
    """Refuse somebody who opened the case, who approved already, or who would end what they themselves suspended."""
    if person_id == opened_by:
        raise Refused(_("You opened this case; two others must approve."))
    if person_id in approvers:
        raise Conflict(_("You approved this already."))
    if kind is ProposalKind.TERMINATION and person_id in suspended_by:
        raise Refused(_("You approved the suspension; two others must approve the termination."))
