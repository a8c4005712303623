"""What is to be sent, and what is to be proven, as the journeys that do it need it."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import queries as record
from wardmote.upstream.models import Answer, Host, HostPolicy, Item, Notice
from wardmote.upstream.policy import STATE_AFTER, Measure, measure_in_force


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
    """An entry of ours of which the host gets the receipt. `about` is the letter or answer as both sides call it,
    `key` the key under which the letter came."""

    entry_id: int
    about: Urn
    community_id: int
    key: str


def host_of(community_id: int) -> HostView | None:
    """The host of a community; None where nobody was named."""
    row = Host.objects.filter(community_id=community_id).first()
    return HostView(row.community_id, row.base_url, row.origin, row.key) if row else None


def is_hosted_here(community_id: int) -> bool:
    """Whether this installation is the community's host."""
    ours = host_of(community_id)
    return ours is not None and not ours.key


def hosts() -> list[HostView]:
    """Every host that was named, by community."""
    rows = Host.objects.order_by("community_id")
    return [HostView(row.community_id, row.base_url, row.origin, row.key) for row in rows]


def names_key(key: str) -> bool:
    """Whether a community's host has that key."""
    return Host.objects.filter(key=key).exclude(key="").exists()


def still_hosts(*, community_id: int, key: str) -> bool:
    """Whether a letter under `key` is from who hosts the community now; an empty key is this installation's."""
    host = host_of(community_id)
    return host is not None and key in record.lineage(host.key)


def measures(community_id: int) -> list[Measure]:
    """Every letter that changed what the community may do and that the operator has not overruled, in the order in
    which their hosts issued them: they may arrive in another."""
    rows = list(Notice.objects.filter(community_id=community_id, kind__in=STATE_AFTER, overruled_at=None))
    rows.sort(key=lambda row: (Urn.parse(row.issued).id, row.pk))
    issuers = {key: record.lineage(key)[-1] for key in {row.key for row in rows}}
    return [Measure(row.pk, row.host_case, STATE_AFTER[row.kind], row.deadline, issuers[row.key]) for row in rows]


def measure(*, community_id: int, now: datetime) -> Measure | None:
    """The measure in force; None where there is none."""
    return measure_in_force(measures(community_id), now)


def outgoing_answer(answer_id: int) -> Outgoing | None:
    """An answer to a host elsewhere that it does not have yet; None for any other, and to a letter of another's."""
    row = Answer.objects.select_related("notice").filter(pk=answer_id, sent_at=None).first()
    host = host_of(row.community_id) if row else None
    if row is None or host is None or not host.elsewhere:
        return None
    if not still_hosts(community_id=row.community_id, key=row.notice.key):
        return None
    return Outgoing(row.urn, host.base_url, row.document.encode())


def accepted_policy(policy_id: int) -> HostPolicy | None:
    """An acceptance of which the host, whose policy it still is, does not know yet."""
    row = HostPolicy.objects.filter(pk=policy_id, accepted_at__isnull=False, sent_at=None).first()
    return row if row is not None and still_hosts(community_id=row.community_id, key=row.key) else None


def policy_row(community_id: int) -> HostPolicy | None:
    """The latest version of the present host's policy; a former host's counts no more."""
    host = host_of(community_id)
    if host is None:
        return None
    keys = record.lineage(host.key)
    return HostPolicy.objects.filter(community_id=community_id, key__in=keys).order_by("-number").first()


def provable_notice(notice_id: int) -> Provable | None:
    """That a letter of the host was received."""
    row = Notice.objects.filter(pk=notice_id).first()
    return Provable(row.entry_id, Urn.parse(row.issued), row.community_id, row.key) if row else None


def provable_answer(answer_id: int) -> Provable | None:
    """That an answer was given."""
    row = Answer.objects.select_related("notice").filter(pk=answer_id).first()
    return Provable(row.entry_id, row.urn, row.community_id, row.notice.key) if row else None


def hash_of(*, community_id: int, about: Urn, key: str) -> str | None:
    """The SHA-256 of the letter or answer of that name, as we have it; None where the letter came under another key."""
    keys = record.lineage(key)
    if about.kind == "upstream_answer":
        answers = Answer.objects.filter(community_id=community_id, pk=about.id, notice__key__in=keys)
        return answers.values_list("hash", flat=True).first()
    notices = Notice.objects.filter(community_id=community_id, issued=str(about), key__in=keys)
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
