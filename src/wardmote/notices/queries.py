"""Reads of notices, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from wardmote.kernel.urn import Urn
from wardmote.notices.models import Delivery, Notice
from wardmote.notices.policy import Channel, DeliveryState, Kind
from wardmote.outside.origin import origin_of


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of an inbox."""

    notice_id: int
    kind: str
    subject: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A letter with how it travelled: (channel, state, delivered at)."""

    notice_id: int
    kind: str
    subject: str
    body: str
    path: str
    created_at: datetime
    read_at: datetime | None
    deliveries: tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class PendingMail:
    """What is to be mailed, where to and in which language; `is_member`: to somebody with an account.

    `address_of_page` is where its reader can act on it, "" for nowhere.
    """

    subject: str
    body: str
    address: str
    language: str
    kind: Kind
    address_of_page: str
    is_member: bool = True


def inbox(*, community_id: int, person_id: int, before: int | None = None, limit: int = 30) -> list[NoticeRow]:
    """The newest notices of one person in one community."""
    rows = Notice.objects.filter(community_id=community_id, recipient_id=person_id).exclude(body="")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [NoticeRow(n.pk, n.kind, n.subject, n.created_at, n.read_at) for n in rows.order_by("-pk")[:limit]]


def unread_count(*, community_id: int, person_id: int) -> int:
    """How many letters wait unread."""
    return (
        Notice.objects.filter(community_id=community_id, recipient_id=person_id, read_at=None).exclude(body="").count()
    )


def notice(*, community_id: int, person_id: int, notice_id: int) -> NoticeView | None:
    """One letter to this person; None for anybody else's."""
    row = Notice.objects.filter(community_id=community_id, recipient_id=person_id, pk=notice_id).first()
    if row is None:
        return None
    deliveries = Delivery.objects.filter(notice=row).order_by("channel")
    return NoticeView(
        notice_id=row.pk,
        kind=row.kind,
        subject=row.subject,
        body=row.body,
        path=row.path,
        created_at=row.created_at,
        read_at=row.read_at,
        deliveries=tuple((d.channel, d.state, d.delivered_at) for d in deliveries),
    )


def told_about(*, community_id: int, kind: Kind, about: Urn) -> set[int]:
    """The persons who have a notice of this kind about this."""
    rows = Notice.objects.filter(community_id=community_id, kind=kind.value, about=str(about), contact=None)
    return set(rows.values_list("recipient_id", flat=True))


def pending_mail(*, delivery_id: int, tries: int = 0) -> PendingMail | None:
    """What a mail delivery still has to send; None once delivered or erased, or where another try counts by now."""
    row = (
        Delivery.objects.select_related("notice__recipient", "notice__contact", "notice__community")
        .filter(pk=delivery_id, channel=Channel.EMAIL.value, tries=tries)
        .exclude(state=DeliveryState.DELIVERED.value)
        .exclude(notice__body="")
        .first()
    )
    if row is None:
        return None
    notice = row.notice
    return PendingMail(
        subject=notice.subject,
        body=notice.body,
        address=notice.recipient.email if notice.recipient else notice.contact.address if notice.contact else "",
        language=notice.recipient.language if notice.recipient else notice.contact.language if notice.contact else "",
        kind=Kind(notice.kind),
        address_of_page=_address(notice),
        is_member=notice.recipient_id is not None,
    )


def _address(notice: Notice) -> str:
    if notice.community is None or not notice.path:
        return ""
    return f"{origin_of(notice.community.domain)}{notice.path}"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that has not arrived by mail. `failed_at` is when it was given up; None: it is still tried.

    `person_id` is None for a letter to a visitor, who has no account.
    """

    delivery_id: int
    kind: str
    person_id: int | None
    created_at: datetime
    failed_at: datetime | None
    tries: int
    reason: str


_WAITS = Q(tries__gt=0, state=DeliveryState.PENDING.value)
_GIVEN_UP = Q(state=DeliveryState.FAILED.value)


def _by_mail(community_id: int | None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(channel=Channel.EMAIL.value).exclude(notice__body="")
    return rows if community_id is None else rows.filter(notice__community_id=community_id)


def undelivered(*, community_id: int, before: int | None = None, limit: int = 50) -> list[Undelivered]:
    """Letters of one community that were given up, or refused at least once and are tried again; newest first."""
    rows = _by_mail(community_id).filter(_GIVEN_UP | _WAITS).select_related("notice")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        Undelivered(
            delivery_id=row.pk,
            kind=row.notice.kind,
            person_id=row.notice.recipient_id,
            created_at=row.notice.created_at,
            failed_at=row.failed_at if row.state == DeliveryState.FAILED else None,
            tries=row.tries,
            reason=row.transport_reply,
        )
        for row in rows.order_by("-pk")[:limit]
    ]


def undelivered_counts(*, community_id: int | None = None) -> tuple[int, int]:
    """How many letters of one community, or of all, were given up, and how many are tried again."""
    counts = _by_mail(community_id).aggregate(given_up=Count("pk", filter=_GIVEN_UP), waits=Count("pk", filter=_WAITS))
    return counts["given_up"], counts["waits"]
