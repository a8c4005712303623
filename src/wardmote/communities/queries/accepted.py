"""What a member agreed to: the words of a version. Scores, severities and usual actions are not among them."""

from functools import lru_cache

from wardmote.communities.models import Acceptance, Policy
from wardmote.communities.policy import Words, words_of


@lru_cache(maxsize=1024)
def _words(policy_id: int) -> Words:
    # A version that is published never changes, and no id is given twice.
    policy = Policy.objects.get(pk=policy_id)
    return words_of(policy.title, [clause.as_draft() for clause in policy.clauses.all()])


def has_accepted(*, member_id: int, policy_id: int) -> bool:
    """Whether a member accepted this version, or one that reads the same."""
    accepted = Acceptance.objects.filter(membership_id=member_id).values_list("policy_id", flat=True)
    if accepted.filter(policy_id=policy_id).exists():
        return True
    return any(_words(before) == _words(policy_id) for before in accepted)


def reads_the_same(policy_id: int, *, as_hash: str) -> Policy | None:
    """The newest version of that hash of the same community, where its words are those of this one."""
    policy = Policy.objects.get(pk=policy_id)
    shown = Policy.objects.filter(community_id=policy.community_id, hash=as_hash).order_by("-number").first()
    return shown if shown is not None and _words(shown.pk) == _words(policy_id) else None


def last_accepted(*, community_id: int, member_id: int) -> int | None:
    """The number of the newest version that a member accepted; None where they accepted none."""
    rows = Acceptance.objects.filter(membership_id=member_id, policy__community_id=community_id)
    return rows.order_by("-policy__number").values_list("policy__number", flat=True).first()
