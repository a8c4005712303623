"""What is reported is what the reporter saw, whatever became of it before the report arrived."""

from typing import Any

import pytest
from django.test import Client
from tests.scenario import PLAIN, Town
from tests.sheets import fill_in
from tests.web.conftest import Browser

from wardmote.communities.policy import Action
from wardmote.journeys.members import delete_post, edit_post, edit_profile, erase
from wardmote.moderation.models import Case, Report
from wardmote.record import queries as record

NASTY = "You will be sorry that you came here."
COMMENT = "He said it at my door, too."


def carol_reads(browser: Browser, path: str) -> tuple[Client, str, dict[str, object]]:
    """Carol opens the form; gives her browser, where it is sent, and what would be sent."""
    carol = browser("carol")
    return carol, path, fill_in(carol, path, {"reason": "threat", "comment": COMMENT})


def change(town: Town, what: str, post_id: int) -> None:
    """What Bob does to his post meanwhile, or what Dave does."""
    bob: dict[str, Any] = {
        "community_id": town.plaza,
        "member_id": town.members["bob"],
        "now": town.pass_time(seconds=1),
    }
    if what == "deleted":
        delete_post.delete_post(**bob, post_id=post_id)
    elif what == "edited":
        edit_post.edit_post(**bob, post_id=post_id, text=PLAIN)
    elif what == "edited and deleted":
        edit_post.edit_post(**bob, post_id=post_id, text=PLAIN)
        delete_post.delete_post(**bob, post_id=post_id)
    elif what == "removed":
        town.report("erin", post_id)
        town.decide("dave", Action.REMOVE)


@pytest.mark.parametrize("what", ["nothing", "deleted", "edited", "edited and deleted", "removed"])
def test_a_report_is_of_what_was_seen_and_keeps_its_comment(town: Town, browser: Browser, what: str) -> None:
    """Begun while the post was up, sent after Bob or a moderator changed that: the text and the comment are there."""
    post = town.post("bob", NASTY)
    carol, path, sheet = carol_reads(browser, f"{post.path}/report")
    change(town, what, post.post_id)
    answer = carol.post(path, sheet, follow=True)
    mine = Report.objects.get(reporter_id=town.members["carol"])

    assert answer.status_code == 200
    assert "Thank you. A moderator will look at it" in answer.content.decode()
    assert (mine.item.text, mine.comment) == (NASTY, COMMENT)
    assert "report.filed" in [entry.verb for entry in record.history([mine.urn])]
    assert mine.case.item.text == (PLAIN if what == "edited" else NASTY)


def test_what_was_erased_meanwhile_is_not_brought_back(town: Town, browser: Browser) -> None:
    """There is nothing left to judge: a sentence, and no snapshot."""
    post = town.post("bob", NASTY)
    carol, path, sheet = carol_reads(browser, f"{post.path}/report")
    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.pass_time(seconds=1))
    answer = carol.post(path, sheet)

    assert answer.status_code == 404
    assert not Case.objects.exists()


def test_a_report_that_lacks_its_reason_is_not_lost_with_the_post(town: Town, browser: Browser) -> None:
    """The post is gone and the form incomplete: the page says both and keeps the comment; completed, it is taken."""
    post = town.post("bob", NASTY)
    carol, path, sheet = carol_reads(browser, f"{post.path}/report")
    change(town, "deleted", post.post_id)
    page = carol.post(path, {**sheet, "reason": ""})
    carol.post(path, sheet)

    assert page.status_code == 422
    assert "It was deleted after you opened this page." in page.content.decode()
    assert COMMENT in page.content.decode()
    assert Report.objects.get().item.text == NASTY


def test_a_profile_that_says_something_else_is_looked_at_again(town: Town, browser: Browser) -> None:
    """What it said before is kept nowhere: 409 with the comment, and the page now carries what it says now."""
    bob: dict[str, Any] = {"community_id": town.plaza, "member_id": town.members["bob"], "display_name": "Bob"}
    edit_profile.edit_profile(**bob, bio=NASTY, now=town.pass_time(seconds=1))
    carol, path, sheet = carol_reads(browser, "/@bob/report")
    edit_profile.edit_profile(**bob, bio=PLAIN, now=town.pass_time(seconds=1))
    answer = carol.post(path, sheet)
    page = answer.content.decode()
    carol.post(path, {**sheet, "seen": page.split('name="seen" value="')[1].split('"')[0]})

    assert answer.status_code == 409
    assert COMMENT in page
    assert Report.objects.get().item.text == f"Bob\n{PLAIN}"
