"""The host's third case: an owner lets everything slide, up to a proposal that one of two has signed.

Told on the clock of the ladder's own terms, and taken by the same steps as on the desk: what time alone brings about
is done by its jobs at their moments, and every look reads the page that is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from wardmote.config.demo.own_pages import own_page
from wardmote.config.demo.terrace import DOMAIN
from wardmote.hosting.policy import ItemDraft, NoticeDraft, NoticeKind, Precondition, ProposalKind
from wardmote.hosting.policy.items import SERIES
from wardmote.jobs.engine import Handler, run_due
from wardmote.journeys import tasks
from wardmote.journeys.hosts import cases, evidence, recheck, suspend
from wardmote.journeys.hosts import notices as host_notice
from wardmote.journeys.owners import answer_host
from wardmote.upstream.policy import AnswerKind
from wardmote.upstream.queries import notice, notices

_CONDITIONS = "Remove both posts, and name somebody who reads what is reported while you are away."
_LETTERS: Mapping[NoticeKind, tuple[str, str]] = {
    NoticeKind.NOTICE: (
        "Two people wrote to us about these. One of them works at the bakery.",
        "If they still stand after the deadline we warn you of a breach, and may restrict what you publish.",
    ),
    NoticeKind.REMINDER: (
        "We have heard nothing from you. We have also rung the number that you left us, and left a message.",
        "If we hear nothing and the posts still stand, we warn you of a breach.",
    ),
    NoticeKind.WARNING: (
        "Both posts stand, three days after you had our notice, and nobody has answered.",
        "If they still stand when this time is over, nothing new can be published at the Terrace for a while.",
    ),
    NoticeKind.RESTRICTION: (
        "A week after our warning both posts stand, and nobody has answered.",
        "Until the deadline nothing new can be published at the Terrace. Everything can be read and moderated.",
    ),
}
_FOUND: Mapping[Precondition, tuple[Mapping[str, str], str]] = {
    Precondition.MEASURES: (
        {
            "number": "Two posts, by one member.",
            "proportion": "Two of some thirty posts; all others are about football and soup.",
            "gravity": "One names a family and where to find it. The other calls everybody from a part of town dirty.",
            "intention": "None to be seen. The owner does not look, and nobody else is asked to.",
        },
        "Note of the abuse desk, 3 pages",
    ),
    Precondition.ANSWERS: (
        {
            "answers": "None, to a notice, a reminder, a call, a warning and a restriction.",
            "plan": "None was sent.",
            "backlog": "None is claimed.",
        },
        "The timeline of this case",
    ),
    Precondition.COMPARABLE: (
        {
            "customers": "The Plaza and the Harbour.",
            "treatment": "Both had notices about the same clauses. The Harbour answered within hours; its case is closed.",
        },
        "Their cases at this desk",
    ),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who opens the case, writes its letters and proposes; and the other, who looks, records and signs first."""

    opens: int
    signs: int


def let_slide(
    staff: Staff,
    customer_id: int,
    community_id: int,
    owner: int,
    posts: Sequence[tuple[str, str, str]],
    *,
    now: datetime,
) -> int:
    """A case about posts (path, clause, text), eleven days old, which waits for a second signature; gives its id.

    What the proposal still lacks: that signature, the time to reply, and, because the owner has spoken at last, another
    look at what was recorded of the answers. The latest look at the posts is fresh for another two hours.
    """
    base = f"http://{DOMAIN}:{settings.WARDMOTE_PORT}"
    begun = now - timedelta(hours=270)
    case_id = cases.open_host_case(
        staff_id=staff.opens,
        customer_id=customer_id,
        summary="A family and a part of town insulted, and nobody answers",
        life_threat=False,
        items=[ItemDraft(base + path, clause, text, begun) for path, clause, text in posts],
        now=begun,
    )
    send = partial(_send, staff.opens, case_id)
    notified = send(NoticeKind.NOTICE, at=begun + timedelta(hours=1))
    _pass_time(notified + timedelta(hours=24))
    send(NoticeKind.REMINDER, at=notified + timedelta(hours=29))
    cured = notified + timedelta(hours=72)
    for after in SERIES:
        _pass_time(cured + after)
    warned = send(NoticeKind.WARNING, at=cured + timedelta(hours=4))
    send(NoticeKind.RESTRICTION, at=warned + timedelta(hours=168 + 5))
    look = now - timedelta(hours=4)
    recheck.check_now(staff_id=staff.signs, case_id=case_id, now=look)
    _pass_time(look)
    _propose(staff, case_id, now=look)
    _speak_at_last(community_id, owner, now=now - timedelta(hours=1))
    return case_id


def _send(staff_id: int, case_id: int, kind: NoticeKind, *, at: datetime) -> datetime:
    words, effect = _LETTERS[kind]
    draft = NoticeDraft(kind=kind, words=words, effect=effect, return_conditions=_CONDITIONS)
    host_notice.send(staff_id=staff_id, case_id=case_id, draft=draft, now=at)
    return at


def _pass_time(now: datetime) -> None:
    """What time brings about at the host's desk by `now`; all other work waits for the worker."""
    handlers: dict[str, Handler] = {
        "journeys.host_clock": tasks.host_clock,
        "journeys.look_at_item": partial(recheck.recheck_item, get=own_page),
    }
    run_due(handlers, now=now, only=handlers.keys())


def _propose(staff: Staff, case_id: int, *, now: datetime) -> None:
    for minutes, (precondition, (parts, reference)) in enumerate(_FOUND.items(), 5):
        evidence.record_evidence(
            staff_id=staff.signs,
            case_id=case_id,
            precondition=precondition,
            parts=parts,
            reference=reference,
            now=now + timedelta(minutes=minutes),
        )
    proposal = suspend.propose(
        staff_id=staff.opens,
        case_id=case_id,
        kind=ProposalKind.SUSPENSION,
        reasons="Both posts stand after notice, reminder, warning and restriction, and nobody has answered any of them.",
        effect="Visitors see that the Terrace is suspended, and why. Members read, delete, and take their posts along.",
        return_conditions=_CONDITIONS,
        data_plan="Nothing is deleted. The owner and every member can take along what is theirs at any time.",
        now=now + timedelta(minutes=30),
    )
    suspend.approve(staff_id=staff.signs, proposal_id=proposal, now=now + timedelta(hours=2))


def _speak_at_last(community_id: int, owner: int, *, now: datetime) -> None:
    (latest, *_) = notices(community_id=community_id)
    letter = notice(community_id=community_id, notice_id=latest.notice_id)
    if letter is None:
        raise LookupError("the host's letter did not arrive")
    answer_host.answer_item(
        community_id=community_id,
        member_id=owner,
        item_id=letter.items[0].item_id,
        kind=AnswerKind.NEEDS_TIME,
        words="I was away with the second team and have only now seen all this. Give me until the weekend.",
        now=now,
    )
