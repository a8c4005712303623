"""How a decision ended is said as it was: reversed on appeal, corrected, taken back, or lifted by the owner."""

import json
import re

from django.urls import reverse
from pytest_django import Settings
from tests.console.conftest import Browser
from tests.scenario import HELD, PLAIN, Town, run_jobs, sign_in
from tests.sheets import fill_in

from wardmote.communities.policy import Action
from wardmote.journeys.members import export
from wardmote.journeys.owners import membership
from wardmote.moderation import queries
from wardmote.moderation.models import Case


def ended_four_ways(town: Town, browser: Browser, settings: Settings) -> None:
    """Of Bob: one decision corrected, one taken back, one reversed on appeal, and a removal that Alice lifted."""
    settings.WARDMOTE_UNDO_MINUTES = 5
    dave = browser("dave")
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.REMOVE, key="2.1", reason="It insults a baker.")
    run_jobs(town.pass_time(minutes=6))
    address = reverse("console:correct", args=[Case.objects.get().pk])
    typed = {"action": "label", "clause": town.clause("2.1").id, "reason": "It insults.", "why": "Too hard."}
    assert dave.post(address, fill_in(dave, address, typed)).status_code == 302

    town.report("carol", town.post("bob", f"{PLAIN} Twice.").post_id)
    taken = town.decide("dave", Action.HIDE, key="2.2", reason="It attacks a people.")
    page = dave.get(reverse("console:queue")).content.decode()
    bar = re.search(r'take-back".*?name="seen" value="([^"]*)"', page, re.DOTALL)
    assert bar is not None
    assert dave.post(reverse("console:take-back", args=[taken]), {"seen": bar[1]}).status_code == 302
    town.decide("dave", Action.NONE)

    town.report("carol", town.post("bob", f"{PLAIN} Thrice.").post_id)
    appealed = town.appeal("bob", town.decide("dave", Action.WARN, key="1.1"))
    town.hear("erin", appealed, reverse=True)

    alice = {"community_id": town.plaza, "member_id": town.members["alice"], "removed_id": town.members["bob"]}
    clause = town.clause("1.2").id
    membership.remove(**alice, clause_id=clause, reason="He calls for arson.", now=town.pass_time(seconds=1))
    membership.reinstate(**alice, reason="He has said sorry.", now=town.pass_time(seconds=1))


def test_only_an_appeal_reverses_in_the_figures(town: Town, browser: Browser, settings: Settings) -> None:
    """Each clause says how many of its decisions were reversed on appeal, corrected, and lifted; each counts once."""
    ended_four_ways(town, browser, settings)
    report = queries.figures(community_id=town.plaza, days=30, now=town.now)
    page = browser("erin").get(reverse("console:figures")).content.decode()

    rows = {row.key: (row.decided, row.reversed, row.corrected, row.lifted) for row in report.clauses}
    assert rows == {"": (1, 0, 0, 0), "1.1": (1, 1, 0, 0), "1.2": (1, 0, 0, 1), "2.1": (2, 0, 1, 0)}
    assert report.reversed == 1
    for word in ("reversed on appeal", "corrected", "lifted by the owner"):
        assert f'<th scope="col">{word}</th>' in page


def test_each_ending_is_named_in_what_was_decided_and_among_earlier_decisions(
    town: Town, browser: Browser, settings: Settings
) -> None:
    """Erin reads the list of decisions, and a later case about Bob: one tag of each kind, and one appeal."""
    ended_four_ways(town, browser, settings)
    town.post("bob", HELD)
    erin = browser("erin")
    pages = (
        erin.get(reverse("console:decided")).content.decode(),
        erin.get(reverse("console:case", args=[Case.objects.order_by("-pk")[0].pk])).content.decode(),
    )

    for page in pages:
        found = re.findall(r'class="tag(?: ok)?">([a-z ]+)</span>', page)
        tags = [
            word for word in found if word in ("corrected", "taken back", "reversed on appeal", "lifted by the owner")
        ]
        assert sorted(tags) == ["corrected", "lifted by the owner", "reversed on appeal", "taken back"]


def test_a_member_takes_along_how_each_measure_ended(town: Town, browser: Browser, settings: Settings) -> None:
    """Bob's file names the ending of each measure; what still holds has none. His page says who undid what, and has
    nothing of the one that was taken back before he was told of it."""
    ended_four_ways(town, browser, settings)
    taken = json.loads(export.export_mine(community_id=town.plaza, member_id=town.members["bob"], now=town.now))
    client = browser("bob")
    sign_in(client, town.people["bob"])
    page = client.get("/measures").content.decode()

    assert [row["ending"] for row in taken["measures"]] == ["lifted", "reversed", "taken_back", None, "corrected"]
    for word in ("corrected", "reversed on appeal", "lifted by the owner"):
        assert f">{word}</span>" in page
    assert "taken back" not in page
    assert page.count('href="/why/') == 4
