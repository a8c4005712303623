"""Tables of moderation."""

from wardmote.moderation.models.advice import Opinion, OpinionUse
from wardmote.moderation.models.alerts import Alert, AlertCase, Naming
from wardmote.moderation.models.away import HandedOn
from wardmote.moderation.models.cases import Appeal, Case, Decision, Item, Report, Screening
from wardmote.moderation.models.covers import Cover
from wardmote.moderation.models.desk import CaseNote, DeskChoice, ReasonTemplate
from wardmote.moderation.models.known import KnownEntry, KnownList, LockedCase
from wardmote.moderation.models.outside import OutsideEvent, OutsidePost, OutsideReport, Suggestion
from wardmote.moderation.models.sampling import Audit, AuditPlan, AuditPost
from wardmote.moderation.models.texts import CaseText
from wardmote.moderation.models.visitors import UnconfirmedReport, VisitorReport
from wardmote.moderation.models.webhooks import Webhook, WebhookDelivery, WebhookTry

__all__ = [
    "Alert",
    "AlertCase",
    "Appeal",
    "Audit",
    "AuditPlan",
    "AuditPost",
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
    "LockedCase",
    "Naming",
    "Opinion",
    "OpinionUse",
    "OutsideEvent",
    "OutsidePost",
    "OutsideReport",
    "ReasonTemplate",
    "Report",
    "Screening",
    "Suggestion",
    "UnconfirmedReport",
    "VisitorReport",
    "Webhook",
    "WebhookDelivery",
    "WebhookTry",
]
