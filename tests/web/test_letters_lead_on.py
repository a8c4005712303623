"""A letter says what it is about, and its link leads to what its reader can do, by mail and on its page."""

import re

from django.core import mail
from tests.scenario import PLAIN, Town, run_jobs
from tests.web.conftest import Browser, said

from wardmote.communities.policy import Action
from wardmote.moderation.policy import APPEAL_WINDOW, ReportReason
from wardmote.notices.models import Notice
from wardmote.outside.origin import origin_of
from wardmote.people.models import Person


def test_the_mailed_reasons_lead_to_the_appeal(town: Town, browser: Browser) -> None:
    """Bob's mail ends with the address at which he appeals."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision = town.decide("dave", Action.LABEL)
    run_jobs(town.now)
    (letter,) = [m for m in mail.outbox if m.to == ["bob@example.org"]]
    address = f"{origin_of('plaza.localhost')}/why/{decision}"

    assert letter.body.endswith(f"\nAppeal:\n{address}\n")
    assert 'name="text"' in browser("bob").get(f"/why/{decision}").content.decode()


def test_the_link_speaks_its_readers_language(town: Town) -> None:
    """Carol reads German: so does the line above the address."""
    Person.objects.filter(pk=town.people["carol"]).update(language="de")
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.NONE)
    run_jobs(town.now)
    (letter,) = [m for m in mail.outbox if m.to == ["carol@example.org"]]

    assert re.search(r"http://plaza\.localhost(:\d+)?/reports\n$", str(letter.body))


def test_the_button_says_appeal_while_one_can(town: Town, browser: Browser) -> None:
    """Afterwards, or once it is filed, it leads to the decision."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    decision = town.decide("dave", Action.LABEL)
    notice = Notice.objects.filter(recipient_id=town.people["bob"]).latest("pk")
    bob = browser("bob")

    assert f'href="/why/{decision}">Appeal</a>' in bob.get(f"/notices/{notice.pk}").content.decode()
    town.pass_time(seconds=APPEAL_WINDOW.total_seconds() + 1)
    assert f'href="/why/{decision}">See the decision</a>' in bob.get(f"/notices/{notice.pk}").content.decode()


def test_reporters_read_which_post_which_rule_and_what_was_done(town: Town, browser: Browser) -> None:
    """The letter names whose post and when it was reported, never its text, which its author may erase; the text
    stands among their reports; a deleted post is quoted without a link that leads nowhere."""
    post = town.post("bob", PLAIN)
    other = town.post("bob", "A second one.")
    town.report("carol", other.post_id, ReportReason.OTHER)
    town.report("carol", post.post_id)
    town.decide("dave", Action.REMOVE)
    letter = Notice.objects.filter(recipient_id=town.people["carol"]).latest("pk").body
    html = browser("carol").get("/reports").content.decode()

    assert re.search(r"You reported a post by @bob on \S.*\d\d:\d\d", letter)
    assert PLAIN not in letter
    assert "acted on it. It is removed." in letter
    assert "The rule\n1.1 No threats" in letter
    assert f'<a href="{post.path}">{PLAIN}</a>' in html
    assert "removed · rule 1.1 No threats" in said(html)
    browser("bob").post(f"{other.path}/delete")
    html = browser("carol").get("/reports").content.decode()
    assert "A second one." in html
    assert f'href="{other.path}"' not in html
