"""Loads the demo by the same journeys that people take, so that every page and the record are real."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from wardmote.communities.policy import Action, Role
from wardmote.communities.queries import communities, current_policy
from wardmote.config.demo import gather, host_case, last_resort, matters, older, plaza, terrace, threads
from wardmote.config.demo.broken_off import loading
from wardmote.journeys.members import appeal, follow, publish, report
from wardmote.journeys.moderators import review, sampling
from wardmote.journeys.operator import found_community, mark_demo
from wardmote.journeys.operator.create_login import create_login, give_password
from wardmote.journeys.steps import cover as covering
from wardmote.journeys.steps.pace import unhurried
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.queries import queue, sheet_of_case
from wardmote.record import queries

PASSWORD = "wardmote demo"  # noqa: S105 - everybody's password in a demonstration, printed at its start
CAST = {
    "alice": "Alice runs the Plaza. Lime trees, minutes, tea.",
    "bob": "Allotment, film club, rye bread.",
    "carol": "Reads. Reports what should be reported. Owns no cat, is owned by one.",
    "dave": "Benches, stars, the old tram. Moderates here on weekday evenings.",
    "erin": "Sings alto, counts signatures. Moderates here at weekends.",
    "mallory": "I say what I think.",
    "trudy": "",
    "victor": "Pharmacist, mostly at night. Has seen your thumb.",
    "wendy": "Keeps the weather station on the school roof. Rain is also weather.",
    "craig": "The corner shop. Batteries, lemons, gossip.",
}
HARBOUR_CAST = {
    "frank": "Harbour master. Answers letters, signals and, on Sundays, the door.",
    "grace": "Swims at any temperature. Moderates here, also the geese.",
    "olivia": "Works on the night ferry. Finds things, and sometimes their people.",
    "peggy": "Soup, nets, smokehouse. In that order.",
    "trent": "Pilot. Brings in what others drive.",
    "sybil": "The lighthouse museum, Tuesdays to Sundays, if the wind allows.",
}
HOST_STAFF = ("heidi", "ivan", "judy")


@unhurried()
def load(now: datetime, *, progress: Callable[[str], None] = lambda _: None) -> bool:
    """Fill an empty database; gives False, and does nothing, where a community exists already.

    Broken off, it is seen by `broken_off()`, and loaded again only after `clear_away()`.
    """
    if communities():
        return False
    if queries.first_verb() is not None:
        _fill(now, progress)
        return True
    with loading():
        mark_demo.mark_demo(now=now)
        _fill(now, progress)
    return True


def _fill(now: datetime, progress: Callable[[str], None]) -> None:
    began = now - gather.BEFORE
    progress("people")
    people = {
        name: create_login(email=f"{name}@example.org", password=None, is_host_staff=name in HOST_STAFF, now=began)
        for name in (*CAST, *HARBOUR_CAST, *terrace.CAST, *HOST_STAFF)
    }
    give_password(person_ids=people.values(), password=PASSWORD)
    progress("the Plaza")
    square, alice, standing = _plaza(people, now=now)
    progress("the Harbour")
    quay, frank, hidden = _harbour(people, now=now)
    progress("the Terrace")
    stand, rupert, loud = terrace.settle(people, now=now)
    progress("the host")
    customers = host_case.found_host(people["heidi"], {square: alice, quay: frank, stand: rupert}, now=began)
    staff = last_resort.Staff(opens=people["heidi"], signs=people["ivan"])
    if loud:
        last_resort.let_slide(staff, customers[stand], stand, rupert, loud, now=now)
    host_case.settled(
        (people["ivan"], people["judy"]),
        customers[quay],
        quay,
        frank,
        (f"http://harbour.localhost:{settings.WARDMOTE_PORT}{hidden[0]}", hidden[1]),
        now=now - timedelta(days=17),
    )
    if standing:
        host_case.call_to_account(people["heidi"], customers[square], standing, domain="plaza.localhost", now=now)


def _plaza(people: dict[str, int], *, now: datetime) -> tuple[int, int, list[tuple[str, str, str]]]:
    """Gives the community, its owner, and (path, text, reason) of what is still up of its quarrels."""
    began = now - gather.BEFORE
    community_id = gather.found_community(
        "plaza", "The Plaza", "Where the town meets when it is not raining.", "alice", people, now=began
    )
    members = gather.join_all(community_id, CAST, people, now=began)
    for name in ("dave", "erin"):
        found_community.appoint(
            community_id=community_id,
            actor_member_id=members["alice"],
            member_id=members[name],
            role=Role.MODERATOR,
            now=began,
        )
    for follower in ("alice", "bob", "carol", "dave", "erin"):
        for handle in ("alice", "bob", "carol", "dave", "erin"):
            if follower != handle:
                follow.follow(community_id=community_id, member_id=members[follower], handle=handle, now=began)
    gather.say_threads(community_id, members, older.PLAZA + threads.PLAZA, now=now)
    matters.hear(community_id, members, matters.PLAZA, now=now)
    gather.talk(community_id, members, plaza.POSTS, now=now)
    standing = _quarrels(community_id, members, now=now)
    # Last week is drawn as soon as something works through what is due.
    sampling.plan(community_id=community_id, member_id=members["alice"], posts_a_week=20, now=now - timedelta(days=7))
    return community_id, members["alice"], standing


def _quarrels(community_id: int, members: dict[str, int], *, now: datetime) -> list[tuple[str, str, str]]:
    """Cases in every state: waiting, decided, appealed. Gives the posts that are up meanwhile."""
    standing = []
    for author, hours, reported, text, reason, reporters in plaza.MODERATED:
        said = now - timedelta(hours=hours)
        post = publish.publish_past(community_id=community_id, member_id=members[author], text=text, now=said)
        if not matters.can_be_read(community_id, post.post_id):
            continue
        if author == "trudy":
            standing.append((post.path, text, str(reason)))
        for number, reporter in enumerate(reporters, 1):
            report.report_post(
                community_id=community_id,
                member_id=members[reporter],
                post_id=post.post_id,
                reason=reason,
                comment="Please look at this one.",
                now=now - timedelta(hours=reported) + timedelta(minutes=20 * number),
            )
        if reason is ReportReason.INCITEMENT and matters.can_be_read(community_id, post.post_id):
            # What the model makes of the weeks before decides who has reported enough to be proven. Where that is not
            # two of the three, a moderator does by hand what the policy promises.
            urgent = _case_about(community_id, text, moderator=members["dave"])
            if urgent is not None:
                covering.cover_by_hand(community_id=community_id, member_id=members["dave"], case_id=urgent, now=now)
    case_id = _case_about(community_id, plaza.MODERATED[0][3], moderator=members["erin"])
    if case_id is None:
        raise LookupError("the demonstration's first quarrel has no case")
    review.claim(community_id=community_id, member_id=members["erin"], case_id=case_id, now=now)
    policy = current_policy(community_id=community_id)
    clause = policy.clause("1.1") if policy else None
    decision = review.decide(
        community_id=community_id,
        member_id=members["erin"],
        case_id=case_id,
        action=Action.REMOVE,
        clause_id=clause.id if clause else None,
        reason="It says what would be done to a person, and that the writer knows where to find him.",
        days=None,
        seen=sheet_of_case(community_id=community_id, case_id=case_id),
        now=now,
    )
    appeal.file_appeal(
        community_id=community_id,
        member_id=members["mallory"],
        decision_id=decision,
        text="It was a figure of speech after a lost match. Everybody talks like that.",
        now=now,
    )
    return standing


def _case_about(community_id: int, text: str, *, moderator: int) -> int | None:
    waiting = queue(community_id=community_id, member_id=moderator)
    return next((row.case_id for row in waiting if text.startswith(row.excerpt)), None)


def _harbour(people: dict[str, int], *, now: datetime) -> tuple[int, int, tuple[str, str]]:
    """Gives the community, its owner, and (path, text) of a post that was hidden there."""
    began = now - gather.BEFORE
    community_id = gather.found_community(
        "harbour", "The Harbour", "Tides, timber, and who left the gate open.", "frank", people, now=began
    )
    members = gather.join_all(community_id, HARBOUR_CAST, people, now=began)
    found_community.appoint(
        community_id=community_id,
        actor_member_id=members["frank"],
        member_id=members["grace"],
        role=Role.MODERATOR,
        now=began,
    )
    gather.say_threads(community_id, members, older.HARBOUR + threads.HARBOUR, now=now)
    heard = matters.hear(community_id, members, matters.HARBOUR, now=now)
    hidden = next(m.text for m in matters.HARBOUR if m.verdict and m.verdict.action is Action.HIDE)
    gather.talk(community_id, members, plaza.HARBOUR_POSTS, now=now)
    return community_id, members["frank"], (heard[hidden].path, hidden)
