"""A member reports a post or a profile."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.policy import Severity
from wardmote.communities.queries import current_policy
from wardmote.journeys.permission import writer
from wardmote.journeys.screening import screen_text
from wardmote.kernel.errors import NotFound
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.policy import REASON_CATEGORY, ReportReason, Source
from wardmote.network import queries as network
from wardmote.network.policy import BIO_LIMIT, clean_text, may_see


def report_post(
    *, community_id: int, member_id: int, post_id: int, reason: ReportReason, comment: str, now: datetime
) -> int:
    """Report a post that one can see; gives the report's id."""
    writer(community_id=community_id, member_id=member_id, now=now)
    post = network.post(community_id=community_id, post_id=post_id, viewer_id=member_id)
    if post is None or not post.text:
        raise NotFound("There is no such post here.")
    return _report(
        community_id=community_id,
        member_id=member_id,
        subject=Urn("post", post.id),
        author_id=post.author_id,
        text=post.text,
        path=post.path,
        reason=reason,
        comment=comment,
        now=now,
    )


def report_profile(
    *, community_id: int, member_id: int, handle: str, reason: ReportReason, comment: str, now: datetime
) -> int:
    """Report a member's display name and bio; gives the report's id."""
    writer(community_id=community_id, member_id=member_id, now=now)
    profile = network.profile_by_handle(community_id=community_id, handle=handle, viewer_id=member_id)
    text = (
        network.judged_text(community_id=community_id, kind="profile", subject_id=profile.member_id) if profile else ""
    )
    if profile is None or not text or not may_see(profile.visibility, is_author=profile.mine, moderates=False):
        raise NotFound("There is nothing on that profile to report.")
    return _report(
        community_id=community_id,
        member_id=member_id,
        subject=Urn("profile", profile.member_id),
        author_id=profile.member_id,
        text=text,
        path=f"/@{profile.handle}",
        reason=reason,
        comment=comment,
        now=now,
    )


def _report(
    *,
    community_id: int,
    member_id: int,
    subject: Urn,
    author_id: int,
    text: str,
    path: str,
    reason: ReportReason,
    comment: str,
    now: datetime,
) -> int:
    words = clean_text(comment, limit=BIO_LIMIT, field="comment", required=False)
    screened = screen_text(community_id=community_id, text=text)
    category = REASON_CATEGORY[reason]
    policy = current_policy(community_id=community_id)
    clause = next((c for c in policy.clauses if c.category == category), None) if policy else None
    with transaction.atomic(durable=True):
        screening_id = moderation.store_screening(
            community_id=community_id, subject=str(subject), screened=screened, now=now
        )
        case = moderation.open_case(
            community_id=community_id,
            subject=subject,
            author_id=author_id,
            text=text,
            context={"path": path},
            category=category,
            severity=clause.severity if clause else Severity.LOW,
            source=Source.REPORT,
            score=max(screened.scores.values(), default=0.0),
            held=False,
            screening_id=screening_id,
            actor=Urn("member", member_id),
            now=now,
        )
        return moderation.file_report(
            community_id=community_id, case=case, reporter_id=member_id, reason=reason, comment=words, now=now
        )
