"""The host says what its customers may not do, and a community's owner accepts it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.hosting.policy import ClauseDraft, Terms
from wardmote.journeys.steps.deliver import hand_acceptance, hand_policy
from wardmote.journeys.steps.permission import host_staff, spokesperson
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.upstream import operations as upstream


def publish_acceptable_use(
    *, staff_id: int, title: str, clauses: Sequence[ClauseDraft], terms: Terms | None = None, now: datetime
) -> int:
    """The next version of the policy, which every customer is asked to accept; gives its number."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        policy = hosting.publish_acceptable_use(
            title=title, clauses=clauses, terms=terms or Terms(), staff=staff, now=now
        )
        version = hosting_queries.acceptable_use_version(policy.number)
        if version is None:
            raise NotFound(_("There is no such version of the policy."))
        for customer in hosting_queries.customers():
            hand_policy(customer.customer_id, version, now=now)
    return policy.number


def accept_acceptable_use(*, community_id: int, member_id: int, policy_hash: str, now: datetime) -> None:
    """The owner accepts the host's policy; `policy_hash` is that of the version that was shown."""
    spokesperson(community_id=community_id, member_id=member_id)
    with transaction.atomic(durable=True):
        policy = upstream.accept_policy(community_id=community_id, member_id=member_id, shown_hash=policy_hash, now=now)
        if policy.sent_at is None:
            hand_acceptance(policy, now=now)
