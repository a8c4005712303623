"""The host of the demonstration: its policy, its two customers, and a case about two posts of the Plaza."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from wardmote.communities.policy import Severity
from wardmote.detect import categories
from wardmote.hosting import queries as hosting
from wardmote.hosting.policy import ClauseDraft, ItemDraft, NoticeDraft, NoticeKind, Stage
from wardmote.journeys.hosts import cases, enrol
from wardmote.journeys.hosts import notices as host_notice
from wardmote.journeys.hosts import policy as host_policy
from wardmote.journeys.owners import answer_host
from wardmote.moderation.policy import ReportReason
from wardmote.upstream.policy import AnswerKind
from wardmote.upstream.queries import host_policy as received_policy
from wardmote.upstream.queries import notice, notices

TITLE = "What may not be done on our machines"
CLAUSES = (
    ClauseDraft(
        "1.1",
        "No threats",
        "What you host may not threaten anybody with violence, in plain words or veiled ones.",
        categories.THREAT.name,
        Severity.CRITICAL,
    ),
    ClauseDraft(
        "1.2",
        "No calls for violence",
        "What you host may not call for violence against people, or the places where they live and work.",
        categories.INCITEMENT.name,
        Severity.CRITICAL,
    ),
    ClauseDraft(
        "2.1",
        "No attacks on who people are",
        "What you host may not attack people for their origin, religion, sex, orientation or disability.",
        categories.IDENTITY_ATTACK.name,
        Severity.HIGH,
    ),
    ClauseDraft(
        "2.2",
        "No harassment",
        "What you host may not hound or humiliate anybody.",
        categories.HARASSMENT.name,
        Severity.MEDIUM,
    ),
)
_CLAUSE_OF: Mapping[str, str] = {
    ReportReason.IDENTITY_ATTACK: "2.1",
    ReportReason.HARASSMENT: "2.2",
    ReportReason.THREAT: "1.1",
    ReportReason.INCITEMENT: "1.2",
}


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
    case_id = cases.open_host_case(
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


def settled(
    staff: tuple[int, int], customer_id: int, community_id: int, owner: int, post: tuple[str, str], *, now: datetime
) -> int:
    """An older case, closed: the post was hidden before the letter left, and a second of the staff takes it back.

    `staff`: who opens it, and who looks again. `post`: its address and its text. Gives the case's id.
    """
    opened_by, second = staff
    address, text = post
    case_id = cases.open_host_case(
        staff_id=opened_by,
        customer_id=customer_id,
        summary="An insult for where somebody comes from",
        life_threat=False,
        items=[ItemDraft(address, "2.1", text, now)],
        now=now,
    )
    draft = NoticeDraft(
        kind=NoticeKind.NOTICE,
        words="A passenger sent us this and was worried. Please tell us what it is about.",
        effect="If it still stands after the deadline we warn you of a breach.",
        return_conditions="Remove the post, or tell us why it may stand.",
    )
    host_notice.send(staff_id=opened_by, case_id=case_id, draft=draft, now=now + timedelta(hours=1))
    (row,) = notices(community_id=community_id)
    letter = notice(community_id=community_id, notice_id=row.notice_id)
    if letter is None:
        raise LookupError("the host's letter did not arrive")
    answer_host.answer_item(
        community_id=community_id,
        member_id=owner,
        item_id=letter.items[0].item_id,
        kind=AnswerKind.REMOVED,
        words="Hidden by our moderator the same day. The author has apologised.",
        now=now + timedelta(hours=6),
    )
    later = now + timedelta(hours=30)
    opened = hosting.case(case_id=case_id, now=later)
    if opened is None:
        raise LookupError("the host's case is not there")
    cases.withdraw_item(
        staff_id=second,
        case_id=case_id,
        item_id=opened.items[0].item_id,
        reason="It was hidden before our letter left; there was nothing to ask for any more.",
        now=later + timedelta(minutes=10),
    )
    cases.move(
        staff_id=second,
        case_id=case_id,
        to=Stage.CLOSED,
        reason="The only post was reported in error.",
        now=later + timedelta(minutes=20),
    )
    return case_id
