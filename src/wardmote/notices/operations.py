"""Writes of notices: sent, delivered, read, erased."""

import hashlib
from datetime import datetime

from django.db import transaction

from wardmote.jobs import operations as jobs
from wardmote.kernel.errors import NotFound
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.kernel.words import gettext as _
from wardmote.notices.models import Delivery, Notice
from wardmote.notices.policy import Channel, DeliveryState, Kind, Letter
from wardmote.people import queries as people
from wardmote.record import operations as record


@transaction.atomic
def send_notice(
    *,
    community_id: int,
    recipient_id: int,
    addressed_as: Urn,
    kind: Kind,
    about: Urn,
    letter: Letter,
    path: str,
    now: datetime,
) -> int:
    """Put a letter into a person's inbox and, as a job, into the mail of those who have a mailbox.

    `addressed_as` is the member (or the host's staff member) that the person is here: its erasure erases the letter.
    """
    notice = Notice.objects.create(
        community_id=community_id,
        recipient_id=recipient_id,
        kind=kind.value,
        about=str(about),
        subject=letter.subject,
        body=letter.body,
        path=path,
        created_at=now,
    )
    digest = hashlib.sha256(letter.body.encode()).hexdigest()
    Delivery.objects.create(
        notice=notice,
        channel=Channel.IN_APP.value,
        state=DeliveryState.DELIVERED.value,
        content_hash=digest,
        transport_reply="stored in the inbox",
        delivered_at=now,
    )
    if people.takes_mail(person_id=recipient_id):
        mail = Delivery.objects.create(notice=notice, channel=Channel.EMAIL.value)
        jobs.put("notices.deliver_email", mail.pk, now=now)
    record.append(
        now=now,
        actor=SYSTEM,
        verb="notice.sent",
        subject=notice.urn,
        community=Urn("community", community_id),
        facts={"kind": kind.value, "about": str(about), "recipient": str(addressed_as)},
        content={"subject": letter.subject, "body": letter.body},
        about=addressed_as,
    )
    return notice.pk


@transaction.atomic
def mark_delivered(*, delivery_id: int, message_id: str, content_hash: str, reply: str, now: datetime) -> None:
    """Keep the transport's own words as the proof of delivery."""
    delivery = Delivery.objects.select_for_update().select_related("notice").get(pk=delivery_id)
    if delivery.state == DeliveryState.DELIVERED:
        return
    delivery.state = DeliveryState.DELIVERED.value
    delivery.message_id, delivery.content_hash, delivery.transport_reply = message_id, content_hash, reply
    delivery.delivered_at = now
    delivery.save()
    notice = delivery.notice
    record.append(
        now=now,
        actor=SYSTEM,
        verb="notice.delivered",
        subject=notice.urn,
        community=Urn("community", notice.community_id) if notice.community_id else None,
        facts={"channel": delivery.channel, "content_hash": content_hash, "message_id": message_id, "reply": reply},
    )


@transaction.atomic
def mark_read(*, community_id: int, person_id: int, notice_id: int, now: datetime) -> None:
    """Note that the recipient opened it, the first time."""
    changed = Notice.objects.filter(
        community_id=community_id, recipient_id=person_id, pk=notice_id, read_at=None
    ).update(read_at=now)
    if changed:
        record.append(
            now=now,
            actor=Urn("person", person_id),
            verb="notice.read",
            subject=Urn("notice", notice_id),
            community=Urn("community", community_id),
        )
    elif not Notice.objects.filter(community_id=community_id, recipient_id=person_id, pk=notice_id).exists():
        raise NotFound(_("There is no such notice for you."))


@transaction.atomic
def erase_notices(*, community_id: int, person_id: int) -> int:
    """Empty the letters to one person; gives how many."""
    notices = Notice.objects.filter(community_id=community_id, recipient_id=person_id)
    Delivery.objects.filter(notice__in=notices).update(message_id="", transport_reply="")
    return notices.update(subject="", body="", path="")
