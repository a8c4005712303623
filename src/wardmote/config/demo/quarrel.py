"""The host of the demonstration: its policy, its two customers, and a case about two posts of the Plaza."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from wardmote.communities.policy import Severity
from wardmote.hosting.policy import ClauseDraft, ItemDraft, NoticeDraft, NoticeKind
from wardmote.journeys import enrol, host_case, host_notice, host_policy
from wardmote.upstream.queries import host_policy as received_policy

TITLE = "What may not be done on our machines"
CLAUSES = (
    ClauseDraft(
        "1.1",
        "No threats",
        "What you host may not threaten anybody with violence, in plain words or veiled ones.",
        "violence.threat",
        Severity.CRITICAL,
    ),
    ClauseDraft(
        "1.2",
        "No calls for violence",
        "What you host may not call for violence against people, or the places where they live and work.",
        "violence.incitement",
        Severity.CRITICAL,
    ),
    ClauseDraft(
        "2.1",
        "No attacks on who people are",
        "What you host may not attack people for their origin, religion, sex, orientation or disability.",
        "identity_attack",
        Severity.HIGH,
    ),
    ClauseDraft(
        "2.2",
        "No harassment",
        "What you host may not hound or humiliate anybody.",
        "harassment",
        Severity.MEDIUM,
    ),
)
_CLAUSE_OF = {"identity_attack": "2.1", "harassment": "2.2", "threat": "1.1", "incitement": "1.2"}


def found_host(staff_id: int, owners: Mapping[int, int], *, now: datetime) -> dict[int, int]:
    """Publish the policy, enrol every community, and let its owner accept.

    `owners` is community -> its owner's member id; gives community -> customer.
    """
    host_policy.publish_acceptable_use(staff_id=staff_id, title=TITLE, clauses=CLAUSES, now=now)
    customers = {}
    for community_id, owner in owners.items():
        customers[community_id] = enrol.enrol_community(staff_id=staff_id, community_id=community_id, now=now)
        policy = received_policy(community_id=community_id)
        if policy is None:
            raise LookupError("the host's policy did not arrive")
        host_policy.accept_acceptable_use(community_id=community_id, member_id=owner, policy_hash=policy.hash, now=now)
    return customers


def call_to_account(
    staff_id: int, customer_id: int, posts: Sequence[tuple[str, str, str]], *, domain: str, now: datetime
) -> int:
    """Open a case about posts (path, text, reason of the report) and send the notice; gives the case's id."""
    base = f"http://{domain}:{settings.WARDMOTE_PORT}"
    case_id = host_case.open_host_case(
        staff_id=staff_id,
        customer_id=customer_id,
        summary="Attacks on people in two posts",
        life_threat=False,
        items=[ItemDraft(base + path, _CLAUSE_OF[reason], text, now) for path, text, reason in posts],
        now=now,
    )
    draft = NoticeDraft(
        kind=NoticeKind.NOTICE,
        words="A neighbour sent us these two. Please look at them first thing.",
        effect="If they still stand after the deadline we warn you of a breach, and may restrict what you publish.",
        return_conditions="Remove the posts, or tell us for each why it may stand.",
    )
    host_notice.send(staff_id=staff_id, case_id=case_id, draft=draft, now=now)
    return case_id
