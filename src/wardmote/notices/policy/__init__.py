"""Pure rules of notices: kinds, channels, and the letters themselves."""

from wardmote.notices.policy.fates import Fate
from wardmote.notices.policy.kinds import Channel, DeliveryState, Kind
from wardmote.notices.policy.letters import (
    Letter,
    Measure,
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
    "appeal_answer",
    "held",
    "origin",
    "released",
    "report_answer",
    "statement_of_reasons",
    "withdrawn",
]
