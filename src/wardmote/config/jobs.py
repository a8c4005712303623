"""Names of background work to the functions that do it: the only place that knows both."""

HANDLERS: dict[str, str] = {
    "notices.deliver_email": "wardmote.notices.tasks.deliver_email",
    "moderation.deliver_webhook": "wardmote.moderation.tasks.deliver_webhook",
    "network.fan_out": "wardmote.network.tasks.fan_out",
}
"""Job name -> dotted path of a function that takes the job's args and `now=`."""
