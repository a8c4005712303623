"""What happened in a case, from the record."""

from wardmote.hosting.models import Answer, Case, Dispute, Evidence, Item, Notice, Proposal
from wardmote.hosting.queries.views import TimelineRow
from wardmote.record import queries as record

_SENTENCES = {
    "host_case.opened": "The case was opened.",
    "host_case.notified": "The customer has been given notice; its time runs.",
    "host_case.acknowledged": "The customer answered.",
    "host_case.unanswered": "The time to acknowledge ran out.",
    "host_case.recheck": "The posts are looked at again.",
    "host_case.disputed": "The case waits for a dispute to be decided.",
    "host_case.warned": "The customer was warned of a breach.",
    "host_case.plan": "A plan was accepted.",
    "host_case.restricted": "The customer was restricted, for a time.",
    "host_case.suspension_proposed": "A suspension was proposed to the customer.",
    "host_case.suspended": "The customer was suspended.",
    "host_case.return_proven": "The conditions for return were shown to be met.",
    "host_case.reinstated": "The customer was reinstated.",
    "host_case.terminated": "The agreement was terminated.",
    "host_case.closed": "The case was closed.",
    "host_case.rejected": "The case was rejected.",
    "host_case.extended": "The customer was given more time.",
    "host_case.overtaken": "A letter arrived after the case had moved on.",
    "host_item.reported": "A post was reported.",
    "host_item.notified": "A post was brought to the customer's notice.",
    "host_item.acknowledged": "A post was acknowledged.",
    "host_item.checked": "A post was looked at.",
    "host_item.removed": "A post is removed, as the customer says.",
    "host_item.gone_unexplained": "A post is gone, without a word.",
    "host_item.disputed": "A post is disputed; its clock stands still.",
    "host_item.still_up": "A post still stands.",
    "host_item.reappeared": "A post stands again.",
    "host_item.withdrawn": "A post was withdrawn: it was reported in error.",
    "host_item.unreachable": "A post cannot be looked at.",
    "host_dispute.decided": "A dispute was decided by a different reader.",
    "host_notice.issued": "A letter was written.",
    "host_notice.delivered": "A letter was delivered.",
    "host_answer.received": "The customer's answer came in.",
    "host_evidence.recorded": "Evidence was recorded.",
    "host_proposal.made": "A proposal was made.",
    "host_proposal.approved": "A proposal was approved by one person.",
    "host_proposal.withdrawn": "A proposal was withdrawn.",
    "host_proposal.carried_out": "A proposal was carried out.",
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
    return tuple(TimelineRow(e.time, e.verb, _SENTENCES.get(e.verb, e.verb), e.index) for e in entries)
