"""A second opinion on what screening is unsure of: asked after the fact, by a job, and only ever advice.

Nobody waits for it: the post was published, queued or held before the question is put, and what comes of it is a note
for whoever judges the case, and perhaps a higher rank.
"""

import logging
from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import PolicyView, current_policy
from wardmote.jobs import operations as jobs
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries
from wardmote.moderation.operations.opinions import Said
from wardmote.moderation.policy import Routing, worth_a_second_opinion
from wardmote.outside import chat, opinion

JOB = "journeys.ask_second_opinion"
log = logging.getLogger(__name__)


def want(*, case_id: int, priority: int, routing: Routing, now: datetime) -> None:
    """Put the question where somebody is asked at all and the answer could change something. In the caller's
    transaction; nothing leaves the process here."""
    if chat.endpoint() is not None and worth_a_second_opinion(routing, priority=priority):
        jobs.put(JOB, case_id, now=now)


def ask(case_id: int, *, now: datetime) -> None:
    """The job's work; harmless to repeat. Raises `chat.Unreachable` or `chat.Resting` where it is to be tried again."""
    endpoint = chat.endpoint()
    judged = queries.to_judge(case_id=case_id)
    policy = current_policy(community_id=judged.community_id) if judged else None
    if endpoint is None or judged is None or policy is None:
        return
    rules = [opinion.Rule(clause.key, clause.title, clause.text) for clause in policy.clauses]
    digest = opinion.digest(model=endpoint.model, rules=rules, text=judged.text)
    if queries.has_opinion(community_id=judged.community_id, case_id=case_id, digest=digest):
        return
    known = queries.known_opinion(community_id=judged.community_id, digest=digest)
    if known is not None:
        found = opinion.Opinion(known.clause_key, known.probability, known.reason, known.start, known.end)
    else:
        asked = opinion.question(rules=rules, text=judged.text, around=judged.around)
        answer = _answer(endpoint, asked, case_id=case_id, community_id=judged.community_id, now=now)
        if answer is None:
            return
        try:
            found = opinion.read(answer, asked=asked, rules=rules)
        except opinion.NoOpinion as error:
            log.warning("case %s: what %s answered is no opinion: %s", case_id, endpoint.model, error)
            return
    _keep(found, case_id, judged, policy, model=endpoint.model, digest=digest, again=known is not None, now=now)


def _answer(
    endpoint: chat.Endpoint, asked: opinion.Question, *, case_id: int, community_id: int, now: datetime
) -> str | None:
    """What the model says; None where the budget is spent or it declines. No transaction is open meanwhile."""
    if seconds := chat.breaker_of(endpoint.url).rests():
        raise chat.Resting(seconds)
    tokens = asked.tokens + chat.ANSWER_TOKENS
    with transaction.atomic(durable=True):
        granted = moderation.spend_on_opinion(
            community_id=community_id,
            tokens=tokens,
            installation=(endpoint.day.calls, endpoint.day.tokens),
            community=(endpoint.community_day.calls, endpoint.community_day.tokens),
            now=now,
        )
    if not granted:
        log.info("case %s: today's budget for second opinions is spent", case_id)
        return None
    try:
        reply = chat.ask(endpoint, system=asked.system, user=asked.user)
    except chat.Declined as error:
        log.warning("case %s: %s gave no opinion: %s", case_id, endpoint.model, error)
        return None
    if reply.tokens is not None and reply.tokens != tokens:
        with transaction.atomic(durable=True):
            moderation.correct_spending(community_id=community_id, day=now.date(), more=reply.tokens - tokens)
    return reply.content


def _keep(
    found: opinion.Opinion,
    case_id: int,
    judged: queries.ToJudge,
    policy: PolicyView,
    *,
    model: str,
    digest: str,
    again: bool,
    now: datetime,
) -> None:
    clause = policy.clause(found.clause) if found.clause is not None else None
    said = Said(
        model=model,
        digest=digest,
        clause_id=clause.id if clause else None,
        probability=found.probability,
        reason=found.reason,
        start=found.start,
        end=found.end,
        again=again,
    )
    with transaction.atomic(durable=True):
        moderation.store_opinion(
            community_id=judged.community_id, case_id=case_id, item_id=judged.item_id, said=said, now=now
        )
