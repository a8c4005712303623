"""How a visitor without an account reports something, for the tests of it."""

import re
from datetime import datetime
from typing import Any

from django.core import mail
from django.test import Client
from tests.scenario import Town, run_jobs
from tests.sheets import fill_in
from tests.web.conftest import Browser

from wardmote.journeys.members.visitor_reports import Statement, report_post
from wardmote.moderation.models import UnconfirmedReport
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.texts import hash_text
from wardmote.network.queries import judged_text
from wardmote.outside.report_links import report_path

NASTY = "You will be sorry that you came here."
WHY = "He said it at my door, and he lives next to me."
OLGA = "olga@example.net"
FILLED = {"reason": "threat", "comment": WHY, "name": "Olga Moss", "address": OLGA, "good_faith": "on"}
STRANGER = "203.0.113.9"


def leave(browser: Browser, path: str, **other: str) -> tuple[Client, Any]:
    """A visitor opens the form and sends it."""
    olga = browser()
    return olga, olga.post(path, fill_in(olga, path, {**FILLED, **other}))


def link(town: Town) -> str:
    """The path of the link in the newest mail that has one, once the mails have left."""
    run_jobs(town.now)
    said_in_all = "\n".join(str(letter.body) for letter in mail.outbox)
    links: list[str] = re.findall(r"https?://[^/\s]+(/report/\S+)", said_in_all)
    return links[-1]


def confirm(town: Town, client: Client, path: str = "") -> Any:
    path = path or link(town)
    return client.post(path, {"do": "confirm"})


def bob(town: Town) -> dict[str, Any]:
    return {"community_id": town.plaza, "member_id": town.members["bob"], "now": town.pass_time(seconds=1)}


def leave_unconfirmed(*, community_id: int, post_id: int, said: str, now: datetime) -> tuple[str, str]:
    """The same without a browser; gives the token of the link that is mailed, and the hash of what was seen."""
    seen = hash_text(judged_text(community_id=community_id, kind="post", subject_id=post_id) or "")
    statement = Statement(ReportReason.THREAT, said, "Olga Moss", OLGA, "en")
    report_post(community_id=community_id, post_id=post_id, statement=statement, seen=seen, newest=seen, now=now)
    report_id = UnconfirmedReport.objects.latest("id").pk
    return report_path(report_id).removeprefix("/report/"), seen
