"""A community to measure in: founded by the journeys, with as many members and moderators as are asked for."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make_ready() -> None:
    """Tables, in the place that the environment names."""
    from wardmote.config.database import migrate

    migrate()


def found() -> int:
    """A community with the demonstration's policy; gives its id."""
    from wardmote.config.demo import rules
    from wardmote.journeys.operator.create_login import create_login
    from wardmote.journeys.operator.found_community import found_community

    owner = create_login(email="alice@example.org", password=None, now=NOW)
    return found_community(
        slug="plaza",
        title="The Plaza",
        tagline="",
        domain="plaza.localhost",
        owner_id=owner,
        policy_title=rules.TITLE,
        clauses=rules.CLAUSES,
        now=NOW,
    )


def join(community_id: int, handle: str, *, moderates: bool = False, now: datetime = NOW) -> int:
    """A member who may write, or moderate; gives the member's id."""
    from wardmote.communities import operations
    from wardmote.communities.policy import Role
    from wardmote.communities.queries import current_policy
    from wardmote.journeys.members import join as journey
    from wardmote.journeys.operator.create_login import create_login
    from wardmote.kernel.urn import SYSTEM

    policy = current_policy(community_id=community_id)
    member_id = journey.join(
        community_id=community_id,
        person_id=create_login(email=f"{handle}@example.org", password=None, now=now),
        handle=handle,
        policy_hash=policy.hash if policy else "",
        now=now,
    )
    if moderates:
        operations.set_role(community_id=community_id, member_id=member_id, role=Role.MODERATOR, actor=SYSTEM, now=now)
    return member_id
