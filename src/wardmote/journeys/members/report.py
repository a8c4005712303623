"""A member reports a post or a profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction

from wardmote.communities.policy import Deed, Severity
from wardmote.communities.queries import current_policy
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.cover import cover_for_reporters
from wardmote.journeys.steps.once import Sent
from wardmote.journeys.steps.permission import writer
from wardmote.journeys.steps.quarantine import lock_published
from wardmote.journeys.steps.screening import Locked, screen_text
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.models import Case
from wardmote.moderation.policy import ReportReason, Screened, Source
from wardmote.moderation.policy.covers import CALLS_A_THREAT
from wardmote.moderation.policy.drafts import CaseDraft
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries import kept_text, present_text
from wardmote.network import queries as network
from wardmote.network.policy import BIO_LIMIT, Visibility, clean_text, may_see


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of which text, by whomever."""

    subject: Urn
    author_id: int
    text: str
    path: str
    reason: ReportReason
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Claim):
    """A report that is not filed yet: which member says what of which text."""

    member_id: int


def report_post(
    *,
    community_id: int,
    member_id: int,
    post_id: int,
    reason: ReportReason,
    comment: str,
    seen: str = "",
    once: str = "",
    now: datetime,
) -> int:
    """Report a post that one can see, or could when the form was opened; gives the report's id. `once` is the key of
    the form that was sent, if it had one.

    `seen` is the hash of the text that was shown, "" for what is there now. It is what is reported, also where it
    was edited or deleted since.
    """
    sent = Sent(community_id, Urn("member", member_id), once, ("report", "post", post_id, reason, comment))
    before = sent.before(now=now)
    if before is not None:
        return cast("int", before)
    writer(community_id=community_id, member_id=member_id, now=now)
    pace.check(community_id=community_id, member_id=member_id, deed=Deed.REPORT, now=now)
    complaint = complaint_about_post(
        community_id=community_id, member_id=member_id, post_id=post_id, reason=reason, comment=comment, seen=seen
    )
    return _report(complaint, sent, community_id=community_id, now=now)


def report_profile(
    *,
    community_id: int,
    member_id: int,
    handle: str,
    reason: ReportReason,
    comment: str,
    seen: str = "",
    once: str = "",
    now: datetime,
) -> int:
    """Report a member's display name and bio; gives the report's id. Of a profile no earlier texts are kept: Conflict
    where it says something else than what was `seen`, unless a case has kept that."""
    sent = Sent(community_id, Urn("member", member_id), once, ("report", "profile", handle, reason, comment))
    before = sent.before(now=now)
    if before is not None:
        return cast("int", before)
    writer(community_id=community_id, member_id=member_id, now=now)
    pace.check(community_id=community_id, member_id=member_id, deed=Deed.REPORT, now=now)
    profile = network.profile_by_handle(community_id=community_id, handle=handle, viewer_id=member_id)
    text = (
        network.judged_text(community_id=community_id, kind="profile", subject_id=profile.member_id) if profile else ""
    )
    subject = Urn("profile", profile.member_id) if profile else None
    if subject and seen and hash_text(text or "") != seen:
        text = kept_text(community_id=community_id, subject=str(subject), content_hash=seen)
        if text is None:
            raise Conflict(_("This profile says something else now. Look again; what you wrote is still here."))
    elif profile and not may_see(profile.visibility, is_author=profile.mine, moderates=False):
        text = ""
    if profile is None or not text:
        raise NotFound(_("There is nothing on that profile to report."))
    complaint = Complaint(
        member_id=member_id,
        subject=Urn("profile", profile.member_id),
        author_id=profile.member_id,
        text=text,
        path=f"/@{profile.handle}",
        reason=reason,
        comment=_clean(comment),
    )
    return _report(complaint, sent, community_id=community_id, now=now)


def complaint_about_post(
    *,
    community_id: int,
    member_id: int,
    post_id: int,
    reason: ReportReason,
    comment: str,
    seen: str = "",
    seen_elsewhere: bool = False,
) -> Complaint:
    """What a member has to say of a post; NotFound for one that they cannot see and have not `seen`.

    One `seen_elsewhere`, before it was imported, may be held here.
    """
    claim = claim_about_post(
        community_id=community_id,
        viewer_id=member_id,
        post_id=post_id,
        reason=reason,
        comment=_clean(comment),
        seen=seen,
        seen_elsewhere=seen_elsewhere,
    )
    return Complaint(
        member_id=member_id,
        subject=claim.subject,
        author_id=claim.author_id,
        text=claim.text,
        path=claim.path,
        reason=reason,
        comment=claim.comment,
    )


