"""The check before every decision that its measure is this moderator's to take, as roles are now."""

from wardmote.communities.models import Membership
from wardmote.communities.policy import Action, Role
from wardmote.moderation.policy.staff import check_rank


def check_measure(*, community_id: int, member_id: int, author_id: int | None, action: Action) -> None:
    """Refuse a measure on the account of somebody whom `member_id` may not bind; inside the caller's transaction.

    Both rows are held until it ends, so that nobody becomes a moderator between the look and the measure.
    """
    both = [member_id] if author_id is None else [member_id, author_id]
    rows = Membership.objects.select_for_update().filter(community_id=community_id, pk__in=both)
    roles = {pk: Role(role) for pk, role in rows.order_by("pk").values_list("pk", "role")}
    check_rank(
        action,
        decider=roles.get(member_id, Role.MEMBER),
        author=roles.get(author_id) if author_id is not None else None,
    )
