"""The state that a sheet must know when somebody decides by it."""

from django.db.models import Max

from wardmote.communities.models import Policy
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.moderation.models import Appeal, Case, CaseText
from wardmote.moderation.policy.seen import Seen
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries.state import present_text


def case_seen(case: Case) -> Seen:
    """Of a case: its newest text, whether anything is left of it, its reports and scores, and the rules in force."""
    present = present_text(community_id=case.community_id, subject=case.subject)
    newest = CaseText.objects.filter(case=case).aggregate(newest=Max("screening_id"))["newest"]
    policy = Policy.objects.filter(community_id=case.community_id).order_by("-number").values_list("pk", flat=True)
    return Seen(
        text=case.item.content_hash if present is None else hash_text(present),
        gone=present is None,
        reports=case.reports.count() + case.outside_reports.count() + case.visitor_reports.count(),
        screening=max(newest or 0, case.screening_id or 0),
        policy=policy.first() or 0,
    )


def appeal_seen(appeal: Appeal) -> Seen:
    """Of an appeal: what is there now, which a reversal may publish."""
    decision = appeal.decision
    present = present_text(community_id=appeal.community_id, subject=decision.case.subject)
    if present is None:
        return Seen(decision.item.content_hash, gone=True)
    return Seen(hash_text(present))


def sheet_of_case(*, community_id: int, case_id: int) -> str:
    """What the sheet of a case carries at this moment; NotFound for another community's."""
    case = Case.objects.select_related("item").filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    return case_seen(case).encode()


def sheet_of_appeal(*, community_id: int, appeal_id: int) -> str:
    """The same of an appeal."""
    appeal = Appeal.objects.filter(community_id=community_id, pk=appeal_id).first()
    if appeal is None:
        raise NotFound(_("There is no such appeal here."))
    return appeal_seen(appeal).encode()
