"""Pure rules of notices: kinds, channels, and the letters themselves."""

from wardmote.notices.policy import agreements, office, ownership
from wardmote.notices.policy.covers import cover_ran_out, covered, uncovered
from wardmote.notices.policy.fates import Fate
from wardmote.notices.policy.kinds import Channel, DeliveryState, Kind
from wardmote.notices.policy.visitors import confirm_report, report_received, visitor_answer
from wardmote.notices.policy.ways import way_of
from wardmote.notices.policy.wording import (
    Letter,
    Measure,
    Reported,
    appeal_answer,
    held,
    origin,
    released,
    report_answer,
    statement_of_reasons,
    withdrawn,
)

__all__ = [
    "Channel",
    "DeliveryState",
    "Fate",
    "Kind",
    "Letter",
    "Measure",
    "Reported",
    "agreements",
    "appeal_answer",
    "confirm_report",
    "cover_ran_out",
    "covered",
    "held",
    "office",
    "origin",
    "ownership",
    "released",
    "report_answer",
    "report_received",
    "statement_of_reasons",
    "uncovered",
    "visitor_answer",
    "way_of",
    "withdrawn",
]
