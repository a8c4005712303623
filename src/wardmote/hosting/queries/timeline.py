"""What happened in a case, from the record."""

from wardmote.hosting.models import Answer, Case, Dispute, Evidence, Item, Notice, Proposal
from wardmote.hosting.queries.views import TimelineRow
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import noted
from wardmote.record import queries as record

_SENTENCES = {
    "host_case.opened": noted("The case was opened."),
    "host_case.notified": noted("The customer has been given notice; its time runs."),
    "host_case.acknowledged": noted("The customer answered."),
    "host_case.unanswered": noted("The time to acknowledge ran out."),
    "host_case.recheck": noted("The posts are looked at again."),
    "host_case.disputed": noted("The case waits for a dispute to be decided."),
    "host_case.warned": noted("The customer was warned of a breach."),
    "host_case.plan": noted("A plan was accepted."),
    "host_case.restricted": noted("The customer was restricted, for a time."),
    "host_case.suspension_proposed": noted("A suspension was proposed to the customer."),
    "host_case.suspended": noted("The customer was suspended."),
    "host_case.return_proven": noted("The conditions for return were shown to be met."),
    "host_case.reinstated": noted("The customer was reinstated."),
    "host_case.terminated": noted("The agreement was terminated."),
    "host_case.closed": noted("The case was closed."),
    "host_case.rejected": noted("The case was rejected."),
    "host_case.extended": noted("The customer was given more time."),
    "host_case.overtaken": noted("A letter arrived after the case had moved on."),
    "host_item.reported": noted("A post was reported."),
    "host_item.notified": noted("A post was brought to the customer's notice."),
    "host_item.acknowledged": noted("A post was acknowledged."),
    "host_item.checked": noted("A post was looked at."),
    "host_item.removed": noted("A post is removed, as the customer says."),
    "host_item.gone_unexplained": noted("A post is gone, without a word."),
    "host_item.disputed": noted("A post is disputed; its clock stands still."),
    "host_item.still_up": noted("A post still stands."),
    "host_item.reappeared": noted("A post stands again."),
    "host_item.withdrawn": noted("A post was withdrawn: it was reported in error."),
    "host_item.unreachable": noted("A post cannot be looked at."),
    "host_dispute.decided": noted("A dispute was decided by a different reader."),
    "host_notice.issued": noted("A letter was written."),
    "host_notice.delivered": noted("A letter was delivered."),
    "host_answer.received": noted("The customer's answer came in."),
    "host_evidence.recorded": noted("Evidence was recorded."),
    "host_proposal.made": noted("A proposal was made."),
    "host_proposal.approved": noted("A proposal was approved by one person."),
    "host_proposal.withdrawn": noted("A proposal was withdrawn."),
    "host_proposal.carried_out": noted("A proposal was carried out."),
}


def timeline_of(case: Case) -> tuple[TimelineRow, ...]:
    """Every entry about the case and what belongs to it, oldest first."""
    subjects = [case.urn]
    for rows in (
        Item.objects.filter(case=case),
        Notice.objects.filter(case=case),
        Answer.objects.filter(notice__case=case),
        Dispute.objects.filter(item__case=case),
        Evidence.objects.filter(case=case),
        Proposal.objects.filter(case=case),
    ):
        subjects += [row.urn for row in rows]
    entries = record.history(subjects, limit=5000)
    return tuple(TimelineRow(e.time, e.verb, _(_SENTENCES.get(e.verb, e.verb)), e.index) for e in entries)
