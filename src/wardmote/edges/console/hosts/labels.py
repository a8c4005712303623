"""The host's names as people say them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardmote.communities.policy import Severity
from wardmote.hosting.policy import AnswerKind, ClockName, Finding, ItemStatus, NoticeKind, Precondition, Stage

STAGES: Mapping[Stage, str | Promise] = {
    Stage.OPEN: _("Open"),
    Stage.NOTIFIED: _("Notified"),
    Stage.ACKNOWLEDGED: _("Acknowledged"),
    Stage.UNANSWERED: _("Unanswered"),
    Stage.RECHECK: _("Looked at again"),
    Stage.DISPUTED: _("Disputed"),
    Stage.WARNED: _("Warned"),
    Stage.PLAN: _("Plan accepted"),
    Stage.RESTRICTED: _("Restricted"),
    Stage.SUSPENSION_PROPOSED: _("Suspension proposed"),
    Stage.SUSPENDED: _("Suspended"),
    Stage.REINSTATED: _("Reinstated"),
    Stage.TERMINATED: _("Terminated"),
    Stage.CLOSED: _("Closed"),
    Stage.REJECTED: _("Rejected"),
}
STATUSES: Mapping[ItemStatus, tuple[str | Promise, str]] = {
    ItemStatus.REPORTED: (_("reported"), ""),
    ItemStatus.NOTIFIED: (_("customer notified"), ""),
    ItemStatus.ACKNOWLEDGED: (_("acknowledged"), ""),
    ItemStatus.REMOVED: (_("removed"), "ok"),
    ItemStatus.GONE_UNEXPLAINED: (_("gone, unexplained"), "ok"),
    ItemStatus.DISPUTED: (_("disputed"), "warn"),
    ItemStatus.STILL_UP: (_("still up"), "danger"),
    ItemStatus.REAPPEARED: (_("up again"), "danger"),
    ItemStatus.WITHDRAWN: (_("withdrawn"), ""),
    ItemStatus.UNREACHABLE: (_("cannot be read"), "warn"),
}
"""The words, and the tone of the tag that says them."""
FINDINGS: Mapping[Finding, str | Promise] = {
    Finding.UP: _("still up"),
    Finding.EDITED: _("edited"),
    Finding.REMOVED: _("removed"),
    Finding.BLOCKED_TO_US: _("blocked to us"),
    Finding.UNREACHABLE: _("could not be read"),
}
ANSWERS: Mapping[AnswerKind, str | Promise] = {
    AnswerKind.ACKNOWLEDGED: _("Acknowledged"),
    AnswerKind.REMOVED: _("Removed"),
    AnswerKind.DISPUTED: _("Disputed"),
    AnswerKind.REFERRED: _("Referred"),
    AnswerKind.NEEDS_TIME: _("Needs time"),
    AnswerKind.PLAN: _("Plan"),
    AnswerKind.APPEAL: _("Appeal"),
}
NOTICES: Mapping[NoticeKind, str | Promise] = {
    NoticeKind.NOTICE: _("Notice"),
    NoticeKind.REMINDER: _("Reminder"),
    NoticeKind.WARNING: _("Warning"),
    NoticeKind.RESTRICTION: _("Restriction"),
    NoticeKind.PROPOSAL: _("Proposal of a suspension"),
    NoticeKind.SUSPENSION: _("Suspension"),
    NoticeKind.REINSTATEMENT: _("Reinstatement"),
    NoticeKind.TERMINATION: _("Termination"),
}
CLOCKS: Mapping[ClockName, str | Promise] = {
    ClockName.TRIAGE: _("our triage"),
    ClockName.ACKNOWLEDGE: _("their acknowledgement"),
    ClockName.CURE: _("their cure"),
    ClockName.SECOND_CHANNEL: _("their answer to the reminder"),
    ClockName.REVIEW: _("our review of the dispute"),
    ClockName.WARNING: _("the warning’s time"),
    ClockName.MILESTONE: _("the plan’s milestone"),
    ClockName.RESTRICTION: _("the restriction’s end"),
    ClockName.REPLY: _("their reply"),
    ClockName.SUSPENSION_REVIEW: _("our review of the suspension"),
    ClockName.PROBATION: _("the probation’s end"),
    ClockName.EXPORT: _("their export"),
}
PARTS: Mapping[str, str | Promise] = {
    "number": _("Absolute number"),
    "proportion": _("Relative proportion"),
    "gravity": _("Gravity"),
    "intention": _("Intention"),
    "measure": _("The lesser measure"),
    "why_unfit": _("Why it is unfit"),
    "answers": _("Their answers"),
    "plan": _("Their plan"),
    "backlog": _("Their backlog"),
    "customers": _("Comparable customers"),
    "treatment": _("How they were treated"),
}
SEVERITIES: Mapping[Severity, str | Promise] = {
    Severity.LOW: _("Low"),
    Severity.MEDIUM: _("Medium"),
    Severity.HIGH: _("High"),
    Severity.CRITICAL: _("Critical: the short time to cure"),
}
TERMS: Mapping[str, Any] = {
    "triage": _("Hours until we look at a case"),
    "triage_life": _("The same where a life may be in danger"),
    "acknowledge": _("Hours to acknowledge a notice"),
    "cure": _("Hours to cure"),
    "cure_severe": _("Hours to cure a critical breach"),
    "second_channel": _("Hours to answer by the second channel"),
    "review": _("Hours until we have looked at a dispute"),
    "warning": _("Hours that a warning runs"),
    "milestone": _("Hours to a plan’s milestone"),
    "restriction": _("Hours that a restriction lasts"),
    "reply": _("Hours to reply to a proposed suspension"),
    "suspension_review": _("Hours between our reviews of a suspension"),
    "probation": _("Hours of probation after a return"),
    "export": _("Hours to export after a termination"),
    "still_up": _("Posts that must still stand before a warning or a suspension"),
}
"""The lengths in a policy's terms, in the order of the page."""
TO_WRITE = tuple(p for p in Precondition if p.parts)
"""The preconditions that staff write a record for; the rest is computed."""
