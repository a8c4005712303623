"""Cases, reports, decisions and appeals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from wardmote.config.tables.kept import names_of, snapshot_told, snapshots, was_deleted
from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, any_of, at, named_in, of_subject, plain, take, urn
from wardmote.moderation.models import (
    Appeal,
    Case,
    CaseNote,
    CaseText,
    Cover,
    Decision,
    Item,
    OutsideReport,
    ReasonTemplate,
    Report,
)
from wardmote.moderation.policy import AppealState, CaseState, Lane
from wardmote.record.queries import Recorded, by_subject

TAKEN_BACK: Final[Mapping[str, str]] = {
    "appeal.decided": "decision",
    "case.removal_lifted": "decision",
    "case.taken_back": "decision",
    "case.corrected": "corrects",
}
"""The verbs that end a decision, with the name of the fact that says which; of an appeal, only if it is reversed."""
DECIDED = ("case.decided", "case.closed")
UNDECIDED = ("case.taken_back",)


def _cases(ids: Iterable[int]) -> list[Row]:
    cases = list(Case.objects.filter(pk__in=list(ids)).select_related("item"))
    spoken = names_of({(case.community_id, case.subject) for case in cases})
    entries = by_subject(spoken.values())
    texts = _texts({case.pk for case in cases})
    taken: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for item in Item.objects.filter(subject__in={case.subject for case in cases}):
        taken[item.community_id, item.subject].add(item.content_hash)
    return [
        Row(
            case.pk,
            str(case.urn),
            {
                "item": case.subject,
                "community": urn("community", case.community_id),
                "category": case.category,
                "source": case.source,
                "lane": case.lane,
                "held": case.held,
                "opened_at": at(case.opened_at),
                "decision": at(case.decided_at) if case.state == CaseState.DECIDED else None,
                "its text": case.item_id in texts[case.pk] and case.item.subject == case.subject,
            },
            {
                "hashes": taken[case.community_id, case.subject],
                "held": any(map(_holds, entries.get(spoken.get((case.community_id, case.subject), ""), ()))),
            },
        )
        for case in cases
    ]


def _texts(cases: Iterable[int]) -> defaultdict[int, set[int]]:
    """The items of each case."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for case, item in CaseText.objects.filter(case__in=list(cases)).values_list("case_id", "item_id"):
        found[case].add(item)
    return found


def _holds(entry: Recorded) -> bool:
    return entry.verb == "post.held" or entry.values.get("held") is True or entry.values.get("route") == "hold"


def _case_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"decision": None, "its text": True}
    for entry in entries:
        if entry.verb == "case.opened":
            take(told, entry, "item", "category", "source", "lane", "held")
            told |= {"community": str(entry.community), "opened_at": at(entry.time)}
            if entry.values.get("content_hash") not in row.beside["hashes"]:
                take(told, entry, "content_hash")
        elif entry.verb in DECIDED:
            told["decision"] = at(entry.time)
        elif entry.verb in UNDECIDED:
            told["decision"] = None
    if row.shown["lane"] == Lane.THREAT and "lane" in told:
        # A case may come to wait among the threats; no entry says when.
        told["lane"] = Lane.THREAT.value
    if row.beside["held"] and "held" in told:
        # What was written later may be held for it too.
        told["held"] = told["held"] or row.shown["held"]
    return told if "community" in told else None


def _reports(ids: Iterable[int]) -> list[Row]:
    rows = list(Report.objects.filter(pk__in=list(ids)).select_related("item"))
    texts = _texts({row.case_id for row in rows})
    return [
        Row(
            row.pk,
            str(row.urn),
            {**_report(row), "reporter": urn("member", row.reporter_id), "its text": row.item_id in texts[row.case_id]},
        )
        for row in rows
    ]


def _report(row: Report | OutsideReport) -> Values:
    return {
        "reason": row.reason,
        "comment": row.comment,
        "case": urn("case", row.case_id),
        "item": row.item.subject,
        "content_hash": row.item.content_hash,
        "community": urn("community", row.community_id),
        "filed_at": at(row.filed_at),
    }


def _report_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"its text": True}
    for entry in entries:
        if entry.verb == "report.filed":
            told |= {"reporter": str(entry.actor), "community": str(entry.community), "filed_at": at(entry.time)}
        take(told, entry, "reason", "comment", "case", "item", "content_hash", "filed_at")
    return told if "reporter" in told else None


def _outside_reports(ids: Iterable[int]) -> list[Row]:
    rows = list(OutsideReport.objects.filter(pk__in=list(ids)).select_related("item"))
    texts = _texts({row.case_id for row in rows})
    gone = was_deleted({(row.community_id, row.item.subject) for row in rows if not row.comment})
    return [
        Row(
            row.pk,
            str(row.urn),
            {**_report(row), "reporter": row.reporter, "its text": row.item_id in texts[row.case_id]},
            {"gone": (row.community_id, row.item.subject) in gone},
        )
        for row in rows
    ]


