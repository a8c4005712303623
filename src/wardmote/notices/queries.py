"""Reads of notices, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.kernel.urn import Urn
from wardmote.notices.models import Delivery, Notice
from wardmote.notices.policy import Channel, DeliveryState, Kind


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
    """What is to be mailed, and where to."""

    subject: str
    body: str
    address: str


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
    rows = Notice.objects.filter(community_id=community_id, kind=kind.value, about=str(about))
    return set(rows.values_list("recipient_id", flat=True))


def pending_mail(*, delivery_id: int) -> PendingMail | None:
    """What a mail delivery still has to send; None once delivered or erased."""
    row = (
        Delivery.objects.select_related("notice__recipient")
        .filter(pk=delivery_id, channel=Channel.EMAIL.value)
        .exclude(state=DeliveryState.DELIVERED.value)
        .exclude(notice__body="")
        .first()
    )
    return PendingMail(row.notice.subject, row.notice.body, row.notice.recipient.email) if row else None
