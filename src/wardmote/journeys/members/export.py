"""What people take along: a member everything of theirs, an owner what the community is and what was said about it.

Open to the suspended and in a suspended community too: what somebody wrote is theirs. Files, not pages: nothing is
written, and the same state gives the same bytes but for the time.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wardmote.communities import queries as communities
from wardmote.journeys.steps.permission import spokesperson
from wardmote.kernel.clock import to_rfc3339
from wardmote.moderation import queries as moderation
from wardmote.network import queries as network
from wardmote.network.queries import PostView
from wardmote.notices import queries as notices
from wardmote.upstream import queries as upstream

PAGE = 200
EVERYBODY = 2**31


def export_mine(*, community_id: int, member_id: int, now: datetime) -> bytes:
    """Profile, posts with their earlier texts, measures, reports and letters of one member, as JSON (UTF-8)."""
    standing = communities.standing_of_member(community_id=community_id, member_id=member_id)
    profile = network.profile(community_id=community_id, member_id=member_id, viewer_id=member_id)
    return _file(
        "member",
        community_id,
        now,
        {
            "profile": None
            if profile is None
            else {"handle": profile.handle, "display_name": profile.display_name, "bio": profile.bio},
            "posts": [
                _post(post, community_id, member_id) for post in _posts(community_id, member_id, viewer_id=member_id)
            ],
            "measures": [
                {
                    "action": row.action.value,
                    "rule": row.clause_title,
                    "decided_at": to_rfc3339(row.decided_at),
                    "reversed_at": _moment(row.reversed_at),
                    "ending": row.ending.value if row.ending else None,
                    "path": row.path,
                }
                for row in moderation.measures_of(community_id=community_id, member_id=member_id)
            ],
            "reports": [
                {"reason": row.reason.value, "filed_at": to_rfc3339(row.filed_at), "outcome": row.outcome}
                for row in moderation.my_reports(community_id=community_id, member_id=member_id)
            ],
            "letters": list(_letters(community_id, standing.person_id)),
        },
    )


def export_community(*, community_id: int, member_id: int, now: datetime) -> bytes:
    """The rules in every version, the posts that everybody can read, and what the host wrote and was answered, with the
    receipts; for the owner, as JSON (UTF-8)."""
    spokesperson(community_id=community_id, member_id=member_id)
    policies = [
        communities.policy_version(community_id=community_id, number=number)
        for number, _ in communities.policy_numbers(community_id=community_id)
    ]
    receipts = upstream.receipts(community_id=community_id)
    files = [upstream.receipt_file(community_id=community_id, receipt_id=row.receipt_id) for row in receipts]
    return _file(
        "community",
        community_id,
        now,
        {
            "policies": [
                {
                    "number": policy.number,
                    "title": policy.title,
                    "hash": policy.hash,
                    "published_at": to_rfc3339(policy.published_at),
                    "clauses": [{"key": c.key, "title": c.title, "text": c.text} for c in policy.clauses],
                }
                for policy in policies
                if policy is not None
            ],
            "posts": [
                _post(post, community_id, None) | {"handle": post.handle} for post in _public_posts(community_id)
            ],
            "host": {
                "letters": upstream.documents(community_id=community_id),
                "receipts": [file[1] for file in files if file is not None],
            },
        },
    )


def _file(kind: str, community_id: int, now: datetime, content: dict[str, Any]) -> bytes:
    where = communities.community(community_id)
    head = {
        "format": f"wardmote-export-{kind}",
        "v": 1,
        "at": to_rfc3339(now),
        "community": {"title": where.title, "domain": where.domain, "urn": str(where.urn)},
    }
    return (json.dumps(head | content, indent=1, ensure_ascii=False) + "\n").encode()


def _posts(community_id: int, member_id: int, *, viewer_id: int | None) -> Iterator[PostView]:
    before = None
    while page := network.profile_feed(
        community_id=community_id, member_id=member_id, viewer_id=viewer_id, before=before, limit=PAGE
    ):
        yield from page
        before = page[-1].id


def _public_posts(community_id: int) -> Iterator[PostView]:
    """By member: a thread is shown up to a length, a member's posts are all there."""
    for person in network.find_people(community_id=community_id, viewer_id=None, limit=EVERYBODY):
        yield from _posts(community_id, person.member_id, viewer_id=None)


def _post(post: PostView, community_id: int, viewer_id: int | None) -> dict[str, Any]:
    earlier = (
        network.versions(community_id=community_id, post_id=post.id, viewer_id=viewer_id) if post.edited_at else []
    )
    return {
        "id": str(post.id),
        "text": post.text,
        "written_at": to_rfc3339(post.created_at),
        "edited_at": _moment(post.edited_at),
        "answers": None if post.parent_id is None else str(post.parent_id),
        "visibility": post.visibility.value,
        "label": post.label,
        "earlier": [{"text": version.text, "written_at": to_rfc3339(version.written_at)} for version in earlier],
    }


def _letters(community_id: int, person_id: int) -> Iterator[dict[str, Any]]:
    before = None
    while page := notices.inbox(community_id=community_id, person_id=person_id, before=before, limit=PAGE):
        for row in page:
            letter = notices.notice(community_id=community_id, person_id=person_id, notice_id=row.notice_id)
            if letter is not None:
                yield {"subject": letter.subject, "body": letter.body, "sent_at": to_rfc3339(letter.created_at)}
        before = page[-1].notice_id


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else to_rfc3339(moment)
