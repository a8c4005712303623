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
    standing_measure,
)
from wardmote.moderation.queries.outside import (
    DeliveryView,
    Message,
    OutsidePostView,
    SuggestionView,
    TryView,
    deliveries,
    known_event,
    message,
    outside_post,
    suggestions,
    webhook,
)
from wardmote.moderation.queries.queue import QueueCounts, QueueRow, next_claimed, queue, queue_counts

__all__ = [
    "AppealRow",
    "AppealView",
    "CaseView",
    "DecisionView",
    "DeliveryView",
    "HoldView",
    "ItemView",
    "MeasureRow",
    "MeasureView",
    "Message",
    "MyReport",
    "OutsidePostView",
    "QueueCounts",
    "QueueRow",
    "ReportView",
    "SpanView",
    "SuggestionView",
    "TimelineRow",
    "TryView",
    "appeal",
    "appeals",
    "case",
    "decided",
    "deliveries",
    "holding",
    "known_event",
    "measure",
    "measure_for_letter",
    "measures_of",
    "message",
    "my_reports",
    "next_claimed",
    "outside_post",
    "preview_statement",
    "queue",
    "queue_counts",
    "standing_measure",
    "suggestions",
    "thing_of",
    "webhook",
]
