"""Letters to people, and that each arrived."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from wardmote.communities.models import Membership
from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, at, dated, hashed, of_subject, plain, take, urn
from wardmote.kernel.urn import Urn
from wardmote.ledger.leaf import ERASED as ERASURE
from wardmote.notices.models import Delivery, Notice
from wardmote.notices.policy import Channel, DeliveryState
from wardmote.record.queries import Recorded, by_subject


def _notices(ids: Iterable[int]) -> list[Row]:
    rows = list(Notice.objects.filter(pk__in=list(ids)))
    names = _names(rows)
    columns = ("subject", "body", "kind", "about")
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                **{name: getattr(row, name) for name in columns},
                "recipient": urn("person", row.recipient_id) or urn("contact", row.contact_id),
                "community": urn("community", row.community_id),
                "created_at": at(row.created_at),
                "read_at": at(row.read_at),
            },
            {"in": _in(row), "names": names[row.recipient_id]},
        )
        for row in rows
    ]


def _in(row: Notice) -> tuple[int | None, int | None, int | None]:
    """Whose letter it is: the community, and the person or the contact."""
    return row.community_id, row.recipient_id, row.contact_id


def _names(rows: Iterable[Notice]) -> defaultdict[int | None, set[str]]:
    """Everything that the recipients are called on record: as a person, and as a member."""
    people = {row.recipient_id for row in rows if row.recipient_id is not None}
    found: defaultdict[int | None, set[str]] = defaultdict(set)
    for person in people:
        found[person].add(f"urn:wardmote:person:{person}")
    for member in Membership.objects.filter(person__in=people):
        found[member.person_id].add(str(member.urn))
    return found


def _notice_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told = plain("notice.sent", "subject", "body", "kind", "about", "recipient")(row, entries)
    if told is None:
        return None
    told["read_at"] = next((at(entry.time) for entry in entries if entry.verb == "notice.read"), None)
    to_a_person = str(told.get("recipient")).startswith("urn:wardmote:person:")
    if told.get("recipient") in row.beside["names"]:
        del told["recipient"]
    if to_a_person and not row.shown["body"] and _has_erased(*row.beside["in"]):
        # The host's letters are to a person, who emptied them here as a member; the record keeps what the host wrote.
        told |= {"subject": "", "body": ""}
    return told


def _has_erased(community_id: int | None, person_id: int | None, contact_id: int | None) -> bool:
    if contact_id is not None:
        named = [Urn("contact", contact_id)]
    else:
        named = [row.urn for row in Membership.objects.filter(community=community_id or 0, person=person_id or 0)]
    entries = by_subject(named)
    return any(entry.verb == ERASURE for told in entries.values() for entry in told)


def _deliveries(ids: Iterable[int]) -> list[Row]:
    rows = Notice.objects.filter(pk__in=list(ids)).prefetch_related("deliveries")
    return [
        Row(
            row.pk,
            str(row.urn),
            {name: shown for each in row.deliveries.all() for name, shown in _delivery(each).items()},
            {"in": _in(row)},
        )
        for row in rows
    ]


def _delivery(row: Delivery) -> Values:
    """Whether it arrived, when, in which bytes, and what the transport said."""
    if row.state != DeliveryState.DELIVERED:
        return {}
    by = "mail" if row.channel == Channel.EMAIL else "inbox"
    said = {"hash": row.content_hash, "message_id": row.message_id, "reply": row.transport_reply}
    return {f"{by}: {name}": value for name, value in {"delivered_at": at(row.delivered_at), **said}.items()}


def _delivery_told(row: Row, entries: Sequence[Recorded]) -> Values:
    told: Values = {"mail: delivered_at": None}
    has_inbox = row.beside["in"][2] is None
    for entry in entries:
        if entry.verb == "notice.sent":
            if has_inbox:
                told["inbox: delivered_at"] = at(entry.time)
            take(told, entry, body="body")
        elif entry.verb == "notice.delivered":
            told["mail: delivered_at"] = at(entry.time)
            take(
                told, entry, **{"mail: hash": "content_hash", "mail: message_id": "message_id", "mail: reply": "reply"}
            )
    body = told.pop("body", None)
    if isinstance(body, str) and has_inbox:
        told["inbox: hash"] = hashed(body)
    if not row.shown.get("mail: reply") and (body is ERASED or _has_erased(*row.beside["in"])):
        # What the transport said of somebody goes with their letters.
        for name in ("mail: message_id", "mail: reply"):
            told.pop(name, None)
    return told


KINDS = (
    Kind("letters", Notice, _notices, dated(_notice_told, "notice.sent", "created_at"), {"notice.sent": of_subject}),
    Kind("deliveries", Notice, _deliveries, _delivery_told),
)
