"""The host's tables, by subject."""

from wardmote.hosting.models.cases import Case, Check, Clock, Dispute, Item, Outage
from wardmote.hosting.models.contract import AcceptableUse, Acceptance, Clause, Customer
from wardmote.hosting.models.decisions import Approval, Evidence, Proposal
from wardmote.hosting.models.notices import Answer, Notice, Receipt

__all__ = [
    "AcceptableUse",
    "Acceptance",
    "Answer",
    "Approval",
    "Case",
    "Check",
    "Clause",
    "Clock",
    "Customer",
    "Dispute",
    "Evidence",
    "Item",
    "Notice",
    "Outage",
    "Proposal",
    "Receipt",
]
