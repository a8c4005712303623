"""Reports to read: the figures are those of what the cast did."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from tests.console.conftest import Browser
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import Desk
from tests.scenario import HELD, PLAIN, QUEUED, Town

from wardmote.communities.policy import Action
from wardmote.edges.ui import plots
from wardmote.hosting.policy import NoticeKind
from wardmote.journeys.members import appeal
from wardmote.moderation import queries
from wardmote.moderation.policy import Source
from wardmote.moderation.queries import sheet_of_appeal
from wardmote.upstream.policy import AnswerKind

__all__ = ["desk", "log", "site"]

TEXT = "I will be at your door on Friday, and you will be sorry."


def _tiles(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>([^<]*)</dd>", page)
    return {unescape(name): unescape(value).strip() for name, value in found}


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def busy(town: Town) -> Town:
    """Two days ago Carol reported a post of Bob's; yesterday Dave removed it and Bob appealed; today two texts were
    stopped by screening, and Erin reversed Dave."""
    reported = town.post("bob", PLAIN)
    town.report("carol", reported.post_id)
    town.pass_time(days=1)
    removed = town.decide("dave", Action.REMOVE)
    appealed = town.appeal("bob", removed)
    town.pass_time(days=1)
    town.post("bob", QUEUED)
    town.post("carol", HELD)
    appeal.decide_appeal(
        community_id=town.plaza,
        member_id=town.members["erin"],
        appeal_id=appealed,
        reverse=True,
        reason="It was a joke between friends.",
        seen=sheet_of_appeal(community_id=town.plaza, appeal_id=appealed),
        now=town.now,
    )
    return town


def test_the_figures_are_those_of_what_was_done(busy: Town, browser: Browser) -> None:
    """Opened, decided, median, appeals and screening, as the cast made them."""
    tiles = _tiles(_page(browser("dave"), "/console/figures"))

    assert tiles["Waiting now"] == "2"
    assert tiles["Opened"] == "3"
    assert tiles["Decided"] == "1"
    assert tiles["Median time to decision"] == "1 day"
    assert tiles["Appeals"] == "1"


def test_each_day_clause_and_source_has_its_row(busy: Town) -> None:
    """A case counts on the day it was opened, a decision on its own day; reversals stand beside their clause."""
    report = queries.figures(community_id=busy.plaza, days=7, now=busy.now)
    days = {(busy.now.date() - day.day).days: day for day in report.days}

    assert [(days[n].opened, days[n].decided) for n in (2, 1, 0)] == [(1, 0), (0, 1), (2, 0)]
    assert (days[0].queued, days[0].held) == (1, 1)
    assert days[2].published >= 1
    assert [(row.key, row.decided, row.reversed) for row in report.clauses] == [("1.1", 1, 1)]
    assert {row.source: (row.opened, row.decided) for row in report.sources} == {
        Source.REPORT: (1, 1),
        Source.SCREENING: (2, 0),
    }
    assert (report.appeals, report.reversed, report.upheld, report.appeals_open) == (1, 1, 0, 0)


def test_what_is_older_than_the_period_does_not_count(busy: Town, browser: Browser) -> None:
    """Seven days later the shortest report is empty but for what still waits; a longer one has it all."""
    busy.pass_time(days=9)
    dave = browser("dave")
    week, month = (_tiles(_page(dave, f"/console/figures?days={days}")) for days in (7, 30))

    assert (week["Opened"], week["Waiting now"], week["Median time to decision"]) == ("0", "2", "–")
    assert month["Opened"] == "3"
    assert "Nothing in this time." in _page(dave, "/console/figures?days=7")


@pytest.mark.parametrize("days", ["0", "8", "x", "-7", "999999999999999999999"])
def test_a_period_that_is_not_on_offer_is_the_usual_one(town: Town, browser: Browser, days: str) -> None:
    """No error, and no report over a thousand years."""
    assert 'href="?days=30" aria-current="true"' in _page(browser("dave"), f"/console/figures?days={days}")


def test_the_other_community_counts_for_itself(busy: Town, browser: Browser) -> None:
    """Nothing of the Plaza is in the Harbour's report."""
    tiles = _tiles(_page(browser("grace", host="harbour.localhost"), "/console/figures"))

    assert (tiles["Waiting now"], tiles["Opened"], tiles["Decided"], tiles["Appeals"]) == ("0", "0", "0", "0")


def test_the_hosts_report_counts_letters_and_answers(desk: Desk, browser: Browser) -> None:
    """One case, one letter after an hour, one answer two hours later, one post gone."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.pass_time(hours=1)
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(hours=2)
    desk.answer(0, AnswerKind.REMOVED)
    desk.pass_time(seconds=3)
    page = _page(browser("heidi", host="127.0.0.1"), "/host/figures")
    tiles = _tiles(page)

    assert (tiles["Cases opened"], tiles["Letters delivered"], tiles["Answers"]) == ("1", "1", "1")
    assert tiles["Median time to the first letter"] == "1 h"
    assert tiles["Median time to the first answer"] == "2 h"
    assert re.search(r'<th scope="row">The Plaza</th><td>1</td><td>1</td><td>1</td>', page)


def test_a_plot_stands_on_its_axis_and_never_leaves_its_frame() -> None:
    """Bars end at the foot, are as high as their number says, and decimals are written as SVG wants them."""
    days = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]
    plot = plots.by_day(days, [("a", [n * 7 for n in range(30)]), ("b", [1] * 30)], stacked=True)

    assert len(plot.bars) == 59, "an empty day has no bar"
    assert len(plot.days) <= 7
    assert max(int(str(level.value)) for level in plot.levels) >= 29 * 7 + 1
    for bar in plot.bars:
        assert 0 <= float(bar.y) <= float(bar.y) + float(bar.height) <= plot.height
        assert plot.left <= float(bar.x) <= float(bar.x) + float(bar.width) <= plot.width
