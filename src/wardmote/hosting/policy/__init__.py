"""Pure rules of the host's desk: the ladder, its clocks, its preconditions, its letters, and what a check proves."""

from wardmote.hosting.policy.acceptable_use import ClauseDraft
from wardmote.hosting.policy.items import ItemDraft
from wardmote.hosting.policy.kinds import (
    AnswerKind,
    ClockName,
    Finding,
    ItemStatus,
    NoticeKind,
    ProposalKind,
    Stage,
)
from wardmote.hosting.policy.notices import Letter, NoticeDraft
from wardmote.hosting.policy.preconditions import Precondition
from wardmote.hosting.policy.terms import Terms

__all__ = [
    "AnswerKind",
    "ClauseDraft",
    "ClockName",
    "Finding",
    "ItemDraft",
    "ItemStatus",
    "Letter",
    "NoticeDraft",
    "NoticeKind",
    "Precondition",
    "ProposalKind",
    "Stage",
    "Terms",
]
