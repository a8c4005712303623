"""An item is disputed: its clock stands still until somebody who did not open the case has decided."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting.models import Case, Clock, Dispute, Item
from wardmote.hosting.operations.clocks import end_clocks, pause_clock, resume_clock, start_clock
from wardmote.hosting.operations.items import item_of, set_status
from wardmote.hosting.operations.stages import check_reason, move_case
from wardmote.hosting.policy.items import MOVES
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, Stage
from wardmote.hosting.queries.facts import terms_of
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.record import operations as record


@transaction.atomic
def open_dispute(*, item: Item, words: str, now: datetime) -> bool:
    """Stop the item's clock and ask another reader; an item is disputed once. Says whether it is in dispute now."""
    case = item.case
    if Dispute.objects.filter(item=item).exists() or ItemStatus.DISPUTED not in MOVES[ItemStatus(item.status)]:
        return False
    dispute = Dispute.objects.create(item=item, first_reader_id=case.opened_by_id, words=words, opened_at=now)
    set_status(item, ItemStatus.DISPUTED, actor=SYSTEM, facts={"dispute": str(dispute.urn)}, now=now)
    for clock in Clock.objects.filter(item=item, name=ClockName.CURE.value, ended_at=None):
        pause_clock(clock, now=now)
    terms = terms_of(case.contract.policy.document)
    start_clock(case=case, item=item, name=ClockName.REVIEW, length=terms.length(ClockName.REVIEW), now=now)
    follow_disputes(case, now=now)
    return True


@transaction.atomic
def decide_dispute(*, case: Case, item_id: int, upheld: bool, reason: str, staff: Urn, now: datetime) -> None:
    """Upheld: the customer is right, the item is withdrawn. Otherwise its clock runs on. The case must be locked."""
    item = item_of(case, item_id)
    dispute = Dispute.objects.select_for_update().filter(item=item).first()
    if dispute is None:
        raise NotFound(_("This item is not disputed."))
    if dispute.decided_at is not None:
        raise Conflict(_("This dispute is decided already."))
    if staff.id == dispute.first_reader_id:
        raise Refused(_("You opened this case; somebody else must read what the customer says."))
    dispute.reason, dispute.upheld = check_reason(reason), upheld
    dispute.decided_by_id, dispute.decided_at = staff.id, now
    dispute.save()
    record.append(
        now=now,
        actor=staff,
        verb="host_dispute.decided",
        subject=dispute.urn,
        community=case.customer.community_urn,
        facts={"case": str(case.urn), "item": str(item.urn), "upheld": upheld, "reason": dispute.reason},
    )
    end_clocks(Clock.objects.filter(item=item, name=ClockName.REVIEW.value), now=now)
    for clock in Clock.objects.filter(item=item, name=ClockName.CURE.value, ended_at=None):
        resume_clock(clock, now=now)
    to = ItemStatus.WITHDRAWN if upheld else ItemStatus.ACKNOWLEDGED
    set_status(item, to, actor=staff, facts={"dispute": str(dispute.urn)}, now=now)
    follow_disputes(case, now=now)


def follow_disputes(case: Case, *, now: datetime) -> None:
    """A case in re-check whose items are contested is in dispute, and comes back when none is."""
    contested = Dispute.objects.filter(item__case=case, decided_at=None).exists()
    if contested and case.stage == Stage.RECHECK:
        move_case(case=case, to=Stage.DISPUTED, actor=SYSTEM, now=now)
    elif not contested and case.stage == Stage.DISPUTED:
        move_case(case=case, to=Stage.RECHECK, actor=SYSTEM, now=now)
