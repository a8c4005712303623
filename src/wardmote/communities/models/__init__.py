"""Tables of communities: tenants, their members and policies, and who offered what to whom."""

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
    "Membership",
    "Once",
    "OwnershipOffer",
    "Paced",
    "Policy",
    "PolicyDraft",
]
