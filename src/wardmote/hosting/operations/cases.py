"""A case is opened with its items, and given its one extension."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from wardmote.hosting.models import Acceptance, Case, Clause, Clock, Item
from wardmote.hosting.operations.clocks import credit_clock, start_clock
from wardmote.hosting.operations.stages import check_reason, record_case
from wardmote.hosting.policy.clocks import check_extension
from wardmote.hosting.policy.items import ItemDraft, check_items
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, Stage
from wardmote.hosting.queries.facts import terms_of
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Invalid, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record


@transaction.atomic
def open_case(
    *, customer_id: int, summary: str, life_threat: bool, items: Sequence[ItemDraft], staff: Urn, now: datetime
) -> Case:
    """A case against a customer, under the latest version of the policy that it has accepted."""
    check_items(items, now=now)
    contract = (
        Acceptance.objects.select_related("policy", "customer")
        .filter(customer_id=customer_id)
        .order_by("-policy__number")
        .first()
    )
    if contract is None:
        raise Refused(_("This customer has not accepted our policy: there is no clause that it could have broken."))
    case = Case.objects.create(
        customer=contract.customer,
        contract=contract,
        stage=Stage.OPEN.value,
        entered_at=now,
        opened_at=now,
        opened_by_id=staff.id,
        summary=summary,
        life_threat=life_threat,
    )
    terms = terms_of(contract.policy.document)
    hours = terms.triage_life if life_threat else terms.triage
    start_clock(case=case, name=ClockName.TRIAGE, length=timedelta(hours=hours), now=now)
    record_case(
        case,
        verb="host_case.opened",
        actor=staff,
        facts={
            "customer": str(contract.customer.urn),
            "policy": contract.policy.number,
            "policy_hash": contract.policy.hash,
            "summary": summary,
            "life_threat": life_threat,
            "items": len(items),
        },
        now=now,
    )
    for draft in items:
        _add_item(case, draft, staff=staff, now=now)
    return case


def _add_item(case: Case, draft: ItemDraft, *, staff: Urn, now: datetime) -> None:
    clause = Clause.objects.filter(policy=case.contract.policy, key=draft.clause_key).first()
    if clause is None:
        raise Invalid(
            _("Clause %(clause)s does not stand in version %(version)d, which this customer accepted.")
            % {"clause": draft.clause_key, "version": case.contract.policy.number},
            field="clause_key",
        )
    try:
        with transaction.atomic():
            item = Item.objects.create(
                case=case,
                clause=clause,
                url=draft.url,
                capture=draft.capture,
                capture_hash=hashlib.sha256(draft.capture.encode()).hexdigest(),
                captured_at=draft.captured_at,
                captured_by_id=staff.id,
                status=ItemStatus.REPORTED.value,
                status_at=now,
            )
    except IntegrityError:
        raise Invalid(_("%(address)s stands twice.") % {"address": draft.url}, field="url") from None
    record.append(
        now=now,
        actor=staff,
        verb="host_item.reported",
        subject=item.urn,
        community=case.customer.community_urn,
        facts={
            "case": str(case.urn),
            "url": item.url,
            "clause": clause.key,
            "capture_hash": item.capture_hash,
            "captured_at": to_rfc3339(item.captured_at),
        },
    )


@transaction.atomic
def extend_case(*, case: Case, hours: int, reason: str, staff: Urn, now: datetime) -> None:
    """Give the customer's running deadlines more time, once a case. The case must be locked."""
    check_extension(hours, extended_before=case.extended_at is not None)
    words = check_reason(reason)
    names = [name.value for name in ClockName if name.customers]
    clocks = list(Clock.objects.filter(case=case, ended_at=None, name__in=names))
    if not clocks:
        raise Refused(_("No deadline of the customer's runs now."))
    for clock in clocks:
        credit_clock(clock, timedelta(hours=hours), now=now)
    case.extended_at = now
    case.save(update_fields=["extended_at"])
    record_case(case, verb="host_case.extended", actor=staff, facts={"hours": hours, "reason": words}, now=now)
