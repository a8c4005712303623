"""What is to be delivered, and what is to be proven, as the journeys that do it need it."""

from dataclasses import dataclass

from wardmote.hosting.models import Answer, Customer, Item, Notice, Proposal
from wardmote.hosting.policy.kinds import ItemStatus, Stage
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter on its way to a customer elsewhere."""

    case_id: int
    urn: Urn
    base_url: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Provable:
    """An entry of ours of which a customer gets the receipt. `about` is the letter or answer as both sides call it."""

    entry_id: int
    about: Urn
    customer_id: int


@dataclass(frozen=True, slots=True)
class ToLook:
    """An item to be looked at."""

    case_id: int
    url: str
    capture: str


def outgoing(notice_id: int) -> Outgoing | None:
    """A letter to a customer elsewhere that is not delivered yet; None for any other."""
    row = (
        Notice.objects.select_related("case__customer")
        .filter(pk=notice_id, delivered_at=None, case__customer__community=None)
        .first()
    )
    if row is None:
        return None
    return Outgoing(row.case_id, row.urn, row.case.customer.base_url, row.document.encode())


def provable_notice(notice_id: int) -> Provable | None:
    """The delivery of a letter; None before it."""
    row = Notice.objects.select_related("case").filter(pk=notice_id).exclude(entry_id=None).first()
    return Provable(row.entry_id, row.urn, row.case.customer_id) if row and row.entry_id else None


def provable_answer(answer_id: int) -> Provable | None:
    """The receipt of an answer."""
    row = Answer.objects.filter(pk=answer_id).first()
    return Provable(row.entry_id, Urn.parse(row.given), row.customer_id) if row else None


def case_of_notice(*, customer_id: int, notice: Urn) -> int:
    """The case in which a letter was sent to that customer; NotFound for anybody else's."""
    found = Notice.objects.filter(pk=notice.id, case__customer_id=customer_id).values_list("case_id", flat=True).first()
    if notice.kind != "host_notice" or found is None:
        raise NotFound(_("There is no such notice to you."))
    return found


def case_of_proposal(proposal_id: int) -> int:
    """The case that a proposal is about."""
    found = Proposal.objects.filter(pk=proposal_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found


def hash_of(*, customer_id: int, about: Urn) -> str | None:
    """The SHA-256 of the letter or answer of that name, as we have it."""
    if about.kind == "host_notice":
        notices = Notice.objects.filter(case__customer_id=customer_id, pk=about.id)
        return notices.values_list("hash", flat=True).first()
    answers = Answer.objects.filter(customer_id=customer_id, given=str(about))
    return answers.values_list("hash", flat=True).first()


def customer_row(customer_id: int) -> Customer:
    """The customer, for an operation that needs the row."""
    return Customer.objects.get(pk=customer_id)


def to_check(item_id: int) -> ToLook | None:
    """What a look at an item needs; None for an item that was withdrawn, and in a case that is over."""
    over = [stage.value for stage in Stage if stage.final]
    rows = Item.objects.exclude(status=ItemStatus.WITHDRAWN.value).exclude(case__stage__in=over)
    row = rows.filter(pk=item_id).first()
    return ToLook(row.case_id, row.url, row.capture) if row else None
