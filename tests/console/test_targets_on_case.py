from tests.console.conftest import Browser
from tests.scenario import THREAT, Town

from wardmote.moderation.models import Case

PLANNED = "We wait for Ned <b>Flint</b>, so shoot Ned Flint at the Town Hall on the 6th, at the town hall."


def _page(town: Town, browser: Browser, text: str) -> str:
    town.post("bob", text)
    return browser("dave").get(f"/console/cases/{Case.objects.get().pk}").content.decode()


def test_an_alert_says_whom_where_and_when(town: Town, browser: Browser) -> None:
    """Each once, in the text's own words, before the scores; and that rules found it."""
    page = _page(town, browser, f"{PLANNED} [{THREAT} 0.9]")
    section = page[page.index("Named in the text") : page.index("<h3>Screening</h3>")]

    assert '<dt>Who</dt><dd><span class="tag" dir="auto">Ned Flint</span> </dd>' in section
    assert '<dt>Where</dt><dd><span class="tag" dir="auto">the Town Hall</span> </dd>' in section
    assert '<dt>When</dt><dd><span class="tag" dir="auto">on the 6th</span> </dd>' in section
    assert "Found by simple rules" in section


def test_other_cases_are_not_searched_for_names(town: Town, browser: Browser) -> None:
    """Spam names people too; whom it names is nobody's alert."""
    page = _page(town, browser, f"{PLANNED} [harassment 0.95]")

    assert "Named in the text" not in page


def test_an_alert_that_names_nothing_says_nothing(town: Town, browser: Browser) -> None:
    """No empty heading."""
    assert "Named in the text" not in _page(town, browser, f"you will see [{THREAT} 0.9]")


def test_what_a_hostile_text_names_is_text(town: Town, browser: Browser) -> None:
    """Markup around and inside a name comes out as letters."""
    page = _page(town, browser, f'we shoot Ned<script>alert(1)</script> Flint at Foo"><img src=x> [{THREAT} 0.9]')

    assert "<script>alert" not in page
    assert "<img" not in page
