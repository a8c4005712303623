"""What made screening send a text to people: the rule that it named, and the score that the text had by it.

That score may be low: a community says from which score on a rule's texts are looked at. It need not be the text's
highest score either, since the graver rule is named first.
"""

from collections.abc import Mapping

from wardmote.communities.models import Clause
from wardmote.moderation.models import Screening
from wardmote.moderation.policy import Route


def categories_by_key(community_id: int) -> dict[str, str]:
    """Clause key -> category, of every clause that this community ever had, by its newest version."""
    rows = Clause.objects.filter(policy__community_id=community_id).order_by("policy__number")
    return dict(rows.values_list("key", "category"))


def rule_of_screening(screening: Screening | None, categories: Mapping[str, str]) -> tuple[str, float] | None:
    """(category, score) of the rule by which screening sent a text to people; None where it did not."""
    if screening is None or screening.route == Route.PUBLISH:
        return None
    category = categories.get(screening.clause_key, "")
    return (category, screening.scores[category]) if category in screening.scores else None
