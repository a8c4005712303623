"""Writes of the host's desk, one verb each."""

from wardmote.hosting.operations.answers import receive_answer
from wardmote.hosting.operations.cases import extend_case, open_case
from wardmote.hosting.operations.clocks import note_outage
from wardmote.hosting.operations.contract import (
    enrol_customer,
    publish_acceptable_use,
    replace_customer_key,
    store_acceptance,
)
from wardmote.hosting.operations.decisions import (
    approve_proposal,
    carry_out_proposal,
    make_proposal,
    proposal_of,
    record_evidence,
    reinstate,
    withdraw_proposal,
)
from wardmote.hosting.operations.disputes import decide_dispute, follow_disputes
from wardmote.hosting.operations.items import item_of, settle_item, store_check, withdraw_item
from wardmote.hosting.operations.notices import issue_notice, mark_delivered, preview_notice
from wardmote.hosting.operations.receipts import mark_receipt_sent, store_receipt
from wardmote.hosting.operations.rechecks import plan_checks
from wardmote.hosting.operations.runouts import see_clock
from wardmote.hosting.operations.stages import check_reason, locked_case, move_case

__all__ = [
    "approve_proposal",
    "carry_out_proposal",
    "check_reason",
    "decide_dispute",
    "enrol_customer",
    "extend_case",
    "follow_disputes",
    "issue_notice",
    "item_of",
    "locked_case",
    "make_proposal",
    "mark_delivered",
    "mark_receipt_sent",
    "move_case",
    "note_outage",
    "open_case",
    "plan_checks",
    "preview_notice",
    "proposal_of",
    "publish_acceptable_use",
    "receive_answer",
    "record_evidence",
    "reinstate",
    "replace_customer_key",
    "see_clock",
    "settle_item",
    "store_acceptance",
    "store_check",
    "store_receipt",
    "withdraw_item",
    "withdraw_proposal",
]
