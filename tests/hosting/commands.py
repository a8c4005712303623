"""What one of two installations does when a test says so: each function is a command, by its name."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from tests.hosting.desk import CLAUSES, CONDITIONS, DATA_PLAN, EFFECT, HEARD

from wardmote.communities.policy import Action, Role
from wardmote.communities.queries import community, current_policy
from wardmote.config.demo import rules
from wardmote.hosting import queries as hosting
from wardmote.hosting.policy import ItemDraft, NoticeDraft, NoticeKind, Precondition, ProposalKind
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State
from wardmote.journeys.hosts import cases, enrol, evidence, recheck, suspend
from wardmote.journeys.hosts import notices as host_notice
from wardmote.journeys.hosts import policy as host_policy
from wardmote.journeys.members import join, publish
from wardmote.journeys.moderators import review
from wardmote.journeys.operator import create_login, found_community
from wardmote.journeys.owners import answer_host
from wardmote.kernel import clock
from wardmote.moderation.queries import sheet_of_case
from wardmote.outside.signing import record_verifier
from wardmote.record import queries as record
from wardmote.upstream import queries as upstream
from wardmote.upstream.policy import AnswerKind

people: dict[str, int] = {}
members: dict[str, int] = {}
here: dict[str, int] = {}


def login(name: str, *, staff: bool = False) -> int:
    people[name] = create_login.create_login(
        email=f"{name}@example.org", password=None, is_host_staff=staff, now=clock.now()
    )
    return people[name]


def set_up_host() -> str:
    for name in ("heidi", "ivan", "judy"):
        login(name, staff=True)
    host_policy.publish_acceptable_use(
        staff_id=people["heidi"], title="Acceptable use", clauses=CLAUSES, now=clock.now()
    )
    return str(record_verifier())


def set_up_community() -> str:
    here["plaza"] = found_community.found_community(
        slug="plaza",
        title="The Plaza",
        tagline="",
        domain="plaza.localhost",
        owner_id=login("alice"),
        policy_title=rules.TITLE,
        clauses=rules.CLAUSES,
        now=clock.now(),
    )
    for name in ("bob", "dave"):
        login(name)
    policy = current_policy(community_id=here["plaza"])
    assert policy is not None
    for name, person_id in people.items():
        members[name] = join.join(
            community_id=here["plaza"], person_id=person_id, handle=name, policy_hash=policy.hash, now=clock.now()
        )
    found_community.appoint(
        community_id=here["plaza"],
        actor_member_id=members["alice"],
        member_id=members["dave"],
        role=Role.MODERATOR,
        now=clock.now(),
    )
    return str(record_verifier())


def enrol_plaza(*, base_url: str, key: str) -> None:
    here["customer"] = enrol.enrol_remote(
        staff_id=people["heidi"], name="The Plaza", slug="plaza", base_url=base_url, key=key, now=clock.now()
    )


def name_host(*, base_url: str, key: str) -> None:
    enrol.name_host(community_id=here["plaza"], member_id=members["alice"], base_url=base_url, key=key, now=clock.now())


def accept() -> bool:
    policy = upstream.host_policy(community_id=here["plaza"])
    if policy is None:
        return False
    host_policy.accept_acceptable_use(
        community_id=here["plaza"], member_id=members["alice"], policy_hash=policy.hash, now=clock.now()
    )
    return True


def accepted() -> bool:
    return hosting.customer(here["customer"]).accepted_number == 1


def post(text: str) -> str:
    return publish.publish(community_id=here["plaza"], member_id=members["bob"], text=text, now=clock.now()).path


def open_case(items: list[list[str]]) -> None:
    here["case"] = cases.open_host_case(
        staff_id=people["heidi"],
        customer_id=here["customer"],
        summary="Threats on the Plaza",
        life_threat=False,
        items=[ItemDraft(url, "2.1", text, clock.now()) for url, text in items],
        now=clock.now(),
    )


def send(kind: str) -> None:
    draft = NoticeDraft(NoticeKind(kind), "", "We may restrict what the Plaza can publish.", CONDITIONS)
    host_notice.send(staff_id=people["heidi"], case_id=here["case"], draft=draft, now=clock.now())


def _case() -> hosting.CaseView:
    view = hosting.case(case_id=here["case"], now=clock.now())
    assert view is not None
    return view


def case() -> list[str]:
    """The stage, then the status of each item."""
    view = _case()
    return [view.stage.value, *(item.status.value for item in view.items)]


def decide_dispute(number: int) -> None:
    cases.decide_dispute(
        staff_id=people["ivan"],
        case_id=here["case"],
        item_id=_case().items[number].item_id,
        upheld=False,
        reason="It names a house and a man.",
        now=clock.now(),
    )


def look() -> None:
    recheck.check_now(staff_id=people["ivan"], case_id=here["case"], now=clock.now())


def fresh() -> bool:
    """Whether a check of the last hours shows a post standing."""
    return _case().preconditions[Precondition.RECHECK.number - 1].met


def record_evidence() -> None:
    for precondition, parts in HEARD.items():
        evidence.record_evidence(
            staff_id=people["ivan"],
            case_id=here["case"],
            precondition=precondition,
            parts=parts,
            reference="file 7",
            now=clock.now(),
        )


def propose() -> None:
    here["proposal"] = suspend.propose(
        staff_id=people["heidi"],
        case_id=here["case"],
        kind=ProposalKind.SUSPENSION,
        reasons="The threat still stands after notice, warning and restriction.",
        effect=EFFECT,
        return_conditions=CONDITIONS,
        data_plan=DATA_PLAN,
        now=clock.now(),
    )


def approve(name: str) -> int:
    return suspend.approve(staff_id=people[name], proposal_id=here["proposal"], now=clock.now())


def carry_out() -> None:
    suspend.carry_out(staff_id=people["judy"], proposal_id=here["proposal"], now=clock.now())


def reinstate() -> None:
    suspend.reinstate(
        staff_id=people["ivan"], case_id=here["case"], reason="All is gone.", evidence="the checks", now=clock.now()
    )


def judge(action: str) -> None:
    case_id = review.claim_next(community_id=here["plaza"], member_id=members["dave"], now=clock.now())
    assert case_id is not None, "nothing waits for Dave"
    policy = current_policy(community_id=here["plaza"])
    clause = policy.clause("1.1") if policy else None
    review.decide(
        community_id=here["plaza"],
        member_id=members["dave"],
        case_id=case_id,
        action=Action(action),
        clause_id=None if action == "none" or clause is None else clause.id,
        reason="" if action == "none" else "It is a threat.",
        days=None,
        seen=sheet_of_case(community_id=here["plaza"], case_id=case_id),
        now=clock.now(),
    )


def waiting() -> int:
    """How many posts our moderators are asked about by the host and have not answered."""
    rows = upstream.notices(community_id=here["plaza"])
    views = [upstream.notice(community_id=here["plaza"], notice_id=row.notice_id) for row in rows]
    items = {item.item_id: item for view in views if view for item in view.items}
    return sum(item.case_id is not None and not item.answers for item in items.values())


def letters() -> list[str]:
    return [row.kind for row in reversed(upstream.notices(community_id=here["plaza"]))]


def appeal(words: str) -> None:
    (latest, *_) = upstream.notices(community_id=here["plaza"])
    answer_host.answer_notice(
        community_id=here["plaza"],
        member_id=members["alice"],
        notice_id=latest.notice_id,
        kind=AnswerKind.APPEAL,
        words=words,
        now=clock.now(),
    )


def state() -> str:
    return community(here["plaza"]).state.state.value


def due() -> int:
    """How many jobs are to be done by now and are not."""
    open_ = Job.objects.exclude(state__in=[State.DONE.value, State.FAILED.value])
    return open_.filter(Q(run_at__lte=clock.now()) | Q(state=State.RUNNING.value)).count()


def said() -> dict[str, str]:
    """The hash of every letter and answer, by the name that both sides call it."""
    if "customer" not in here:
        from wardmote.upstream.models import Answer, Notice

        notices = {notice.issued: notice.hash for notice in Notice.objects.all()}
        return notices | {str(answer.urn): answer.hash for answer in Answer.objects.all()}
    from wardmote.hosting.models import Answer as TheirAnswer
    from wardmote.hosting.models import Notice as OurNotice

    letters = {str(notice.urn): notice.hash for notice in OurNotice.objects.all()}
    return letters | {answer.given: answer.hash for answer in TheirAnswer.objects.all()}


def receipts() -> dict[str, str]:
    """The text of every receipt of the other side's log that we keep, by what it is about."""
    if "customer" in here:
        rows = hosting.receipts(case_id=here["case"])
        files = {r.about: hosting.receipt_file(receipt_id=r.receipt_id) for r in rows if r.kept}
    else:
        kept = [r for r in upstream.receipts(community_id=here["plaza"]) if r.kept]
        files = {r.about: upstream.receipt_file(community_id=here["plaza"], receipt_id=r.receipt_id) for r in kept}
    return {about: file[1] for about, file in files.items() if file is not None}


def audit(kept: dict[str, str]) -> list[str]:
    """What is wrong with our own log, also against what the other side kept of it."""
    return [str(fault) for fault in record.audit(kept=kept).faults]


COMMANDS: tuple[Callable[..., Any], ...] = (
    accept,
    accepted,
    appeal,
    approve,
    audit,
    carry_out,
    case,
    decide_dispute,
    due,
    enrol_plaza,
    fresh,
    judge,
    letters,
    look,
    name_host,
    open_case,
    post,
    propose,
    receipts,
    record_evidence,
    reinstate,
    said,
    send,
    set_up_community,
    set_up_host,
    state,
    waiting,
)
"""What a test may ask for by name."""
