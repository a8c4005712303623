"""Cases, reports, decisions and appeals."""

from collections.abc import Iterable, Sequence

from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, hashed, named_in, of_subject, plain, take, urn
from wardmote.kernel.clock import to_rfc3339
from wardmote.moderation.models import (
    Appeal,
    Case,
    CaseNote,
    Cover,
    Decision,
    Item,
    OutsideReport,
    ReasonTemplate,
    Report,
)
from wardmote.moderation.policy import AppealState
from wardmote.record.queries import Recorded


def _cases(ids: Iterable[int]) -> list[Row]:
    return [
        Row(row.pk, str(row.urn), {"item": row.subject, "community": urn("community", row.community_id)})
        for row in Case.objects.filter(pk__in=list(ids))
    ]


def _case_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        if entry.verb == "case.opened":
            take(told, entry, "item")
            told["community"] = str(entry.community)
    return told or None


def _snapshots(ids: Iterable[int]) -> list[Row]:
    # A snapshot is bound to the record by its hash, which the cases and decisions about it name.
    return [
        Row(row.pk, "", {"text": "" if row.erased_at else hashed(row.text), "content_hash": row.content_hash})
        for row in Item.objects.filter(pk__in=list(ids))
    ]


def _snapshot_told(row: Row, _entries: Sequence[Recorded]) -> Values:
    return {"text": row.shown["content_hash"] if row.shown["text"] else ""}


def _reports(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "reason": row.reason,
                "comment": row.comment,
                "case": urn("case", row.case_id),
                "reporter": urn("member", row.reporter_id),
            },
        )
        for row in Report.objects.filter(pk__in=list(ids))
    ]


def _report_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        take(told, entry, "reason", "comment", "case")
        if entry.verb == "report.filed":
            told["reporter"] = str(entry.actor)
    return told if "reporter" in told else None


def _outside_reports(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "reason": row.reason,
                "comment": row.comment,
                "case": urn("case", row.case_id),
                "reporter": row.reporter,
            },
        )
        for row in OutsideReport.objects.filter(pk__in=list(ids))
    ]


def _outside_report_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        take(told, entry, "reason", "comment", "case", "reporter")
    if not row.shown["comment"]:
        # It goes when the post does, while the record keeps what was reported.
        told.pop("comment", None)
    return told or None


def _decisions(ids: Iterable[int]) -> list[Row]:
    rows = Decision.objects.filter(pk__in=list(ids)).select_related("clause", "case", "item")
    return [
        Row(
            row.pk,
            str(row.case.urn),
            {
                "decision": str(row.urn),
                "action": row.action,
                "clause": row.clause.key if row.clause else None,
                "reason": row.reason,
                "until": to_rfc3339(row.until) if row.until else None,
                "item": row.case.subject,
                "content_hash": row.item.content_hash,
                "taken_back": row.taken_back_at is not None,
                "corrects": urn("decision", row.corrects_id),
                "why": row.correction,
                "decider": urn("member", row.decided_by_id),
            },
        )
        for row in rows
    ]


def _decision_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        if entry.values.get("decision") != row.shown["decision"]:
            continue
        if entry.verb in ("case.decided", "case.corrected"):
            take(told, entry, "decision", "action", "clause", "reason", "until", "item", "content_hash")
            told |= {"taken_back": False, "corrects": None, "why": "", "decider": str(entry.actor)}
            take(told, entry, "corrects", "why")
        if entry.verb == "case.taken_back":
            told["taken_back"] = True
    return told or None


def _covers(ids: Iterable[int]) -> list[Row]:
    rows = Cover.objects.filter(pk__in=list(ids)).select_related("case", "item")
    return [
        Row(
            row.pk,
            str(row.case.urn),
            {
                "cover": str(row.urn),
                "item": row.case.subject,
                "content_hash": row.item.content_hash,
                "cause": row.cause,
                "until": to_rfc3339(row.until),
                "end": row.end,
                "by": urn("member", row.covered_by_id),
            },
        )
        for row in rows
    ]


def _cover_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"end": "", "by": None}
    for entry in entries:
        if entry.values.get("cover") != row.shown["cover"]:
            continue
        take(told, entry, "cover", "item", "content_hash", "cause", "until", "end")
        if entry.verb == "case.covered" and entry.actor.kind == "member":
            told["by"] = str(entry.actor)
    return told if "cause" in told else None


def _notes(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {"text": row.text, "case": urn("case", row.case_id), "author": urn("member", row.author_id)},
        )
        for row in CaseNote.objects.filter(pk__in=list(ids))
    ]


def _note_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        take(told, entry, "text", "case")
        if entry.verb == "case.noted":
            told["author"] = str(entry.actor)
    return told if "author" in told else None


def _templates(ids: Iterable[int]) -> list[Row]:
    return [
        Row(row.pk, str(row.urn), {"clause_key": row.clause_key, "title": row.title, "text": row.text})
        for row in ReasonTemplate.objects.filter(pk__in=list(ids))
    ]


def _appeals(ids: Iterable[int]) -> list[Row]:
    rows = Appeal.objects.filter(pk__in=list(ids)).select_related("decision")
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "text": row.text,
                "state": row.state,
                "reason": row.outcome_reason,
                "decision": str(row.decision.urn),
                "reversal": row.decision.reversed_at is not None,
                "decider": urn("member", row.decided_by_id),
                "outside": row.appellant_id is None,
            },
        )
        for row in rows
    ]


def _appeal_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"state": AppealState.OPEN.value, "reason": "", "decider": None}
    for entry in entries:
        take(told, entry, "text", "decision", "reason", state="outcome")
        if entry.verb == "appeal.decided":
            told["decider"] = str(entry.actor)
    if told["state"] == AppealState.REVERSED.value:
        told["reversal"] = True
    if row.shown["outside"] and (not row.shown["text"] or told.get("text") is ERASED):
        # An outside author's words stay while the case needs them, and go when it no longer does.
        told.pop("text", None)
    return told if "decision" in told else None


def _by_member(entry: Recorded) -> int | None:
    return entry.subject.id if entry.subject.kind == "report" else None


def _by_outsider(entry: Recorded) -> int | None:
    return entry.subject.id if entry.subject.kind == "outside_report" else None


KINDS = (
    Kind("cases", Case, _cases, _case_told, {"case.opened": of_subject}),
    Kind("texts kept with cases", Item, _snapshots, _snapshot_told),
    Kind("reports", Report, _reports, _report_told, {"report.filed": _by_member}),
    Kind("outside reports", OutsideReport, _outside_reports, _outside_report_told, {"report.filed": _by_outsider}),
    Kind("covers", Cover, _covers, _cover_told, {"case.covered": named_in("cover")}),
    Kind(
        "decisions",
        Decision,
        _decisions,
        _decision_told,
        {"case.decided": named_in("decision"), "case.corrected": named_in("decision")},
    ),
    Kind("notes on cases", CaseNote, _notes, _note_told, {"case.noted": of_subject}),
    Kind(
        "written reasons",
        ReasonTemplate,
        _templates,
        plain("reason_template.written", "clause_key", "title", "text"),
    ),
    Kind("appeals", Appeal, _appeals, _appeal_told, {"appeal.filed": of_subject, "appeal.decided": of_subject}),
)
