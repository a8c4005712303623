"""What is to be sent, and what is to be proven, as the journeys that do it need it."""

from dataclasses import dataclass

from wardmote.kernel.errors import NotFound
from wardmote.kernel.urn import Urn
from wardmote.kernel.words import gettext as _
from wardmote.ledger import VerifierKey
from wardmote.upstream.models import Answer, Host, HostPolicy, Item, Notice


@dataclass(frozen=True, slots=True)
class HostView:
    """Who hosts a community; `base_url` and `key` are empty where this installation does."""

    community_id: int
    base_url: str
    origin: str
    key: str

    @property
    def elsewhere(self) -> bool:
        return bool(self.base_url)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A document on its way to a host elsewhere."""

    urn: Urn
    base_url: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Provable:
    """An entry of ours of which the host gets the receipt. `about` is the letter or answer as both sides call it."""

    entry_id: int
    about: Urn
    community_id: int


def host_of(community_id: int) -> HostView | None:
    """The host of a community; None where nobody was named."""
    row = Host.objects.filter(community_id=community_id).first()
    return HostView(row.community_id, row.base_url, row.origin, row.key) if row else None


def host_keys(origin: str) -> list[VerifierKey]:
    """The keys under which a host elsewhere is known to us."""
    texts = Host.objects.filter(origin=origin).exclude(origin="").values_list("key", flat=True).distinct()
    return [VerifierKey.parse(text) for text in texts]


def outgoing_answer(answer_id: int) -> Outgoing | None:
    """An answer to a host elsewhere that it does not have yet; None for any other."""
    row = Answer.objects.filter(pk=answer_id, sent_at=None).first()
    host = host_of(row.community_id) if row else None
    if row is None or host is None or not host.elsewhere:
        return None
    return Outgoing(row.urn, host.base_url, row.document.encode())


def accepted_policy(policy_id: int) -> HostPolicy | None:
    """An acceptance of which the host does not know yet."""
    return HostPolicy.objects.filter(pk=policy_id, accepted_at__isnull=False, sent_at=None).first()


def provable_notice(notice_id: int) -> Provable | None:
    """That a letter of the host was received."""
    row = Notice.objects.filter(pk=notice_id).first()
    return Provable(row.entry_id, Urn.parse(row.issued), row.community_id) if row else None


def provable_answer(answer_id: int) -> Provable | None:
    """That an answer was given."""
    row = Answer.objects.filter(pk=answer_id).first()
    return Provable(row.entry_id, row.urn, row.community_id) if row else None


def hash_of(*, community_id: int, about: Urn) -> str | None:
    """The SHA-256 of the letter or answer of that name, as we have it."""
    if about.kind == "upstream_answer":
        answers = Answer.objects.filter(community_id=community_id, pk=about.id)
        return answers.values_list("hash", flat=True).first()
    notices = Notice.objects.filter(community_id=community_id, issued=str(about))
    return notices.values_list("hash", flat=True).first()


def notice_row(*, community_id: int, notice_id: int) -> Notice:
    """A letter to that community; NotFound for anybody else's."""
    row = Notice.objects.filter(community_id=community_id, pk=notice_id).first()
    if row is None:
        raise NotFound(_("There is no such letter of the host here."))
    return row


def item_row(*, community_id: int, item_id: int) -> tuple[Item, Notice]:
    """A post the host asks about, with the latest letter that names it; NotFound for another community's."""
    row = Item.objects.filter(community_id=community_id, pk=item_id).first()
    notice = row.notices.order_by("-pk").first() if row else None
    if row is None or notice is None:
        raise NotFound(_("The host asks about no such post here."))
    return row, notice


def items_in_case(*, community_id: int, case_id: int) -> list[tuple[Item, Notice]]:
    """The host's items that one of our own cases judges."""
    rows = Item.objects.filter(community_id=community_id, case_id=case_id)
    return [item_row(community_id=community_id, item_id=row.pk) for row in rows]


def answered(*, item_id: int, decision_id: int) -> bool:
    """Whether a decision of ours was told to the host."""
    return Answer.objects.filter(item_id=item_id, decision_id=decision_id).exists()


def items_of_notice(notice_id: int) -> list[tuple[Item, str]]:
    """The posts that a letter names, each with the letter's kind."""
    return [(item, row.kind) for row in Notice.objects.filter(pk=notice_id) for item in row.items.all()]


def host_asks_about(*, community_id: int, case_id: int) -> bool:
    """Whether one of our own cases judges a post that the host asks about."""
    return Item.objects.filter(community_id=community_id, case_id=case_id).exists()
