"""What the host asks about and nobody of the community may judge: the answer says who did."""

from tests.console.test_handed_on import EVERYBODY, HARBOUR, _agree, _decide
from tests.console.test_host_judges import HOST
from tests.hosting.desk import Desk
from tests.sheets import fill_in
from tests.upstream.test_answers import letter, notify
from tests.web.conftest import Browser

from wardmote.moderation.models import Case


def _words(desk: Desk) -> str:
    desk.pass_time(seconds=2)
    (given,) = letter(desk).items[0].answers
    return given.words


def test_the_answer_says_that_the_host_judged(desk: Desk, browser: Browser) -> None:
    """Ivan removes what everybody of the Plaza is named in; its own moderators are not said to have."""
    notify(desk, (desk.publish("bob", EVERYBODY), EVERYBODY))
    case_id = Case.objects.get().pk
    assert browser("erin").post(f"/console/cases/{case_id}/hand-on").status_code == 302
    ivan, address = browser("ivan", host=HOST), f"/host/others/cases/{case_id}"
    sheet = {"action": "remove", "clause": str(desk.town.clause("1.1").id), "reason": "It is one.", "days": ""}
    assert ivan.post(f"{address}/decide", fill_in(ivan, address, sheet)).status_code == 302

    assert _words(desk).startswith("Staff of the host, who judged for us, removed this post, under our rule 1.1")


def test_the_answer_says_that_another_community_judged(desk: Desk, browser: Browser) -> None:
    """Grace of the Harbour hides it, by agreement."""
    _agree(desk.town)
    notify(desk, (desk.publish("bob", EVERYBODY), EVERYBODY))
    desk.pass_time(seconds=2)
    grace = browser("grace", host=HARBOUR)
    _decide(desk.town, grace, Case.objects.get().pk, "hide")

    assert _words(desk).startswith(
        "The moderators of The Harbour, who judge for us, left this post up, behind a notice"
    )
