"""A visitor, who has no account, reports a post or a profile that they can see.

The report takes effect once its address is confirmed by the link that is mailed there. One that names child abuse needs
no address; it goes in at once and weighs less. Whether an address is a member's is asked nowhere: nothing here tells.
A community that the host has restricted takes reports too, for they publish nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from wardmote.communities.queries import community
from wardmote.journeys.members.report import Claim, claim_about_post, open_claimed, severities_in_force
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.office import tell_visitor
from wardmote.journeys.steps.quarantine import lock_published
from wardmote.journeys.steps.screening import Locked, screen_text
from wardmote.kernel import i18n
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.ids import new_id
from wardmote.kernel.texts import clean_name
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries
from wardmote.moderation.models import VisitorReport
from wardmote.moderation.policy import REASON_LIMIT, ReportReason, Screened
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.policy.visitors import (
    KEEP_CONTACTS,
    KEEP_UNCONFIRMED,
    NAME_LIMIT,
    UNADDRESSED_AT_MOST,
)
from wardmote.moderation.queries import UnconfirmedView
from wardmote.network import queries as network
from wardmote.network.policy import clean_text, may_see
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind, Reported, confirm_report, report_received
from wardmote.outside.report_links import report_address, report_of, report_path
from wardmote.people import operations as people
from wardmote.people.policy import clean_address, mailbox_of
from wardmote.people.queries import contact


@dataclass(frozen=True, slots=True)
class Statement:
    """What a visitor has filled in, as it was typed; `language`: that of the page, in which they are written to."""

    reason: ReportReason
    comment: str
    name: str
    address: str
    language: str


def report_post(
    *, community_id: int, post_id: int, statement: Statement, seen: str, newest: str, now: datetime
) -> int | None:
    """Take a visitor's report of a post; gives its id where it is filed at once, None where a link is mailed first.

    `seen` is the hash of the text that is reported, `newest` that of the last one that the page showed: Conflict where
    the post says something else by now, so that nobody reports unawares what was edited. Deleted since, it is reported
    as it was seen.
    """
    statement = _checked(statement)
    post = network.post(community_id=community_id, post_id=post_id, viewer_id=None)
    written = network.texts_of_post(community_id=community_id, post_id=post_id)
    known = {hash_text(text) for text in written.texts} if written else set()
    if post and post.text and (seen not in known or newest != hash_text(post.text)):
        raise Conflict(
            _("This post says something else now. Look again; what you wrote is still here. You report both texts.")
        )
    claim = claim_about_post(
        community_id=community_id,
        viewer_id=None,
        post_id=post_id,
        reason=statement.reason,
        comment=statement.comment,
        seen=seen,
    )
    return _take(claim, statement, community_id=community_id, now=now)


def report_profile(*, community_id: int, handle: str, statement: Statement, seen: str, now: datetime) -> int | None:
    """The same of a name and self-description. No earlier texts are kept: Conflict where it says something else."""
    statement = _checked(statement)
    profile = network.profile_by_handle(community_id=community_id, handle=handle, viewer_id=None)
    if profile is None:
        raise NotFound(_("There is nothing on that profile to report."))
    claim = _claim_about_profile(
        community_id,
        profile.member_id,
        statement.reason,
        statement.comment,
        seen=seen,
        otherwise=_("This profile says something else now. Look again; what you wrote is still here."),
    )
    return _take(claim, statement, community_id=community_id, now=now)


def confirm(*, community_id: int, token: str, now: datetime) -> None:
    """File the report whose link was mailed, and mail a receipt; nothing where it is filed already.

    NotFound for another community's link, one that is too old, and where nothing is left of what was reported; Conflict
    where a profile says something else by now, or this address has reported it already.
    """
    report_id = _named_by(token)
    waiting = queries.unconfirmed(community_id=community_id, report_id=report_id, now=now)
    if waiting is None:
        if queries.visitor_report(community_id=community_id, report_id=report_id) is None:
            raise no_such_link()
        return
    claim = _claimed_by(waiting, community_id=community_id)
    screened = _screened(claim, community_id=community_id, now=now)
    realm = Urn("community", community_id)
    with transaction.atomic(durable=True):
        if not moderation.drop_unconfirmed(community_id=community_id, report_id=report_id):
            return
        contact_id = people.confirm_contact(
            realm=realm, address=waiting.address, name=waiting.name, language=waiting.language, now=now
        )
        queries.check_contact(community_id=community_id, contact_id=contact_id, factor=_factor(), now=now)
        report = _file(claim, screened, report_id=report_id, contact_id=contact_id, community_id=community_id, now=now)
        _acknowledge(report, claim, now=now)


def discard(*, community_id: int, token: str) -> bool:
    """Whoever reads the mail did not report anything: forget what was filled in. Nothing where it is gone already.

    False where it was confirmed before: it is a report, and stays one.
    """
    report_id = _named_by(token)
    with transaction.atomic(durable=True):
        moderation.drop_unconfirmed(community_id=community_id, report_id=report_id)
        return queries.visitor_report(community_id=community_id, report_id=report_id) is None


def forget_me(*, community_id: int, token: str, now: datetime) -> None:
    """Erase the name, address and words of whoever holds the link of a report, in all their reports to this community.

    The reports still count, and the record's proofs stay; no further mail is sent.
    """
    report = queries.visitor_report(community_id=community_id, report_id=_named_by(token))
    if report is None or report.contact_id is None:
        raise no_such_link()
    address = contact(contact_id=report.contact_id).address
    _forget(community_id=community_id, contact_id=report.contact_id, waiting_from=address, now=now)


def forget_answered(*, now: datetime) -> int:
    """Erase the contacts all of whose reports were decided long enough ago, some at a time; gives how many.

    Their name and address were for the answer and for what may follow from it, and nothing else.
    """
    done = queries.answered_contacts(before=now - KEEP_CONTACTS)
    for community_id, contact_id in done:
        _forget(community_id=community_id, contact_id=contact_id, now=now)
    return len(done)


def no_such_link() -> NotFound:
    """What is said of every link that opens nothing, whatever the reason."""
    return NotFound(
        _("This link opens no report here. It is good for three days. If the time is over, please report once more.")
    )


def _forget(*, community_id: int, contact_id: int, waiting_from: str = "", now: datetime) -> None:
    """Erase a contact; with `waiting_from` also what waits to be confirmed from that address, and its mails."""
    with transaction.atomic(durable=True):
        if waiting_from:
            for report_id in moderation.drop_unconfirmed_from(community_id=community_id, address=waiting_from):
                people.drop_login_mail_with(address=waiting_from, words=report_path(report_id))
        moderation.erase_words_of_contact(community_id=community_id, contact_id=contact_id)
        notices.erase_notices_to_contact(contact_id=contact_id)
        people.erase_contact(contact_id=contact_id, now=now)


def _named_by(token: str) -> int:
    report_id = report_of(token)
    if report_id is None:
        raise no_such_link()
    return report_id


def _checked(statement: Statement) -> Statement:
    """What was filled in, as it is kept; Invalid names the field."""
    nameless = statement.reason.nameless
    address = statement.address.strip()
    if not address and not nameless:
        raise Invalid(_("Give a mail address: your report counts once you have confirmed it."), field="address")
    return Statement(
        reason=statement.reason,
        comment=clean_text(statement.comment, limit=REASON_LIMIT, field="comment", required=True),
        name=clean_name(statement.name, limit=NAME_LIMIT, field="name", required=not nameless),
        address=clean_address(address) if address else "",
        language=statement.language,
    )


def _take(claim: Claim, statement: Statement, *, community_id: int, now: datetime) -> int | None:
    if not statement.address:
        return _file_unaddressed(claim, community_id=community_id, now=now)
    box = mailbox_of(statement.address)
    same = {
        "community_id": community_id,
        "subject": claim.subject,
        "content_hash": hash_text(claim.text),
        "reason": statement.reason,
        "comment": statement.comment,
        "name": statement.name,
        "address": statement.address,
        "now": now,
    }
    with transaction.atomic(durable=True):
        if queries.sent_before(**same):  # type: ignore[arg-type]  # one dictionary for two calls
            return None
        queries.check_quotas(community_id=community_id, subject=claim.subject, mailbox=box, factor=_factor(), now=now)
        mail_at = queries.next_mail_at(mailbox=box, now=now)
        report_id = moderation.keep_unconfirmed(
            **same,  # type: ignore[arg-type]
            mailbox=box,
            language=statement.language,
            mail_at=mail_at,
        )
        domain = community(community_id).domain
        with i18n.speaking(statement.language):
            letter = confirm_report(
                domain=domain,
                link=report_address(domain=domain, report_id=report_id),
                until=now + KEEP_UNCONFIRMED,
            )
        people.put_login_mail(
            address=statement.address, subject=letter.subject, body=letter.body, send_at=mail_at, now=now
        )
    return None


def _file_unaddressed(claim: Claim, *, community_id: int, now: datetime) -> int:
    queries.check_unaddressed(community_id=community_id, subject=claim.subject, factor=_factor(), now=now)
    screened = _screened(claim, community_id=community_id, now=now)
    with transaction.atomic(durable=True):
        return _file(claim, screened, report_id=new_id(), contact_id=None, community_id=community_id, now=now).pk


def _file(
    claim: Claim, screened: Screened, *, report_id: int, contact_id: int | None, community_id: int, now: datetime
) -> VisitorReport:
    """Never a cover: two reporters of proven accuracy are members, whose accuracy is known.

    One mail box counts once, however many addresses lead to it.
    """
    severity = severities_in_force(community_id=community_id).get(claim.reason.category, claim.reason.unsaid)
    case = open_claimed(
        claim,
        community_id=community_id,
        actor=moderation.reporter_urn(report_id=report_id, contact_id=contact_id),
        screened=screened,
        severity=severity if contact_id is not None else min(severity, UNADDRESSED_AT_MOST),
        weighs=contact_id is not None
        and not moderation.box_counts(
            community_id=community_id, subject=claim.subject, mailbox=mailbox_of(contact(contact_id=contact_id).address)
        ),
        now=now,
    )
    return moderation.file_visitor_report(
        community_id=community_id,
        report_id=report_id,
        case=case,
        contact_id=contact_id,
        text=claim.text,
        reason=claim.reason,
        comment=claim.comment,
        now=now,
    )


def _acknowledge(report: VisitorReport, claim: Claim, *, now: datetime) -> None:
    author = network.profile(community_id=report.community_id, member_id=claim.author_id)
    reported = Reported(thing=claim.subject.kind, handle=author.handle if author else "", filed_at=now)
    tell_visitor(
        report,
        kind=Kind.REPORT_RECEIVED,
        write=lambda: report_received(
            community=community(report.community_id).title,
            reported=reported,
            report_id=report.pk,
            content_hash=hash_text(claim.text),
        ),
        now=now,
    )


def _claimed_by(waiting: UnconfirmedView, *, community_id: int) -> Claim:
    """What was reported, as it was seen then, whatever became of it since."""
    if waiting.subject.kind == "profile":
        return _claim_about_profile(
            community_id,
            waiting.subject.id,
            waiting.reason,
            waiting.comment,
            seen=waiting.content_hash,
            otherwise=_("This profile says something else now. If that breaks the rules, please report it once more."),
        )
    return claim_about_post(
        community_id=community_id,
        viewer_id=None,
        post_id=waiting.subject.id,
        reason=waiting.reason,
        comment=waiting.comment,
        seen=waiting.content_hash,
    )


def _claim_about_profile(
    community_id: int, member_id: int, reason: ReportReason, comment: str, *, seen: str, otherwise: str
) -> Claim:
    profile = network.profile(community_id=community_id, member_id=member_id)
    subject = Urn("profile", member_id)
    text = network.judged_text(community_id=community_id, kind="profile", subject_id=member_id) or ""
    shown = text if profile and may_see(profile.visibility, is_author=False, moderates=False) else ""
    if not shown or hash_text(shown) != seen:
        kept = queries.kept_text(community_id=community_id, subject=str(subject), content_hash=seen)
        if kept is None and shown:
            raise Conflict(otherwise)
        text = kept or ""
    if profile is None or not text:
        raise NotFound(_("There is nothing on that profile to report."))
    return Claim(subject, member_id, text, f"/@{profile.handle}", reason, comment)


def _screened(claim: Claim, *, community_id: int, now: datetime) -> Screened:
    try:
        return screen_text(community_id=community_id, text=claim.text)
    except Locked as found:
        lock_published(found, community_id=community_id, author_id=claim.author_id, subject=claim.subject, now=now)
        raise NotFound(_("Thank you. Nobody can see this any more.")) from None


def _factor() -> int:
    """What the quotas are multiplied by; 0: nothing is counted."""
    return int(settings.WARDMOTE_PACE) if pace.hurried() else 0
