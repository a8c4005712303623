"""What the moderators have judged in the weeks before: the post, who reported it, what was decided, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wardmote.communities.policy import Action
from wardmote.communities.queries import current_policy
from wardmote.journeys.members import appeal, publish, report
from wardmote.journeys.members.publish import Published
from wardmote.journeys.moderators import review
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.queries import queue, sheet_of_appeal, sheet_of_case
from wardmote.network import queries as network


@dataclass(frozen=True, slots=True)
class Verdict:
    """`days`: of a suspension. `hours`: from the first report to the decision."""

    by: str
    action: Action
    reason: str
    clause: str = ""
    days: int | None = None
    hours: float = 3


@dataclass(frozen=True, slots=True)
class Contest:
    """The author's words against the verdict, and what another moderator made of them; without `by`, it waits."""

    words: str
    by: str = ""
    reverse: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One post that somebody had to look at. `reports`: (who, why, comment). `claimed`: somebody is at it now."""

    days_ago: float
    author: str
    text: str
    reports: tuple[tuple[str, ReportReason, str], ...]
    verdict: Verdict | None = None
    contest: Contest | None = None
    claimed: str = ""


_R = ReportReason
PLAZA = (
    Matter(26, "trudy", "SALE!!! Watches, pills, lottery numbers, write to me TODAY and get two for one!!!", (("carol", _R.SPAM, "Third time this morning."), ("bob", _R.SPAM, "")), Verdict("dave", Action.HIDE, "The same advertisement three times in a morning.", "3.1", hours=1)),
    Matter(25, "mallory", "The woman at the permit desk is a lazy cow and too stupid to hold a pen.", (("erin", _R.HARASSMENT, "She is a neighbour of ours and reads this."),), Verdict("dave", Action.HIDE, "It insults a person who only did her job. Say what went wrong with the permit instead.", "2.1", hours=5)),
    Matter(24, "bob", "I could murder that clock. Ten to three, for the third week running.", (("trudy", _R.THREAT, "Murder!!"),), Verdict("erin", Action.NONE, "A figure of speech about a clock.", hours=0.5)),
    Matter(23, "trudy", "Nobody from the hill should be let into the swimming bath. They are dirty, all of them.", (("carol", _R.IDENTITY_ATTACK, "My cousins are from the hill."), ("victor", _R.IDENTITY_ATTACK, "")), Verdict("erin", Action.REMOVE, "It calls a whole part of the town dirty, and wants to keep them out.", "2.2", hours=2)),
    Matter(21.5, "mallory", "Whoever scratched my van: I find out who you are, and then you will need a dentist.", (("wendy", _R.THREAT, "I think he means the boy next door."),), Verdict("erin", Action.WARN, "A threat, even though nobody is named. The next one ends in a suspension.", "1.1", hours=1.5), Contest("I was angry about the van. I did not mean a dentist.", "dave", reverse=False, reason="Angry is understood. The sentence is a threat all the same, and a warning is the mildest answer we have.")),
    Matter(20, "craig", "To the gentleman who called me a Nazi for asking for his bottle deposit: your deposit is here.", (("mallory", _R.OTHER, "Language."),), Verdict("dave", Action.NONE, "He tells what he was called. That is no insult of his.", hours=9)),
    Matter(19, "trudy", "Alice, you fat liar, go and hide under your stupid trees.", (("bob", _R.HARASSMENT, ""), ("carol", _R.HARASSMENT, "Enough of this."), ("wendy", _R.HARASSMENT, "")), Verdict("erin", Action.REMOVE, "Plain humiliation of one person, and not the first.", "2.1", hours=1)),
    Matter(17.5, "bob", "The film tonight: a man is stabbed, a train explodes, and the horse survives. Eight o’clock.", (("trudy", _R.INCITEMENT, "Violence."),), Verdict("dave", Action.NONE, "It is what happens in a film.", hours=14)),
    Matter(16, "mallory", "Photograph of the accident on Mill Street. Look away if you cannot see blood.", (("victor", _R.OTHER, "Somebody’s father is in it."),), Verdict("erin", Action.LABEL, "It may be shown, behind a label. Please think of the family.", "3.2", hours=6)),
    Matter(15, "trudy", "If Erin sings in the square again I will throw her in the fountain and hold her under.", (("carol", _R.THREAT, "She is frightened."), ("victor", _R.THREAT, "Knee deep is enough for that.")), Verdict("alice", Action.SUSPEND, "A threat to hold a neighbour under water. Seven days.", "1.1", days=7, hours=1), Contest("Seven days for a joke? It is a fountain. It is knee deep.", "dave", reverse=False, reason="Erin does not laugh. The suspension stands.")),
    Matter(14, "carol", "The landlord of Rope Lane 4 is a crook. He let the roof rot and raised the rent, and I can prove it.", (("mallory", _R.HARASSMENT, "He is a friend of mine."),), Verdict("erin", Action.HIDE, "It calls a man a crook.", "2.1", hours=4), Contest("I say what he did, and the tenants’ papers are on the notice board. Criticise what people do, says your own rule.", "dave", reverse=True, reason="She is right: it is about what he does, and she can show it. The post stands again.")),
    Matter(12, "mallory", "Get the new tenants out of number 9 before winter, whatever it takes. We know the windows.", (("alice", _R.INCITEMENT, ""), ("craig", _R.INCITEMENT, "There are children in number 9.")), Verdict("erin", Action.REMOVE, "It asks others to drive people out of their home.", "1.2", hours=0.5)),
    Matter(10, "wendy", "Shoot me if the forecast for Saturday is wrong again.", (("mallory", _R.THREAT, "Just testing."),), Verdict("dave", Action.NONE, "She speaks of herself, and of rain.", hours=20)),
    Matter(9, "mallory", "Craig’s prices are theft, and Craig is a fat thief.", (("craig", _R.HARASSMENT, "The first half I can live with."),), Verdict("dave", Action.HIDE, "The prices may be criticised. The man may not be called this.", "2.1", hours=7), Contest("He sells one lemon for what a tree costs.", "erin", reverse=True, reason="It is rude, and about prices; between two who argue every day and drink tea after. We let it stand.")),
    Matter(7, "trudy", "Back again. Miracle soap, no questions asked, click my profile, click my profile, click my profile.", (("victor", _R.SPAM, "It burns, by the way. Two came in with rashes."),), Verdict("dave", Action.HIDE, "Selling to people who did not ask, again.", "3.1", hours=2)),
    Matter(5, "victor", "I would kill for eight hours of sleep.", (("trudy", _R.THREAT, ""),), Verdict("erin", Action.NONE, "So would we all.", hours=1)),
    Matter(4, "trudy", "The old ones at the fountain should just hurry up and die, they smell.", (("erin", _R.HARASSMENT, "My mother sits there."), ("wendy", _R.IDENTITY_ATTACK, "")), Verdict("dave", Action.REMOVE, "It wishes people dead for being old.", "2.2", hours=3), Contest("Everybody thinks it. I only say it.")),
    Matter(0.8, "mallory", "The clerk at the town hall is a little liar and I hope she chokes on her stamps.", (("victor", _R.HARASSMENT, "She is a customer of mine and she cried."),)),
    Matter(2.6, "trudy", "Followers! Real followers! Cheapest in town! Write to me!", (("craig", _R.SPAM, ""), ("carol", _R.SPAM, "Again."))),
    Matter(0.9, "mallory", "Whoever took the grill from Rope Lane, bring it back tonight or I come and fetch it, and not politely.", (("wendy", _R.THREAT, "Perhaps only noise. Please look."),)),
    Matter(2.1, "trudy", "Wendy, your forecasts are as ugly as you are.", (("bob", _R.HARASSMENT, ""),), claimed="dave"),
)  # fmt: skip
HARBOUR = (
    Matter(22, "trent", "Berth 9, you clown, tie her up properly or I sink you where you lie.", (("olivia", _R.THREAT, "He has radar."),), Verdict("grace", Action.NONE, "Berth 9 is his brother-in-law, and laughed.", hours=2)),
    Matter(18, "peggy", "The new man at the fish auction cheats with the scales, the filthy foreigner.", (("sybil", _R.IDENTITY_ATTACK, "The scales are one thing. The rest is another."),), Verdict("grace", Action.HIDE, "Speak of the scales. Where he comes from has nothing to do with it.", "2.2", hours=4), Contest("You are right about the second half, and I am ashamed of it. May I have the first half back?", "frank", reverse=False, reason="Thank you. Write the first half again, by itself; this one stays hidden.")),
    Matter(11, "olivia", "The customs men can go and drown. Slowly.", (("trent", _R.THREAT, ""),), Verdict("frank", Action.WARN, "Nobody is wished dead here, not even customs.", "1.1", hours=8)),
    Matter(6, "peggy", "Whoever stole my big pot will be smoked over beech for two days. I know who likes soup.", (("grace", _R.THREAT, "I think she jokes. I would rather somebody else looked."),), Verdict("frank", Action.NONE, "A joke, and a sad one: it was her grandmother’s pot.", hours=3)),
    Matter(0.4, "trent", "Next one to drop an anchor on the cable gets it round the neck.", (("sybil", _R.THREAT, "Third cable this year, so I understand him."),)),
)  # fmt: skip


def hear(
    community_id: int, members: Mapping[str, int], matters: Sequence[Matter], *, now: datetime
) -> dict[str, Published]:
    """Say, report, judge and contest it all at its time; gives text -> the post."""
    return {matter.text: _hear(community_id, members, matter, now=now) for matter in matters}


def can_be_read(community_id: int, post_id: int) -> bool:
    """Whether somebody else could report it: nobody reports what is held or covered."""
    post = network.post(community_id=community_id, post_id=post_id, viewer_id=None)
    return post is not None and bool(post.text)


def _hear(community_id: int, members: Mapping[str, int], matter: Matter, *, now: datetime) -> Published:
    said = now - timedelta(days=matter.days_ago)
    post = publish.publish_past(community_id=community_id, member_id=members[matter.author], text=matter.text, now=said)
    if can_be_read(community_id, post.post_id):
        for number, (who, why, comment) in enumerate(matter.reports, 1):
            report.report_post(
                community_id=community_id,
                member_id=members[who],
                post_id=post.post_id,
                reason=why,
                comment=comment,
                now=said + min(timedelta(hours=12), now - said) * 0.2 * number,
            )
    if matter.claimed:
        case_id = _case_about(community_id, matter.text, moderator=members[matter.claimed])
        review.claim(community_id=community_id, member_id=members[matter.claimed], case_id=case_id, now=now)
    if matter.verdict:
        _judge(community_id, members, matter, matter.verdict, said=said)
    return post


def _judge(community_id: int, members: Mapping[str, int], matter: Matter, verdict: Verdict, *, said: datetime) -> None:
    judge, when = members[verdict.by], said + timedelta(hours=12 + verdict.hours)
    case_id = _case_about(community_id, matter.text, moderator=judge)
    policy = current_policy(community_id=community_id)
    clause = policy.clause(verdict.clause) if policy and verdict.clause else None
    review.claim(community_id=community_id, member_id=judge, case_id=case_id, now=when - timedelta(minutes=4))
    decision = review.decide(
        community_id=community_id,
        member_id=judge,
        case_id=case_id,
        action=verdict.action,
        clause_id=clause.id if clause else None,
        reason=verdict.reason,
        days=verdict.days,
        seen=sheet_of_case(community_id=community_id, case_id=case_id),
        now=when,
    )
    contest = matter.contest
    if contest is None:
        return
    filed = appeal.file_appeal(
        community_id=community_id,
        member_id=members[matter.author],
        decision_id=decision,
        text=contest.words,
        now=when + timedelta(hours=5),
    )
    if contest.by:
        appeal.decide_appeal(
            community_id=community_id,
            member_id=members[contest.by],
            appeal_id=filed,
            reverse=contest.reverse,
            reason=contest.reason,
            seen=sheet_of_appeal(community_id=community_id, appeal_id=filed),
            now=when + timedelta(hours=26),
        )


def _case_about(community_id: int, text: str, *, moderator: int) -> int:
    waiting = queue(community_id=community_id, member_id=moderator)
    return next(row.case_id for row in waiting if text.startswith(row.excerpt))
