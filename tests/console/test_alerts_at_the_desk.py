from tests.console.conftest import Browser
from tests.journeys.test_shared_targets import OWN, say
from tests.scenario import Town

from wardmote.moderation.models import Case


def test_the_queue_shows_several_people_with_one_target(town: Town, browser: Browser) -> None:
    """Above everything: what they name, how many they are, and the way to each case."""
    say(town, *OWN.items())
    page = browser("dave").get("/console/").content.decode()
    section = page[page.index("Several people, one target") : page.index("Threat lane")]

    assert '<strong dir="auto">Harlan</strong> <span class="tag">Who</span>' in section
    assert "3 people name it in words of their own" in section
    assert [f"/console/cases/{pk}" in section for pk in Case.objects.values_list("pk", flat=True)] == [True] * 3


def test_a_case_leads_to_the_others_of_its_alert(town: Town, browser: Browser) -> None:
    """The other two, not to itself; and no word of it in another community."""
    say(town, *OWN.items())
    first, *others = Case.objects.order_by("pk").values_list("pk", flat=True)
    page = browser("dave").get(f"/console/cases/{first}").content.decode()
    section = page[page.index("Others name it too") : page.index("<h3>Screening</h3>")]
    harbour = browser("grace", host="harbour.localhost").get("/console/").content.decode()

    assert [f"/console/cases/{pk}" in section for pk in others] == [True, True]
    assert f"/console/cases/{first}" not in section
    assert "Several people, one target" not in harbour


def test_without_an_alert_there_is_no_heading(town: Town, browser: Browser) -> None:
    """Two are not several."""
    say(town, ("bob", OWN["bob"]), ("carol", OWN["carol"]))

    assert "Several people" not in browser("dave").get("/console/").content.decode()
