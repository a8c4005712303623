"""Reads of moderation, as plain values. What members read never names a moderator or a reporter."""

from wardmote.moderation.queries.appeals import AppealRow, AppealView, appeal, appeals
from wardmote.moderation.queries.cases import CaseView, ItemView, ReportView, SpanView, TimelineRow, case
from wardmote.moderation.queries.decisions import DecisionView, decided
from wardmote.moderation.queries.letters import measure_for_letter, preview_statement, thing_of
from wardmote.moderation.queries.members import (
    HoldView,
    MeasureRow,
    MeasureView,
    MyReport,
    holding,
    measure,
    measures_of,
    my_reports,
    reports_filed,
    standing_measure,
)
from wardmote.moderation.queries.queue import QueueCounts, QueueRow, next_claimed, queue, queue_counts

__all__ = [
    "AppealRow",
    "AppealView",
    "CaseView",
    "DecisionView",
    "HoldView",
    "ItemView",
    "MeasureRow",
    "MeasureView",
    "MyReport",
    "QueueCounts",
    "QueueRow",
    "ReportView",
    "SpanView",
    "TimelineRow",
    "appeal",
    "appeals",
    "case",
    "decided",
    "holding",
    "measure",
    "measure_for_letter",
    "measures_of",
    "my_reports",
    "next_claimed",
    "preview_statement",
    "queue",
    "queue_counts",
    "reports_filed",
    "standing_measure",
    "thing_of",
]
