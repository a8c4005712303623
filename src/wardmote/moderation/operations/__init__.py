"""Writes of moderation, one verb each."""

from wardmote.moderation.operations.appeals import decide_appeal, file_appeal
from wardmote.moderation.operations.cases import claim_case, claim_next_case, open_case, release_case
from wardmote.moderation.operations.decisions import decide_case
from wardmote.moderation.operations.erasures import erase_items
from wardmote.moderation.operations.measures import carry_out
from wardmote.moderation.operations.reports import file_report
from wardmote.moderation.operations.screenings import store_screenings

__all__ = [
    "carry_out",
    "claim_case",
    "claim_next_case",
    "decide_appeal",
    "decide_case",
    "erase_items",
    "file_appeal",
    "file_report",
    "open_case",
    "release_case",
    "store_screenings",
]
