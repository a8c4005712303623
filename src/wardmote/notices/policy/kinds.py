"""The kinds of notice and the states of a delivery. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What a notice is for."""

    HELD = "held"
    STATEMENT_OF_REASONS = "statement_of_reasons"
    REPORT_ANSWER = "report_answer"
    APPEAL_ANSWER = "appeal_answer"
    RELEASED = "released"
    HOST_NOTICE = "host_notice"
    COVERED = "covered"
    UNCOVERED = "uncovered"
    COVER_RAN_OUT = "cover_ran_out"
    INVITATION = "invitation"
    OFFICE = "office"
    POLICY = "policy"
    REPORT_RECEIVED = "report_received"


class Channel(StrEnum):
    """How a notice travels."""

    IN_APP = "in_app"
    EMAIL = "email"


class DeliveryState(StrEnum):
    """Whether it arrived."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
