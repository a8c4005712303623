"""Names of background work to the functions that do it: the only place that knows both."""

HANDLERS: dict[str, str] = {
    "notices.deliver_email": "wardmote.notices.tasks.deliver_email",
    "people.send_letter": "wardmote.people.tasks.send_letter",
    "moderation.draw_audit": "wardmote.moderation.tasks.draw_sample",
    "moderation.look_for_targets": "wardmote.moderation.tasks.look_for_targets",
    "moderation.deliver_webhook": "wardmote.moderation.tasks.deliver_webhook",
    "network.fan_out": "wardmote.network.tasks.fan_out",
    "journeys.answer_host_for_decision": "wardmote.journeys.tasks.answer_host_for_decision",
    "journeys.ask_second_opinion": "wardmote.journeys.tasks.ask_second_opinion",
    "journeys.deliver_acceptance": "wardmote.journeys.tasks.deliver_acceptance",
    "journeys.deliver_answer": "wardmote.journeys.tasks.deliver_answer",
    "journeys.deliver_key": "wardmote.journeys.tasks.deliver_key",
    "journeys.deliver_notice": "wardmote.journeys.tasks.deliver_notice",
    "journeys.deliver_policy": "wardmote.journeys.tasks.deliver_policy",
    "journeys.end_cover": "wardmote.journeys.tasks.end_cover",
    "journeys.end_agreement_offer": "wardmote.journeys.tasks.end_agreement_offer",
    "journeys.end_ownership_offer": "wardmote.journeys.tasks.end_ownership_offer",
    "journeys.find_judge": "wardmote.journeys.tasks.find_judge",
    "journeys.find_judges": "wardmote.journeys.tasks.find_judges",
    "journeys.hand_receipt": "wardmote.journeys.tasks.hand_receipt",
    "journeys.host_clock": "wardmote.journeys.tasks.host_clock",
    "journeys.look_at_item": "wardmote.journeys.tasks.recheck_item",
    "journeys.tell_of_decision": "wardmote.journeys.tasks.tell_of_decision",
    "journeys.open_cases_for_notice": "wardmote.journeys.tasks.open_cases_for_notice",
    "journeys.tell_of_policy": "wardmote.journeys.tasks.tell_of_policy",
}
"""Job name -> dotted path of a function that takes the job's args and `now=`."""
