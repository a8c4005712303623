"""Reports by visitors, and the contacts that answer for them. What is not confirmed is on no record."""

from collections.abc import Iterable, Sequence

from wardmote.config.tables.kinds import Kind, Row, Values, at, of_subject, take, urn
from wardmote.moderation.models import CaseText, VisitorReport
from wardmote.people.models import Contact
from wardmote.record.queries import Recorded


def _reports(ids: Iterable[int]) -> list[Row]:
    rows = list(VisitorReport.objects.filter(pk__in=list(ids)).select_related("item"))
    pairs = CaseText.objects.filter(case__in=[row.case_id for row in rows]).values_list("case_id", "item_id")
    texts = set(pairs)
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "reporter": urn("contact", row.contact_id) or str(row.urn),
                "reason": row.reason,
                "comment": row.comment,
                "case": urn("case", row.case_id),
                "item": row.item.subject,
                "content_hash": row.item.content_hash,
                "community": urn("community", row.community_id),
                "filed_at": at(row.filed_at),
                "its text": (row.case_id, row.item_id) in texts,
            },
        )
        for row in rows
    ]


def _report_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"its text": True}
    for entry in entries:
        if entry.verb == "report.filed":
            told |= {"reporter": str(entry.actor), "community": str(entry.community), "filed_at": at(entry.time)}
        take(told, entry, "reason", "comment", "case", "item", "content_hash")
    return told if "reporter" in told else None


def _contacts(ids: Iterable[int]) -> list[Row]:
    return [
        Row(row.pk, str(row.urn), {"address": row.address, "name": row.name, "realm": row.realm})
        for row in Contact.objects.filter(pk__in=list(ids))
    ]


def _contact_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        if entry.verb == "contact.confirmed":
            told["realm"] = str(entry.community)
            take(told, entry, "address", "name")
    return told if "realm" in told else None


def _by_visitor(entry: Recorded) -> int | None:
    return entry.subject.id if entry.subject.kind == "visitor_report" else None


KINDS = (
    Kind("visitors' reports", VisitorReport, _reports, _report_told, {"report.filed": _by_visitor}),
    Kind("contacts", Contact, _contacts, _contact_told, {"contact.confirmed": of_subject}),
)