def _outside_report_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"its text": True}
    for entry in entries:
        if entry.verb == "report.filed":
            told |= {"community": str(entry.community), "filed_at": at(entry.time)}
        take(told, entry, "reason", "comment", "case", "item", "content_hash", "reporter")
    if row.beside["gone"] and not row.shown["comment"]:
        # It goes when the post does, while the record keeps what was reported.
        told.pop("comment", None)
    return told if "community" in told else None


def _decisions(ids: Iterable[int]) -> list[Row]:
    rows = list(Decision.objects.filter(pk__in=list(ids)).select_related("clause", "case", "item", "appeal"))
    texts = _texts({row.case_id for row in rows})
    heard = by_subject({str(row.appeal.urn) for row in rows if hasattr(row, "appeal")})
    return [
        Row(
            row.pk,
            str(row.case.urn),
            {
                "decision": str(row.urn),
                "action": row.action,
                "clause": row.clause.key if row.clause else None,
                "reason": row.reason,
                "until": at(row.until),
                "item": row.item.subject,
                "content_hash": row.item.content_hash,
                "its text": row.item_id in texts[row.case_id],
                "taken_back": row.taken_back_at is not None,
                "corrects": urn("decision", row.corrects_id),
                "why": row.correction,
                "decider": str(row.decider),
                "community": urn("community", row.community_id),
                "decided_at": at(row.decided_at),
                "reversed_at": at(row.reversed_at),
            },
            {"heard": heard[str(row.appeal.urn)] if hasattr(row, "appeal") else []},
        )
        for row in rows
    ]


def _decision_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        if entry.values.get("decision") == row.shown["decision"] and entry.verb in ("case.decided", "case.corrected"):
            take(told, entry, "decision", "action", "clause", "reason", "until", "item", "content_hash")
            told |= {"decider": str(entry.actor), "community": str(entry.community), "decided_at": at(entry.time)}
            told |= {"its text": True, "taken_back": False, "corrects": None, "why": ""}
            take(told, entry, "corrects", "why")
        if entry.values.get("decision") == row.shown["decision"] and entry.verb == "case.taken_back":
            told["taken_back"] = True
    if not told:
        return None
    ends = [at(e.time) for e in (*entries, *row.beside["heard"]) if _takes_back(e, row.shown["decision"])]
    told["reversed_at"] = any_of(row.shown["reversed_at"], ends)
    return told


def _takes_back(entry: Recorded, decision: str) -> bool:
    fact = TAKEN_BACK.get(entry.verb)
    reversed_ = entry.values.get("outcome", AppealState.REVERSED.value) == AppealState.REVERSED.value
    return fact is not None and entry.values.get(fact) == decision and reversed_


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
                "until": at(row.until),
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
    rows = list(Appeal.objects.filter(pk__in=list(ids)).select_related("decision__case"))
    gone = was_deleted({(row.community_id, row.decision.case.subject) for row in rows if not row.text})
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "text": row.text,
                "state": row.state,
                "reason": row.outcome_reason,
                "decision": str(row.decision.urn),
                "decider": str(row.decider) if row.decider else None,
                "appellant": urn("member", row.appellant_id),
                "first_decider": str(row.first),
                "community": urn("community", row.community_id),
                "filed_at": at(row.filed_at),
                "decided_at": at(row.decided_at),
            },
            {
                "gone": (row.community_id, row.decision.case.subject) in gone,
                "decider": str(row.decision.decider),
            },
        )
        for row in rows
    ]


def _appeal_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"state": AppealState.OPEN.value, "reason": "", "decider": None, "decided_at": None}
    outside = False
    for entry in entries:
        take(told, entry, "text", "decision", "reason", state="outcome")
        if entry.verb == "appeal.filed":
            outside = entry.actor.kind != "member"
            told |= {"appellant": None if outside else str(entry.actor), "filed_at": at(entry.time)}
            told |= {"community": str(entry.community), "first_decider": row.beside["decider"]}
        elif entry.verb == "appeal.decided":
            told |= {"decider": str(entry.actor), "decided_at": at(entry.time)}
    if outside and ((row.beside["gone"] and not row.shown["text"]) or told.get("text") is ERASED):
        # An outside author's words stay while the case needs them, and go when it no longer does.
        told.pop("text", None)
    return told if "appellant" in told else None


def _by_member(entry: Recorded) -> int | None:
    return entry.subject.id if entry.subject.kind == "report" else None


def _by_outsider(entry: Recorded) -> int | None:
    return entry.subject.id if entry.subject.kind == "outside_report" else None


KINDS = (
    Kind("cases", Case, _cases, _case_told, {"case.opened": of_subject}),
    Kind("texts kept with cases", Item, snapshots, snapshot_told),
    Kind("reports", Report, _reports, _report_told, {"report.filed": _by_member}),
    Kind("outside reports", OutsideReport, _outside_reports, _outside_report_told, {"report.filed": _by_outsider}),
    Kind("covers", Cover, _covers, _cover_told, {"case.covered": named_in("cover")}),
    Kind(
        "decisions",
        Decision,
        _decisions,
        _decision_told,
        dict.fromkeys(("case.decided", "case.corrected"), named_in("decision")),
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
