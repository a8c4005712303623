"""Decisions beside the scores that their texts had, for those who measure one by the other."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from wardmote.communities.models import Clause, Policy
from wardmote.communities.policy import Action
from wardmote.moderation.models import Appeal, Decision
from wardmote.moderation.policy import NOT_COVERED, AppealState, CaseState
from wardmote.moderation.queries.known import without_quarantined


@dataclass(frozen=True, slots=True)
class Judged:
    """One text: its hash, what it scored, and the categories whose rule it was said to break, or not to."""

    decision_id: int
    content_hash: str
    scores: Mapping[str, float]
    broke: frozenset[str]
    harmless: frozenset[str]


def judged(*, screener: str) -> list[Judged]:
    """Every text decided here that this version of the screener had scored, by the hash of the text.

    Left out: what is appealed against or was reversed, whatever is in the locked lane, scores that a list raised, and
    texts in a language that is not covered. "Breaks no rule" is said of the rules in force on that day; a decision by
    one rule says nothing of the others.
    """
    rows = (
        without_quarantined(Decision.objects.all())
        .filter(
            case__state=CaseState.DECIDED.value,
            case__screening__screener=screener,
            case__screening__content_hash=F("item__content_hash"),
            case__screening__lists=[],
            reversed_at=None,
        )
        .exclude(Exists(Appeal.objects.filter(decision=OuterRef("pk"), state=AppealState.OPEN.value)))
        .order_by("item__content_hash", "pk")
        .values_list(
            "pk",
            "community_id",
            "decided_at",
            "action",
            "clause__category",
            "item__content_hash",
            "case__screening__scores",
        )
    )
    rules = _rules()
    found = []
    for decision_id, community_id, decided_at, action, category, content_hash, scores in rows.iterator():
        if NOT_COVERED in scores:
            continue
        none = action == Action.NONE.value
        harmless = _in_force(rules[community_id], decided_at) if none else frozenset()
        broke = frozenset() if none else frozenset([category])
        found.append(Judged(decision_id, content_hash, scores, broke, harmless))
    return found


def _rules() -> dict[int, list[tuple[datetime, frozenset[str]]]]:
    """The categories of each community's rules, newest policy first."""
    categories: dict[int, set[str]] = defaultdict(set)
    for policy_id, category in Clause.objects.values_list("policy_id", "category"):
        categories[policy_id].add(category)
    rules: dict[int, list[tuple[datetime, frozenset[str]]]] = defaultdict(list)
    for policy in Policy.objects.order_by("-number"):
        rules[policy.community_id].append((policy.published_at, frozenset(categories[policy.pk])))
    return rules


def _in_force(rules: list[tuple[datetime, frozenset[str]]], at: datetime) -> frozenset[str]:
    return next((categories for since, categories in rules if since <= at), frozenset())
