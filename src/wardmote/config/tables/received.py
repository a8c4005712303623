"""What a community keeps of its host: who that is, under which key, what came from it and what was answered."""

from collections.abc import Iterable, Sequence

from wardmote.config.tables.contract import names_log
from wardmote.config.tables.kinds import Kind, Row, Values, at, dated, hashed, of_subject, part, take, urn
from wardmote.hosting.models import Customer
from wardmote.hosting.policy.documents import NoticeDocument
from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import SYSTEM
from wardmote.record.models import KnownKey
from wardmote.record.queries import Recorded, by_subject
from wardmote.upstream.models import Answer as GivenAnswer
from wardmote.upstream.models import Host, HostPolicy, Item
from wardmote.upstream.models import Notice as ReceivedNotice


def _hosts(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "base_url": row.base_url,
                "key": row.key,
                "origin": names_log(row.key, row.origin),
                "community": urn("community", row.community_id),
                "named_at": at(row.named_at),
            },
        )
        for row in Host.objects.filter(pk__in=list(ids))
    ]


def _host_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"origin": True}
    for entry in entries:
        if entry.verb == "upstream_host.named":
            take(told, entry, "base_url", "key")
            told |= {"community": str(entry.community), "named_at": at(entry.time)}
        elif entry.verb == "upstream_host.rekeyed":
            take(told, entry, key="new")
    return told if "base_url" in told else None


def _still_host(entry: Recorded) -> int | None:
    told = by_subject([entry.subject])[str(entry.subject)]
    return None if any(each.verb == "upstream_host.removed" for each in told) else entry.subject.id


def _keys(ids: Iterable[int]) -> list[Row]:
    rows = list(KnownKey.objects.filter(pk__in=list(ids)))
    keys = [row.key for row in rows]
    used = {
        *Host.objects.filter(key__in=keys).values_list("key", flat=True),
        *Customer.objects.filter(key__in=keys).values_list("key", flat=True),
        *KnownKey.objects.filter(replaces__in=keys).values_list("replaces", flat=True),
    }
    return [
        Row(
            row.pk,
            str(row.urn),
            {"key": row.key, "replaces": row.replaces, "statement": row.statement},
            {"used": row.key in used},
        )
        for row in rows
    ]


def _key_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    """A key becomes known with the host or customer whose it is; one that follows another has an entry of its own."""
    told: Values = {"replaces": "", "statement": ""}
    for entry in entries:
        take(told, entry, "statement", key="new", replaces="old")
    return told if "key" in told or row.beside["used"] else None


def _items(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "item": row.issued,
                "url": row.url,
                "clause": row.clause_key,
                "category": row.category,
                "capture": row.capture,
                "capture_hash": row.capture_hash,
                "seen_at": at(row.seen_at),
                "community": row.community_id,
            },
            {"letters": list(row.notices.all())},
        )
        for row in Item.objects.filter(pk__in=list(ids)).prefetch_related("notices")
    ]


def _item_told(row: Row, _entries: Sequence[Recorded]) -> Values | None:
    """What the letters say, which the record names by their hash."""
    said: list[Values] = [
        {**item, "community": letter.community_id}
        for letter in row.beside["letters"]
        for item in part(letter.document, "items") or ()
        if item.get("item") == row.shown["item"]
    ]
    return row.shown if row.shown in said else next(iter(said), None)


def _reason(document: str) -> str | None:
    try:
        return NoticeDocument.decode(document.encode()).reason
    except Invalid:
        return None


def _received(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "document": hashed(row.document),
                "kind": row.kind,
                "issued": row.issued,
                "key": row.key,
                "case": row.host_case,
                "reason": row.reason == _reason(row.document),
                "community": urn("community", row.community_id),
                "received_at": at(row.received_at),
                "deadline": at(row.deadline),
                "overruled_at": at(row.overruled_at),
                "words": [row.subject, row.body] == [part(row.document, "subject"), part(row.document, "body")],
            },
        )
        for row in ReceivedNotice.objects.filter(pk__in=list(ids))
    ]


def _received_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True, "reason": True, "overruled_at": None}
    for entry in entries:
        take(told, entry, "kind", "issued", "case", "deadline", "key", document="hash")
        if entry.verb == "upstream_notice.overruled":
            told["overruled_at"] = at(entry.time)
    return told if "document" in told else None


def _given(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "document": hashed(row.document),
                "kind": row.kind,
                "words": row.words == part(row.document, "words"),
                "notice": row.notice.issued,
                "item": row.item.issued if row.item else None,
                "actor": urn("member", row.given_by_id) or str(SYSTEM),
                "community": urn("community", row.community_id),
                "given_at": at(row.given_at),
                "sent_at": at(row.sent_at),
                "proof": row.proof,
            },
        )
        for row in GivenAnswer.objects.filter(pk__in=list(ids)).select_related("notice", "item")
    ]


def _answer_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True, "sent_at": None, "proof": ""}
    for entry in entries:
        take(told, entry, "kind", "notice", "item", "proof", document="hash")
        if entry.verb == "upstream_answer.delivered":
            told["sent_at"] = at(entry.time)
    return told if "document" in told else None


def _host_policies(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "number": row.number,
                "hash": hashed(row.document),
                "key": row.key,
                "community": urn("community", row.community_id),
                "received_at": at(row.received_at),
                "accepted_at": at(row.accepted_at),
                "accepted_by": urn("member", row.accepted_by_id),
            },
        )
        for row in HostPolicy.objects.filter(pk__in=list(ids))
    ]


def _host_policy_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"accepted_at": None, "accepted_by": None}
    for entry in entries:
        take(told, entry, "number", "hash", "key")
        if entry.verb == "upstream_policy.accepted":
            told |= {"accepted_at": at(entry.time), "accepted_by": str(entry.actor)}
    return told if "hash" in told else None


KINDS = (
    Kind("hosts", Host, _hosts, _host_told, {"upstream_host.named": _still_host}),
    Kind("known keys", KnownKey, _keys, _key_told, {"known_key.announced": of_subject}),
    Kind(
        "notices received",
        ReceivedNotice,
        _received,
        dated(_received_told, "upstream_notice.received", "received_at"),
        {"upstream_notice.received": of_subject},
    ),
    Kind("posts that the host asks about", Item, _items, _item_told),
    Kind(
        "answers given",
        GivenAnswer,
        _given,
        dated(_answer_told, "upstream_answer.given", "given_at"),
        {"upstream_answer.given": of_subject},
    ),
    Kind(
        "policies of hosts",
        HostPolicy,
        _host_policies,
        dated(_host_policy_told, "upstream_policy.received", "received_at"),
        {"upstream_policy.received": of_subject},
    ),
)
