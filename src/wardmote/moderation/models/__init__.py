"""Tables of moderation."""

from wardmote.moderation.models.advice import Opinion, OpinionUse
from wardmote.moderation.models.alerts import Alert, AlertCase, Naming
from wardmote.moderation.models.away import HandedOn
from wardmote.moderation.models.cases import Appeal, Case, Decision, Item, Report, Screening
from wardmote.moderation.models.covers import Cover
from wardmote.moderation.models.desk import CaseNote, DeskChoice, ReasonTemplate
from wardmote.moderation.models.known import KnownEntry, KnownList, QuarantinedCase
from wardmote.moderation.models.outside import OutsideEvent, OutsidePost, OutsideReport, Suggestion
from wardmote.moderation.models.sampling import Sample, SampledPost, SamplingPlan
from wardmote.moderation.models.texts import CaseText
from wardmote.moderation.models.visitors import UnconfirmedReport, VisitorReport
from wardmote.moderation.models.webhooks import Webhook, WebhookDelivery, WebhookTry

__all__ = [
    "Alert",
    "AlertCase",
    "Appeal",
    "Case",
    "CaseNote",
    "CaseText",
    "Cover",
    "Decision",
    "DeskChoice",
    "HandedOn",
    "Item",
    "KnownEntry",
    "KnownList",
    "Naming",
    "Opinion",
    "OpinionUse",
    "OutsideEvent",
    "OutsidePost",
    "OutsideReport",
    "QuarantinedCase",
    "ReasonTemplate",
    "Report",
    "Sample",
    "SampledPost",
    "SamplingPlan",
    "Screening",
    "Suggestion",
    "UnconfirmedReport",
    "VisitorReport",
    "Webhook",
    "WebhookDelivery",
    "WebhookTry",
]
