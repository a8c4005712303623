"""What was due to be said, and whether it was said once: notices, mails, messages to the platform."""

from collections import Counter
from typing import Any

from benchmarks.kills.book import Faults
from benchmarks.kills.outside import Outside

_ONCE_EACH = ("statement_of_reasons", "report_answer", "appeal_answer", "released")
"""Kinds of notice of which a person has one about one thing."""


def check_notices(faults: Faults) -> None:
    """Each decision gave its reasons, each report and each appeal that was decided its answer: once."""
    from wardmote.moderation.models import Appeal, Decision, Report, Screening
    from wardmote.moderation.policy import Route
    from wardmote.notices.models import Notice

    there = Counter(Notice.objects.values_list("kind", "about", "recipient_id"))
    for (kind, about, _), count in there.items():
        if kind in _ONCE_EACH and count > 1:
            faults.add(f"{count} notices of the kind {kind} about {about} to the same person")
    sent = Counter((kind, about) for kind, about, _ in there.elements())
    # A post that was let go and is edited may be held again: its author reads so each time.
    holds = Counter(Screening.objects.filter(route=Route.HOLD).values_list("subject", flat=True))
    for (kind, about), count in sent.items():
        if kind == "held" and count > holds[about]:
            faults.add(f"{count} notices that {about} is held, and it was {holds[about]} times")
    decisions = Decision.objects.exclude(item__author=None).select_related("item")
    due = [("statement_of_reasons", str(each.urn)) for each in decisions if each.action != "none"]
    due += [("report_answer", str(each.urn)) for each in Report.objects.filter(case__decisions__isnull=False)]
    decided = Appeal.objects.exclude(appellant=None).exclude(state="open")
    due += [("appeal_answer", str(each.urn)) for each in decided]
    for kind, about in due:
        if not sent[kind, about]:
            faults.add(f"no notice of the kind {kind} about {about}, and one was due")
    untold = Decision.objects.filter(told_at=None).count()
    if untold:
        faults.add(f"{untold} decisions of which nobody was told")
    faults.remarks.append(f"{sum(there.values()):,} notices, {len(due):,} of them due by a decision")


def check_mail(faults: Faults, outside: Outside) -> None:
    """Each mail that was due came to the mail server; what came twice did so under the same Message-ID."""
    from wardmote.notices.models import Delivery

    mails = Delivery.objects.filter(channel="email")
    known: dict[str, Any] = {}
    for delivery in mails:
        known[f"<notice-{delivery.pk}@"] = delivery
    arrived = Counter({name.partition("@")[0] + "@": count for name, count in outside.mails.items()})
    for name, delivery in known.items():
        if delivery.state != "delivered":
            faults.add(f"mail {delivery.pk} is {delivery.state}: {delivery.transport_reply[:120]}")
        if not arrived[name]:
            faults.add(f"mail {delivery.pk} never came to the mail server")
    twice = {name: count for name, count in arrived.items() if count > 1}
    strange = [name for name in arrived if name not in known and not name.startswith("<login-")]
    if strange:
        faults.add(f"{len(strange)} mails that belong to no notice, among them {strange[0]}")
    faults.remarks.append(
        f"{len(known):,} mails due, {sum(arrived.values()):,} taken by the mail server; "
        f"{len(twice)} came twice, under one Message-ID: their sender was killed between the server's word and its own"
    )


def check_webhook(faults: Faults, outside: Outside) -> None:
    """The platform heard of each decision about its posts; what it heard twice had the same id."""
    from wardmote.moderation.models import WebhookDelivery

    rows = list(WebhookDelivery.objects.all())
    for row in rows:
        if row.state != "delivered":
            faults.add(f"message {row.pk} to the platform is {row.state}")
    twice = sum(count > 1 for count in outside.messages.values())
    if len(outside.messages) < len(rows):
        faults.add(f"{len(rows)} messages were due to the platform, and {len(outside.messages)} came")
    faults.remarks.append(f"{len(rows):,} messages due to the platform; {twice} came twice, under one id")
