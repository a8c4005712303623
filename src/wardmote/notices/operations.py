"""Writes of notices: sent, delivered, read, erased."""

import hashlib
from datetime import datetime

from django.db import transaction

from wardmote.jobs import operations as jobs
from wardmote.jobs.policy import MOST_TRIES, pause
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.notices.models import Delivery, Notice
from wardmote.notices.policy import Channel, DeliveryState, Kind, Letter
from wardmote.people import queries as people
from wardmote.record import operations as record

JOB = "notices.deliver_email"


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
        jobs.put(JOB, mail.pk, now=now)
    _record_sent(notice, addressed_as=addressed_as, now=now)
    return notice.pk


@transaction.atomic
def send_to_contact(
    *, community_id: int, contact_id: int, kind: Kind, about: Urn, letter: Letter, path: str, now: datetime
) -> int:
    """Mail a letter to somebody without an account, by a job; nothing where they were erased meanwhile."""
    if people.contact(contact_id=contact_id).is_erased:
        return 0
    notice = Notice.objects.create(
        community_id=community_id,
        contact_id=contact_id,
        kind=kind.value,
        about=str(about),
        subject=letter.subject,
        body=letter.body,
        path=path,
        created_at=now,
    )
    jobs.put(JOB, Delivery.objects.create(notice=notice, channel=Channel.EMAIL.value).pk, now=now)
    addressed_as = Urn("contact", contact_id)
    _record_sent(notice, addressed_as=addressed_as, now=now)
    return notice.pk


def _record_sent(notice: Notice, *, addressed_as: Urn, now: datetime) -> None:
    record.append(
        now=now,
        actor=SYSTEM,
        verb="notice.sent",
        subject=notice.urn,
        community=Urn("community", notice.community_id) if notice.community_id else None,
        facts={"kind": notice.kind, "about": notice.about, "recipient": str(addressed_as)},
        content={"subject": notice.subject, "body": notice.body},
        about=addressed_as,
    )


@transaction.atomic
def mark_delivered(*, delivery_id: int, message_id: str, content_hash: str, reply: str, now: datetime) -> None:
    """Keep the transport's own words as the proof of delivery."""
    delivery = Delivery.objects.select_for_update().select_related("notice").get(pk=delivery_id)
    if delivery.state == DeliveryState.DELIVERED:
        return
    delivery.state = DeliveryState.DELIVERED.value
    delivery.message_id, delivery.content_hash, delivery.transport_reply = message_id, content_hash, reply
    delivery.delivered_at, delivery.failed_at = now, None
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
def note_failure(*, delivery_id: int, tries: int, reason: str, for_good: bool, now: datetime) -> None:
    """A letter was not taken: put the next try, or give it up where that makes no sense (`for_good`) or after days.

    `tries` is how many had failed when this one began; what another has noted meanwhile counts, and nothing is done.
    """
    delivery = Delivery.objects.select_for_update().select_related("notice").get(pk=delivery_id)
    if delivery.state == DeliveryState.DELIVERED or delivery.tries != tries:
        return
    delivery.tries += 1
    delivery.transport_reply = reason
    if for_good or delivery.tries >= MOST_TRIES:
        delivery.state, delivery.failed_at = DeliveryState.FAILED.value, now
        # Not the server's own words: they may name the person, and what is on the record stays.
        facts: dict[str, str | int] = {"channel": delivery.channel, "tries": delivery.tries}
        _record_mail("notice.failed", delivery.notice, now=now, facts=facts)
    else:
        delivery.state, delivery.failed_at = DeliveryState.PENDING.value, None
        jobs.put(JOB, delivery_id, delivery.tries, now=now, run_at=now + pause(delivery.tries))
    delivery.save(update_fields=["state", "tries", "transport_reply", "failed_at"])


@transaction.atomic
def retry_mail(*, community_id: int | None, actor: Urn, now: datetime) -> int:
    """Try the letters that were given up again, as if they were new: one community's, or (None) all; gives how many."""
    failed = Delivery.objects.filter(channel=Channel.EMAIL.value, state=DeliveryState.FAILED.value)
    failed = failed.exclude(notice__body="")
    if community_id is not None:
        failed = failed.filter(notice__community_id=community_id)
    again = list(failed.select_for_update(of=("self",)).select_related("notice"))
    for delivery in again:
        delivery.state, delivery.tries, delivery.failed_at = DeliveryState.PENDING.value, 0, None
        jobs.put(JOB, delivery.pk, now=now)
        _record_mail("notice.retried", delivery.notice, actor=actor, now=now, facts={"channel": delivery.channel})
    Delivery.objects.bulk_update(again, ["state", "tries", "failed_at"], batch_size=200)
    return len(again)


def _record_mail(verb: str, notice: Notice, *, actor: Urn = SYSTEM, facts: dict[str, str | int], now: datetime) -> None:
    record.append(
        now=now,
        actor=actor,
        verb=verb,
        subject=notice.urn,
        community=Urn("community", notice.community_id) if notice.community_id else None,
        facts=facts,
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


@transaction.atomic
def erase_notices_to_contact(*, contact_id: int) -> int:
    """The same for the letters to a contact."""
    notices = Notice.objects.filter(contact_id=contact_id)
    Delivery.objects.filter(notice__in=notices).update(message_id="", transport_reply="")
    return notices.update(subject="", body="", path="")