def claim_about_post(
    *,
    community_id: int,
    viewer_id: int | None,
    post_id: int,
    reason: ReportReason,
    comment: str,
    seen: str = "",
    seen_elsewhere: bool = False,
) -> Claim:
    """The same of anybody; without a viewer, of what a stranger may see."""
    post = network.post(community_id=community_id, post_id=post_id, viewer_id=viewer_id, moderates=seen_elsewhere)
    written = network.texts_of_post(community_id=community_id, post_id=post_id)
    text = post.text if post and post.visibility is not Visibility.REMOVED else ""
    if seen and written:
        # Whoever can name the hash of a text has read it: what they report is that, whatever became of it since.
        text = next((each for each in written.texts if hash_text(each) == seen), text)
    if not text or written is None:
        raise NotFound(_("There is no such post here."))
    return Claim(Urn("post", post_id), written.author_id, text, written.path, reason, comment)


def file_complaint(
    complaint: Complaint,
    *,
    community_id: int,
    screened: Screened,
    severities: Mapping[str, Severity],
    filed_at: datetime | None = None,
    now: datetime,
) -> int:
    """Open or join the case, and add the report to it; gives the report's id. Runs inside the caller's transaction.

    `severities` are those of `severities_in_force`; `filed_at` is given for a report that was made elsewhere before.
    """
    actor = Urn("member", complaint.member_id)
    severity = severities.get(complaint.reason.category, complaint.reason.unsaid)
    case = open_claimed(
        complaint, community_id=community_id, actor=actor, screened=screened, severity=severity, now=now
    )
    report_id = moderation.file_report(
        community_id=community_id,
        case=case,
        text=complaint.text,
        reporter_id=complaint.member_id,
        reason=complaint.reason,
        comment=complaint.comment,
        filed_at=filed_at,
        now=now,
    )
    if filed_at is None and complaint.reason in CALLS_A_THREAT:
        case.refresh_from_db(fields=["item", "held", "state"])
        cover_for_reporters(case, now=now)
    return report_id


def open_claimed(
    complaint: Claim,
    *,
    community_id: int,
    actor: Urn,
    screened: Screened,
    severity: Severity,
    weighs: bool = True,
    now: datetime,
) -> Case:
    """Open or join the case of what somebody says of a text, for their report. Runs inside the caller's transaction.

    NotFound where the text was erased meanwhile. `weighs`: whether the report counts towards the rank.
    """
    moderation.hold_subject(community_id=community_id, subject=complaint.subject)
    if not _is_there(complaint, community_id=community_id):
        raise NotFound(_("It was erased meanwhile: there is nothing left to judge."))
    (screening_id,) = moderation.store_screenings(
        community_id=community_id, screened=[(str(complaint.subject), screened)], now=now
    )
    draft = CaseDraft(
        community_id=community_id,
        subject=complaint.subject,
        author_id=complaint.author_id,
        text=complaint.text,
        context={"path": complaint.path},
        category=complaint.reason.category,
        severity=severity,
        source=Source.REPORT,
        score=screened.highest,
        screening_id=screening_id,
        weighs=weighs,
    )
    case = moderation.open_case(draft, actor=actor, now=now)
    present = present_text(community_id=community_id, subject=str(complaint.subject))
    if present is not None and present != complaint.text:
        # Edited since it was seen: the case is about both.
        moderation.note_text(
            community_id=community_id,
            subject=complaint.subject,
            author_id=complaint.author_id,
            text=present,
            context={"path": complaint.path},
            screening_id=None,
            now=now,
        )
    return case


def _is_there(complaint: Claim, *, community_id: int) -> bool:
    """Whether the words are still kept; what was erased while they were screened is not brought back by a report."""
    if complaint.subject.kind == "post":
        written = network.texts_of_post(community_id=community_id, post_id=complaint.subject.id)
        return written is not None and complaint.text in written.texts
    subject = str(complaint.subject)
    return present_text(community_id=community_id, subject=subject) == complaint.text or (
        kept_text(community_id=community_id, subject=subject, content_hash=hash_text(complaint.text)) is not None
    )


def severities_in_force(*, community_id: int) -> dict[str, Severity]:
    """How severe a breach in each category is under the policy: that of its first clause."""
    policy = current_policy(community_id=community_id)
    return {c.category: c.severity for c in reversed(policy.clauses)} if policy else {}


def _report(complaint: Complaint, sent: Sent, *, community_id: int, now: datetime) -> int:
    try:
        screened = screen_text(community_id=community_id, text=complaint.text)
    except Locked as found:
        lock_published(
            found, community_id=community_id, author_id=complaint.author_id, subject=complaint.subject, now=now
        )
        raise NotFound(_("Thank you. Nobody can see this any more.")) from None
    severities = severities_in_force(community_id=community_id)
    with transaction.atomic(durable=True):
        writer(community_id=community_id, member_id=complaint.member_id, now=now, lock=True)
        before = sent.before(now=now)
        if before is not None:
            return cast("int", before)
        pace.count(community_id=community_id, member_id=complaint.member_id, deed=Deed.REPORT, now=now)
        report_id = file_complaint(
            complaint, community_id=community_id, screened=screened, severities=severities, now=now
        )
        sent.keep(report_id, now=now)
        return report_id


def _clean(comment: str) -> str:
    return clean_text(comment, limit=BIO_LIMIT, field="comment", required=False)
