"""What becomes of an item: by checks, by a person's reading, by being taken back."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting.models import Answer, Case, Check, Item
from wardmote.hosting.operations.stages import check_reason
from wardmote.hosting.policy.items import Seen, check_move, check_settlement, status_after, verdict
from wardmote.hosting.policy.kinds import AnswerKind, Finding, ItemStatus
from wardmote.hosting.policy.recheck import Look
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.record import operations as record


def item_of(case: Case, item_id: int) -> Item:
    """The item of that case, which must be locked."""
    item = Item.objects.filter(case=case, pk=item_id).first()
    if item is None:
        raise NotFound(_("There is no such item in this case."))
    item.case = case
    return item


def series_of(item: Item) -> list[Seen]:
    """The checks of an item since its customer last spoke about it, oldest first; what was seen before proves less."""
    spoke = Answer.objects.filter(item=item, kind=AnswerKind.REMOVED.value).order_by("-pk").first()
    rows = Check.objects.filter(item=item).order_by("at", "pk")
    if spoke is not None:
        rows = rows.filter(at__gte=spoke.received_at)
    return [Seen(check.at, Finding(check.finding)) for check in rows]


def set_status(item: Item, to: ItemStatus, *, actor: Urn, facts: dict[str, Json], now: datetime) -> None:
    """Bring an item to another status, as the pure rules allow it."""
    check_move(ItemStatus(item.status), to)
    before, item.status, item.status_at = item.status, to.value, now
    item.save(update_fields=["status", "status_at"])
    _record(item, f"host_item.{to}", actor=actor, facts={"from": before, **facts}, now=now)


@transaction.atomic
def store_check(
    *, item: Item, look: Look, http_status: int | None, body_hash: str, at: datetime, now: datetime
) -> Finding | None:
    """Keep one look, and what the series makes of the item; gives the verdict. The item's case must be locked.

    `at` is when the page was fetched, before this transaction.
    """
    Check.objects.create(
        item=item,
        at=at,
        finding=look.finding.value,
        why=look.why[:200],
        http_status=http_status,
        body_hash=body_hash,
    )
    _record(
        item,
        "host_item.checked",
        actor=SYSTEM,
        facts={"finding": look.finding.value, "why": look.why[:200], "status": http_status, "body_hash": body_hash},
        now=now,
    )
    found = verdict(series_of(item))
    last = Answer.objects.filter(item=item).order_by("-pk").first()
    claimed = last is not None and last.kind == AnswerKind.REMOVED
    status = status_after(ItemStatus(item.status), found, claimed=claimed)
    if status != item.status:
        set_status(item, status, actor=SYSTEM, facts={"finding": found.value if found else None}, now=now)
    return found


@transaction.atomic
def withdraw_item(*, case: Case, item_id: int, reason: str, staff: Urn, now: datetime) -> None:
    """Take an item back: it was reported in error."""
    item = item_of(case, item_id)
    set_status(item, ItemStatus.WITHDRAWN, actor=staff, facts={"reason": check_reason(reason)}, now=now)


@transaction.atomic
def settle_item(*, case: Case, item_id: int, status: ItemStatus, reason: str, staff: Urn, now: datetime) -> None:
    """A person reads what the checks do not say by themselves: an edited text, a wall, a page that never answers."""
    item = item_of(case, item_id)
    found = verdict(series_of(item))
    check_settlement(ItemStatus(item.status), status, found)
    words = check_reason(reason)
    set_status(item, status, actor=staff, facts={"reason": words, "finding": found.value if found else None}, now=now)


def _record(item: Item, verb: str, *, actor: Urn, facts: dict[str, Json], now: datetime) -> None:
    record.append(
        now=now,
        actor=actor,
        verb=verb,
        subject=item.urn,
        community=item.case.customer.community_urn,
        facts={"case": str(item.case.urn), **facts},
    )
