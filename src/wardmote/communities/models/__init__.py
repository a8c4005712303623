"""Tables of communities: tenants, their members and policies, and what they offered and agreed."""

from wardmote.communities.models.agreements import JudgingAgreement
from wardmote.communities.models.offers import OwnershipOffer
from wardmote.communities.models.tenants import (
    Acceptance,
    Clause,
    Community,
    EntryLink,
    Invitation,
    JoinRequest,
    Membership,
    Once,
    Paced,
    Policy,
    PolicyDraft,
)

__all__ = [
    "Acceptance",
    "Clause",
    "Community",
    "EntryLink",
    "Invitation",
    "JoinRequest",
    "JudgingAgreement",
    "Membership",
    "Once",
    "OwnershipOffer",
    "Paced",
    "Policy",
    "PolicyDraft",
]
