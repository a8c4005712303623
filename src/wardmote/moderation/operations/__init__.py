"""Writes of moderation, one verb each."""

from wardmote.moderation.operations.alerts import note_targets
from wardmote.moderation.operations.appeals import decide_appeal, file_appeal, file_outside_appeal
from wardmote.moderation.operations.away import bring_home, hand_on, take_home
from wardmote.moderation.operations.cases import bring_to_front, note_text, open_case
from wardmote.moderation.operations.claims import (
    claim_case,
    claim_next_case,
    hand_over_case,
    release_case,
    release_claims,
)
from wardmote.moderation.operations.covers import cover_case, cover_unjudged, end_cover, uncover_case
from wardmote.moderation.operations.decisions import decide_case
from wardmote.moderation.operations.erasures import erase_items
from wardmote.moderation.operations.host import decide_appeal_as_host, decide_case_as_host, hold_case
from wardmote.moderation.operations.known import add_entries, begin_list, count_matches, finish_list, remove_list
from wardmote.moderation.operations.measures import carry_out, settle
from wardmote.moderation.operations.notes import choose_to_go_on, note_case, remove_template, write_template
from wardmote.moderation.operations.opinions import correct_spending, spend_on_opinion, store_opinion
from wardmote.moderation.operations.outside import (
    delete_outside_post,
    file_outside_report,
    keep_event,
    keep_outside_post,
)
from wardmote.moderation.operations.quarantine import decide_quarantined, erase_quarantined, lock
from wardmote.moderation.operations.removals import lift_removal, remove_member
from wardmote.moderation.operations.reports import file_report
from wardmote.moderation.operations.sampling import draw_sample, judge_sampled, plan_sampling
from wardmote.moderation.operations.screenings import store_screenings
from wardmote.moderation.operations.second_thoughts import correct, mark_told, take_back
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.operations.suggestions import keep_suggestion
from wardmote.moderation.operations.visitors import (
    box_counts,
    clear_unconfirmed,
    drop_unconfirmed,
    drop_unconfirmed_from,
    erase_words_of_contact,
    file_visitor_report,
    keep_unconfirmed,
    reporter_urn,
)
from wardmote.moderation.operations.webhooks import announce_appeal, renew_secret, resend, set_webhook

__all__ = [
    "add_entries",
    "announce_appeal",
    "begin_list",
    "box_counts",
    "bring_home",
    "bring_to_front",
    "carry_out",
    "choose_to_go_on",
    "claim_case",
    "claim_next_case",
    "clear_unconfirmed",
    "correct",
    "correct_spending",
    "count_matches",
    "cover_case",
    "cover_unjudged",
    "decide_appeal",
    "decide_appeal_as_host",
    "decide_case",
    "decide_case_as_host",
    "decide_quarantined",
    "delete_outside_post",
    "draw_sample",
    "drop_unconfirmed",
    "drop_unconfirmed_from",
    "end_cover",
    "erase_items",
    "erase_quarantined",
    "erase_words_of_contact",
    "file_appeal",
    "file_outside_appeal",
    "file_outside_report",
    "file_report",
    "file_visitor_report",
    "finish_list",
    "hand_on",
    "hand_over_case",
    "hold_case",
    "hold_subject",
    "judge_sampled",
    "keep_event",
    "keep_outside_post",
    "keep_suggestion",
    "keep_unconfirmed",
    "lift_removal",
    "lock",
    "mark_told",
    "note_case",
    "note_targets",
    "note_text",
    "open_case",
    "plan_sampling",
    "release_case",
    "release_claims",
    "remove_list",
    "remove_member",
    "remove_template",
    "renew_secret",
    "reporter_urn",
    "resend",
    "set_webhook",
    "settle",
    "spend_on_opinion",
    "store_opinion",
    "store_screenings",
    "take_back",
    "take_home",
    "uncover_case",
    "write_template",
]
