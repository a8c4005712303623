"""Writes of moderation, one verb each."""

from wardmote.moderation.operations.appeals import decide_appeal, file_appeal, file_outside_appeal
from wardmote.moderation.operations.cases import claim_case, claim_next_case, open_case, release_case
from wardmote.moderation.operations.decisions import decide_case
from wardmote.moderation.operations.erasures import erase_items
from wardmote.moderation.operations.measures import carry_out
from wardmote.moderation.operations.outside import (
    delete_outside_post,
    file_outside_report,
    keep_event,
    keep_outside_post,
)
from wardmote.moderation.operations.reports import file_report
from wardmote.moderation.operations.screenings import store_screenings
from wardmote.moderation.operations.suggestions import keep_suggestion
from wardmote.moderation.operations.webhooks import announce_appeal, renew_secret, resend, set_webhook

__all__ = [
    "announce_appeal",
    "carry_out",
    "claim_case",
    "claim_next_case",
    "decide_appeal",
    "decide_case",
    "delete_outside_post",
    "erase_items",
    "file_appeal",
    "file_outside_appeal",
    "file_outside_report",
    "file_report",
    "keep_event",
    "keep_outside_post",
    "keep_suggestion",
    "open_case",
    "release_case",
    "renew_secret",
    "resend",
    "set_webhook",
    "store_screenings",
]
