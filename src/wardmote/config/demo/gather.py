"""How a community of the demonstration comes to be: founded, joined, and talking."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities.policy import ClauseDraft
from wardmote.communities.queries import current_policy
from wardmote.config.demo import rules, threads
from wardmote.journeys.members import edit_profile, join, publish
from wardmote.journeys.members.publish import Published
from wardmote.journeys.operator import found_community as found
from wardmote.journeys.steps.screening import screen_texts
from wardmote.kernel.clock import floor_to_millisecond

BEFORE = timedelta(days=30)
"""So long ago the communities were founded."""
_THIS_WEEK, _WEEKS_BEFORE = timedelta(hours=72), timedelta(days=24)


def found_community(
    slug: str,
    title: str,
    tagline: str,
    owner: str,
    people: Mapping[str, int],
    *,
    policy: tuple[str, Sequence[ClauseDraft]] = (rules.TITLE, rules.CLAUSES),
    now: datetime,
) -> int:
    """`policy`: its title and its clauses. Gives the community's id."""
    return found.found_community(
        slug=slug,
        title=title,
        tagline=tagline,
        domain=f"{slug}.localhost",
        owner_id=people[owner],
        policy_title=policy[0],
        clauses=policy[1],
        now=now,
    )


def join_all(community_id: int, cast: Mapping[str, str], people: Mapping[str, int], *, now: datetime) -> dict[str, int]:
    """`cast`: name -> what their profile says. Gives name -> member."""
    policy = current_policy(community_id=community_id)
    shown = policy.hash if policy else ""
    members = {
        name: join.join(community_id=community_id, person_id=people[name], handle=name, policy_hash=shown, now=now)
        for name in cast
    }
    for name, bio in cast.items():
        edit_profile.edit_profile(
            community_id=community_id, member_id=members[name], display_name=name.capitalize(), bio=bio, now=now
        )
    return members


def talk(
    community_id: int,
    members: Mapping[str, int],
    posts: Sequence[tuple[str, str] | tuple[str, str, int]],
    *,
    now: datetime,
) -> list[Published]:
    """Say everything in order, spread over the last three days."""
    done: list[Published] = []
    for number, post in enumerate(posts):
        when = now - timedelta(hours=72) * (1 - (number + 1) / (len(posts) + 1))
        parent = done[post[2]].post_id if len(post) == 3 else None
        done.append(
            publish.publish_past(
                community_id=community_id,
                member_id=members[post[0]],
                text=post[1],
                parent_id=parent,
                now=when,
            )
        )
    return done


def say_threads(community_id: int, members: Mapping[str, int], text: str, *, now: datetime) -> None:
    """Say what was said before this week, each at its time: screened together and stored in one transaction, so that
    loading stays quick."""
    said = list(threads.posts(text))
    screened = screen_texts(community_id=community_id, texts=[post[1] for post in said])
    stored: list[int] = []
    with transaction.atomic(durable=True):
        for place, post in enumerate(said):
            when = floor_to_millisecond(now - _THIS_WEEK - _WEEKS_BEFORE * (1 - place / len(said)))
            draft = publish.draft(
                screened[place],
                author_id=members[post[0]],
                parent_id=stored[post[2]] if len(post) == 3 else None,
                written_at=when,
            )
            (done,) = publish.store(community_id=community_id, texts=[(draft, screened[place])], now=when)
            stored.append(done.post_id)
