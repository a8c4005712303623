"""The history of a case, as the record tells it."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import noted
from wardmote.moderation.models import Case, Decision, OutsideReport, Report, VisitorReport, WebhookDelivery
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.queries.outside import subjects_at
from wardmote.record import queries as record

AnyReport = Report | OutsideReport | VisitorReport


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event of a case; `entry_index` is its place in the record, None while not yet sequenced."""

    at: datetime
    verb: str
    sentence: str
    entry_index: int | None


_SENTENCES = {
    "post.published": noted("The post was published."),
    "post.held": noted("The post was held by screening."),
    "post.edited": noted("The author edited the post."),
    "post.deleted": noted("The author deleted the post."),
    "post.judged": noted("The post's visibility was set."),
    "profile.created": noted("The profile was made."),
    "profile.changed": noted("The author changed the profile."),
    "profile.judged": noted("The profile's visibility was set."),
    "case.opened": noted("The case was opened."),
    "case.claimed": noted("A moderator took the case."),
    "case.released": noted("The moderator gave the case back."),
    "case.claim_expired": noted("The claim ran out; the case went back into the queue."),
    "case.advised": noted("A machine was asked for its opinion."),
    "case.covered": noted("What it is about was covered until somebody decides."),
    "case.uncovered": noted("The cover was taken away."),
    "case.decided": noted("A moderator decided the case."),
    "case.taken_back": noted("The moderator took the decision back."),
    "case.corrected": noted("The decision was corrected."),
    "case.handed_over": noted("The moderator handed the case to another."),
    "case.handed_on": noted("Nobody here may decide it: it was handed on."),
    "case.taken_home": noted("It came home undecided."),
    "case.noted": noted("A moderator left a note for the others."),
    "outside_post.told": noted("Its platform told of the post."),
    "outside_post.edited": noted("Its platform told of an edit."),
    "outside_post.deleted": noted("Its platform told that it was deleted."),
    "case.closed": noted("The case was closed without a decision."),
    "report.filed": noted("Somebody reported it."),
    "appeal.filed": noted("The author appealed."),
    "appeal.handed_on": noted("Nobody here may hear the appeal: it was handed on."),
    "appeal.taken_home": noted("The appeal came home unheard."),
    "webhook.delivered": noted("Its platform was told."),
    "webhook.failed": noted("Its platform could not be told."),
    "appeal.decided": noted("A different moderator decided the appeal."),
    "notice.sent": noted("A notice was sent."),
    "notice.failed": noted("A notice could not be delivered by mail."),
    "notice.retried": noted("A moderator had a notice mailed again."),
}


_BY_HOST = {
    "case.decided": noted("The host decided the case."),
    "appeal.decided": noted("The host decided the appeal."),
}
"""What reads otherwise where one of the host's staff did it, and no moderator."""


def reports_of(case: Case) -> list[AnyReport]:
    """Every report of a case, of members, from elsewhere and of visitors, in no order."""
    return [*case.reports.all(), *case.outside_reports.all(), *case.visitor_reports.all()]


def timeline(case: Case, decisions: list[Decision]) -> tuple[TimelineRow, ...]:
    """Everything that the record says of a case, what it is about, its reports, appeals and messages; oldest first."""
    subjects = [case.urn, *subjects_at(community_id=case.community_id, subject=case.subject)]
    subjects += [r.urn for r in reports_of(case)]
    subjects += [d.appeal.urn for d in decisions if hasattr(d, "appeal")]
    if is_url(case.subject):
        told = WebhookDelivery.objects.filter(community_id=case.community_id, decision__in=decisions)
        subjects += [delivery.urn for delivery in told]
    return tuple(TimelineRow(e.time, e.verb, _(_sentence(e)), e.index) for e in record.history(subjects=subjects))


def _sentence(entry: record.Recorded) -> str:
    by_host = _BY_HOST.get(entry.verb) if entry.actor.kind == "person" else None
    return by_host or _SENTENCES.get(entry.verb, entry.verb)
