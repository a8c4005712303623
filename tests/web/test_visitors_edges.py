"""One mail box is one reporter, forgotten entirely; and the form for visitors tells nothing that was not shown."""

import re

import pytest
from django.core import mail
from tests.scenario import HELD, PLAIN, Town, run_jobs
from tests.sheets import fill_in
from tests.web.conftest import Browser
from tests.web.visitors import FILLED, NASTY, confirm, leave, link

from wardmote.moderation.models import Case, VisitorReport
from wardmote.moderation.policy.texts import hash_text
from wardmote.people.models import LoginMail


@pytest.mark.parametrize("way", ["plus", "forget"])
def test_one_mailbox_counts_once(town: Town, browser: Browser, way: str) -> None:
    """Olga writes her address in four ways, or is forgotten and comes back: the case ranks as with one report."""
    post = town.post("bob", NASTY)
    ranks = []
    for number in range(4):
        address = f"olga+{number}@example.net" if way == "plus" else "olga@example.net"
        leave(browser, f"{post.path}/report", address=address)
        town.pass_time(minutes=4)
        path = link(town)
        assert confirm(town, browser(), path).status_code == 302
        if way == "forget":
            browser().post(path, {"do": "forget"})
        ranks.append(Case.objects.get().priority)

    assert len(set(ranks)) == 1, ranks
    assert VisitorReport.objects.count() == 4


def test_another_mailbox_counts_too(town: Town, browser: Browser) -> None:
    """Olga and Pia both report it: the case ranks higher than with Olga alone, and not for Pia's second address."""
    post = town.post("bob", NASTY)
    ranks = []
    for address in ("olga@example.net", "pia@example.net", "pia+b@example.net"):
        leave(browser, f"{post.path}/report", address=address)
        town.pass_time(minutes=4)
        confirm(town, browser())
        ranks.append(Case.objects.get().priority)

    assert ranks[0] < ranks[1] == ranks[2]


def test_what_was_confirmed_is_not_said_to_be_thrown_away(town: Town, browser: Browser) -> None:
    """Another tab still has the button: it leads to the report, which stays."""
    leave(browser, f"{town.post('bob', NASTY).path}/report")
    path = link(town)
    confirm(town, browser(), path)
    answer = browser().post(path, {"do": "discard"})

    assert VisitorReport.objects.count() == 1
    assert answer.status_code == 302
    assert answer.headers["Location"] == path


def test_no_mail_leaves_once_somebody_is_forgotten(town: Town, browser: Browser) -> None:
    """Olga's second link waits its three minutes; she has herself forgotten, and it is never sent."""
    leave(browser, f"{town.post('bob', NASTY).path}/report")
    leave(browser, f"{town.post('bob', PLAIN).path}/report")
    leave(browser, f"{town.post('bob', PLAIN).path}/report", address="pia@example.net")
    path = _first_link(town)
    confirm(town, browser(), path)
    run_jobs(town.now)
    assert LoginMail.objects.filter(address="olga@example.net").count() == 1
    browser().post(path, {"do": "forget"})
    sent = len(mail.outbox)
    run_jobs(town.pass_time(minutes=5))

    assert len(mail.outbox) == sent, mail.outbox[-1].subject
    assert not LoginMail.objects.exists()


def _first_link(town: Town) -> str:
    run_jobs(town.now)
    mine = next(letter for letter in mail.outbox if letter.to == ["olga@example.net"])
    found = re.search(r"https?://[^/\s]+(/report/\S+)", str(mine.body))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("sheet", [{"address": ""}, FILLED])
def test_the_form_confirms_no_guess_of_a_text_that_was_not_shown(
    town: Town, browser: Browser, sheet: dict[str, str]
) -> None:
    """A held post: the hash of its very words is answered like that of any others."""
    post = town.post("bob", HELD)
    stranger = browser()
    assert stranger.get(f"{post.path}/report").status_code == 404
    answers = [
        stranger.post(f"{post.path}/report", {**sheet, "seen": seen}).status_code
        for seen in (hash_text(HELD), hash_text("Other words."), "")
    ]

    assert answers == [404, 404, 404]


def test_what_was_shown_of_one_thing_says_nothing_of_another(town: Town, browser: Browser) -> None:
    """Two posts say the same; what the form of one has signed is no word on the other, which is held."""
    shown, hidden = town.post("bob", PLAIN), town.post("bob", HELD)
    olga = browser()
    sheet = fill_in(olga, f"{shown.path}/report", FILLED)

    assert olga.post(f"{hidden.path}/report", sheet).status_code == 404
    assert olga.post(f"{shown.path}/report", sheet).status_code == 302
